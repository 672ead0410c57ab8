"""A network on an image of any size: overlapping tiles at native resolution, blended without seams."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# Tiles begin at multiples of 8, so that each has the JPEG grid at the same position as in training.
GRID = 8


def tiled_map(
    predict: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    pixels: NDArray[np.uint8],
    tile: int,
    overlap: int,
    multiple: int = 32,
) -> NDArray[np.float32]:
    """Predict tile by tile and blend.

    Apart from the image and the result, this needs the memory of one tile, whatever the image's size.

    Args:
        predict: (h, w, 3) uint8 RGB, sides multiples of `multiple`, → (h, w) float32 in 0..1.
        pixels: (H, W, 3) uint8 RGB.
        tile: side of a tile in pixels, a multiple of `multiple`; a smaller image is a single tile.
        overlap: least number of pixels that neighbouring tiles share, across which they are blended.
        multiple: the network's input sides must be multiples of this.

    Returns:
        (H, W) float32 in 0..1.

    >>> image = np.zeros((70, 200, 3), np.uint8)
    >>> round(float(tiled_map(lambda p: p[:, :, 0].astype(np.float32) + 1, image, 64, 16).min()), 5)
    1.0
    """
    height, width = pixels.shape[:2]
    tops, lefts = tile_starts(height, tile, overlap), tile_starts(width, tile, overlap)
    rows, columns = _weights(height, tile, tops), _weights(width, tile, lefts)
    result = np.zeros((height, width), np.float32)
    for top, row_weight in zip(tops, rows, strict=True):
        for left, column_weight in zip(lefts, columns, strict=True):
            part = pixels[top : top + tile, left : left + tile]
            values = predict(padded(part, multiple))[: part.shape[0], : part.shape[1]]
            weight = row_weight[: part.shape[0], None] * column_weight[None, : part.shape[1]]
            result[top : top + tile, left : left + tile] += values * weight
    return np.clip(result, 0, 1, out=result)  # weights sum to 1 except for rounding


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """First row or column of each tile, evenly spaced on the grid."""
    if length <= tile:
        return [0]
    last = math.ceil((length - tile) / GRID) * GRID
    steps = math.ceil(last / (tile - overlap))
    return [round(last * i / steps / GRID) * GRID for i in range(steps + 1)]


def _weights(length: int, tile: int, starts: list[int]) -> list[NDArray[np.float32]]:
    """Weight of each tile along one axis; at every pixel they sum to 1."""
    profile = np.sin(np.pi * (np.arange(tile) + 0.5) / tile) ** 2 + 1e-3
    total = np.zeros(max(length, starts[-1] + tile))
    for start in starts:
        total[start : start + tile] += profile
    return [(profile / total[start : start + tile]).astype(np.float32) for start in starts]


def padded(part: NDArray[np.uint8], multiple: int) -> NDArray[np.uint8]:
    """Continue a part by reflection until both sides are multiples."""
    below, right = -part.shape[0] % multiple, -part.shape[1] % multiple
    if not below and not right:
        return np.ascontiguousarray(part)
    return np.pad(part, ((0, below), (0, right), (0, 0)), mode="symmetric")
