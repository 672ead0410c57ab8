"""What is evaluated: anything that says whether an image was altered, and perhaps where."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Sample
from tamperlens.evidence import Evidence
from tamperlens.odds import log_odds

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Judgement:
    """What is said about one image.

    Attributes:
        probabilities: (H, W) float32 in 0..1 that each pixel was altered; None if it is not said.
        score: that the image was altered, 0..1.
        pixel_threshold: probability from which a pixel of this image counts as altered; None if the judge has
            one for all images.
        llr: natural logarithm of the likelihood ratio, altered over authentic; None to treat the score as a
            probability at even prior odds.
    """

    probabilities: Map | None = field(repr=False)
    score: float
    llr: float | None = None
    pixel_threshold: float | None = None

    @property
    def log_odds(self) -> float:
        """`llr`, or that of the score; a score of exactly 0 or 1 is moved by one in ten million."""
        return log_odds(self.score) if self.llr is None else self.llr


@dataclass(frozen=True)
class Judge:
    """A system, a trace, a baseline or a detector from elsewhere.

    Attributes:
        name: name in tables.
        judge: what it says about an image; the sample is for judges that look up stored predictions.
        pixel_threshold: probability from which a pixel counts as altered, frozen before the test; None if
            each judgement brings its own, by a frozen rule.
        image_threshold: score from which an image counts as altered, likewise.
        thresholds_from: where both come from.
        version: SHA-256 or version of what decides; "" if nothing does.
        learned_from: dataset it was trained on, if it is a published one.
    """

    name: str
    judge: Callable[[Evidence, Sample], Judgement] = field(repr=False)
    pixel_threshold: float | None = 0.5
    image_threshold: float = 0.5
    thresholds_from: str = "none: 0.5"
    version: str = ""
    learned_from: str = ""
