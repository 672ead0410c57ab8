"""Running localizers: image → probability map → mask, score, opinion."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
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
from tamperlens.inputs import MeasuredMaps, NetworkInput
from tamperlens.odds import log_odds, sigmoid

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Localization:
    """What a localizer says about one image.

    Attributes:
        probabilities: (H, W) float32 in 0..1, probability that each pixel was altered.
        margin: log-odds that the image was altered, not calibrated.
        decidable: (⌈H / 8⌉, ⌈W / 8⌉) float32 in 0..1, probability that the mask is right there if altered
            and untouched places were equally frequent; None if the network does not say.
    """

    probabilities: Floats = field(repr=False)
    margin: float
    decidable: Floats | None = field(default=None, repr=False)


class LocalizerDetector(ABC):
    """Runs one weight of a localizer.

    Args:
        weight: checked weight.
    """

    def __init__(self, weight: Weight) -> None:
        self.weight = weight

    def mask_threshold(self, probabilities: Floats) -> float:  # noqa: ARG002 - subclasses use it
        """Probability from which a pixel counts as altered in an image with this map."""
        return float(self.weight.features["mask_threshold"])

    @abstractmethod
    def localize(self, evidence: Evidence, measured: MeasuredMaps | None = None) -> Localization:
        """Say where an image was altered.

        Args:
            evidence: the image.
            measured: what the traces measured in it; if None, a localizer that needs it measures it itself.
        """

    def score(self, localization: Localization) -> float:
        """The calibrated probability that the image was altered."""
        return self.weight.calibration.probability(localization.margin, localization.probabilities.size)

    def outcome(self, localization: Localization) -> Outcome:
        """Three-way outcome; an image whose mask marks a part is never cleared."""
        said = self.weight.calibration.outcome(self.score(localization))
        probabilities = localization.probabilities
        marked = suspicious_regions(probabilities, self.mask_threshold(probabilities), count=1)
        return "inconclusive" if said == "consistent" and marked else said

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        localization = self.localize(evidence)
        opinion = self.opinion(evidence, localization)
        probabilities = localization.probabilities
        return Answer(opinion, probabilities, self.mask_threshold(probabilities))

    def opinion(self, evidence: Evidence, localization: Localization) -> Opinion:
        """The localization as an opinion, in numbers and words."""
        domain = self.weight.domain
        applicable = domain.covers(evidence)
        probabilities = localization.probabilities
        share = float((probabilities >= self.mask_threshold(probabilities)).mean())
        reason = (
            f"a map of local traces of editing; {share:.1%} of the area reaches the threshold of its mask"
            if applicable
            else f"its error rates were measured on {domain.described}; this is a {describe(evidence)}"
        )
        return Opinion(
            system=self.weight.name,
            score=self.score(localization),
            outcome=self.outcome(localization) if applicable else "inconclusive",
            applicable=applicable,
            reason=reason,
        )


class PixelLocalizer(LocalizerDetector):
    """A localizer that reads pixels and their error levels: the U-Net and the dual-branch ConvNeXt.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        super().__init__(weight)
        settings: dict[str, Any] = dict(weight.features)
        self.input = NetworkInput(tuple(settings["qualities"]), settings["gain"])
        self.tile, self.overlap = int(settings["tile"]), int(settings["overlap"])
        self.pooling = str(settings["pooling"])
        self._session = weight.session(threads)

    def localize(
        self,
        evidence: Evidence,
        measured: MeasuredMaps | None = None,  # noqa: ARG002 - others use it
    ) -> Localization:
        """Say where an image was altered; ignores what the traces measured."""
        probabilities = self.probabilities(evidence.pixels)
        return Localization(probabilities, self.margin(probabilities))

    def probabilities(self, pixels: NDArray[np.uint8]) -> Floats:
        """(H, W) float32 probability that each pixel of (H, W, 3) uint8 RGB was altered."""
        return tiled_map(self._predict, pixels, self.tile, self.overlap)

    def margin(self, probabilities: Floats, pooling: str | None = None) -> float:
        """The map pooled to one log-odds, by the weight's own pooling if none is given; not calibrated."""
        return log_odds(POOLINGS[pooling or self.pooling](probabilities))

    def _predict(self, pixels: NDArray[np.uint8]) -> Floats:
        logits = self._session.run(["logits"], {"features": self.input(pixels)[None]})[0][0, 0]
        return np.asarray(sigmoid(logits), np.float32)
