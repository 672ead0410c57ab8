"""Trained network → ONNX, checked against the network it came from."""

import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from tamperlens.errors import WeightError

# Float32 sums in another order, as a part of the largest output.
PARITY_TOLERANCE = 1e-5


def export_onnx(model: nn.Module, channels: int, side: int, path: Path) -> float:
    """Write a network whose input is `features` (N, C, H, W) and outputs are its NamedTuple's fields.

    Batch, height and width stay free.

    Args:
        model: network in evaluation mode; its forward returns a NamedTuple of tensors.
        channels: C.
        side: height and width to export at.
        path: `.onnx` file to write.

    Returns:
        Largest difference between the network and ONNX Runtime over two sizes and two batches, as a part of
        the largest output.

    Raises:
        WeightError: that difference is over 1e-5; the file is removed.
    """
    model = model.eval().to("cpu", memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    fields = model(torch.zeros(1, channels, side, side))._fields
    free = {0: torch.export.Dim("batch"), 2: torch.export.Dim("height"), 3: torch.export.Dim("width")}
    # The exporter names operators of packages that are not installed, and its own deprecations.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.rand(2, channels, side, side),),
            path,
            input_names=["features"],
            output_names=list(fields),
            dynamic_shapes=(free,),
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    _strip(path)
    difference = max(_difference(model, path, (1, channels, side, side)),
                     _difference(model, path, (3, channels, side // 2, side + 16)))  # fmt: skip
    if difference > PARITY_TOLERANCE:
        path.unlink()
        raise WeightError(f"the exported network differs from the trained one by {difference:.1e}")
    return difference


def _strip(path: Path) -> None:
    """Take out the exporter's notes: they hold folders of this machine and differ from run to run."""
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
        for ours, theirs in zip(model(batch), exported, strict=True)
    )
