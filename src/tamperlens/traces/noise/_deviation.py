"""From a level for each block to how far it is from that of similar blocks in the image."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.traces._blocks import mean3
from tamperlens.traces._trace import Map, Measurement, Pixels

Levels = NDArray[np.float32]

# Robust standard deviations at which a block is fully marked.
_FULL = 6.0
# Median absolute deviation of a unit Gaussian.
_MAD = 0.6745
# Classes of the companion value within which blocks are compared.
_CLASSES = 8
_LEAST_SPREAD = 0.3


def deviation(levels: Levels, companion: Levels) -> Levels:
    """How unusual each block is among blocks with a similar companion value, in both directions.

    Args:
        levels: (rows, columns) float32; NaN if a block cannot be judged.
        companion: (rows, columns) float32 that the level naturally depends on, brightness or texture.

    Returns:
        (rows, columns) float32, robust standard deviations from the median of the block's class, averaged
        over 3 × 3 blocks so that one odd block counts little; 0 if a block cannot be judged.
    """
    judged = np.isfinite(levels)
    if judged.sum() < 4 * _CLASSES:
        return np.zeros(levels.shape, np.float32)
    edges = np.quantile(companion[judged], np.linspace(0, 1, _CLASSES + 1)[1:-1])
    classes = np.digitize(companion, edges)
    z = np.zeros(levels.shape, np.float32)
    for k in range(_CLASSES):
        inside = judged & (classes == k)
        if inside.sum() >= 4:
            middle = np.median(levels[inside])
            spread = np.median(np.abs(levels[inside] - middle)) / _MAD
            z[inside] = (levels[inside] - middle) / max(float(spread), _LEAST_SPREAD)
    return np.abs(mean3(z))


def deviation_map(z: Levels) -> Levels:
    """Deviations as a map in 0..1."""
    return np.asarray(np.minimum(z / np.float32(_FULL), 1), np.float32)


def deviation_score(z: Levels) -> float:
    """Mean of the most unusual 2 % of the blocks."""
    count = max(1, round(0.02 * z.size))
    return float(np.partition(z.ravel(), z.size - count)[z.size - count :].mean())


def deviating(deviate: Callable[[Pixels], Map], what: str) -> Callable[[Evidence], Measurement]:
    """The measurement of a trace that consists only of its deviation.

    Args:
        deviate: (H, W, 3) uint8 RGB → robust standard deviations of each block from what is expected there.
        what: the blocks it is compared with.
    """

    def measure(evidence: Evidence) -> Measurement:
        z = deviate(evidence.pixels)
        score = deviation_score(z)
        return Measurement(
            deviation_map(z), score,
            f"the 2 % most unusual blocks are {score:.1f} robust standard deviations from {what}",
        )  # fmt: skip

    return measure
