"""From a probability map to one number for the image.

"Any pixel over one half" would not do: the more pixels, the likelier a false alarm. Each pooling here
requires an area. Which one a weight uses was chosen on validation images and is written in its manifest.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

# Probabilities of exactly 0 or 1 have no log-odds.
_EDGE = 1e-6

# The smallest region looked for has 16 × 16 pixels.
_SMALLEST = 256
# Number of values searched at a time.
_PART = 1 << 20


def top_pixels(probabilities: Map, count: int = _SMALLEST) -> float:
    """Mean of the `count` highest probabilities, in (0, 1)."""
    flat = probabilities.ravel()
    highest = np.concatenate([_highest(flat[i : i + _PART], count) for i in range(0, flat.size, _PART)])
    return _inside(float(_highest(highest, count).mean()))


def _highest(values: Map, count: int) -> Map:
    """The `count` highest values, or all there are, in any order."""
    count = min(count, values.size)
    return np.partition(values, values.size - count)[values.size - count :]


def best_block(probabilities: Map, side: int) -> float:
    """Largest mean of any side × side block of the map, in (0, 1)."""
    return _inside(float(block_means(probabilities, side).max()))


def block_means(probabilities: Map, side: int) -> NDArray[np.float32]:
    """Mean over each side × side block of a map; blocks at the right and lower border may be smaller.

    Args:
        probabilities: (H, W) float32.
        side: side of a block in pixels.

    Returns:
        (⌈H / side⌉, ⌈W / side⌉) float32.
    """
    height, width = probabilities.shape
    rows, columns = np.arange(0, height, side), np.arange(0, width, side)
    sums = np.add.reduceat(np.add.reduceat(probabilities, rows, axis=0), columns, axis=1)
    sizes = np.minimum(side, height - rows)[:, None] * np.minimum(side, width - columns)
    return np.asarray(sums / sizes, np.float32)


def overlapping_means(probabilities: Map, side: int) -> NDArray[np.float32]:
    """Mean over side × side blocks, each of which begins half a side after the previous one.

    Args:
        probabilities: (H, W) float32.
        side: side of a block in pixels, even.

    Returns:
        (rows, columns) float32, at least one block; block [r, c] begins at (r · side / 2, c · side / 2) and
        ends at the image's border at the latest.

    >>> overlapping_means(np.eye(4, dtype=np.float32), 2).shape
    (3, 3)
    """
    half = side // 2
    height, width = probabilities.shape
    rows, columns = np.arange(0, height, half), np.arange(0, width, half)
    areas = np.multiply.outer(np.minimum(half, height - rows), np.minimum(half, width - columns))
    sums = _two_by_two(block_means(probabilities, half) * areas.astype(np.float32))
    return np.asarray(sums / _two_by_two(areas.astype(np.float32)), np.float32)


def _two_by_two(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums of 2 × 2 neighbours; along an axis of length one, of the only entry."""
    for axis in (0, 1):
        if values.shape[axis] > 1:
            first, second = np.split(values, [1], axis)[1], np.delete(values, -1, axis)
            values = first + second
    return values


def _inside(value: float) -> float:
    return min(max(value, _EDGE), 1 - _EDGE)


# None of these takes a share of the image: a small edit would vanish in a large photograph.
POOLINGS: Mapping[str, Callable[[Map], float]] = MappingProxyType(
    {
        "top-256-pixels": top_pixels,
        "best-16-block": lambda probabilities: best_block(probabilities, 16),
        "best-32-block": lambda probabilities: best_block(probabilities, 32),
        "best-64-block": lambda probabilities: best_block(probabilities, 64),
    }
)
