"""From a network's margin to a calibrated probability and a three-way outcome."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tamperlens.examine._outcome import Outcome
from tamperlens.odds import sigmoid

# The size of image that raw scores are brought to.
REFERENCE_PIXELS = 256 * 256
# The smallest image that anything was fitted to.
_LEAST_PIXELS = 128 * 256


def at_reference(score: float, slope: float, pixels: int) -> float:
    """The raw score that an image of 256 × 256 pixels would have in place of one of that many.

    The more places an image has, the more does the most suspicious one stand out; that is taken off.

    Args:
        score: raw score.
        slope: how much it rises with each doubling of an authentic image's area.
        pixels: width × height; images below half the reference count as that.

    >>> at_reference(3.0, 0.5, 4 * 256 * 256)
    2.0
    """
    return score - slope * math.log2(max(pixels, _LEAST_PIXELS) / REFERENCE_PIXELS)


@dataclass(frozen=True)
class Calibration:
    """How a margin is read; fitted on validation images and frozen with the weight.

    Attributes:
        scale: factor of the margin.
        offset: added after scaling; both by Platt's method at even prior odds.
        inconsistent_above: score that `false_alarm_rate` of the authentic validation images exceed.
        consistent_below: score below which `miss_rate` of the altered validation images fall.
        false_alarm_rate: share of authentic images aimed at.
        miss_rate: share of altered images aimed at.
        slope: how much authentic images' margin rises with each doubling of their area; taken off.

    The thresholds are those of split conformal prediction. Its guarantee would hold exactly for images
    exchangeable with validation ones that nothing else was chosen on; here the best epoch was chosen on the
    same part, and images of one source are alike, so the rates are aims, and the card says what was measured.

    Reference: J. Platt, "Probabilistic outputs for support vector machines" (1999); for the thresholds,
    V. Vovk et al., "Algorithmic learning in a random world" (2005), split conformal prediction.
    """

    scale: float
    offset: float
    inconsistent_above: float
    consistent_below: float
    false_alarm_rate: float = 0.05
    miss_rate: float = 0.05
    slope: float = 0.0

    def probability(self, margin: float, pixels: int = REFERENCE_PIXELS) -> float:
        """Calibrated probability of alteration for logit(tampered) − logit(authentic) of so many pixels.

        An infinite margin counts as the largest finite one, so that a scale of 0 still ignores it.
        """
        finite = min(max(margin, -sys.float_info.max), sys.float_info.max)
        return sigmoid(self.scale * at_reference(finite, self.slope, pixels) + self.offset)

    def outcome(self, score: float) -> Outcome:
        """Three-way outcome of a score.

        A score that is rare for authentic and for altered images alike is inconclusive too.

        >>> c = Calibration(1, 0, inconsistent_above=0.8, consistent_below=0.2)
        >>> c.outcome(0.9), c.outcome(0.5), c.outcome(0.1)
        ('inconsistent', 'inconclusive', 'consistent')
        """
        rare_if_authentic = score > self.inconsistent_above
        rare_if_altered = score < self.consistent_below
        if rare_if_authentic == rare_if_altered:
            return "inconclusive"
        return "inconsistent" if rare_if_authentic else "consistent"


def upper_threshold(scores: Sequence[float], rate: float, never: float = 1.0) -> float:
    """Score that a further exchangeable one exceeds with probability `rate` at most.

    It is the ⌈(n + 1)(1 − rate)⌉-th smallest, or `never` when there are too few scores to promise that.

    >>> upper_threshold([i / 100 for i in range(1, 100)], 0.05)
    0.95
    """
    rank = math.ceil((len(scores) + 1) * (1 - rate) - 1e-9)
    return sorted(scores)[rank - 1] if rank <= len(scores) else never


def grouped_threshold(groups: Iterable[Sequence[float]], rate: float, never: float = 1.0) -> float:
    """Score that an image of a further photograph exceeds with probability `rate` at most.

    Each photograph counts once, however many images were made of it; the further one counts as one that
    exceeds everything. With one image a photograph this is `upper_threshold`.

    Args:
        groups: scores of the images of each photograph; photographs are exchangeable, images need not be.
        rate: share of images that may exceed it.
        never: given back when there are too few photographs to promise that: fewer than 1 / rate − 1.

    Reference: Y. Lee, R. Barber, R. Willett, "Distribution-free inference with hierarchical data" (2023).

    >>> grouped_threshold([[i / 100] * (1 + i % 3) for i in range(1, 100)], 0.05)
    0.95
    """
    filled = [list(group) for group in groups if len(group)]
    weighted = sorted((score, 1 / len(group)) for group in filled for score in group)
    needed, passed = (len(filled) + 1) * (1 - rate) - 1e-9, 0.0
    for score, weight in weighted:
        passed += weight
        if passed >= needed:
            return score
    return never


def lower_threshold(scores: Sequence[float], rate: float) -> float:
    """Score that a further exchangeable one falls below with probability `rate` at most."""
    return 1 - upper_threshold([1 - score for score in scores], rate)
