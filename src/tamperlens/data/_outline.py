"""An altered area given in numbers instead of a mask file, as in COCO files."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DatasetError

_MOST_PIXELS = 100_000_000


@dataclass(frozen=True)
class Outline:
    """Polygons and runs that together cover what was altered.

    Attributes:
        width: of the image in pixels.
        height: of the image in pixels.
        polygons: one tuple per polygon: x, y, x, y, … of its corners in pixels.
        runs: lengths of alternating unmarked and marked stretches, column after column.
    """

    width: int
    height: int
    polygons: tuple[tuple[float, ...], ...] = ()
    runs: tuple[tuple[int, ...], ...] = ()

    def fault(self) -> str:
        """What is wrong with it, to complete "its outline …"; "" if it can be drawn."""
        if not 0 < self.width * self.height <= _MOST_PIXELS or self.width < 0:
            return f"is of an image of {self.width}×{self.height}"
        if any(len(one) < 6 or len(one) % 2 or not np.isfinite(one).all() for one in self.polygons):
            return "has a polygon that is not three or more pairs of numbers"
        if any(min(one, default=-1) < 0 or sum(one) != self.width * self.height for one in self.runs):
            return f"has runs that do not add up to {self.width}×{self.height} pixels"
        return ""

    def draw(self) -> NDArray[np.bool_]:
        """The mask: (H, W) bool, True where altered.

        Raises:
            DatasetError: it cannot be drawn.
        """
        if fault := self.fault():
            raise DatasetError(f"an outline {fault}")
        mask = np.zeros((self.height, self.width), np.uint8)
        for polygon in self.polygons:
            corners = np.clip(np.reshape(polygon, (-1, 1, 2)), -(2**20), 2**20)
            cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 1)
        marked = mask.astype(bool)
        for run in self.runs:
            turns = np.repeat(np.arange(len(run)) % 2 == 1, run)
            marked |= turns.reshape(self.width, self.height).T
        return marked


def packed_runs(text: str) -> tuple[int, ...]:
    """Runs in COCO's packed text: five bits per character, from the third run on as a difference.

    Raises:
        ValueError: a character is outside the alphabet, or the text ends within a number.

    >>> packed_runs("52203")
    (5, 2, 2, 2, 5)
    """
    runs: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift > 60:
            raise ValueError("packed runs hold a wrong character")
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
        value = shift = 0
    if shift:
        raise ValueError("packed runs end within a number")
    return tuple(runs)
