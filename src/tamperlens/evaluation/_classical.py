"""Classical localizers that need no training, shown in every table next to the learned ones.

No validation set gave them a threshold, so it is 0.5 for pixels and images. Their figures at a fixed
threshold depend as much on the trace's scale as on how well it localizes; AUC and AP do not.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tamperlens.evaluation._saliency import stands_out
from tamperlens.evidence import Evidence
from tamperlens.traces import LOOKED

# (H, W) float32 in 0..1, the probability that each pixel was altered; the image score, 0..1.
Localize = Callable[[Evidence], tuple[NDArray[np.float32], float]]


def contrast(values: NDArray[np.float32]) -> float:
    """Image score of a trace: the 99th percentile of its map minus the median.

    If it is large, something small stands out from the rest.

    >>> contrast(np.array([[0, 0, 0, 0]], np.float32))
    0.0
    """
    median, high = np.percentile(values, [50, 99])
    return float(high - median)


def scored(find: Callable[[Evidence], NDArray[np.float32]]) -> Localize:
    """A map in 0..1 with its contrast as the image score."""

    def localize(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        values = find(evidence)
        return values, contrast(values)

    return localize


def _everywhere(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
    """Call every pixel and every image altered: the figures that cost nothing."""
    return np.ones((evidence.height, evidence.width), np.float32), 1.0


CLASSICAL: dict[str, Localize] = {
    **{name: scored(LOOKED[name].map) for name in ("ela", "noise", "cfa")},
    # The figures for merely finding the object that a person looks at first.
    "saliency": scored(stands_out),
    "all-tampered": _everywhere,
}
