"""Any ONNX file, run as described by ten lines of TOML."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DetectorError
from tamperlens.evidence import Evidence
from tamperlens.examine import networks

if TYPE_CHECKING:
    from tamperlens.examine.networks import onnxruntime

Floats = NDArray[np.float32]
_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}
_SIDE = 512  # for networks that take any size, where one must be chosen


class OnnxSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an ONNX file is run.

    Attributes:
        name: its name in tables; lower-case letters, digits and dashes.
        model: path of the ONNX file, relative to the TOML file's folder.
        map: output that says where; "" for none.
        score: output that says whether; "" for none.
        input: input for the image; "" for the only one.
        size: height and width that the image is resized to; empty to keep its size.
        multiple: both sides are padded to a multiple of this by reflection, if the image keeps its size.
        layout: order of the input's dimensions.
        channels: order of the colours.
        scale: the pixels, 0..255, are divided by this first.
        mean: then this is subtracted from the three channels.
        deviation: then the three channels are divided by this.
        activation: function that turns outputs into probabilities.
        altered: channel or class that stands for "altered", if there are several.
        threshold: probability from which a pixel or an image counts as altered.
        sha256: SHA-256 of the ONNX file; any other file is refused. "" accepts any.
    """

    name: str
    model: str
    map: str = ""
    score: str = ""
    input: str = ""
    size: tuple[int, ...] = ()
    multiple: int = 1
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    channels: Literal["RGB", "BGR"] = "RGB"
    scale: float = 255.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    deviation: tuple[float, float, float] = (1.0, 1.0, 1.0)
    activation: Literal["none", "sigmoid", "softmax"] = "none"
    altered: int = -1
    threshold: float = 0.5
    sha256: str = ""

    def fault(self) -> str:
        """What is wrong, worded to follow "the settings of …"; "" if nothing is."""
        letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
        sides = (*self.size, self.multiple)
        faults = {
            f"call it '{self.name}'; a name consists of lower-case letters, digits and dashes": not self.name
            or not set(self.name) <= set(letters),
            "name neither a map nor a score among its outputs": not (self.map or self.score),
            f"have a size of {len(self.size)} numbers; it is height and width, or nothing": len(self.size)
            not in {0, 2},
            "have a side outside 1 to 8192 pixels": any(not 1 <= side <= 8192 for side in sides),
            "divide by 0": 0 in {self.scale, *self.deviation},
            f"have the threshold {self.threshold}; it lies between 0 and 1": not 0 < self.threshold < 1,
        }
        return next((said for said, wrong in faults.items() if wrong), "")


