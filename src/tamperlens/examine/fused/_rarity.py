"""How rare a value is in untouched photographs, and which value of another measure is equally rare."""

import math
from dataclasses import dataclass

import numpy as np

from tamperlens.examine.networks import at_reference

# A value that more than one untouched photograph in a hundred reaches does not stand alone.
_LEAST_LEVEL = 2.0


@dataclass(frozen=True)
class Rarity:
    """The upper tail of a measure over untouched photographs, taken from the origin with the heaviest tail.

    Attributes:
        slope: how much the value rises with each doubling of an image's area; this is subtracted.
        values: at least two, rising.
        levels: −log₁₀ of the share of untouched photographs that reach each value, rising. The last one is
            the limit of what this number of photographs can tell: nothing is called rarer.
    """

    slope: float
    values: tuple[float, ...]
    levels: tuple[float, ...]

    def level(self, value: float, pixels: int) -> float:
        """−log₁₀ of the share of untouched photographs that reach this value; 0 if all of them do.

        >>> Rarity(0.0, (0.0, 1.0, 2.0), (0.3, 1.0, 2.0)).level(1.5, 65536)
        1.5
        """
        own = at_reference(value, self.slope, pixels)
        return float(np.interp(own, self.values, self.levels)) if own >= self.values[0] else 0.0

    def stands(self, value: float, pixels: int) -> bool:
        """Whether it is rare enough to stand alone."""
        return self.level(value, pixels) >= _LEAST_LEVEL

    def value_at(self, level: float) -> float:
        """The value, at the reference size, that has this level of rarity."""
        return float(np.interp(level, self.levels, self.values))


def as_rare_sum(total: Rarity, level: float) -> float:
    """The sum of all opinions that is as rare as a place of this level; −∞ if the place is not rare.

    >>> total = Rarity(0.0, (0.0, 1.0, 3.0), (0.3, 1.0, 3.0))
    >>> as_rare_sum(total, 2.5), as_rare_sum(total, 1.9)
    (2.5, -inf)
    """
    return total.value_at(level) if level >= _LEAST_LEVEL else -math.inf
