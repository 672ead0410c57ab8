"""Trained network → ONNX, checked against the network it came from."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from tamperlens.errors import WeightError
from tamperlens.examine.networks import onnxruntime

# Float32 sums in another order through a hundred layers, relative to the largest output.
PARITY_TOLERANCE = 1e-4

# Weights rounded to eleven bits, through some eighty layers.
HALF_TOLERANCE = 2e-2


def export_onnx(
    model: nn.Module, channels: int, side: int, path: Path, multiple: int | None = 16, half: bool = False
) -> float:
    """Write a network with input `features` (N, C, H, W) and its NamedTuple's fields as outputs.

    Batch, height and width stay free, or only the batch; fields that are None are left out.

    Args:
        model: network in evaluation mode; its forward returns a NamedTuple of tensors.
        channels: C.
        side: height and width to export at.
        path: `.onnx` file to write.
        multiple: height and width must be multiples of this; None for networks of one size.
        half: store large weights with 16 bits, which halves the file; arithmetic stays at 32.

    Returns:
        Largest difference between the network and ONNX Runtime over two sizes and two batches, relative to
        the largest output.

    Raises:
        WeightError: that difference exceeds 1e-4, or 2e-2 with 16-bit weights; the file is removed.
    """
    model = model.eval().to("cpu", memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    with torch.no_grad():
        result = model(torch.zeros(1, channels, side, side))
    fields = [name for name, value in result._asdict().items() if value is not None]
    free = {0: torch.export.Dim("batch")}
    if multiple:
        free |= {
            2: multiple * torch.export.Dim("rows", min=1),
            3: multiple * torch.export.Dim("columns", min=1),
        }
    # The exporter warns about packages that are not installed and about its own deprecations.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.rand(2, channels, side, side),),
            path,
            input_names=["features"],
            output_names=fields,
            dynamic_shapes=(free,),
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    strip(path)
    other = (max(multiple, side // 2 // multiple * multiple), side + multiple) if multiple else (side, side)
    shapes = [(1, channels, side, side), (3, channels, *other)]
    difference = _checked(model, path, shapes, PARITY_TOLERANCE)
    if half:
        store_half(path)
        difference = _checked(model, path, shapes, HALF_TOLERANCE)
    return difference


def _checked(model: nn.Module, path: Path, shapes: Sequence[tuple[int, ...]], tolerance: float) -> float:
    difference = max(_difference(model, path, shape) for shape in shapes)
    if difference > tolerance:
        path.unlink()
        raise WeightError(f"the exported network differs from the trained one by {difference:.1e}")
    return difference


def strip(path: Path) -> None:
    """Remove the exporter's notes: they name folders of this machine and differ from run to run."""
    proto = onnx.load(path)
    proto.doc_string = ""
    for part in (proto, proto.graph):
        del part.metadata_props[:]
    for item in (*proto.graph.node, *proto.graph.input, *proto.graph.output, *proto.graph.value_info,
                 *proto.graph.initializer):  # fmt: skip
        item.doc_string = ""
        del item.metadata_props[:]
    onnx.save(proto, path)


@torch.no_grad()
def _difference(model: nn.Module, path: Path, shape: tuple[int, ...]) -> float:
    batch = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    exported = session.run(None, {"features": batch.numpy()})
    return max(
        float(np.abs(ours.numpy() - theirs).max() / max(1.0, float(np.abs(theirs).max())))
        for ours, theirs in zip((out for out in model(batch) if out is not None), exported, strict=True)
    )


# Small tensors, such as biases and normalisations, stay exact; they take no space.
_LARGE = 1024


def store_half(path: Path) -> None:
    """Replace large initial values by 16-bit ones and a cast, which the runtime folds when loading."""
    proto = onnx.load(path)
    graph, casts = proto.graph, []
    inputs = {given.name for given in graph.input}  # an input's default value is not a weight
    for initial in graph.initializer:
        values = onnx.numpy_helper.to_array(initial)
        if values.dtype != np.float32 or values.size <= _LARGE or initial.name in inputs:
            continue
        name = initial.name
        initial.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(proto, path)
