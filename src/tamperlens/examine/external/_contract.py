"""What a third-party detector may return, and how that is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DetectorError
from tamperlens.evidence import Evidence

# An image → a map, a score, both, or a mapping as photoholmes' methods return it; see `read_answer`.
Detect = Callable[[Evidence], Any]


@dataclass(frozen=True)
class Detection:
    """What a detector says about one image.

    Attributes:
        probabilities: (H, W) float32 in 0..1, the size of the image: probability that each pixel was altered;
            None if it gives only a score.
        score: probability that the image was altered, 0..1.
    """

    probabilities: NDArray[np.float32] | None = field(repr=False)
    score: float


@dataclass(frozen=True)
class ExternalDetector:
    """A third-party detector.

    Attributes:
        name: its name in tables.
        version: SHA-256 of its file or version of its package; "" if unknown.
        detect: the function that judges an image.
        threshold: probability from which a pixel counts as altered, and score from which an image does.
        onnx: bytes of the ONNX file and side of its input, for the cost benchmark; None if it is not one.
    """

    name: str
    version: str
    detect: Detect = field(repr=False)
    threshold: float = 0.5
    onnx: tuple[bytes, int] | None = field(default=None, repr=False)

    def __call__(self, evidence: Evidence) -> Detection:
        """Judge one image.

        Raises:
            DetectorError: the answer breaks the contract.
        """
        return read_answer(self.detect(evidence), evidence, self.name)


def read_answer(answer: object, evidence: Evidence, name: str) -> Detection:
    """Read what a detector returned.

    Args:
        answer: a map of two dimensions in 0..1, of any size; a score in 0..1; a pair of both; or a mapping
            with "heatmap" or "mask", and "detection". Tensors are accepted too, and leading
            dimensions of 1. Without a score, the map's highest value is the score.
        evidence: the image.
        name: name of the detector.

    Raises:
        DetectorError: it is none of these, or holds values that are not probabilities.
    """
    where = f"{name} on {evidence.name}"
    values, score = _parts(answer, where)
    if values is None:
        if score is None:
            raise DetectorError(f"{where} returned neither a map nor a score")
        return Detection(None, score)
    score = float(values.max()) if score is None else score
    if values.shape != (evidence.height, evidence.width):
        size = (evidence.width, evidence.height)
        values = np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR)).clip(0, 1)
    return Detection(values, score)


def _parts(answer: object, where: str) -> tuple[NDArray[np.float32] | None, float | None]:
    """The map at its own size, and the score."""
    where_given: object
    score_given: object
    if isinstance(answer, Mapping):
        heat_map = answer.get("heatmap")
        where_given = answer.get("mask") if heat_map is None else heat_map
        score_given = answer.get("detection")
    elif isinstance(answer, tuple):
        if len(answer) != 2:
            raise DetectorError(f"{where} returned {len(answer)} values; expected a map and a score")
        where_given, score_given = answer
    else:
        values = _numbers(answer, where)
        where_given, score_given = (None, values) if values.size == 1 else (values, None)
    return (
        None if where_given is None else _map(_numbers(where_given, where), where),
        None if score_given is None else _score(_numbers(score_given, where), where),
    )


def _numbers(value: Any, where: str) -> NDArray[np.float32]:  # noqa: ANN401 - anything may be returned
    """An array or tensor as float32 without leading dimensions of 1; every number in 0..1."""
    value = value.detach().cpu() if hasattr(value, "detach") else value
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.dtype.kind not in "fiub" or not array.size:
        raise DetectorError(f"{where} returned {type(value).__name__}, not numbers in 0 to 1")
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise DetectorError(f"{where} returned NaN or infinity")
    if numbers.min() < 0 or numbers.max() > 1:
        low, high = float(numbers.min()), float(numbers.max())
        raise DetectorError(
            f"{where} returned numbers from {low:.4g} to {high:.4g}; probabilities lie in 0 to 1"
        )
    return numbers


def _map(values: NDArray[np.float32], where: str) -> NDArray[np.float32]:
    if values.ndim != 2:
        raise DetectorError(f"{where} returned a map of shape {values.shape}; it must be height × width")
    return values


def _score(values: NDArray[np.float32], where: str) -> float:
    if values.size != 1:
        raise DetectorError(f"{where} returned a score of shape {values.shape}; it must be one number")
    return float(values.reshape(()))
