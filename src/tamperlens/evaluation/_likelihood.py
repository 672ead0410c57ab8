"""Is a likelihood ratio worth what it says? Cllr, expected calibration error, reliability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from tamperlens.odds import log_odds, sigmoid

Values = NDArray[np.float64]


def cllr(llrs: Values, altered: NDArray[np.bool_]) -> float:
    """Cost of log-likelihood ratios in bits: 0 for perfect ones, 1 for always saying nothing.

    Args:
        llrs: (n,) natural log-likelihood ratios, altered over authentic.
        altered: (n,) truth.

    Returns:
        Mean cost with equal weight for both classes; above 1 the ratios mislead.

    Reference: N. Brümmer, J. du Preez, "Application-independent evaluation of speaker detection" (2006).

    >>> cllr(np.zeros(4), np.array([True, True, False, False]))
    1.0
    """
    if altered.all() or not altered.any():
        return float("nan")
    costs = np.logaddexp(0, np.where(altered, -llrs, llrs)) / np.log(2)
    return float((costs[altered].mean() + costs[~altered].mean()) / 2)


def least_cllr(llrs: Values, altered: NDArray[np.bool_]) -> float:
    """Cllr after the best monotone recalibration on the same images: what discrimination alone allows.

    Its difference to `cllr` is the loss due to calibration.
    """
    if altered.all() or not altered.any():
        return float("nan")
    balance = np.where(altered, 0.5 / altered.mean(), 0.5 / (~altered).mean())
    _, which = np.unique(llrs, return_inverse=True)  # equal ratios stay equal
    weights = np.bincount(which, balance)
    shares = np.bincount(which, balance * altered) / weights
    fitted = isotonic_regression(shares, weights=weights).x[which]
    return cllr(log_odds(fitted, 1e-6), altered)


@dataclass(frozen=True)
class Reliability:
    """Stated against true probability, at even prior odds.

    Attributes:
        stated: mean stated probability in each non-empty bin.
        true: share of altered images in it, with equal weight for both classes.
        weight: share of all images in it, likewise.
        error: expected calibration error, the weighted mean of |stated − true|.
    """

    stated: Values
    true: Values
    weight: Values
    error: float


def reliability(llrs: Values, altered: NDArray[np.bool_], bins: int = 10) -> Reliability:
    """Compare stated with true probabilities in bins with equal numbers of images.

    Args:
        llrs: (n,) natural log-likelihood ratios.
        altered: (n,) truth; both classes present.
        bins: maximum number.
    """
    probability = sigmoid(llrs)
    balance = np.where(altered, 0.5 / altered.mean(), 0.5 / (~altered).mean())
    order = np.argsort(probability, kind="stable")
    stated, true, weight = [], [], []
    for part in np.array_split(order, min(bins, len(order))):
        mass = balance[part].sum()
        stated.append(float((probability[part] * balance[part]).sum() / mass))
        true.append(float(balance[part][altered[part]].sum() / mass))
        weight.append(float(mass / balance.sum()))
    gaps = np.abs(np.subtract(stated, true))
    return Reliability(np.array(stated), np.array(true), np.array(weight), float((gaps * weight).sum()))
