"""The plan of the house holds: `python tests/test_house.py` prints its figures."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src/tamperlens"


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of each import from our own package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tamperlens."):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.startswith("tamperlens."))


def _is_package(module: str) -> bool:
    return SOURCES.joinpath(*module.split(".")[1:]).is_dir()


def between_rooms() -> list[tuple[str, str, str]]:
    """Every import from one room into another: file, module, name."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        own = path.relative_to(SOURCES).parts[0]
        for module, name in _imports(path):
            room = module.split(".")[1]
            if room != own and _is_package(f"tamperlens.{room}"):
                found.append((path.relative_to(SOURCES).as_posix(), module, name))
    return found


def past_faces() -> list[tuple[str, str, str]]:
    """Those of them that go past the face of a room or of one of its wings."""
    return [one for one in between_rooms() if not _is_package(one[1])]


def circles() -> list[str]:
    """Wings of one room that import each other, in both directions."""
    arrows = set()
    for path in SOURCES.rglob("*/*/*.py"):
        here = path.relative_to(SOURCES).parts[:2]
        for module, _ in _imports(path):
            there = tuple(module.split(".")[1:3])
            if there[0] == here[0] and there != here and _is_package(f"tamperlens.{there[0]}.{there[-1]}"):
                arrows.add((here, there))
    return sorted(f"{a[0]}: {a[1]}, {b[-1]}" for a, b in arrows if (b, a) in arrows and a < b)


def lines() -> int:
    """Lines of the package."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES.rglob("*.py"))


def test_rooms_are_entered_by_their_faces():
    assert len(between_rooms()) > 500  # it does see them
    assert past_faces() == []


def test_no_two_wings_import_each_other():
    assert circles() == []


if __name__ == "__main__":
    for place, module, name in past_faces():
        print(f"past a face: {place} imports {name or 'all'} from {module}")  # noqa: T201
    print(f"names imported between rooms: {len(between_rooms())}, past a room's face: {len(past_faces())}")  # noqa: T201
    print(f"circles of wings: {len(circles())} {circles()}")  # noqa: T201
    print(f"lines of src: {lines()}")  # noqa: T201
