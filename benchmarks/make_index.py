"""Write the index of the benchmarks: `python benchmarks/make_index.py`.

From each script's own words: what it measures, its command, where it writes and which pages show it.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """# Benchmarks

Every figure of the docs and cards is made again by one of these commands. This page is written by
`python benchmarks/make_index.py` from what each script says of itself. DIR is a folder of datasets or of
photographs.
"""
FOLDERS = {
    "cards": "Figures of the cards",
    "traces": "Traces and data",
    "cost": "Time, memory and scale",
    "hostile": "Hostile files",
    "release": "Release",
}


def pages(script: str) -> str:
    """Documents that name a script."""
    found = [
        path for path in (*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "cards").glob("*.md")))
        if script in path.read_text(encoding="utf-8")
    ]  # fmt: skip
    return ", ".join(f"[{path.stem}](../{path.relative_to(ROOT).as_posix()})" for path in found) or "–"


def row(path: Path) -> str:
    """One line: figure, command, result, page."""
    text = path.read_text(encoding="utf-8")
    said = (ast.get_docstring(ast.parse(text)) or "").split("\n")
    script = path.relative_to(ROOT).as_posix()
    command = next((line.strip() for line in said if line.strip().startswith("python ")), "")
    results = sorted(set(re.findall(r"benchmarks/results/[\w./-]+\w", text)))
    cells = (
        said[0],
        f"`{command}`" if command else f"used by others of its folder (`{path.name}`)",
        ", ".join(f"[{Path(one).name}](../{one})" for one in results if (ROOT / one).exists()) or "–",
        pages(script),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def index() -> str:
    """The whole page."""
    parts = [HEAD]
    for folder, title in FOLDERS.items():
        rows = [row(path) for path in sorted((ROOT / "benchmarks" / folder).glob("*.py"))]
        head = "| figure | command | result | page |\n| --- | --- | --- | --- |"
        parts.append("\n".join([f"\n## {title}\n", head, *rows, ""]))
    return "".join(parts)


if __name__ == "__main__":
    (ROOT / "benchmarks/README.md").write_text(index(), encoding="utf-8")
