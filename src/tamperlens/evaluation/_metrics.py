"""Image-level figures. Each name says what it is; none picks a threshold."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

Scores = NDArray[np.float64]
Labels = NDArray[np.int64]


def classification_metrics(labels: Labels, scores: Scores, threshold: float = 0.5) -> dict[str, float]:
    """Figures of one test run.

    Args:
        labels: (N,) 0 authentic, 1 tampered; both must occur.
        scores: (N,) probability of alteration.
        threshold: score from which an image is called tampered, frozen before the test images were seen.

    Returns:
        accuracy, balanced_accuracy, macro_precision, macro_recall, macro_f1, auc,
        false_alarm_rate (authentic called tampered), miss_rate (tampered called authentic), all 0..1, and
        the confusion matrix as true_authentic, false_tampered, false_authentic, true_tampered.
    """
    if len(set(labels.tolist())) < 2:
        raise ValueError("classification metrics need both authentic and tampered images")
    called = (scores >= threshold).astype(np.int64)
    (ta, ft), (fa, tt) = metrics.confusion_matrix(labels, called, labels=[0, 1])
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        labels, called, average="macro", zero_division=0.0
    )
    return {
        "accuracy": float(metrics.accuracy_score(labels, called)),
        "balanced_accuracy": float(metrics.balanced_accuracy_score(labels, called)),
        "macro_precision": float(precision),
        "macro_recall": float(recall),
        "macro_f1": float(f1),
        "auc": float(metrics.roc_auc_score(labels, scores)),
        "false_alarm_rate": float(ft / (ta + ft)),
        "miss_rate": float(fa / (fa + tt)),
        "true_authentic": float(ta),
        "false_tampered": float(ft),
        "false_authentic": float(fa),
        "true_tampered": float(tt),
    }


def expected_calibration_error(
    labels: Labels, scores: Scores, weights: NDArray[np.float64] | None = None, bins: int = 10
) -> float:
    """Mean gap between predicted probability and observed share, over bins of equal width.

    Args:
        labels: (N,) 0 authentic, 1 tampered.
        scores: (N,) probability of alteration.
        weights: (N,) of the images, equal when None. Scores at even prior odds need weights that give each
            class one half: `balanced_weights`.
        bins: number of bins.

    Reference: M. Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning" (2015).
    """
    weights = np.ones(len(labels)) if weights is None else weights
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = np.bincount(which, weights * (scores - labels), minlength=bins)
    return float(np.abs(gaps).sum() / weights.sum())


def balanced_weights(labels: Labels) -> NDArray[np.float64]:
    """Weights that give each class one half."""
    share = np.where(labels == 1, labels.mean(), 1 - labels.mean())
    return np.asarray(0.5 / share)


def bootstrap_interval(
    statistic: Callable[[NDArray[np.int_]], float | Sequence[float]],
    groups: Sequence[int],
    draws: int = 500,
    seed: int = 0,
) -> NDArray[np.float64]:
    """95 % interval by resampling whole groups with replacement.

    Args:
        statistic: one or several figures for an array of indices, which may repeat.
        groups: group of each index; images that share a source are resampled together.
        draws: number of resamples.
        seed: of the resampling.

    Returns:
        The 2.5th and 97.5th percentile of each figure, (2,) or (2, K) float64.

    Reference: B. Efron, R. Tibshirani, "An introduction to the bootstrap" (1993).
    """
    rng = np.random.default_rng(seed)
    numbers = np.asarray(groups)
    members = [np.flatnonzero(numbers == g) for g in np.unique(numbers)]
    values = []
    for _ in range(draws):
        chosen = rng.integers(len(members), size=len(members))
        values.append(statistic(np.concatenate([members[i] for i in chosen])))
    return np.asarray(np.percentile(values, [2.5, 97.5], axis=0))
