"""How rare a value is in untouched photographs, and which value of another measure is as rare."""

import math
from dataclasses import dataclass

import numpy as np

from tamperlens.examine.networks import at_reference

# What more than one untouched photograph in a hundred shows does not stand alone.
_LEAST_LEVEL = 2.0


@dataclass(frozen=True)
class Rarity:
    """A measure's upper tail over untouched photographs, the worst of all their origins.

    Attributes:
        slope: how much the value rises with each doubling of an image's area; that is taken off.
        values: rising, two at least.
        levels: −log₁₀ of the share of untouched photographs that reach each of them, rising. The last is what
            so many photographs can tell at most: nothing is called rarer.
    """

    slope: float
    values: tuple[float, ...]
    levels: tuple[float, ...]

    def level(self, value: float, pixels: int) -> float:
        """−log₁₀ of the share of untouched photographs that show as much, 0 for what all of them show.

        >>> Rarity(0.0, (0.0, 1.0, 2.0), (0.3, 1.0, 2.0)).level(1.5, 65536)
        1.5
        """
        own = at_reference(value, self.slope, pixels)
        return float(np.interp(own, self.values, self.levels)) if own >= self.values[0] else 0.0

    def stands(self, value: float, pixels: int) -> bool:
        """Whether it is rare enough to stand alone."""
        return self.level(value, pixels) >= _LEAST_LEVEL

    def value_at(self, level: float) -> float:
        """The value, at the reference size, that is as rare as that."""
        return float(np.interp(level, self.levels, self.values))


def as_rare_sum(total: Rarity, level: float) -> float:
    """The sum of all opinions that is as rare as a place; −∞ where the place is nothing rare.

    >>> total = Rarity(0.0, (0.0, 1.0, 3.0), (0.3, 1.0, 3.0))
    >>> as_rare_sum(total, 2.5), as_rare_sum(total, 1.9)
    (2.5, -inf)
    """
    return total.value_at(level) if level >= _LEAST_LEVEL else -math.inf
