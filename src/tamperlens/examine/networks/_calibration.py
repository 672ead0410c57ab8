"""From a network's margin to a calibrated probability and a three-way outcome."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tamperlens.examine._outcome import Outcome
from tamperlens.odds import sigmoid

# Image size to which raw scores are converted.
REFERENCE_PIXELS = 256 * 256
# Size of the smallest images that anything was fitted to.
_LEAST_PIXELS = 128 * 256


def at_reference(score: float, slope: float, pixels: int) -> float:
    """The raw score that the image would have with 256 × 256 pixels instead of this many.

    The more places an image has, the more the most suspicious one stands out; this is subtracted.

    Args:
        score: raw score.
        slope: how much it rises with each doubling of an authentic image's area.
        pixels: width × height; images below half the reference size count as half of it.

    >>> at_reference(3.0, 0.5, 4 * 256 * 256)
    2.0
    """
    return score - slope * math.log2(max(pixels, _LEAST_PIXELS) / REFERENCE_PIXELS)


@dataclass(frozen=True)
class Calibration:
    """How to read a margin; fitted on validation images and frozen with the weight.

    Attributes:
        scale: factor of the margin.
        offset: added after scaling; both fitted by Platt's method at even prior odds.
        inconsistent_above: score that a share `false_alarm_rate` of the authentic validation images exceeds.
        consistent_below: score below which a share `miss_rate` of the altered validation images falls.
        false_alarm_rate: target share of authentic images called inconsistent.
        miss_rate: target share of altered images called consistent.
        slope: how much authentic images' margin rises with each doubling of their area; subtracted.

    The thresholds are those of split conformal prediction. Its guarantee holds exactly only for images
    exchangeable with validation images on which nothing else was chosen. Here the best epoch was chosen on
    the same images, and images of one source are alike. So the rates are targets; the card says what was
    measured.

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
        """Calibrated probability of alteration for logit(tampered) − logit(authentic) at this many pixels.

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
    """Score that a new exchangeable score exceeds with probability `rate` at most.

    It is the ⌈(n + 1)(1 − rate)⌉-th smallest, or `never` if there are too few scores to guarantee that.

    >>> upper_threshold([i / 100 for i in range(1, 100)], 0.05)
    0.95
    """
    rank = math.ceil((len(scores) + 1) * (1 - rate) - 1e-9)
    return sorted(scores)[rank - 1] if rank <= len(scores) else never


def grouped_threshold(groups: Iterable[Sequence[float]], rate: float, never: float = 1.0) -> float:
    """Score that an image of a new photograph exceeds with probability `rate` at most.

    Each photograph counts once, however many images were made of it; the new one counts as exceeding
    everything. With one image per photograph this is `upper_threshold`.

    Args:
        groups: scores of the images of each photograph; photographs are exchangeable, images need not be.
        rate: share of images that may exceed it.
        never: returned if there are too few photographs to guarantee that: fewer than 1 / rate − 1.

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
    """Score below which a new exchangeable score falls with probability `rate` at most."""
    return 1 - upper_threshold([1 - score for score in scores], rate)
