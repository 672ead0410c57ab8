"""Fit the cell network: what the maps say about one place, so that the marked area fits the altered one."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamperlens.evaluation import confusion, f1
from tamperlens.examine.fused import CellNetwork
from tamperlens.training._losses import pixel_loss
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_recipe import FusionRecipe

# Cells drawn per image in an epoch, and how many of these are altered at least, if there are any.
_CELLS, _ALTERED = 512, 8
# Images per step.
_IMAGES = 16

Inputs = NDArray[np.float32]


def fit_cells(
    images: Sequence[FusionImage], inputs: Callable[[FusionImage], Inputs], recipe: FusionRecipe
) -> CellNetwork:
    """Fit the cell network by cross-entropy and each altered image's Dice.

    Cross-entropy orders an image's cells but not where to cut that order, which differs between images; Dice
    is about the cut.

    Args:
        images: what it is fitted to.
        inputs: image → (rows, columns, n) float32, the network's input for each cell.
        recipe: widths, epochs, rate, seed.
    """
    rng = np.random.default_rng(recipe.seed)
    read = [inputs(image).reshape(image.mask.size, -1) for image in images]
    masks = [image.mask.ravel() >= 0.5 for image in images]
    drawn = np.concatenate([rows[_draw(rng, mask)] for rows, mask in zip(read, masks, strict=True)])
    means, scales = drawn.mean(0), drawn.std(0) + 1e-3
    torch.manual_seed(recipe.seed)
    widths = [drawn.shape[1], *recipe.hidden, 1]
    linears = [nn.Linear(a, b) for a, b in pairwise(widths)]
    network = nn.Sequential(*(m for linear in linears for m in (linear, nn.ReLU())))[:-1]
    optimizer = torch.optim.AdamW(network.parameters(), recipe.learning_rate, weight_decay=1e-3)
    steps = max(len(images) // _IMAGES, 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, recipe.epochs * steps)
    for _ in range(recipe.epochs):
        for part in np.array_split(rng.permutation(len(images)), steps):
            picks = [(k, _draw(rng, masks[k])) for k in part]
            x = (np.stack([read[k][pick] for k, pick in picks]) - means) / scales
            y = np.stack([masks[k][pick] for k, pick in picks]).astype(np.float32)
            loss = pixel_loss(network(torch.from_numpy(x))[..., 0], torch.from_numpy(y))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    layers = tuple((layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy()) for layer in linears)
    return CellNetwork(layers, means, scales)


def _draw(rng: np.random.Generator, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Some cells of an image in their true proportion, plus a few altered ones that are always included."""
    picks = rng.choice(len(mask), _CELLS, replace=len(mask) < _CELLS)
    if mask.any():
        picks[:_ALTERED] = rng.choice(np.flatnonzero(mask), _ALTERED)
    return np.asarray(picks, np.intp)


def best_shift(maps: Sequence[tuple[NDArray[np.float32], NDArray[np.float16]]]) -> np.float32:
    """The log-odds at which cutting the maps gives the highest mean F1.

    Args:
        maps: log-odds of altered images, and the altered share of each cell.
    """
    shifts = np.arange(-4, 4.01, 0.25)
    scores = [
        np.mean([f1(confusion(logits >= shift, mask >= 0.5)) for logits, mask in maps]) for shift in shifts
    ]
    return np.float32(shifts[int(np.argmax(scores))])


def shifted(network: CellNetwork, shift: np.float32) -> CellNetwork:
    """The network with its log-odds lowered, so that one half is the threshold."""
    weight, bias = network.layers[-1]
    return CellNetwork((*network.layers[:-1], (weight, bias - shift)), network.means, network.scales)
