"""The most suspicious 224 × 224 patches: a small alteration in a large photograph must not be overlooked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine._pooling import overlapping_means

SIDE = 224
_BLOCK = 16
_STEP = _BLOCK // 2


@dataclass(frozen=True)
class MarkedRegion:
    """A part of the image at native resolution.

    Attributes:
        left: first column in pixels.
        top: first row in pixels.
        width: 224, or the image's width if that is smaller.
        height: 224, or the image's height if that is smaller.
        score: highest mean probability of alteration in any block of 16 × 16 pixels in it, 0..1.
    """

    left: int
    top: int
    width: int
    height: int
    score: float


def suspicious_regions(
    probabilities: NDArray[np.float32], threshold: float, count: int = 3
) -> tuple[MarkedRegion, ...]:
    """Patches around the most suspicious 16 × 16 blocks, most suspicious first.

    No patch has its centre in another one. Blocks overlap by half, so that some block contains nine
    sixteenths of any region of that size.

    Args:
        probabilities: (H, W) float32 in 0..1.
        threshold: score that a patch must reach to be listed.
        count: most patches to return.

    >>> values = np.zeros((600, 800), np.float32); values[512:528, 640:656] = 1
    >>> suspicious_regions(values, 0.5)
    (MarkedRegion(left=536, top=376, width=224, height=224, score=1.0),)
    """
    height, width = probabilities.shape
    blocks = overlapping_means(probabilities, _BLOCK)
    patches: list[MarkedRegion] = []
    while len(patches) < count and blocks.max() >= threshold:
        row, column = (int(i) for i in np.unravel_index(int(blocks.argmax()), blocks.shape))
        top, left = _around(row, height), _around(column, width)
        patch = MarkedRegion(left, top, min(SIDE, width), min(SIDE, height), float(blocks[row, column]))
        patches.append(patch)
        blocks[_inside(top, patch.height), _inside(left, patch.width)] = -1
    return tuple(patches)


def _inside(first: int, length: int) -> slice:
    """Blocks whose centre is in a patch."""
    return slice(max(0, -(-first // _STEP) - 1), -(-(first + length) // _STEP) - 1)


def _around(block: int, length: int) -> int:
    """Where the patch around a block begins, so that it stays within the image."""
    middle = (block + 1) * _STEP
    return max(0, min(middle - SIDE // 2, length - SIDE))
