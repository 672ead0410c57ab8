"""Running the lightweight CNN: handcrafted tensor → ONNX network → opinion."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Opinion
from tamperlens.examine._finding import Answer
from tamperlens.examine.networks._weights import Weight, describe
from tamperlens.inputs import HandcraftedConfig, handcrafted_tensor


class LightweightCnnDetector:
    """Runs one weight of the lightweight CNN.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        features: dict[str, Any] = dict(weight.features)
        features["qualities"] = tuple(features["qualities"])
        self.weight = weight
        self.config = HandcraftedConfig(**features)
        self._session = weight.session(threads)

    def features(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Input tensor (C, side, side) float32 of (H, W, 3) uint8 RGB pixels."""
        return handcrafted_tensor(pixels, self.config)

    def classify(self, tensor: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        """Margin logit(tampered) − logit(authentic) and the (h, w) activation map of one tensor."""
        logits, activation = self._session.run(None, {"features": tensor[None]})
        return float(logits[0, 1] - logits[0, 0]), activation[0]

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        margin, activation = self.classify(self.features(evidence.pixels))
        calibration, domain = self.weight.calibration, self.weight.domain
        score = calibration.probability(margin)
        applicable = domain.covers(evidence)
        reason = (
            "compression, texture and block statistics of the image reduced to 128 × 128"
            if applicable
            else f"its error rates were measured on {domain.described}; this is a {describe(evidence)}"
        )
        opinion = Opinion(
            system=self.weight.name,
            score=score,
            outcome=calibration.outcome(score) if applicable else "inconclusive",
            applicable=applicable,
            reason=reason,
        )
        return Answer(opinion, _to_unit(activation))


def _to_unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Map signed contributions to 0..1, with 0.5 for none; scaled by the spread of the map."""
    spread = float(np.abs(values).max()) or 1.0
    return (0.5 + 0.5 * values / np.float32(spread)).astype(np.float32)
