"""Detection power: how many made edits of each kind are found in files like this one."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Kind, Power

# Upper bounds of JPEG quality for each class; a file that is not a JPEG is in a class of its own.
_QUALITIES = (70, 85, 93, 100)
# A statement is based on at least this many made edits, if that many exist.
_ENOUGH = 25
# Standard normal quantile for a two-sided 95 % interval.
_Z = 1.96


@dataclass(frozen=True)
class Counted:
    """Counts of made edits of one kind, size band and quality class.

    Attributes:
        kind: kind of edit.
        band: index of the size band; see `Fusion.bands`.
        quality: number of the quality class; see `quality_class`.
        made: how many edits were made.
        found: false-alarm rate → how many of them were found.
    """

    kind: Kind
    band: int
    quality: int
    made: int
    found: dict[str, int]


def quality_class(quality: int) -> int:
    """Class of a JPEG quality, 1..100; −1 for 0, which stands for a file that is not a JPEG.

    >>> quality_class(0), quality_class(70), quality_class(71), quality_class(99)
    (-1, 0, 1, 3)
    """
    return next(k for k, most in enumerate(_QUALITIES) if quality <= most) if quality else -1


def powers(counted: Sequence[Counted], evidence: Evidence, band: int, rate: str) -> Iterator[Power]:
    """How many edits would have been found in a file like this one, for each kind.

    If too few edits were made in files of its size and quality, those of any size are counted, then those of
    any quality, then all.

    Args:
        counted: all counts.
        evidence: the file.
        band: index of its size band.
        rate: key of the false-alarm rate.
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
    """Wilson's 95 % interval of a share.

    Reference: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    share, extra = found / made, _Z**2 / made
    middle = (share + extra / 2) / (1 + extra)
    half = _Z * math.sqrt(share * (1 - share) / made + extra / (4 * made)) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)
