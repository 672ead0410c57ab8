"""Running the classifiers of kinds on one marked region: each says how it was altered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.examine.networks._tiling import GRID
from tamperlens.examine.networks._weights import Weight
from tamperlens.inputs import NetworkInput

if TYPE_CHECKING:
    from tamperlens.examine.networks._runtime import onnxruntime

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Side of the largest part that is read without being scaled down.
MOST_SIDE = 448
# Side of the part relative to the marked region's.
_MARGIN = 1.5


@dataclass(frozen=True)
class Frame:
    """The part of an image around its marked region.

    Attributes:
        left: first column in the image.
        top: first row.
        side: side of the square in the image; beyond its borders the image is extended by reflection.
        pixels: (s, s, 3) uint8 RGB, s a multiple of 32, 448 at most.
        mask: (s, s) bool.
    """

    left: int
    top: int
    side: int
    pixels: Pixels = field(repr=False)
    mask: Mask = field(repr=False)


def frame(pixels: Pixels, mask: Mask, least: int) -> Frame:
    """Cut out the largest marked region with its surroundings; scaled down only if larger than 448 pixels.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        mask: (H, W) bool, not all False.
        least: smallest side of the part, a multiple of 32; the size that the network was trained on.
    """
    count, _, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    largest = 1 + int(np.argmax(boxes[1:count, cv2.CC_STAT_AREA]))
    x, y, width, height = (int(v) for v in boxes[largest, :4])
    side = max(least, -(-int(_MARGIN * max(width, height)) // 32) * 32)
    top, left = _begin(y + height // 2, side, mask.shape[0]), _begin(x + width // 2, side, mask.shape[1])
    part = _reflected(pixels[top : top + side, left : left + side], side)
    marked = _reflected(mask[top : top + side, left : left + side].astype(np.uint8), side)
    if side > MOST_SIDE:
        shape = (MOST_SIDE, MOST_SIDE)
        part = np.asarray(cv2.resize(part, shape, interpolation=cv2.INTER_AREA), np.uint8)
        marked = np.asarray(cv2.resize(marked * 255, shape, interpolation=cv2.INTER_AREA) >= 128, np.uint8)
    return Frame(left, top, side, np.ascontiguousarray(part), marked > 0)


def _begin(middle: int, side: int, length: int) -> int:
    """First row or column of a part around a centre, on the 8 × 8 grid, and within the image if it fits."""
    return max(0, min(middle - side // 2, length - side)) // GRID * GRID


def _reflected(part: Pixels, side: int) -> Pixels:
    missing = [(0, side - part.shape[0]), (0, side - part.shape[1])] + [(0, 0)] * (part.ndim - 2)
    return np.pad(part, missing, mode="symmetric")


class PatchClassifier:
    """Runs a weight of the patch classifier on single parts of an image.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        settings: dict[str, Any] = dict(weight.features)
        self.weight = weight
        self.input = NetworkInput(tuple(settings["qualities"]), settings["gain"])
        self.kinds, self.temperature = tuple(settings["kinds"]), float(settings["temperature"])
        self.side = int(settings["side"])
        self._threads = threads

    @cached_property
    def _session(self) -> "onnxruntime.InferenceSession":
        return self.weight.session(self._threads)  # lazily: most images have no marked region

    def classify(self, pixels: Pixels) -> tuple[float, NDArray[np.float32], NDArray[np.float32]]:
        """Classify one part of an image.

        Args:
            pixels: (h, w, 3) uint8 RGB, both sides multiples of 32, corner on the image's 8 × 8 grid.

        Returns:
            Log-odds that the part was altered, (K,) log-odds of the kinds, and (h / 32, w / 32) Grad-CAM of
            the former.
        """
        names = ["tampered", "logits", "activation"]
        tampered, logits, activation = self._session.run(names, {"features": self.input(pixels)[None]})
        return float(tampered[0, 0]), logits[0], activation[0, 0]

    def kinds_of(self, logits: NDArray[np.float32]) -> dict[str, float]:
        """Probability of each kind, given that the part was altered."""
        return _softmax(logits[1:] / self.temperature, self.kinds[1:])


class MaskedClassifier:
    """Runs a weight of the mask-conditioned classifier.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        settings: dict[str, Any] = dict(weight.features)
        self.weight = weight
        self.kinds, self.temperature = tuple(settings["kinds"]), float(settings["temperature"])
        self.side = int(settings["side"])
        self._threads = threads

    @cached_property
    def _session(self) -> "onnxruntime.InferenceSession":
        return self.weight.session(self._threads)  # lazily, too

    def kinds_of(self, part: Frame) -> Mapping[str, float]:
        """Probability of each kind, given that the masked part was altered."""
        features = np.concatenate(
            [part.pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(255), part.mask[None]]
        ).astype(np.float32)
        logits = self._session.run(["logits"], {"features": features[None]})[0][0]
        return _softmax(logits / self.temperature, self.kinds)


def _softmax(logits: NDArray[np.float32], names: tuple[str, ...]) -> dict[str, float]:
    values = np.exp(logits - logits.max())
    return dict(zip(names, (values / values.sum()).tolist(), strict=True))
