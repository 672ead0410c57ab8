"""Learning from forged samples: numbered tensors, a loss, scores."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from tamperlens.training._device import autocast
from tamperlens.training._fit import Advance, Run, Schedule, fit
from tamperlens.training._forged import forged_batches
from tamperlens.training._forged_recipe import ForgedRecipe

Loss = Callable[[Any, Tensor], Tensor]
Tensors = Dataset[tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class ForgedTask:
    """Samples in numerical order.

    Attributes:
        samples: (first, last) → samples `first`…`last` − 1 as (features uint8 (C, H, W), target).
        target_loss: (forward's result, a batch of targets) → scalar.
        figures: named figures of a network, higher is better; their mean decides which weights are kept.
        recipe: settings.
        device: of the network.
    """

    samples: Callable[[int, int], Tensors]
    target_loss: Loss
    figures: Mapping[str, Callable[[nn.Module], float]]
    recipe: ForgedRecipe
    device: torch.device

    def batches(self, sample: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of eight-bit features and targets; the samples between two validations form one dataset."""
        loop = self.recipe.loop
        while sample < loop.samples:
            last = min(sample + loop.validate_every, loop.samples)
            yield from forged_batches(self.samples(sample, last), loop.batch_size, loop.workers)
            sample = last

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, int]:
        """Loss of a batch."""
        features, targets = batch
        scaled = features.to(self.device).float().div(255).contiguous(memory_format=torch.channels_last)
        with autocast(self.recipe.loop.precision, self.device):
            result = model(scaled)
        return self.target_loss(result, targets.to(self.device)), len(features)

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """The figures, and their mean."""
        scores = {name: figure(model) for name, figure in self.figures.items()}
        return {**scores, "score": float(np.mean(list(scores.values())))}


def fit_forged(
    model: nn.Module, task: ForgedTask, folder: Path, advance: Advance = lambda _: None
) -> nn.Module:
    """Train by the task's recipe; see `fit.fit`.

    Args:
        model: what to train.
        task: samples, loss, scores.
        folder: of the run; a checkpoint with the same recipe in it is continued.
        advance: called after each validation with its figures.
    """
    recipe = task.recipe
    model.to(task.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(
        [parameter for parameter in model.parameters() if parameter.requires_grad],
        recipe.optimizer.learning_rate,
        weight_decay=recipe.optimizer.weight_decay,
    )
    return fit(Run(model, optimizer, identity(recipe), folder, task.device), task, schedule(recipe), advance)


def schedule(recipe: ForgedRecipe) -> Schedule:
    """How long and how fast to train, by a recipe."""
    loop, optimizer = recipe.loop, recipe.optimizer
    return Schedule(
        samples=loop.samples,
        learning_rate=optimizer.learning_rate,
        validate_every=loop.validate_every,
        warmup=optimizer.warmup_samples,
        decay=round(optimizer.decay_share * loop.samples),
        fall="linear",
        ema=optimizer.ema,
        accumulate=loop.accumulate,
        patience=loop.patience,
        seed=recipe.seed,
    )


def identity(recipe: ForgedRecipe) -> str:
    """What must match for a checkpoint to be continued: the recipe, except for how long it trains."""
    content = recipe.model_dump()
    for unseen in ("inference", "crop_share"):  # only localizers have these
        content.pop(unseen, None)
    for loop_only in ("samples", "patience", "workers"):
        del content["loop"][loop_only]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
