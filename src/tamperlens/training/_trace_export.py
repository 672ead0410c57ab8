"""The trace localizer → one ONNX file with three stages: read in tiles, judged whole.

The trunk reads a tile. The judge compares features with statistics of the whole image, which are its inputs.
The image's verdict reads what was pooled over the whole image. Every input has a small default value: a run
provides one stage's inputs and asks for its outputs, and the other stages read almost nothing.
"""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import compose, numpy_helper
from torch import Tensor, nn

from tamperlens.errors import WeightError
from tamperlens.examine.networks import onnxruntime
from tamperlens.models import (
    FREQUENCIES,
    LEVELS,
    MEASURED_FLAGS,
    MEASURED_MAPS,
    TraceLocalizer,
    Trunk,
    Whole,
    pooled,
    whole_statistics,
)
from tamperlens.training._export import HALF_TOLERANCE, PARITY_TOLERANCE, store_half, strip

# Cells of 32 pixels, down and across, in an example of 160 × 96 pixels.
_EXAMPLE = (5, 3)

Arrays = dict[str, NDArray[np.generic]]


class _TrunkStage(nn.Module):
    inputs = ("pixels", "levels", "steps", "histogram", "measured", "valid")
    outputs = ("coarse", "fine", "described")

    def __init__(self, network: TraceLocalizer) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        pixels: Tensor,
        levels: Tensor,
        steps: Tensor,
        histogram: Tensor,
        measured: Tensor,
        valid: Tensor,
    ) -> Trunk:
        return self.network.trunk(pixels, levels, steps, histogram, measured, valid)


class _Judged(NamedTuple):
    logits: Tensor
    decidable: Tensor
    judged: Tensor


class _JudgeStage(nn.Module):
    inputs = ("given_coarse", "given_fine", "given_described", "mean", "deviation", "majority")
    outputs = _Judged._fields

    def __init__(self, network: TraceLocalizer) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        given_coarse: Tensor,
        given_fine: Tensor,
        given_described: Tensor,
        mean: Tensor,
        deviation: Tensor,
        majority: Tensor,
    ) -> _Judged:
        trunk = Trunk(given_coarse, given_fine, given_described)
        judged, _ = self.network.compare(trunk, Whole(mean, deviation, majority))
        return _Judged(self.network.locate(judged, given_fine), self.network.decide(judged), judged)


class _ImageStage(nn.Module):
    inputs = ("pooled",)
    outputs = ("image",)

    def __init__(self, network: TraceLocalizer) -> None:
        super().__init__()
        self.network = network

    def forward(self, pooled: Tensor) -> Tensor:
        image: Tensor = self.network.image(pooled)
        return image


