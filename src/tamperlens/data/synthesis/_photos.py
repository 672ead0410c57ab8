"""Photographs to forge from: any folders, with object outlines where available."""

import contextlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.data.datasets import IMAGE_SUFFIXES
from tamperlens.data.synthesis._regions import Mask, Pixels
from tamperlens.errors import DatasetError

HELD_OUT_SHARE = 0.08


@dataclass(frozen=True)
class Photo:
    """One photograph in memory.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        objects: (H, W) uint8: 0 where there is no object, otherwise its number; None if none is known.
    """

    pixels: Pixels
    objects: Pixels | None

    def outline(self, number: int) -> Mask:
        """(H, W) bool mask of an object; needs `objects`."""
        if self.objects is None:
            raise ValueError("this photograph has no outlines")
        return np.asarray(self.objects == number)


class PhotoPool:
    """The photographs of some folders, in a fixed order, divided into a training and a held-out part.

    A photograph `images/NAME.jpg` gets its outlines from `NAME.png` in a folder `masks` (white object on
    black) or `instances` (one gray level per object) next to `images`.

    Args:
        folders: searched with all their subfolders.
        held_out: use the part kept for validation instead of the training part; None uses both. The file name
            decides a photograph's part, so it is the same in every session and on every machine.
        least_side: least length in pixels of a photograph's shorter side.

    Raises:
        DatasetError: a folder is missing, or no photograph is left.
    """

    def __init__(self, folders: Sequence[Path], held_out: bool | None = False, least_side: int = 200) -> None:
        self.paths: list[Path] = []
        for folder in folders:
            if not folder.is_dir():
                raise DatasetError(f"the folder of photographs {folder} does not exist")
            found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
            self.paths += [
                path
                for path in found
                if path.parent.name not in {"masks", "instances"}
                and held_out in {None, is_held_out(path)}
                and _short_side(path) >= least_side
            ]
        if not self.paths:
            raise DatasetError(
                f"no photograph of {least_side} pixels or more in {', '.join(map(str, folders))}"
            )
        self.with_outlines = [i for i, path in enumerate(self.paths) if outline_path(path)]

    def __len__(self) -> int:
        return len(self.paths)

    def joined(self, other: "PhotoPool") -> "PhotoPool":
        """This pool's photographs, then another's."""
        both = copy(self)
        both.paths = [*self.paths, *other.paths]
        both.with_outlines = [i for i, path in enumerate(both.paths) if outline_path(path)]
        return both

    def chosen(self, keep: Callable[[Path], bool]) -> "PhotoPool":
        """Those of this pool's photographs for which `keep` is true.

        Raises:
            DatasetError: there are none.
        """
        part = copy(self)
        part.paths = [path for path in self.paths if keep(path)]
        if not part.paths:
            raise DatasetError("none of the photographs belongs to the requested part")
        part.with_outlines = [i for i, path in enumerate(part.paths) if outline_path(path)]
        return part

    def load(self, index: int) -> Photo:
        """Decode one photograph; if its file is damaged, the next sound one.

        Raises:
            DatasetError: none of the files can be decoded.
        """
        for path in (*self.paths[index:], *self.paths[:index]):
            with contextlib.suppress(OSError, ValueError, SyntaxError):
                return _load(path)
        raise DatasetError(f"none of the {len(self.paths)} photographs can be decoded")


def is_held_out(path: Path) -> bool:
    """Whether a photograph belongs to the part kept for validation.

    Parts of one photograph, `NAME@0.png`, `NAME@1.png`, …, go together.
    """
    whole = path.stem.partition("@")[0] if "@" in path.stem else path.name
    return int(sha256(whole.encode()).hexdigest()[:8], 16) / 2**32 < HELD_OUT_SHARE


def outline_path(path: Path) -> Path | None:
    """The file of a photograph's object outlines, if there is one."""
    for kind in ("masks", "instances"):
        candidate = path.parent.parent / kind / f"{path.stem}.png"
        if candidate.exists():
            return candidate
    return None


def _short_side(path: Path) -> int:
    try:
        with Image.open(path) as image:
            return min(image.size)
    except (OSError, ValueError, Image.DecompressionBombError):
        return 0  # not a readable photograph


@lru_cache(maxsize=256)
def _load(path: Path) -> Photo:
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    outline = outline_path(path)
    if outline is None:
        return Photo(pixels, None)
    with Image.open(outline) as image:
        levels = np.asarray(image.convert("L"))
    if levels.shape != pixels.shape[:2]:
        return Photo(pixels, None)
    return Photo(pixels, levels if outline.parent.name == "instances" else (levels >= 128).astype(np.uint8))
