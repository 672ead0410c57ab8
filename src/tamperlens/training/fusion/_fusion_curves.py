"""Raw scores → likelihood ratios, and their weights: what turns opinions into numbers that can be added."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from tamperlens.examine.fused import OUT_OF_REACH, Curve
from tamperlens.examine.networks import REFERENCE_PIXELS, upper_threshold

# Weight added to both classes in each step of a curve, because no score is proof.
_DOUBT = 1.0
# Most steps of a curve, and the least share of the images in a step.
_STEPS, _LEAST_STEP = 10, 0.02

# A slope must amount to at least this share of the scores' standard deviation.
_LEAST_SLOPE = 0.02

Values = NDArray[np.float64]


def fit_slope(scores: Values, pixels: Values) -> float:
    """How much the median raw score of authentic images rises with each doubling of their area.

    It is the median slope of all pairs of images of different sizes, so outliers do not move it. A slope that
    is small compared with the spread counts as 0; it would only separate equal scores, such as the many that
    are 0.

    Args:
        scores: (n,) raw scores of authentic images.
        pixels: (n,) their width × height.

    Reference: P. Sen, "Estimates of the regression coefficient based on Kendall's tau" (1968).
    """
    doublings = np.log2(pixels / REFERENCE_PIXELS)
    rise, run = scores[:, None] - scores, doublings[:, None] - doublings
    larger = run > 0
    slope = float(np.median(rise[larger] / run[larger])) if larger.any() else 0.0
    return slope if abs(slope) > _LEAST_SLOPE * scores.std() else 0.0


def fit_curve(scores: Values, altered: NDArray[np.bool_], slope: float = 0.0) -> Curve:
    """Monotone log-likelihood ratio of a raw score, by isotonic regression with a smoothed end.

    Args:
        scores: (n,) raw scores at the reference size.
        altered: (n,) truth; both classes present.
        slope: the slope that brought them there.
    """
    balance = np.where(altered, 0.5 / altered.mean(), 0.5 / (~altered).mean())
    steps = (
        IsotonicRegression(out_of_bounds="clip").fit(scores, altered, sample_weight=balance).predict(scores)
    )
    levels = [
        _Step(float(inside.min()), float(inside.max()), float(weight[hit].sum()), float(weight[~hit].sum()))
        for inside, weight, hit in (
            (scores[steps == level], balance[steps == level], altered[steps == level])
            for level in np.unique(steps)
        )
    ]
    merged = _thin(levels, _LEAST_STEP * balance.sum())
    llrs = np.maximum.accumulate([step.llr for step in merged])
    knots = {
        round(score, 5): round(float(llr), 4)
        for step, llr in zip(merged, llrs, strict=True)
        for score in (step.first, step.last)
    }
    return Curve(
        round(slope, 5),
        tuple(knots),
        tuple(knots.values()),
        1.0,
        round(upper_threshold(list(scores[~altered]), 0.05, OUT_OF_REACH), 4),
    )


class _Step(NamedTuple):
    """A range of scores with the same meaning, and the weight of either class in it.

    Both of its ends become knots. With a single knot in the middle the curve would leave a step before its
    end, which is most harmful next to the many images that score exactly 0.
    """

    first: float
    last: float
    altered: float
    authentic: float

    @property
    def mass(self) -> float:
        return self.altered + self.authentic

    @property
    def llr(self) -> float:
        return math.log((self.altered + _DOUBT) / (self.authentic + _DOUBT))


def _thin(steps: list[_Step], least: float) -> list[_Step]:
    """Join the lightest step with its lighter neighbour until few are left and none is light."""
    steps = list(steps)
    while len(steps) > 1:
        k = min(range(len(steps)), key=lambda k: steps[k].mass)
        if len(steps) <= _STEPS and steps[k].mass >= least:
            break
        first = k - 1 if k and (k + 1 == len(steps) or steps[k - 1].mass < steps[k + 1].mass) else k
        one, next_ = steps[first : first + 2]
        steps[first : first + 2] = [
            _Step(one.first, next_.last, one.altered + next_.altered, one.authentic + next_.authentic)
        ]
    return steps


def fit_weights(llrs: Values, altered: NDArray[np.bool_], ridge: float = 0.02) -> tuple[Values, float]:
    """Non-negative weights, and the offset, of a logistic regression at even prior odds.

    A negative weight would let one more sign of alteration clear an image.

    Args:
        llrs: (n, opinions) log-likelihood ratios, 0 for void ones.
        altered: (n,) truth.
        ridge: how strongly weights are pulled towards 0.
    """
    balance = np.where(altered, 0.5 / altered.mean(), 0.5 / (~altered).mean()) / len(altered)
    sign = np.where(altered, 1.0, -1.0)

    def loss(parameters: Values) -> tuple[float, Values]:
        margin = sign * (llrs @ parameters[:-1] + parameters[-1])
        slope = -balance * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((balance * np.logaddexp(0, -margin)).sum() + ridge * (parameters[:-1] ** 2).sum())
        return value, np.append(llrs.T @ slope + 2 * ridge * parameters[:-1], slope.sum())

    count = llrs.shape[1]
    bounds = [(0.0, None)] * count + [(None, None)]
    found = minimize(loss, np.append(np.full(count, 0.5), 0.0), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])
