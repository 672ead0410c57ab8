"""S0's U-Net and S4 at work: tiles → probability map → mask, score, opinion."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Opinion
from tamperlens.examine._finding import Answer
from tamperlens.examine._outcome import Outcome
from tamperlens.examine._pooling import POOLINGS
from tamperlens.examine._regions import suspicious_regions
from tamperlens.examine.networks._tiling import tiled_map
from tamperlens.examine.networks._weights import Weight, describe
from tamperlens.inputs import NetworkInput


class LocalizerDetector:
    """Runs one weight of a localizer.

    Args:
        weight: checked weight.
        threads: of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        settings: dict[str, Any] = dict(weight.features)
        self.weight = weight
        self.input = NetworkInput(tuple(settings["qualities"]), settings["gain"])
        self.tile, self.overlap = int(settings["tile"]), int(settings["overlap"])
        self.pooling, self.mask_threshold = str(settings["pooling"]), float(settings["mask_threshold"])
        self._session = weight.session(threads)

    def localize(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probability (H, W) float32 that each pixel of (H, W, 3) uint8 RGB was altered."""
        return tiled_map(self._predict, pixels, self.tile, self.overlap)

    def margin(self, probabilities: NDArray[np.float32], pooling: str | None = None) -> float:
        """The map pooled to one log-odds, by the weight's own pooling if none is named; not calibrated."""
        pooled = POOLINGS[pooling or self.pooling](probabilities)
        return math.log(pooled / (1 - pooled))

    def score(self, probabilities: NDArray[np.float32]) -> float:
        """The calibrated probability that an image with this map was altered."""
        return self.weight.calibration.probability(self.margin(probabilities), probabilities.size)

    def outcome(self, probabilities: NDArray[np.float32]) -> Outcome:
        """Three-way outcome of a map; an image whose mask marks a part is never cleared."""
        said = self.weight.calibration.outcome(self.score(probabilities))
        marked = suspicious_regions(probabilities, self.mask_threshold, count=1)
        return "inconclusive" if said == "consistent" and marked else said

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        probabilities = self.localize(evidence.pixels)
        domain, score = self.weight.domain, self.score(probabilities)
        applicable = domain.covers(evidence)
        share = float((probabilities >= self.mask_threshold).mean())
        reason = (
            f"a map of local traces of editing; {share:.1%} of the area reaches the threshold of its mask"
            if applicable
            else f"its error rates were measured on {domain.described}; this is a {describe(evidence)}"
        )
        opinion = Opinion(
            system=self.weight.name,
            score=score,
            outcome=self.outcome(probabilities) if applicable else "inconclusive",
            applicable=applicable,
            reason=reason,
        )
        return Answer(opinion, probabilities, self.mask_threshold)

    def _predict(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        logits = self._session.run(["logits"], {"features": self.input(pixels)[None]})[0][0, 0]
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)
