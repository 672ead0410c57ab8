"""The patch classifier on a whole image: each 224 × 224 patch is judged, and the worst ones decide."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._document import Opinion
from tamperlens.examine._finding import Answer
from tamperlens.examine._regions import SIDE
from tamperlens.examine.networks._kind_networks import PatchClassifier
from tamperlens.examine.networks._tiling import padded, tile_starts
from tamperlens.examine.networks._weights import Weight, describe
from tamperlens.odds import sigmoid

# What the network's input sides must be multiples of, and the side of a cell of its activation.
_MULTIPLE = 32

# How the patches' log-odds become the image's; which one a weight uses was chosen on validation images.
PATCH_POOLINGS: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {
        "largest": max,
        "mean-of-three-largest": lambda values: float(np.mean(sorted(values)[-3:])),
        "mean": lambda values: float(np.mean(values)),
    }
)


class PatchDetector:
    """Runs one weight of the patch classifier as a detector.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        self.weight = weight
        self.pooling = str(weight.features["pooling"])
        self._classifier = PatchClassifier(weight, threads)

    def patches(self, pixels: NDArray[np.uint8]) -> tuple[list[float], NDArray[np.float32]]:
        """Log-odds of alteration of each patch, and their activations side by side.

        Args:
            pixels: (H, W, 3) uint8 RGB.

        Returns:
            One number per patch, and (H, W) float32 in 0..1, scaled to a maximum of 1.
        """
        said: list[float] = []
        height, width = pixels.shape[:2]
        whole = np.zeros((height, width), np.float32)
        for top in tile_starts(height, SIDE, 0):
            for left in tile_starts(width, SIDE, 0):
                part = pixels[top : top + SIDE, left : left + SIDE]
                tampered, _, values = self._classifier.classify(padded(part, _MULTIPLE))
                said.append(tampered)
                rows, columns = -(-part.shape[0] // _MULTIPLE), -(-part.shape[1] // _MULTIPLE)
                size = (columns * _MULTIPLE, rows * _MULTIPLE)
                spread = cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)
                whole[top : top + SIDE, left : left + SIDE] = spread[: part.shape[0], : part.shape[1]]
        return said, whole / np.float32(max(float(whole.max()), 1e-6))

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        said, activation = self.patches(evidence.pixels)
        calibration, domain = self.weight.calibration, self.weight.domain
        score = calibration.probability(PATCH_POOLINGS[self.pooling](said))
        applicable = domain.covers(evidence)
        chance = sigmoid(max(said))
        parts = "patch" if len(said) == 1 else "patches"
        reason = (
            f"{len(said)} {parts} of {SIDE} × {SIDE} pixels; the most suspicious scores {chance:.2f}"
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
        return Answer(opinion, activation)
