"""Why a network decided as it did, computed in the forward pass: class activation and attention maps.

The last feature map is followed by global average pooling and a small head. The gradient of a logit with
respect to the map is therefore the same at every position and follows from the head's weights and from which
ReLUs are open. So an exported graph can return its heat maps, and the runtime needs no autograd.

Reference: R. Selvaraju et al., "Grad-CAM" (2017); A. Chattopadhay et al., "Grad-CAM++" (2018).
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

# Layers that are the identity in a trained network.
_TRANSPARENT = (nn.Dropout, nn.Identity)


def logit_gradient(head: Iterable[nn.Module], inputs: Tensor, target: int | Tensor) -> Tensor:
    """Gradient of a logit with respect to the head's input (N, D)."""
    layers = list(head)
    classes = next(layer.out_features for layer in reversed(layers) if isinstance(layer, nn.Linear))
    chosen = torch.eye(classes, dtype=inputs.dtype, device=inputs.device)[target]
    return pull_back(layers, inputs, chosen.expand(inputs.shape[0], classes))


def pull_back(layers: Iterable[nn.Module], inputs: Tensor, gradient: Tensor) -> Tensor:
    """Carry a gradient at the layers' output back to their input (N, D), layer by layer.

    Raises:
        TypeError: a layer has a type whose derivative is not implemented here.
    """
    passed: list[tuple[nn.Module, Tensor]] = []
    for layer in layers:
        passed.append((layer, inputs))
        inputs = inputs if isinstance(layer, _TRANSPARENT) else layer(inputs)
    for layer, before in reversed(passed):
        gradient = _through(layer, before, gradient)
    return gradient


def _through(layer: nn.Module, before: Tensor, gradient: Tensor) -> Tensor:
    if isinstance(layer, nn.Linear):
        return gradient @ layer.weight
    if isinstance(layer, nn.ReLU):
        return gradient * (before > 0).to(gradient.dtype)
    if isinstance(layer, nn.BatchNorm1d) and layer.running_var is not None:
        scale = torch.rsqrt(layer.running_var + layer.eps)
        return gradient * scale * (layer.weight if layer.affine else 1)
    if isinstance(layer, _TRANSPARENT):
        return gradient
    raise TypeError(f"the gradient through {type(layer).__name__} is not known; use linear layers and ReLU")


def grad_cam(features: Tensor, gradient: Tensor) -> Tensor:
    """Where the feature map supports the class.

    Args:
        features: (N, C, h, w).
        gradient: (N, C) of the logit with respect to the map; the same at every position.

    Returns:
        (N, h, w) in 0..1; all zero if nothing supports the class.
    """
    return _evidence(features, gradient)


def grad_cam_plus(features: Tensor, gradient: Tensor) -> Tensor:
    """Grad-CAM++: channels are weighted by how much of their activation the logit needs.

    If a gradient g is constant over space, the weights α = g² / (2g² + g³ · ΣA) become 1 / (2 + g · ΣA).

    Args:
        features: (N, C, h, w).
        gradient: (N, C) of the logit with respect to the map; the same at every position.

    Returns:
        (N, h, w) in 0..1; all zero if nothing supports the class.
    """
    positive = gradient.clamp(min=0)
    # Activations below zero (SiLU) can bring the sum near −2, where the weight has no meaning.
    return _evidence(features, positive / (2 + positive * features.sum(dim=(2, 3))).clamp(min=0.1))


def _evidence(features: Tensor, weights: Tensor) -> Tensor:
    raw = torch.einsum("nchw,nc->nhw", features, weights).clamp(min=0)
    highest = raw.amax(dim=(1, 2), keepdim=True)
    return raw / highest.clamp(min=torch.finfo(raw.dtype).tiny)


def spread_attention(attention: Tensor) -> Tensor:
    """Attention (N, h, w) scaled from its range to 0..1; all zero if it is constant."""
    lowest, highest = attention.amin(dim=(1, 2), keepdim=True), attention.amax(dim=(1, 2), keepdim=True)
    return (attention - lowest) / (highest - lowest).clamp(min=torch.finfo(attention.dtype).tiny)


def fuse_maps(cam: Tensor, attention: Tensor, alpha: float) -> Tensor:
    """α · CAM + (1 − α) · attention, at the attention's resolution.

    Args:
        cam: (N, h, w) in 0..1.
        attention: (N, H, W) in 0..1.
        alpha: weight of the class activation, 0..1.
    """
    size = (attention.shape[1], attention.shape[2])
    enlarged = functional.interpolate(cam[:, None], size, mode="bilinear", align_corners=False)[:, 0]
    return alpha * enlarged + (1 - alpha) * attention
