"""What the benchmark folders have in common: images by name, and one sentence when a part is missing."""

from collections.abc import Iterable
from pathlib import Path

from tamperlens.errors import DatasetError
from tamperlens.evidence import EXTENSIONS

IMAGE_SUFFIXES = frozenset(suffix for suffixes in EXTENSIONS.values() for suffix in suffixes)


def images_in(folder: Path) -> list[Path]:
    """Images directly in a folder, by name; none if there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES)


def by_stem(paths: Iterable[Path], ending: str = "") -> dict[str, Path]:
    """Index files by their name without suffix and `ending`; files without that ending are left out.

    >>> by_stem([Path("Gt/a_gt.png"), Path("Gt/b.png")], "_gt")
    {'a': PosixPath('Gt/a_gt.png')}
    """
    return {path.stem.removesuffix(ending): path for path in paths if path.stem.endswith(ending)}


def inner(root: Path, *names: str) -> Path:
    """The first of `names` that is a folder in `root`, otherwise `root`: archives often add one level."""
    return next((root / name for name in names if (root / name).is_dir()), root)


def require(found: object, root: Path, layout: str) -> None:
    """Raise an error if nothing was found.

    Args:
        found: what was looked for; empty means missing.
        root: where.
        layout: the published layout, to complete "…; NAME is laid out as".

    Raises:
        DatasetError: `found` is empty.
    """
    if not found:
        where = root if root.is_dir() else f"{root} (there is no such folder)"
        raise DatasetError(f"{where} holds no images in the published layout; {layout}")
