"""Which of the 64 positions of an 8 × 8 grid each small part of an image votes for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces._blocks import BLOCK, dct_matrix

POSITIONS = BLOCK * BLOCK
# Rows of cells processed at a time: 512 rows of pixels.
_ROWS = 64
# And where their coefficients are counted, which is nearly twice as fast while they stay in the cache.
_STRIP = 4
# Sums the eight bytes of a 64-bit word into its highest byte.
_BYTE_SUM = np.uint64(0x0101010101010101)


@dataclass(frozen=True)
class GridVotes:
    """Votes of all cells of 8 × 8 pixels.

    Attributes:
        position: (rows, columns) int8, the origin voted for as 8 · row + column; −1 for no vote.
        zeros: (rows, columns) uint8, zero coefficients of the block voted for, 0..64.
    """

    position: NDArray[np.int8]
    zeros: NDArray[np.uint8]


def grid_votes(gray: NDArray[np.uint8]) -> GridVotes:
    """Let each cell vote for the grid on which most of its cosine coefficients vanish.

    JPEG compression leaves many coefficients of its own blocks at 0; blocks at other positions mix two or
    four of those and have fewer zeros. Of the 64 blocks that begin in a cell, the one with the most
    coefficients below a half votes, unless there is a tie. Cells do not overlap, so without any grid the
    votes are close to independent draws of 1 in 64.

    Args:
        gray: (H, W) uint8.

    Returns:
        Votes of ⌊(H − 7) / 8⌋ × ⌊(W − 7) / 8⌋ cells; none if a side is below 15.

    Reference: T. Nikoukhah et al., "ZERO: a local JPEG grid origin detector based on the number of DCT
    zeros and its applications in image forensics" (2021). They let every pixel vote and grow regions.
    """
    counts = _zero_counts(gray)
    rows, columns = counts.shape[0] // BLOCK, counts.shape[1] // BLOCK
    position, zeros = np.full((rows, columns), -1, np.int8), np.zeros((rows, columns), np.uint8)
    if counts.size:
        for top in range(0, rows, _ROWS):
            part = slice(top, min(top + _ROWS, rows))
            position[part], zeros[part] = _votes(counts, part)
            position[part][_constant_one_way(gray[top * BLOCK :], position[part])] = -1
    return GridVotes(position, zeros)


def _votes(counts: NDArray[np.uint8], part: slice) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
    """Position and zeros of some rows of cells.

    If zeros increase smoothly to one side, the most are at the cell's edge, which means no grid: only a
    position that exceeds all its neighbours, including those in the next cell, counts.
    """
    top, bottom = part.start * BLOCK, part.stop * BLOCK
    above = min(top, 1)
    around = counts[top - above : bottom + 1]
    own = counts[top:bottom]
    highest = _neighbours(around)[above : above + bottom - top]
    cells = _by_cell(np.where(own > highest, own, 0).astype(np.uint8))
    best, zeros = cells.argmax(axis=2), cells.max(axis=2)
    unique = ((cells == zeros[..., None]).sum(axis=2) == 1) & (zeros == _by_cell(own).max(axis=2))
    return np.where(unique & (zeros > 0), best, -1).astype(np.int8), zeros


def _constant_one_way(gray: NDArray[np.uint8], position: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whether the block voted for hardly varies along its rows or along its columns.

    Where two flat blocks of one grid meet, the block half in each has only the odd frequencies of one row or
    column, and would vote for a grid four pixels away.
    """
    rows, columns = position.shape
    down, right = np.divmod(np.maximum(position, 0), BLOCK)
    row = (np.arange(rows)[:, None] * BLOCK + down)[..., None, None] + np.arange(BLOCK)[:, None]
    column = (np.arange(columns) * BLOCK + right)[..., None, None] + np.arange(BLOCK)
    blocks = gray[row, column]
    varies = [(blocks.max(axis=axis) - blocks.min(axis=axis)).max(axis=2) > 1 for axis in (2, 3)]
    return np.asarray(~(varies[0] & varies[1]))


def _by_cell(counts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(rows, columns, 64) of (8 · rows, 8 · columns)."""
    rows, columns = counts.shape[0] // BLOCK, counts.shape[1] // BLOCK
    return counts.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(rows, columns, POSITIONS)


def _neighbours(counts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The largest of the eight neighbours."""
    padded = np.pad(counts, 1)
    height, width = counts.shape
    largest = np.zeros_like(counts)
    for down in range(3):
        for right in range(3):
            if (down, right) != (1, 1):
                np.maximum(largest, padded[down : down + height, right : right + width], out=largest)
    return largest


def _zero_counts(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Vanishing coefficients of the block that begins at each pixel; whole cells only."""
    rows, columns = (max(0, (side - BLOCK + 1) // BLOCK) for side in gray.shape)
    counts = np.empty((rows * BLOCK, columns * BLOCK), np.uint8)
    for top in range(0, rows, _STRIP):
        bottom = min(top + _STRIP, rows)
        strip = gray[top * BLOCK : bottom * BLOCK + BLOCK - 1]
        _count_zeros(strip, counts[top * BLOCK : bottom * BLOCK])
    return counts


def _count_zeros(gray: NDArray[np.uint8], counts: NDArray[np.uint8]) -> None:
    rows, width = counts.shape[0] // BLOCK, counts.shape[1]
    matrix = dct_matrix()
    coefficients = np.empty((rows, BLOCK, width), np.float32)
    vanishing = np.empty(coefficients.shape, bool)
    for right in range(BLOCK):
        window = gray[:, right : right + width].astype(np.float32)
        along = (window.reshape(-1, BLOCK) @ matrix.T).reshape(len(gray), width)
        for down in range(BLOCK):
            np.matmul(matrix, along[down : down + rows * BLOCK].reshape(coefficients.shape), out=coefficients)
            np.less(np.abs(coefficients, out=coefficients), 0.5, out=vanishing)
            by_column = vanishing.view(np.uint64).sum(axis=1)  # eight columns a word, each up to 8
            counts[down::BLOCK, right::BLOCK] = (by_column * _BYTE_SUM) >> np.uint64(56)
