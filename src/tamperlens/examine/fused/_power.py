"""What would have been found: of made edits of a kind in files like this one, how many are called."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Kind, Power

# Upper bounds of the JPEG quality of classes; a file without one is a class of its own.
_QUALITIES = (70, 85, 93, 100)
# Made edits that a statement rests on at least, where so many were made.
_ENOUGH = 25
# Two-sided 95 %.
_Z = 1.96


@dataclass(frozen=True)
class Counted:
    """Made edits of one kind, band of sizes and class of qualities.

    Attributes:
        kind: of the edit.
        band: number of the band of sizes; see `Fusion.bands`.
        quality: number of the class of qualities; see `quality_class`.
        made: how many.
        found: false-alarm rate → how many were called.
    """

    kind: Kind
    band: int
    quality: int
    made: int
    found: dict[str, int]


def quality_class(quality: int) -> int:
    """Class of a JPEG quality 1..100, −1 for a file without one, given as 0.

    >>> quality_class(0), quality_class(70), quality_class(71), quality_class(99)
    (-1, 0, 1, 3)
    """
    return next(k for k, most in enumerate(_QUALITIES) if quality <= most) if quality else -1


def powers(counted: Sequence[Counted], evidence: Evidence, band: int, rate: str) -> Iterator[Power]:
    """What would have been found in a file like this one, kind by kind.

    Where too few edits were made of files of its size and quality, those of any size count, then those of any
    quality, then all.

    Args:
        counted: all cells.
        evidence: the file.
        band: of its size.
        rate: of false alarms.
    """
    quality = quality_class(evidence.jpeg.quality if evidence.jpeg else 0)
    for kind in dict.fromkeys(one.kind for one in counted):
        own = [one for one in counted if one.kind == kind]
        nearer = (
            [one for one in own if one.band == band and one.quality == quality],
            [one for one in own if one.quality == quality],
            [one for one in own if one.band == band],
            own,
        )
        cells = next((each for each in nearer if sum(one.made for one in each) >= _ENOUGH), own)
        made, found = sum(one.made for one in cells), sum(one.found[rate] for one in cells)
        if made:
            low, high = wilson(found, made)
            yield Power(kind=kind, made=made, found=found, share=found / made, low=low, high=high)


def wilson(found: int, made: int) -> tuple[float, float]:
    """95 % interval of a share.

    Reference: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    share, extra = found / made, _Z**2 / made
    middle = (share + extra / 2) / (1 + extra)
    half = _Z * math.sqrt(share * (1 - share) / made + extra / (4 * made)) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)
