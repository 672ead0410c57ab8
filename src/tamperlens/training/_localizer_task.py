"""Localizers on forged samples: what they learn, and how they are scored in training."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tamperlens.data.synthesis import ForgeryStream, StoredStream
from tamperlens.errors import RecipeError
from tamperlens.evaluation import confusion, f1
from tamperlens.models import DualConvNext
from tamperlens.training._device import autocast
from tamperlens.training._fit import Advance
from tamperlens.training._forged import ForgedTensors, Labelled
from tamperlens.training._forged_recipe import LocalizerRecipe
from tamperlens.training._forged_task import ForgedTask, Loss, fit_forged
from tamperlens.training._teacher import Pupil, Taught, Teacher


def fit_localizer(
    model: nn.Module,
    loss: Loss,
    stream: ForgeryStream | StoredStream,
    validation: Mapping[str, Labelled],
    recipe: LocalizerRecipe,
    run: Path,
    device: torch.device,
    advance: Advance = lambda _: None,
) -> nn.Module:
    """Train a localizer; see `fit.fit`.

    Args:
        model: forward returns a NamedTuple whose first field is `logits` (N, 1, H, W).
        loss: (forward's result, (N, 1, H, W) float masks) → scalar.
        stream: forged samples, in numerical order.
        validation: named sets; the score is the mean of their F1 at 0.5 and decides which weights are kept.
        recipe: settings.
        run: folder of this run; the teacher's run is next to it, or its weight ships.
        device: where to train.
        advance: called after each validation with its figures.

    Raises:
        RecipeError: a validation set is unusable, or the loss became infinite or not a number.
    """
    for name, part in validation.items():
        if not any(mask.any() for mask in part.masks):
            raise RecipeError(f"the validation set '{name}' holds no tampered image with a usable mask")
    teacher = Teacher.find(recipe.teacher.run, run.parent) if recipe.teacher else None
    network_input = teacher.network_input if teacher else recipe.input.settings()
    cropped = recipe.loop.samples * recipe.crop_share

    def score(part: Labelled) -> Callable[[nn.Module], float]:
        return lambda averaged: validate(averaged, part, recipe, device)

    def samples(first: int, last: int) -> ForgedTensors:
        return ForgedTensors(stream, network_input, first, last, recipe.crop if first < cropped else 0)

    scores = {name: score(part) for name, part in validation.items()}
    if teacher is None or recipe.teacher is None:
        task = ForgedTask(samples, lambda result, masks: loss(result, masks.float()), scores, recipe, device)
        return fit_forged(model, task, run, advance)
    weight, of_map = recipe.teacher.weight, recipe.teacher.map_weight

    def taught_loss(result: Taught, masks: Tensor) -> Tensor:
        own = loss(result.localization, masks.float())
        return own + weight * result.stages + of_map * result.map

    if not isinstance(model, DualConvNext):
        raise RecipeError(f"{recipe.system} cannot be taught: only dual-convnext can")
    pupil = Pupil(model, teacher.network.to(device))
    fit_forged(pupil, ForgedTask(samples, taught_loss, scores, recipe, device), run, advance)
    return pupil.load_best(run / "best.pt")


@torch.no_grad()
def predict(
    model: nn.Module, part: Labelled, recipe: LocalizerRecipe, device: torch.device
) -> list[np.ndarray[Any, np.dtype[np.float32]]]:
    """Probability map (H, W) float32 of each validation image, one by one."""
    model.eval()
    maps = []
    for features in part.features:
        batch = torch.from_numpy(features.astype(np.float32))[None].to(device)
        with autocast(recipe.loop.precision, device):
            logits = model(batch.contiguous(memory_format=torch.channels_last)).logits
        maps.append(logits[0, 0].float().sigmoid().cpu().numpy())
    return maps


def validate(model: nn.Module, part: Labelled, recipe: LocalizerRecipe, device: torch.device) -> float:
    """Mean pixel F1 at 0.5 over the tampered images of a set."""
    maps = predict(model, part, recipe, device)
    scores = [
        f1(confusion(values >= 0.5, mask))
        for values, mask in zip(maps, part.masks, strict=True)
        if mask.any()
    ]
    return float(np.mean(scores))
