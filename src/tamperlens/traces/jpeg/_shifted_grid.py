"""An earlier compression's grid, shifted from the file's own: its steps still show in the block means."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces._blocks import BLOCK

# Steps of the DC coefficient that are tried; 1 leaves nothing after rounding to gray levels.
STEPS = np.arange(2, 65)
_SUMS = BLOCK * BLOCK * 255 + 1
# How many times stronger a position's comb must be than the median's, and than the next best. Measured on 100
# made photographs without an earlier grid: the lead is 3.9 at most.
MIN_RATIO, MIN_LEAD = 14.0, 4.0
# Pixels processed at a time.
_STRIP = 1 << 21


@dataclass(frozen=True)
class ShiftedGrid:
    """The grid whose block means lie on a comb.

    Attributes:
        origin: (row, column) 0..7; None if no position stands out.
        step: quantisation step of the DC coefficient on it; 0 without one.
        ratio: strength of its comb relative to that of the median position.
        lead: strength of its comb relative to that of the second-best position.
    """

    origin: tuple[int, int] | None
    step: int
    ratio: float
    lead: float


def shifted_grid(gray: NDArray[np.uint8], known: tuple[int, int] | None = None) -> ShiftedGrid:
    """Find a grid, other than the known one, on which the image was compressed.

    In an earlier compression the mean of each block was a multiple of its DC step; a later, finer compression
    on another grid changes it only a little. For each of the 64 positions the histogram of the block sums is
    compared with combs of all steps.

    Args:
        gray: (H, W) uint8.
        known: (row, column) 0..7 of the last compression's grid, which is left out.

    Reference: T. Bianchi, A. Piva, "Detection of nonaligned double JPEG compression based on integer
    periodicity maps" (2012).
    """
    if min(gray.shape) < 2 * BLOCK:
        return ShiftedGrid(None, 0, 0.0, 0.0)
    power = _comb_power(_sum_histograms(gray))
    ratio = power / (np.median(power, axis=0) + 1)
    if known is not None:
        ratio[BLOCK * known[0] + known[1]] = 0
    position, step = np.unravel_index(int(ratio.argmax()), ratio.shape)
    second = float(np.sort(ratio.max(axis=1))[-2])
    best = float(ratio[position, step])
    lead = best / max(second, 1e-9)
    if best < MIN_RATIO or lead < MIN_LEAD:
        return ShiftedGrid(None, 0, best, lead)
    return ShiftedGrid(divmod(int(position), BLOCK), int(STEPS[step]), best, lead)


def _sum_histograms(gray: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Histograms of the block sums at each position, (64, 16321); all-black and all-white ones left out."""
    counts = np.zeros((BLOCK * BLOCK, _SUMS))
    rows = max(1, _STRIP // gray.shape[1] // BLOCK) * BLOCK
    for top in range(0, len(gray) - BLOCK + 1, rows):
        strip = gray[top : top + rows + BLOCK - 1].astype(np.int64)
        total = np.pad(strip.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        sums = (
            total[BLOCK:, BLOCK:] - total[:-BLOCK, BLOCK:] - total[BLOCK:, :-BLOCK] + total[:-BLOCK, :-BLOCK]
        )
        for position in range(BLOCK * BLOCK):
            down, right = divmod(position, BLOCK)
            counts[position] += np.bincount(sums[down::BLOCK, right::BLOCK].ravel(), minlength=_SUMS)
    counts[:, [0, -1]] = 0
    return counts


def _comb_power(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared magnitude of the histogram's spectrum at each step, 1 on average for noise; (64, steps)."""
    phase = 2 * np.pi * np.outer(np.arange(_SUMS), 1 / (BLOCK * STEPS))
    real, imaginary = counts @ np.cos(phase), counts @ np.sin(phase)
    return np.asarray((real**2 + imaginary**2) / np.maximum(counts.sum(axis=1, keepdims=True), 1))
