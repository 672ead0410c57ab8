"""A network from its shipped ONNX file, so that a training can continue or learn from it without its run.

The exporter folds each batch normalisation into the convolution before it. Here it is unfolded again: exactly
for evaluation, and from batches of inputs, so that training mode starts with the same outputs.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamperlens.errors import WeightError

_FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)

Inputs = Tensor | tuple[Tensor, ...]
Values = NDArray[np.float32]


def load_shipped(network: nn.Module, model: bytes, example: Inputs, batches: Iterable[Inputs] = ()) -> None:
    """Give a network the weights of an exported file.

    Args:
        network: same architecture; left in evaluation mode. Parameters that only training reads keep their
            values, for no exported file has them.
        model: written by `export_onnx` or `export_trace_localizer`, `examine.Weight.model`.
        example: an input, or all of them, that reveals the order in which layers run.
        batches: inputs of several images that give the statistics of the batch normalisations; without
            them the network is right only in evaluation mode.

    Raises:
        WeightError: it holds another architecture.
    """
    layers = _in_order(network.eval(), example)
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    graph = onnx.load_from_string(model).graph
    values = _values(graph)
    stored = _convolutions(graph, values, tuple(name for name, _ in network.named_buffers()))
    shapes = [tuple(layer.weight.shape) for layer in convolutions]
    if shapes != [weight.shape for weight, _ in stored]:
        raise WeightError("the shipped weight holds another architecture than this recipe's network")
    normalised = {before: after for before, after in pairwise(layers) if isinstance(after, nn.BatchNorm2d)}
    with torch.no_grad():
        for layer, (weight, bias) in zip(convolutions, stored, strict=True):
            layer.weight.copy_(torch.from_numpy(weight))
            offset = torch.zeros(len(weight)) if bias is None else torch.from_numpy(bias)
            if layer in normalised:
                _pass_through(normalised[layer], offset)
            elif layer.bias is not None:
                layer.bias.copy_(offset)
    _copy_others(network, layers, values)
    _take_statistics(network, normalised.values(), batches)


@torch.no_grad()
def _copy_others(network: nn.Module, layers: Sequence[nn.Module], values: Mapping[str, Values]) -> None:
    """Copy the parameters outside `layers` by name; in the file the name may follow that of a wrapper."""
    copied = {id(parameter) for layer in layers for parameter in layer.parameters()}
    for name, parameter in network.named_parameters():
        found = [value for key, value in values.items() if key == name or key.endswith(f".{name}")]
        if found and id(parameter) not in copied:
            parameter.copy_(torch.from_numpy(found[0]))


def _run(network: nn.Module, given: Inputs) -> None:
    network(given) if isinstance(given, Tensor) else network(*given)


def _in_order(network: nn.Module, example: Inputs) -> list[nn.Module]:
    """Convolutions and batch normalisations in the order they run."""
    ran: list[nn.Module] = []
    kinds = (nn.Conv2d, nn.BatchNorm2d)
    hooks = [
        module.register_forward_pre_hook(lambda module, _: ran.append(module))
        for module in network.modules()
        if isinstance(module, kinds)
    ]
    with torch.no_grad():
        _run(network, example)
    for hook in hooks:
        hook.remove()
    return ran


def _convolutions(
    graph: onnx.GraphProto, values: Mapping[str, Values], fixed: tuple[str, ...]
) -> list[tuple[Values, Values | None]]:
    """(weight, bias) of each convolution in graph order, without those whose filters are fixed."""
    convolutions = (node.input for node in graph.node if node.op_type == "Conv")
    return [
        (values[names[1]], values[names[2]] if len(names) > 2 else None)
        for names in convolutions
        if not names[1].endswith(fixed)
    ]


def _values(graph: onnx.GraphProto) -> dict[str, Values]:
    """Values of all weights by name; 16-bit ones are widened and also have the name of what they become."""
    weights = (item for item in graph.initializer if item.data_type in _FLOATS)
    values = {item.name: onnx.numpy_helper.to_array(item).astype(np.float32) for item in weights}
    return values | {
        node.output[0]: values[node.input[0]]
        for node in graph.node
        if node.op_type == "Cast" and node.input[0] in values
    }


def _pass_through(norm: nn.BatchNorm2d, offset: Tensor) -> None:
    """Make a normalisation add only `offset`."""
    norm.running_mean, norm.running_var = torch.zeros_like(offset), torch.ones_like(offset)
    norm.weight.fill_((1 + norm.eps) ** 0.5)
    norm.bias.copy_(offset)


@torch.no_grad()
def _take_statistics(network: nn.Module, norms: Iterable[nn.BatchNorm2d], batches: Iterable[Inputs]) -> None:
    """Give each normalisation the mean and variance of its input, without changing its output."""
    sums: dict[nn.BatchNorm2d, list[Tensor]] = {norm: [] for norm in norms}

    def note(norm: nn.BatchNorm2d, received: tuple[Tensor]) -> None:
        x = received[0].double()
        sums[norm].append(torch.stack([x.mean((0, 2, 3)), x.square().mean((0, 2, 3))]))

    hooks = [norm.register_forward_pre_hook(note) for norm in sums]
    for batch in batches:
        _run(network, batch)
    for hook in hooks:
        hook.remove()
    for norm, moments in sums.items():
        if moments:
            _renormalise(norm, moments)


def _renormalise(norm: nn.BatchNorm2d, moments: Sequence[Tensor]) -> None:
    mean, square = torch.stack(list(moments)).mean(0)
    variance = (square - mean.square()).clamp(min=0)
    norm.running_mean, norm.running_var = mean.float(), variance.float()
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.add_(mean)
