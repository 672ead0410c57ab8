"""What a network costs: parameters, multiplications, time and memory, measured on its ONNX graph alone."""

import math
import multiprocessing
import statistics
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from tamperlens.errors import DetectorError
from tamperlens.evaluation._memory import peak_mb
from tamperlens.examine import Weight
from tamperlens.examine.networks import onnxruntime, runtime_errors

Shape = tuple[int, ...]
_WARM_UP = 3


@dataclass(frozen=True)
class Cost:
    """Cost of one network on one image.

    Attributes:
        system: name of the weight.
        input: channels × height × width of its input.
        parameters: number of trained values.
        multiply_adds: in convolutions and matrix products, the only ones counted; one is two floating-point
            operations, so FLOP = 2 · multiply_adds.
        file_mb: size of the ONNX file in 10⁶ bytes.
        median_ms: time for one image in a warm session.
        slowest_ms: slowest of the same runs.
        memory_mb: growth of a process's peak memory when it loads and runs the network.
    """

    system: str
    input: str
    parameters: int
    multiply_adds: int
    file_mb: float
    median_ms: float
    slowest_ms: float
    memory_mb: float


def weight_cost(weight: Weight, repeats: int = 20, threads: int = 0) -> Cost:
    """Measure a weight on noise of its native size; see `network_cost`."""
    side = int(weight.features.get("side") or weight.features["tile"])
    return network_cost(weight.name, weight.model, side, repeats, threads)


def network_cost(name: str, model: bytes, side: int, repeats: int = 20, threads: int = 0) -> Cost:
    """Measure a network on noise, in a process of its own.

    Args:
        name: of the system.
        model: ONNX bytes.
        side: side of the input in pixels, if the network leaves it open.
        repeats: timed runs after three untimed ones.
        threads: for ONNX Runtime; 0 for all cores.

    Raises:
        DetectorError: it does not run on noise of that size, or ends the process.
    """
    inputs = _noise(model, side)
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            times, memory = process.submit(_run, model, side, repeats, threads).result()
        operations = multiply_adds(model, inputs)
    except BrokenProcessPool as error:
        raise DetectorError(
            f"{name} ended the process that ran it on {side}×{side} pixels of noise"
        ) from error
    except runtime_errors() as error:
        raise DetectorError(f"{name} does not run on {side}×{side} pixels of noise: {error}") from error
    return Cost(
        system=name,
        input=" and ".join("×".join(map(str, value.shape[1:])) for value in inputs.values()),
        parameters=parameters(model),
        multiply_adds=operations,
        file_mb=round(len(model) / 1e6, 2),
        median_ms=round(statistics.median(times), 1),
        slowest_ms=round(max(times), 1),
        memory_mb=round(memory, 0),
    )


def parameters(model: bytes) -> int:
    """Numbers in a graph's initial tensors that are multiplied or added; shapes and scales do not count."""
    proto = onnx.load_from_string(model)
    scales = {
        name
        for node in proto.graph.node
        if node.op_type in {"QuantizeLinear", "DequantizeLinear"}
        for name in node.input[1:]
    }
    kinds = {onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.INT8, onnx.TensorProto.UINT8}
    counted = [i for i in proto.graph.initializer if i.data_type in kinds and i.name not in scales]
    return sum(math.prod(initial.dims) for initial in counted)


def multiply_adds(model: bytes, inputs: Mapping[str, NDArray[Any]]) -> int:
    """Multiply–adds of all convolutions and matrix products, from the shapes in a real run.

    Args:
        model: ONNX bytes.
        inputs: name → value of every input.
    """
    proto = onnx.load_from_string(model)
    nodes = [node for node in proto.graph.node if node.op_type in _COUNTERS]
    shapes = _shapes(proto, {name for node in nodes for name in (*node.input[:2], node.output[0])}, inputs)
    return sum(
        _COUNTERS[node.op_type](shapes[node.input[0]], shapes[node.input[1]], shapes[node.output[0]])
        for node in nodes
    )


def _convolution(_input: Shape, kernel: Shape, output: Shape) -> int:
    return math.prod(output) * math.prod(kernel[1:])


def _transposed(given: Shape, kernel: Shape, _output: Shape) -> int:
    return math.prod(given) * math.prod(kernel[1:])


def _product(left: Shape, right: Shape, output: Shape) -> int:
    """The summed dimension is in both factors; it comes first in a transposed left factor."""
    summed = left[-1] if left[-1] in right[-2:] else left[0]
    return math.prod(output) * summed


_COUNTERS = {"Conv": _convolution, "ConvTranspose": _transposed, "Gemm": _product, "MatMul": _product}


def _shapes(proto: onnx.ModelProto, names: set[str], inputs: Mapping[str, NDArray[Any]]) -> dict[str, Shape]:
    """Shapes of tensors by name: initial ones as written, the others from a run that returns them."""
    known = {initial.name: tuple(initial.dims) for initial in proto.graph.initializer}
    known |= {name: value.shape for name, value in inputs.items()}
    shown = sorted(names - set(known))
    if not shown:  # nothing is multiplied, and the runtime refuses a run without outputs
        return known
    del proto.graph.output[:]
    proto.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in shown)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        proto.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    values = session.run(shown, dict(inputs))
    return known | {name: np.shape(value) for name, value in zip(shown, values, strict=True)}


def _noise(model: bytes, side: int) -> dict[str, NDArray[Any]]:
    """One image of noise for every input; free sizes become `side`, a free batch becomes 1."""
    rng = np.random.default_rng(0)
    proto = onnx.load_from_string(model)
    initial = {tensor.name for tensor in proto.graph.initializer}
    shapes = {}
    for given in proto.graph.input:
        if given.name not in initial:
            sizes = [dim.dim_value or side for dim in given.type.tensor_type.shape.dim]
            kind = onnx.helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type)
            shapes[given.name] = (1, *sizes[1:]), kind
    scale = {name: 255 if kind == np.uint8 else 1 for name, (_, kind) in shapes.items()}
    return {name: (scale[name] * rng.random(shape)).astype(kind) for name, (shape, kind) in shapes.items()}


def _run(model: bytes, side: int, repeats: int, threads: int) -> tuple[list[float], float]:
    """Milliseconds of each run, and growth of this process's peak memory in 10⁶ bytes."""
    inputs = _noise(model, side)
    before = peak_mb()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    times = []
    for _ in range(_WARM_UP + repeats):
        started = time.perf_counter()
        session.run(None, inputs)
        times.append(1000 * (time.perf_counter() - started))
    return times[_WARM_UP:], peak_mb() - before


def cost_table(costs: Sequence[Cost]) -> str:
    """Table of costs, Markdown."""
    titles = ["parameters, millions", "GFLOP", "file, MB", "median, ms", "slowest, ms", "memory, MB"]
    lines = [f"| system | input | {' | '.join(titles)} |", "|---|---|" + "---:|" * len(titles)]
    lines += [
        f"| {cost.system} | {cost.input} | {cost.parameters / 1e6:.2f} | {2 * cost.multiply_adds / 1e9:.2f} "
        f"| {cost.file_mb:.2f} | {cost.median_ms:.1f} | {cost.slowest_ms:.1f} | {cost.memory_mb:.0f} |"
        for cost in costs
    ]
    return "\n".join(lines)
