"""Classical localizers that need no training: they stand in every table beside the learned ones.

No validation set froze a threshold for them, so it is 0.5, for pixels and for images. Their figures at a
fixed threshold say how the trace is scaled as much as how well it locates; AUC and AP do not.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Sample
from tamperlens.evaluation._localization import Conditions, LocalizationResult, Localize, evaluate_localizer
from tamperlens.evidence import Evidence, scope
from tamperlens.traces import LOOKED, MEASURED, full_size

THRESHOLD = 0.5


def contrast(values: NDArray[np.float32]) -> float:
    """Image score of a trace: the 99th percentile of its map less the median.

    Something small stands out from the rest when it is large.

    >>> contrast(np.array([[0, 0, 0, 0]], np.float32))
    0.0
    """
    median, high = np.percentile(values, [50, 99])
    return float(high - median)


def _from_trace(name: str) -> Localize:
    def localize(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        values = LOOKED[name].map(evidence)
        return values, contrast(values)

    return localize


def _everywhere(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
    """Calls every pixel and every image altered: what a figure is worth for nothing."""
    return np.ones((evidence.height, evidence.width), np.float32), 1.0


CLASSICAL: dict[str, Localize] = {
    "ela": _from_trace("ela"),
    "noise": _from_trace("noise"),
    "cfa": _from_trace("cfa"),
    "all-tampered": _everywhere,
}


def evaluate_trace(
    name: str,
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Evaluate a key of `traces.TRACES` alone at the threshold 0.5; an empty map where it is void."""

    def measured(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        size = evidence.height, evidence.width
        if MEASURED[name].void_reason(evidence, scope(evidence)):
            return np.zeros(size, np.float32), 0.0
        found = MEASURED[name].measure(evidence)
        return full_size(found.values, *size), found.score / (1 + found.score)

    localize = measured if name in MEASURED else _from_trace(name)
    conditions = Conditions(name, dataset, thresholds_from="none: 0.5")
    return evaluate_localizer(localize, THRESHOLD, THRESHOLD, samples, conditions, advance)


def evaluate_classical(
    name: str,
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Evaluate a key of `CLASSICAL` at the threshold 0.5; see `evaluate_localizer`."""
    conditions = Conditions(name, dataset, thresholds_from="none: 0.5")
    return evaluate_localizer(CLASSICAL[name], THRESHOLD, THRESHOLD, samples, conditions, advance)