class OnnxNetwork:
    """A loaded ONNX file.

    Args:
        path: path of the file.
        settings: how to run it.
        threads: threads of ONNX Runtime, 0 for all cores.

    Raises:
        DetectorError: the file is missing, is not a network that ONNX Runtime can run, or is not the one
            that the settings describe.
    """

    def __init__(self, path: Path, settings: OnnxSettings, threads: int = 0) -> None:
        if fault := settings.fault():
            raise DetectorError(f"the settings of {path.name} {fault}")
        self.settings, self.path = settings, path
        self.model, self.session = open_onnx(path, threads)
        self.sha256 = hashlib.sha256(self.model).hexdigest()
        if settings.sha256 not in {"", self.sha256}:
            raise DetectorError(f"{path.name} is not the file that {settings.name} was described for")
        self._input = self._known(settings.input, self.session.get_inputs(), "input")
        outputs = self.session.get_outputs()
        self._outputs = [
            self._known(one, outputs, "output").name for one in (settings.map, settings.score) if one
        ]
        if self._input.type not in _TYPES:
            raise DetectorError(f"{path.name} takes {self._input.type}; images are float, float16 or uint8")

    @property
    def side(self) -> int:
        """Side of its input in pixels."""
        return max(self.settings.size, default=_SIDE)

    def __call__(self, evidence: Evidence) -> tuple[Floats | None, Floats | None]:
        """Map and score of one image, not yet checked.

        Raises:
            DetectorError: the network fails on this image.
        """
        values = dict(zip(self._outputs, self.run(evidence.pixels), strict=True))
        settings = self.settings
        score = _of_altered(values[settings.score], settings, spatial=False) if settings.score else None
        if not settings.map:
            return None, score
        found = _of_altered(values[settings.map], settings, spatial=True)
        return found if settings.size else self._uncut(found, evidence), score

    def run(self, pixels: NDArray[np.uint8]) -> list[Any]:
        """Values of the named outputs for (H, W, 3) uint8 RGB."""
        try:
            return list(self.session.run(self._outputs, {self._input.name: self._prepared(pixels)}))
        except networks.runtime_errors() as error:
            raise DetectorError(f"{self.path.name} does not run: {first_line(error)}") from error

    def _prepared(self, pixels: NDArray[np.uint8]) -> NDArray[Any]:
        """The image as the network's input."""
        settings = self.settings
        if settings.size:
            size = (settings.size[1], settings.size[0])
            smaller = size[0] * size[1] < pixels.shape[0] * pixels.shape[1]
            fitted = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
        else:
            below, right = (-side % settings.multiple for side in pixels.shape[:2])
            fitted = np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="symmetric")
        colours = np.asarray(fitted)[..., :: 1 if settings.channels == "RGB" else -1]
        kind = _TYPES[self._input.type]
        if kind is np.uint8:
            given: NDArray[Any] = colours
        else:
            mean, deviation = (np.array(values, np.float32) for values in (settings.mean, settings.deviation))
            given = ((colours / np.float32(settings.scale) - mean) / deviation).astype(kind)
        return np.ascontiguousarray(given.transpose(2, 0, 1) if settings.layout == "NCHW" else given)[None]

    def _uncut(self, found: Floats, evidence: Evidence) -> Floats:
        """The map of a padded image, cut to the image's size."""
        height, width = evidence.height, evidence.width
        padded = tuple(side - side % -self.settings.multiple for side in (width, height))
        if found.ndim != 2 or found.shape[::-1] == padded:
            return found[..., :height, :width]
        return np.asarray(cv2.resize(found, padded, interpolation=cv2.INTER_LINEAR), np.float32)[
            :height, :width
        ]

    def _known(self, name: str, among: list[Any], what: str) -> Any:  # noqa: ANN401 - the runtime's NodeArg
        if not name and len(among) == 1:
            return among[0]
        found = [one for one in among if one.name == name]
        if not found:
            names = ", ".join(one.name for one in among)
            raise DetectorError(f"{self.path.name} has no {what} '{name}'; its {what}s are {names}")
        return found[0]


def open_onnx(path: Path, threads: int = 0) -> tuple[bytes, "onnxruntime.InferenceSession"]:
    """Bytes and session of an ONNX file.

    Raises:
        DetectorError: it is missing, or is not a network that ONNX Runtime can run.
    """
    onnxruntime = networks.onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    try:
        model = path.read_bytes()
        providers = list(networks.session_providers(onnxruntime.get_available_providers()).items())
        return model, onnxruntime.InferenceSession(path, options, providers=providers)
    except OSError as error:
        raise DetectorError(f"{path} cannot be read: {error.strerror or error}") from error
    except networks.runtime_errors() as error:
        raise DetectorError(
            f"{path.name} is not an ONNX network that can be run: {first_line(error)}"
        ) from error


def _of_altered(values: Any, settings: OnnxSettings, spatial: bool) -> Floats:  # noqa: ANN401
    """Probability of "altered": applies the activation, picks channel or class, removes the batch axis."""
    array = values if isinstance(values, np.ndarray) else np.empty(0)
    if array.dtype.kind not in "fiub" or not array.size:
        raise DetectorError(f"{settings.name} returned no numbers")
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    array = array[0] if array.ndim and array.shape[0] == 1 else array
    axis = -1 if settings.layout == "NHWC" or not spatial else 0
    several = array.ndim == (3 if spatial else 1) and array.shape[axis] > 1
    if settings.activation == "sigmoid" or (settings.activation == "softmax" and not several):
        array = 1 / (1 + np.exp(-array.clip(-60, 60)))
    elif settings.activation == "softmax":
        with np.errstate(invalid="ignore"):
            powers = np.exp(array - array.max(axis=axis, keepdims=True))
        array = powers / powers.sum(axis=axis, keepdims=True)
    if not several:
        return np.asarray(array.squeeze(axis) if array.ndim == (3 if spatial else 1) else array, np.float32)
    if not -array.shape[axis] <= settings.altered < array.shape[axis]:
        raise DetectorError(
            f"{settings.name} has {array.shape[axis]} classes; none is number {settings.altered}"
        )
    return np.asarray(array.take(settings.altered, axis), np.float32)


def first_line(error: BaseException) -> str:
    """An error of ONNX Runtime in one line, without its code."""
    return str(error).strip().split("\n", maxsplit=1)[0].split(" : ")[-1][:300]
