"""Pixel-level figures from counts and histograms, of one image or of many summed.

Figures that need a ranking of pixels (AP, AUC, best F1) come from histograms of the probabilities, so that a
benchmark of large photographs fits in memory: 32 kB per image of any size. The 4096 levels are evenly spaced
in log-odds, because networks put most pixels close to 0 or 1, where even steps of probability would merge
them: a level is 0.002 wide at 0.5 and 0.00008 at 0.01. Pixels in one level count as equal. On continuous maps
    AUC is
then off by less than 0.0001, best F1 by less than 0.0005 and AP by less than 0.002, as the tests check.
Figures with a fixed threshold are counted on the map itself and are exact.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.odds import log_odds

Counts = NDArray[Any]  # integer or float64
Figures = NDArray[np.float64]

LEVELS = 4096
# Log-odds beyond which probabilities merge: 1e-7 from 0 and 1, where float32 ends too.
MAX_LOG_ODDS = 16.0
# Rows turned into levels at a time.
_ROWS = 256


def levels_of(probabilities: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The level of each pixel, in the order of the probabilities.

    Args:
        probabilities: float32 in 0..1.

    Returns:
        uint16 of the same shape, 0..4095.
    """
    odds = log_odds(probabilities.astype(np.float32, copy=False)).clip(-MAX_LOG_ODDS, MAX_LOG_ODDS)
    return np.asarray(np.rint((odds / MAX_LOG_ODDS + 1) * ((LEVELS - 1) / 2)), dtype=np.uint16)


def histograms(probabilities: NDArray[np.float32], truth: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Pixels at each level.

    Args:
        probabilities: (H, W) float32 in 0..1.
        truth: (H, W) bool, True where altered.

    Returns:
        (2, 4096) int32, row 0 the authentic pixels, row 1 the altered ones.
    """
    total = np.zeros(2 * LEVELS, np.int64)
    for top in range(0, len(truth), _ROWS):
        rows = slice(top, top + _ROWS)
        both = levels_of(probabilities[rows]).astype(np.intp) + LEVELS * truth[rows]
        total += np.bincount(both.ravel(), minlength=2 * LEVELS)
    return total.reshape(2, LEVELS).astype(np.int32)


def confusion(called: NDArray[np.bool_], truth: NDArray[np.bool_]) -> NDArray[np.int64]:
    """True positives, false positives, false negatives, true negatives: (4,) int64."""
    both, calls, altered = (int(np.count_nonzero(part)) for part in (called & truth, called, truth))
    return np.array([both, calls - both, altered - both, truth.size - calls - altered + both], np.int64)


def f1(counts: Counts) -> Figures:
    """F1 of (…, 4) counts; 0 if nothing is called and nothing is altered."""
    tp, fp, fn, _ = np.moveaxis(counts.astype(np.float64), -1, 0)
    return _ratio(2 * tp, 2 * tp + fp + fn)


def iou(counts: Counts) -> Figures:
    """Intersection over union (Jaccard index) of (…, 4) counts."""
    tp, fp, fn, _ = np.moveaxis(counts.astype(np.float64), -1, 0)
    return _ratio(tp, tp + fp + fn)


def mcc(counts: Counts) -> Figures:
    """Matthews correlation coefficient of (…, 4) counts, -1..1; 0 if a row or column is empty.

    Reference: B. Matthews, "Comparison of the predicted and observed secondary structure of T4 phage
    lysozyme" (1975).
    """
    tp, fp, fn, tn = np.moveaxis(counts.astype(np.float64), -1, 0)
    # Two roots, so that a perfect map's coefficient is exactly 1.
    roots = np.sqrt((tp + fp) * (tp + fn)) * np.sqrt((tn + fp) * (tn + fn))
    return _ratio(tp * tn - fp * fn, roots)


def best_f1(levels: Counts) -> Figures:
    """Highest F1 over all thresholds, including "everything"; a map is never inverted.

    Args:
        levels: (…, 2, 4096) histograms.

    Returns:
        (…) float64. An upper bound, out of reach without the truth.
    """
    fp, tp = _called_from(levels)
    return np.asarray(_ratio(2 * tp, tp + fp + tp[..., :1]).max(axis=-1))


def roc_auc(levels: Counts) -> Figures:
    """Area under the ROC curve; NaN if all pixels are of one class.

    Args:
        levels: (…, 2, 4096) histograms.

    Reference: T. Fawcett, "An introduction to ROC analysis" (2006).
    """
    fp, tp = _called_from(levels)
    authentic = levels[..., 0, :].astype(np.float64)
    above = np.concatenate([tp[..., 1:], np.zeros_like(tp[..., :1])], axis=-1)
    won = (authentic * (above + tp) / 2).sum(axis=-1)  # pixels in the same level count half
    return _ratio(won, fp[..., 0] * tp[..., 0], np.nan)


def average_precision(levels: Counts) -> Figures:
    """Mean precision over the steps of recall, not interpolated; NaN if no pixel is altered.

    Args:
        levels: (…, 2, 4096) histograms.
    """
    fp, tp = _called_from(levels)
    steps = levels[..., 1, :] * _ratio(tp, tp + fp)
    return _ratio(steps.sum(axis=-1), tp[..., 0], np.nan)


def _called_from(levels: Counts) -> tuple[Figures, Figures]:
    """False and true positives when all pixels from each level upwards are called."""
    called = np.cumsum(levels[..., ::-1], axis=-1, dtype=np.float64)[..., ::-1]
    return called[..., 0, :], called[..., 1, :]


def _ratio(part: Figures, whole: Figures, otherwise: float = 0.0) -> Figures:
    """`part` / `whole`; `otherwise` where `whole` is 0."""
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), otherwise), where=whole > 0))
