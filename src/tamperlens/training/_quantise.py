"""Shipped localizer → the same in eight bits where that costs least: static quantisation of an ONNX graph."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
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


class _Inputs(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime carries no types
    """One input of the network after another."""

    def __init__(self, features: Iterable[NDArray[np.float32]]) -> None:
        self._inputs: Iterator[dict[str, NDArray[np.float32]]] = ({"features": one[None]} for one in features)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next, None after the last."""
        return next(self._inputs, None)


def decoder_convolutions(model: onnx.ModelProto) -> list[str]:
    """Names of the 3 × 3 convolutions over all channels, but for the first and the last of the network."""
    sizes = {one.name: list(one.dims) for one in model.graph.initializer}
    found = [node for node in model.graph.node if node.op_type == "Conv"]
    return [
        node.name
        for node in found[1:-1]
        if sizes[node.input[1]][2:] == [3, 3] and all(a.i == 1 for a in node.attribute if a.name == "group")
    ]


def quantise(
    model: bytes, features: Iterable[NDArray[np.float32]], decoder: bool = True, unsigned: bool = True
) -> bytes:
    """The graph in eight bits (QDQ): a scale for every output channel, activations by minimum and maximum.

    Large weights that stay in floating point are stored with 16 bits, arithmetic stays at 32. The same graph
    and inputs give the same bytes.

    Args:
        model: ONNX bytes of a network whose input is `features` (N, C, H, W).
        features: inputs (C, H, W) float32 whose activations set the ranges.
        decoder: `decoder_convolutions` alone; otherwise all that can be.
        unsigned: activations as 0..255 instead of −128..127.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared, small = (Path(folder) / f"{name}.onnx" for name in ("plain", "prepared", "small"))
        plain.write_bytes(model)
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        chosen = {"nodes_to_quantize": decoder_convolutions(onnx.load(prepared))} if decoder else {}
        quantize_static(
            prepared,
            small,
            _Inputs(features),
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
