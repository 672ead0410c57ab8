"""What is evaluated: anything that says of an image whether it was altered, and perhaps where."""

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
    """What is said of one image.

    Attributes:
        probabilities: (H, W) float32 in 0..1 that each pixel was altered; None where it is not said.
        score: that the image was altered, 0..1.
        pixel_threshold: probability from which a pixel of this image counts as altered; None where the
            judge has one for all.
        llr: natural logarithm of the likelihood ratio, altered over authentic; None to take the score as a
            probability at even prior odds.
    """

    probabilities: Map | None = field(repr=False)
    score: float
    llr: float | None = None
    pixel_threshold: float | None = None

    @property
    def log_odds(self) -> float:
        """`llr`, or that of the score; a score of exactly 0 or 1 counts as one in ten million from it."""
        return log_odds(self.score) if self.llr is None else self.llr


@dataclass(frozen=True)
class Judge:
    """A system, a trace, a baseline or a detector from elsewhere.

    Attributes:
        name: in tables.
        judge: what it says of an image; the sample is for those that look up what was said before.
        pixel_threshold: probability from which a pixel counts as altered, frozen before the test; None where
            each judgement brings its own, by a rule that was frozen.
        image_threshold: score from which an image counts as altered, likewise.
        thresholds_from: where both come from.
        version: SHA-256 or version of what decides; "" where nothing does.
        learned_from: dataset that it was trained on, where it is a published one.
    """

    name: str
    judge: Callable[[Evidence, Sample], Judgement] = field(repr=False)
    pixel_threshold: float | None = 0.5
    image_threshold: float = 0.5
    thresholds_from: str = "none: 0.5"
    version: str = ""
    learned_from: str = ""