def export_trace_localizer(network: TraceLocalizer, path: Path, half: bool = False) -> float:
    """Write the network as one file with three stages.

    Args:
        network: in evaluation mode.
        path: `.onnx` file to write.
        half: store large weights with 16 bits; arithmetic stays at 32.

    Returns:
        Largest difference between the network and ONNX Runtime over two sizes, relative to the largest
        output.

    Raises:
        WeightError: that difference exceeds 1e-4, or 2e-2 with 16-bit weights; the file is removed.
    """
    network = network.eval().to("cpu", memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    rows, columns = (torch.export.Dim(name, min=1, max=4096) for name in ("rows", "columns"))
    large, at8 = ({2: n * rows, 3: n * columns} for n in (32, 4))
    of_trunk = {"pixels": large, "levels": at8, "steps": {}, "histogram": {}, "measured": at8, "valid": {}}
    given = _example(*_EXAMPLE)
    trunk = network.trunk(*(torch.from_numpy(given[name]) for name in _TrunkStage.inputs))
    whole = whole_statistics(trunk)
    cells = {2: rows, 3: columns}
    of_judge = {"given_coarse": cells, "given_fine": {2: 2 * rows, 3: 2 * columns}, "given_described": cells}
    of_judge |= {"mean": {}, "deviation": {}, "majority": {}}
    width = pooled(trunk.coarse, torch.zeros(1, 1, 8, 8), torch.zeros(1, 1 + MEASURED_FLAGS)).shape[1]
    stages = [
        _stage(
            _TrunkStage(network), [torch.from_numpy(given[n]) for n in _TrunkStage.inputs], of_trunk, path
        ),
        _stage(_JudgeStage(network), [*trunk, *whole], of_judge, path),
        _stage(_ImageStage(network), [torch.zeros(1, width)], {"pooled": {}}, path),
    ]
    onnx.save(_joined(stages), path)
    difference = _checked(network, path, PARITY_TOLERANCE)
    if half:
        store_half(path)
        difference = _checked(network, path, HALF_TOLERANCE)
    return difference


@torch.no_grad()
def _stage(
    stage: nn.Module, example: list[Tensor], free: Mapping[str, Mapping[int, object]], path: Path
) -> onnx.ModelProto:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            stage.eval(),
            tuple(each.detach() for each in example),
            path,
            input_names=list(stage.inputs),  # type: ignore[arg-type]
            output_names=list(stage.outputs),  # type: ignore[arg-type]
            dynamic_shapes={name: dict(axes) for name, axes in free.items()},
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    strip(path)
    return onnx.load(path)


def _joined(stages: list[onnx.ModelProto]) -> onnx.ModelProto:
    """Stages next to each other in one graph, each input with zeros as its default."""
    whole = onnx.ModelProto()
    whole.CopyFrom(stages[0])
    for number, stage in enumerate(stages):
        # Stages may share inner names; inputs and outputs already differ.
        own = compose.add_prefix(stage, f"{number}.", rename_inputs=False, rename_outputs=False)
        graph = whole.graph
        if number == 0:
            graph.CopyFrom(own.graph)
            continue
        for part in ("node", "initializer", "input", "output", "value_info"):
            getattr(graph, part).extend(getattr(own.graph, part))
    for given in whole.graph.input:
        kind = given.type.tensor_type
        shape = [axis.dim_value or _least(axis.dim_param) for axis in kind.shape.dim]
        zeros = np.zeros(shape, onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type))
        whole.graph.initializer.append(numpy_helper.from_array(zeros, given.name))
    return whole


def _least(size: str) -> int:
    """The smallest value of an axis such as "4*rows"."""
    factor, _, _ = size.rpartition("*")
    return int(factor or 1)


def _example(rows: int, columns: int) -> Arrays:
    """Input of an image of 32 rows × 32 columns pixels."""
    rng = np.random.default_rng(rows)
    levels = np.minimum(rng.geometric(0.4, (1, FREQUENCIES, 4 * rows, 4 * columns)) - 1, LEVELS - 1)
    histogram = rng.dirichlet(np.ones(LEVELS), (1, FREQUENCIES))
    return {
        "pixels": rng.random((1, 3, 32 * rows, 32 * columns), np.float32),
        "levels": levels.astype(np.uint8),
        "steps": rng.uniform(0, 6, (1, FREQUENCIES)).astype(np.float32),
        "histogram": histogram.astype(np.float32),
        "measured": rng.random((1, MEASURED_MAPS, 4 * rows, 4 * columns), np.float32),
        "valid": np.ones((1, 1 + MEASURED_FLAGS), np.float32),
    }


@torch.no_grad()
def _checked(network: TraceLocalizer, path: Path, tolerance: float) -> float:
    """The three stages run one after another, compared with the network in one piece."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # inputs with default values are intended
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    largest = 0.0
    for size in (_EXAMPLE, (3, 7)):
        given = _example(*size)
        ours = network(*(torch.from_numpy(given[name]) for name in _TrunkStage.inputs))
        coarse, fine, described = session.run(list(_TrunkStage.outputs), given)
        whole = whole_statistics(Trunk(*map(torch.from_numpy, (coarse, fine, described))))
        features = dict(zip(_JudgeStage.inputs, (coarse, fine, described, *(w.numpy() for w in whole)),
                            strict=True))  # fmt: skip
        logits, decidable, judged = session.run(list(_JudgeStage.outputs), features)
        read = pooled(*map(torch.from_numpy, (judged, logits, given["valid"]))).numpy()
        (image,) = session.run(["image"], {"pooled": read})
        for one, other in ((ours.logits, logits), (ours.decidable, decidable), (ours.image, image)):
            scale = max(1.0, float(np.abs(other).max()))
            largest = max(largest, float(np.abs(one.numpy() - other).max()) / scale)
    if largest > tolerance:
        path.unlink()
        raise WeightError(f"the exported network differs from the trained one by {largest:.1e}")
    return largest
