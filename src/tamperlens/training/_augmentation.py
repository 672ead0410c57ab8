"""Random changes to a training batch that keep its labels true."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tamperlens.training._recipe import AugmentationRecipe


def augment(batch: Tensor, recipe: AugmentationRecipe, rng: np.random.Generator) -> Tensor:
    """Change each image of a batch (N, C, H, W) in 0..1, each by its own draws."""
    batch = _mirror(batch, recipe, rng)
    if recipe.rotation:
        batch = _rotate(batch, rng.uniform(-recipe.rotation, recipe.rotation, len(batch)))
    if recipe.light:
        batch = _light(batch, 1 + rng.uniform(-recipe.light, recipe.light, (2, len(batch))))
    if recipe.blur:
        batch = _blur(batch, rng.random(len(batch)) < recipe.blur, rng.uniform(0.1, recipe.blur_sigma))
    return batch


def _mirror(batch: Tensor, recipe: AugmentationRecipe, rng: np.random.Generator) -> Tensor:
    draws = torch.from_numpy(rng.random((2, len(batch), 1, 1, 1))).to(batch.device)
    batch = torch.where(draws[0] < recipe.flip_horizontal, batch.flip(3), batch)
    return torch.where(draws[1] < recipe.flip_vertical, batch.flip(2), batch)


def _rotate(batch: Tensor, degrees: NDArray[np.float64]) -> Tensor:
    """Around the centre; outside the edge the image is mirrored."""
    turns = torch.zeros(len(batch), 2, 3)
    for matrix, angle in zip(turns, degrees, strict=True):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        matrix[:, :2] = torch.tensor([[cos, -sin], [sin, cos]])
    grid = functional.affine_grid(turns, list(batch.shape), align_corners=False).to(batch.device)
    return functional.grid_sample(batch, grid, padding_mode="reflection", align_corners=False)


def _light(batch: Tensor, factors: NDArray[np.float64]) -> Tensor:
    """Brightness, then contrast around the image's mean."""
    factor = torch.from_numpy(factors.astype(np.float32)).to(batch.device)
    brightness, contrast = factor[..., None, None, None]
    batch = batch * brightness
    mean = batch.mean(dim=(1, 2, 3), keepdim=True)
    changed: Tensor = ((batch - mean) * contrast + mean).clamp(0, 1)
    return changed


def _blur(batch: Tensor, chosen: NDArray[np.bool_], sigma: float) -> Tensor:
    """Gaussian blur of the chosen images."""
    if not chosen.any():
        return batch
    radius = math.ceil(3 * sigma)
    steps = torch.arange(-radius, radius + 1, dtype=batch.dtype, device=batch.device)
    kernel = torch.exp(-0.5 * (steps / sigma) ** 2)
    kernel = (kernel / kernel.sum()).expand(batch.shape[1], 1, -1)
    padded = functional.pad(batch, (radius, radius, radius, radius), mode="reflect")
    rows = functional.conv2d(padded, kernel[:, :, None], groups=batch.shape[1])
    blurred = functional.conv2d(rows, kernel[..., None], groups=batch.shape[1])
    keep = torch.from_numpy(chosen).view(-1, 1, 1, 1).to(batch.device)
    return torch.where(keep, blurred, batch)
