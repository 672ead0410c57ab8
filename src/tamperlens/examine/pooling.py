"""From a probability map to one number for the image.

"Any pixel over one half" is no rule: the more pixels, the surer the false alarm. Each pooling here asks for
an area; which of them a weight uses was chosen on validation images and is written in its manifest.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

# Probabilities of exactly 0 or 1 have no log-odds.
_EDGE = 1e-6

# The smallest region that is looked for has 16 × 16 pixels.
_SMALLEST = 256


def top_pixels(probabilities: Map, count: int = _SMALLEST) -> float:
    """Mean of the `count` most suspicious pixels, in (0, 1)."""
    flat = probabilities.ravel()
    count = min(count, flat.size)
    return _inside(float(np.partition(flat, flat.size - count)[flat.size - count :].mean()))


def top_share(probabilities: Map, share: float) -> float:
    """Mean of that share of the most suspicious pixels, in (0, 1)."""
    return top_pixels(probabilities, max(1, round(share * probabilities.size)))


def best_block(probabilities: Map, side: int = 16) -> float:
    """Largest mean over the side × side blocks of the map, in (0, 1)."""
    height, width = (max(1, length // side) for length in probabilities.shape)
    rows, columns = (min(side, length) for length in probabilities.shape)
    blocks = probabilities[: height * rows, : width * columns].reshape(height, rows, width, columns)
    return _inside(float(blocks.mean(axis=(1, 3)).max()))


def _inside(value: float) -> float:
    return min(max(value, _EDGE), 1 - _EDGE)


POOLINGS: Mapping[str, Callable[[Map], float]] = MappingProxyType(
    {
        "top-256-pixels": top_pixels,
        "top-1-percent": lambda probabilities: top_share(probabilities, 0.01),
        "top-5-percent": lambda probabilities: top_share(probabilities, 0.05),
        "best-16-block": best_block,
        "best-32-block": lambda probabilities: best_block(probabilities, 32),
    }
)
