"""Shipped localizer → the same in eight bits where that costs least: static quantisation of an ONNX graph."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from tamperlens.training._export import store_half

# Least number of channels of a wide convolution.
_WIDE = 64
# Name of an input → the array that a network is run with.
Feed = Mapping[str, NDArray[Any]]


class _Inputs(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime carries no types
    """One input of the network after another."""

    def __init__(self, inputs: Iterable[Feed]) -> None:
        self._inputs: Iterator[dict[str, NDArray[Any]]] = (dict(one) for one in inputs)

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        """The next one; None after the last."""
        return next(self._inputs, None)


def wide_convolutions(model: onnx.ModelProto) -> list[str]:
    """Names of the convolutions that read 64 channels or more: most of the weights, and the least sensitive.

    Layers that read pixels, residuals or coefficients, and depthwise filters, stay unchanged.
    """
    sizes = {one.name: list(one.dims) for one in model.graph.initializer}
    return [
        node.name
        for node in model.graph.node
        if node.op_type == "Conv" and sizes.get(node.input[1], [0, 0])[1] >= _WIDE
    ]


def quantise(model: bytes, inputs: Iterable[Feed], wide: bool = True, unsigned: bool = True) -> bytes:
    """The graph in eight bits (QDQ): a scale per output channel, activations by minimum and maximum.

    Large weights that stay in floating point are stored with 16 bits; arithmetic stays at 32. The same graph
    and inputs always give the same bytes.

    Args:
        model: ONNX bytes of a network.
        inputs: name → array for every input of a run; their activations set the ranges.
        wide: only `wide_convolutions`; otherwise everything possible.
        unsigned: activations as 0..255 instead of −128..127.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared, small = (Path(folder) / f"{name}.onnx" for name in ("plain", "prepared", "small"))
        plain.write_bytes(model)
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        chosen = {"nodes_to_quantize": wide_convolutions(onnx.load(prepared))} if wide else {}
        quantize_static(
            prepared,
            small,
            _Inputs(inputs),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8 if unsigned else QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            **chosen,
        )
        store_half(small)
        onnx.checker.check_model(onnx.load(small))
        return small.read_bytes()
