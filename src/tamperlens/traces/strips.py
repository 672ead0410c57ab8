"""Compute a local map strip by strip, so that its intermediate arrays stay small whatever the image."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Multiples of 16, the largest block of a JPEG: a strip's re-save then equals the whole image's.
ROWS, OVERLAP = 512, 16


def in_strips(
    compute: Callable[[NDArray[np.uint8]], NDArray[Any]], pixels: NDArray[np.uint8]
) -> NDArray[Any]:
    """Apply `compute` to strips of rows and join the results.

    Args:
        compute: (h, w[, 3]) uint8 → (h, w); its value at a pixel may depend on rows at most 16 away.
        pixels: (H, W[, 3]) uint8.

    Returns:
        (H, W) of the type that `compute` returns, the same as `compute(pixels)`.
    """
    height = pixels.shape[0]
    if height <= ROWS + OVERLAP:
        return compute(pixels)
    result: NDArray[Any] | None = None
    for top in range(0, height, ROWS):
        above = min(OVERLAP, top)
        strip = compute(np.ascontiguousarray(pixels[top - above : top + ROWS + OVERLAP]))
        if result is None:
            result = np.empty((height, *strip.shape[1:]), strip.dtype)
        result[top : top + ROWS] = strip[above : above + ROWS]
    assert result is not None  # noqa: S101 - there is at least one strip
    return result
