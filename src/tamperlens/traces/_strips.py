"""Compute a local map strip by strip, so that its intermediate arrays stay small for any image."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Multiples of 16, JPEG's largest block, so that re-saving a strip equals re-saving the whole image.
ROWS, OVERLAP = 512, 16


def in_strips(
    compute: Callable[[NDArray[np.uint8]], NDArray[Any]], pixels: NDArray[np.uint8]
) -> NDArray[Any]:
    """Apply `compute` to strips of rows and join the results.

    Args:
        compute: (h, w[, 3]) uint8 → (h, w); a pixel's value may depend on rows at most 16 away.
        pixels: (H, W[, 3]) uint8.

    Returns:
        (H, W) of the type returned by `compute`, equal to `compute(pixels)`.
    """
    result: NDArray[Any] | None = None
    top = 0
    for strip in strips(compute, pixels):
        if len(strip) == len(pixels):
            return strip
        if result is None:
            result = np.empty((len(pixels), *strip.shape[1:]), strip.dtype)
        result[top : top + len(strip)] = strip
        top += len(strip)
    assert result is not None  # noqa: S101 - there is at least one strip
    return result


def strips(
    compute: Callable[[NDArray[np.uint8]], NDArray[Any]], pixels: NDArray[np.uint8]
) -> Iterator[NDArray[Any]]:
    """The rows of `compute(pixels)` from the top, `ROWS` at a time, for callers that need not hold them all.

    Args:
        compute: as in `in_strips`.
        pixels: (H, W[, 3]) uint8.
    """
    height = pixels.shape[0]
    if height <= ROWS + OVERLAP:
        yield compute(pixels)
        return
    for top in range(0, height, ROWS):
        above = min(OVERLAP, top)
        yield compute(np.ascontiguousarray(pixels[top - above : top + ROWS + OVERLAP]))[above : above + ROWS]
