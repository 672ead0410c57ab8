"""The 8 × 8 blocks of JPEG and their cosine transform, which many traces read."""

import numpy as np
from numpy.typing import NDArray

BLOCK = 8


def dct_matrix() -> NDArray[np.float32]:
    """Orthonormal type-II cosine transform of length 8."""
    k, n = np.mgrid[:BLOCK, :BLOCK]
    matrix = np.cos(np.pi * k * (2 * n + 1) / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, dtype=np.float32)


_DCT = dct_matrix()


def block_dct(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Orthonormal DCT-II of non-overlapping 8 × 8 blocks.

    Args:
        gray: (H, W) uint8; sides that are not multiples of 8 are extended by their last row and column.

    Returns:
        (⌈H/8⌉, ⌈W/8⌉, 8, 8) float32.
    """
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="edge")
    rows, columns = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    blocks = padded.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).astype(np.float32)
    return np.asarray(_DCT @ blocks @ _DCT.T)


def mean3(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over 3 × 3 entries of the first two axes; the border is continued by its last entry."""
    padded = np.pad(values, ((1, 1), (1, 1), *[(0, 0)] * (values.ndim - 2)), mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9, np.float32)
