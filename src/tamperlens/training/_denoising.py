"""A frozen DnCNN as its own graph: eight bits inside, run once per image, placed before the trained part.

Its fifteen inner convolutions cost 28 billion multiplications at 224 × 224, four fifths of the total. In
eight bits they take a third of the time; the first and last convolution and the subtraction stay in 32 bits.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from torch import nn

from tamperlens.examine.networks import onnxruntime
from tamperlens.models import DnCnn
from tamperlens.training._export import export_onnx

_CALIBRATION_IMAGES = 16


class _Clean(NamedTuple):
    clean: torch.Tensor


class _Images(CalibrationDataReader):  # type: ignore[misc]
    """Images that determine the ranges of the activations."""

    def __init__(self, images: NDArray[np.float32]) -> None:
        self._rest = iter(images)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        image = next(self._rest, None)
        return None if image is None else {"features": image[None]}


class _Named(nn.Module):
    """The denoiser with its output as a field of a NamedTuple, as required by `export_onnx`."""

    def __init__(self, denoiser: DnCnn) -> None:
        super().__init__()
        self.denoiser = denoiser

    def forward(self, features: torch.Tensor) -> _Clean:
        return _Clean(self.denoiser(features))


def export_denoiser(denoiser: DnCnn, images: NDArray[np.float32], path: Path) -> None:
    """Write the denoiser with eight-bit inner layers.

    Args:
        denoiser: trained network.
        images: (N, 3, side, side) float32 in 0..1; their activations set the ranges.
        path: ONNX file to write; its input is `features`, its output `clean`.
    """
    exact = path.with_suffix(".exact.onnx")
    export_onnx(_Named(denoiser), 3, images.shape[-1], exact, multiple=None)
    logging.disable(logging.WARNING)  # it recommends shape inference, which the exporter has already done
    try:
        quantize_static(
            exact,
            path,
            _Images(images[:_CALIBRATION_IMAGES]),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=_inner_nodes(onnx.load(exact)),
        )
    finally:
        logging.disable(logging.NOTSET)
        exact.unlink()


def _inner_nodes(proto: onnx.ModelProto) -> list[str]:
    """All convolutions except the first and last, and every ReLU between two of them."""
    convolutions = [node for node in proto.graph.node if node.op_type == "Conv"]
    relus = [node for node in proto.graph.node if node.op_type == "Relu"]
    return [node.name for node in (*convolutions[1:-1], *relus)]


def denoise(
    tensors: NDArray[np.float16], graph: Path, cache: Path, advance: Callable[[int], None] = lambda _: None
) -> NDArray[np.float16]:
    """Compute or reload the denoised copies of tensors (N, V, 3, side, side), memory-mapped."""
    digest = hashlib.sha256(graph.read_bytes() + repr(tensors.shape).encode())
    digest.update(np.ascontiguousarray(tensors[:, :, :, ::16, ::16]).tobytes())
    path = cache / f"denoised-{digest.hexdigest()[:16]}.npy"
    if not path.exists():
        partial = path.with_suffix(".partial.npy")
        out = np.lib.format.open_memmap(partial, "w+", np.float16, tensors.shape)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        for index, copies in enumerate(tensors):
            for copy, values in enumerate(copies.astype(np.float32)):
                out[index, copy] = session.run(None, {"features": values[None]})[0][0]
            advance(1)
        out.flush()
        partial.replace(path)
    return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]


def put_before(denoiser: Path, network: Path) -> None:
    """Join both into one graph; the file `network` is replaced."""
    first, second = onnx.load(denoiser), onnx.load(network)
    first = onnx.compose.add_prefix(first, "denoiser.", rename_inputs=False, rename_outputs=False)
    second = onnx.compose.add_prefix(second, "network.", rename_outputs=False)
    first.ir_version = second.ir_version = max(first.ir_version, second.ir_version)
    joined = onnx.compose.merge_models(first, second, io_map=[("clean", "network.features")])
    onnx.save(joined, network)
