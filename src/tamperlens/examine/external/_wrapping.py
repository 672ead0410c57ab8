"""An ONNX file → the TOML that describes it, as far as the file tells; tried once on random pixels."""

import hashlib
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from tamperlens.errors import DetectorError
from tamperlens.examine.external._onnx import OnnxNetwork, OnnxSettings, open_onnx

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_MULTIPLE = 32
_TRIED = (480, 640)
_TEMPLATE = """\
# How {model} is run. Check what the file does not tell: mean, deviation, channels, and the altered class.
name = "{name}"
model = "{model}"
sha256 = "{sha256}"
input = "{input}"  # {given}
size = {size}  # height, width; [] keeps the image's own size
multiple = {multiple}  # both sides are padded to a multiple of this, if the image keeps its size
layout = "{layout}"
channels = "RGB"
scale = 255.0  # pixels are divided by this,
mean = {mean}  # then this is subtracted,
deviation = {deviation}  # then divided by this
map = "{map}"  # output that says where; outputs: {outputs}
score = "{score}"  # output that says whether; "" takes the map's highest value
activation = "{activation}"  # none, sigmoid or softmax
altered = -1  # class that stands for "altered", if there are several
threshold = 0.5
"""


def wrap_onnx(path: Path) -> tuple[OnnxSettings, str]:
    """Describe an ONNX file.

    Args:
        path: path of the file, which needs one input for an image of three channels.

    Returns:
        Settings that the network was tried with, and the same settings as text of a TOML file with comments.

    Raises:
        DetectorError: it does not take an image, or returns neither a map nor a score.
    """
    model, session = open_onnx(path)
    image = _image_input(path, session.get_inputs())
    layout: Literal["NCHW", "NHWC"] = "NHWC" if image.shape[-1] == 3 else "NCHW"
    sides = image.shape[1:3] if layout == "NHWC" else image.shape[2:4]
    fixed = all(isinstance(side, int) for side in sides)
    outputs = [one.name for one in session.get_outputs()]
    first = OnnxSettings(
        name=_name(path), model=path.name, map=outputs[0], input=image.name,
        size=(int(sides[0]), int(sides[1])) if fixed else (), multiple=1 if fixed else _MULTIPLE,
        layout=layout, mean=_MEAN, deviation=_DEVIATION, sha256=hashlib.sha256(model).hexdigest(),
    )  # fmt: skip
    values = {one: _tried(path, first, one) for one in outputs}
    where = next((one for one, value in values.items() if _spatial(value)), "")
    whether = next((one for one, value in values.items() if _single(value)), "")
    if not (where or whether):
        shapes = ", ".join(f"{one} {np.shape(value)}" for one, value in values.items())
        raise DetectorError(f"{path.name} returns neither a map nor a score: {shapes}")
    chosen = [values[one] for one in (where, whether) if one]
    settings = msgspec.structs.replace(first, map=where, score=whether, activation=_activation(chosen))
    shown = msgspec.structs.asdict(settings) | {
        "given": f"{image.type} {image.shape}".replace("\n", " "),
        "outputs": ", ".join(f"{one} {list(np.shape(value))}" for one, value in values.items()),
        **{key: list(getattr(settings, key)) for key in ("size", "mean", "deviation")},
    }
    return settings, _TEMPLATE.format(**{key: _plain(value) for key, value in shown.items()})


def _image_input(path: Path, inputs: list[Any]) -> Any:  # noqa: ANN401 - the runtime's NodeArg
    images = [one for one in inputs if len(one.shape) == 4 and 3 in {one.shape[1], one.shape[-1]}]
    if len(inputs) != 1 or not images:
        shapes = ", ".join(f"{one.name} {one.shape}" for one in inputs) or "none"
        raise DetectorError(f"{path.name} must have one input, an image of three channels; it has {shapes}")
    return images[0]


def _tried(path: Path, settings: OnnxSettings, output: str) -> Any:  # noqa: ANN401 - may return anything
    """Value of an output for noise."""
    pixels = np.random.default_rng(0).integers(0, 256, (*_TRIED, 3), np.uint8)
    return OnnxNetwork(path, msgspec.structs.replace(settings, map=output)).run(pixels)[0]


def _spatial(value: Any) -> bool:  # noqa: ANN401
    shape = np.shape(value)
    return (
        isinstance(value, np.ndarray) and len(shape) in {3, 4} and max(shape) >= 8 and sorted(shape)[-2] >= 8
    )


def _single(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, np.ndarray) and 1 <= value.size <= 2


def _activation(values: list[Any]) -> Literal["none", "sigmoid", "softmax"]:
    """The activation; "none" if all numbers are already probabilities."""
    if all(value.min() >= 0 and value.max() <= 1 for value in values):
        return "none"
    two = any(value.size == 2 or 2 in {value.shape[-1], *value.shape[1:2]} for value in values)
    return "softmax" if two else "sigmoid"


def _name(path: Path) -> str:
    letters = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in path.stem.lower()
    )
    return letters.strip("-") or "network"


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Names come from an untrusted file: nothing in them may end a line or a string."""
    return (
        value
        if not isinstance(value, str)
        else "".join(c for c in value if c.isprintable() and c not in '"\\')
    )
