"""Running MultiFusion: image resized to a square → ONNX network → opinion and the network's own maps."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Opinion
from tamperlens.examine._finding import Answer
from tamperlens.examine._systems import EXPLANATIONS, explanation_name
from tamperlens.examine.networks._weights import Weight, describe
from tamperlens.inputs import SquareImage


@dataclass(frozen=True)
class Explained:
    """The network's answer to one tensor.

    Attributes:
        margin: logit(tampered) − logit(authentic).
        maps: keys of `EXPLANATIONS` → (h, w) float32 in 0..1.
    """

    margin: float
    maps: dict[str, NDArray[np.float32]] = field(repr=False)


class MultiFusionDetector:
    """Runs one weight of MultiFusion.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        self.weight = weight
        self.config = SquareImage(int(weight.features["side"]))
        self._session = weight.session(threads)
        self._outputs = [output.name for output in self._session.get_outputs()]

    def features(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Input tensor (3, side, side) float32 of (H, W, 3) uint8 RGB pixels."""
        return self.config(pixels)

    def explain(self, tensor: NDArray[np.float32]) -> Explained:
        """Margin and every map of one tensor."""
        values = dict(zip(self._outputs, self._session.run(None, {"features": tensor[None]}), strict=True))
        logits = values.pop("logits")[0]
        return Explained(float(logits[1] - logits[0]), {name: value[0] for name, value in values.items()})

    def classify(self, tensor: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        """Margin and the fused map of one tensor."""
        explained = self.explain(tensor)
        return explained.margin, explained.maps["fused"]

    def heat_maps(self, evidence: Evidence) -> dict[str, NDArray[np.float32]]:
        """Every map of one image by name, the fused one first."""
        maps = self.explain(self.features(evidence.pixels)).maps
        return {explanation_name(output): maps[output] for output in EXPLANATIONS}

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        margin, fused = self.classify(self.features(evidence.pixels))
        calibration, domain = self.weight.calibration, self.weight.domain
        score = calibration.probability(margin)
        applicable = domain.covers(evidence)
        reason = (
            "noise residuals, texture and layout of the denoised image reduced to "
            f"{self.config.side} × {self.config.side}"
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
        return Answer(opinion, fused)
