"""What a classifier of whole images learns: tensors in memory, epoch after epoch."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.training._augmentation import augment
from tamperlens.training._device import autocast
from tamperlens.training._fit import Advance, Run, Schedule, fit
from tamperlens.training._recipe import ClassifierRecipe


@dataclass(frozen=True)
class LabelledTensors:
    """Inputs and labels of one part of a split.

    Attributes:
        tensors: (N, V, C, H, W) float16, V differently encoded copies of each image.
        labels: (N,) int64, 0 authentic, 1 tampered.
    """

    tensors: NDArray[np.float16]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class ClassifierTask:
    """Each image in one of its copies, augmented at random; every epoch has its own order and draws.

    Attributes:
        train: training part.
        validation: part whose cross-entropy decides which weights are kept.
        recipe: settings.
        device: of the network.
    """

    train: LabelledTensors
    validation: LabelledTensors
    recipe: ClassifierRecipe
    device: torch.device

    def schedule(self) -> Schedule:
        """The recipe's epochs as samples."""
        epoch, loop, optimizer = self._epoch_length(), self.recipe.loop, self.recipe.optimizer
        return Schedule(
            samples=epoch * loop.epochs,
            learning_rate=optimizer.learning_rate,
            validate_every=epoch,
            decay=epoch * loop.epochs if optimizer.schedule == "cosine" else 0,
            clip=None,
            patience=loop.patience,
            seed=self.recipe.seed,
        )

    def batches(self, sample: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of (N, C, H, W) float32 and labels, from the beginning of an epoch on."""
        for epoch in range(sample // self._epoch_length(), self.recipe.loop.epochs):
            rng = np.random.default_rng([self.recipe.seed, epoch])
            order = rng.permutation(self._rows())
            for rows in _batched(order, self.recipe.loop.batch_size):
                copies = rng.integers(self.train.tensors.shape[1], size=len(rows))
                batch = torch.from_numpy(self.train.tensors[rows, copies].astype(np.float32)).to(self.device)
                augmented = augment(batch, self.recipe.augmentation, rng)
                yield augmented, torch.from_numpy(self.train.labels[rows]).to(self.device)

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, int]:
        """Cross-entropy."""
        tensors, labels = batch
        with autocast(self.recipe.loop.precision, self.device):
            logits = model(tensors.contiguous(memory_format=torch.channels_last)).logits
        return functional.cross_entropy(logits.float(), labels), len(labels)

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """Mean cross-entropy and accuracy over every copy of every validation image."""
        logits = torch.from_numpy(predict_logits(model, self.validation.tensors, self.device, self.recipe))
        copies = self.validation.tensors.shape[1]
        labels = torch.from_numpy(self.validation.labels).repeat_interleave(copies)
        loss = functional.cross_entropy(logits, labels).item()
        accuracy = (logits.argmax(1) == labels).float().mean().item()
        return {"validation_loss": loss, "validation_accuracy": accuracy, "score": -loss}

    def identity(self) -> str:
        """What must match for a checkpoint to be continued: the recipe, and which images each part has."""
        digest = hashlib.sha256(self.recipe.model_dump_json().encode())
        for part in (self.train, self.validation):
            few = np.ascontiguousarray(part.tensors[:, 0, :, ::16, ::16])
            digest.update(part.labels.tobytes() + few.tobytes())
        return digest.hexdigest()

    def optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """The recipe's."""
        settings = self.recipe.optimizer
        kind = torch.optim.Adam if settings.name == "adam" else torch.optim.AdamW
        return kind(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)

    def _rows(self) -> NDArray[np.intp]:
        return (
            _balanced(self.train.labels) if self.recipe.loop.balanced else np.arange(len(self.train.labels))
        )

    def _epoch_length(self) -> int:
        return len(self._rows())


def fit_classifier(
    model: nn.Module,
    train: LabelledTensors,
    validation: LabelledTensors,
    recipe: ClassifierRecipe,
    folder: Path,
    device: torch.device,
    advance: Advance = lambda _: None,
) -> nn.Module:
    """Train by the recipe, keeping the state with the lowest validation loss; see `fit.fit`.

    Args:
        model: its forward returns an object with `logits` (N, 2).
        train: training part.
        validation: early-stopping part.
        recipe: settings, which also fix all randomness.
        folder: of the run; a checkpoint with the same recipe and images in it is continued.
        device: where to train.
        advance: called after each epoch with its figures.
    """
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    task = ClassifierTask(train, validation, recipe, device)
    run = Run(model, task.optimizer(model), task.identity(), folder, device)
    return fit(run, task, task.schedule(), advance)


def _batched(order: NDArray[np.intp], size: int) -> Iterator[NDArray[np.intp]]:
    """Parts of an order; a single leftover joins the last part, because batch norm cannot learn from one."""
    starts = list(range(0, len(order), size))
    if len(starts) > 1 and len(order) - starts[-1] == 1:
        starts.pop()
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        yield order[start:end]


def _balanced(labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Rows with the rarer class repeated in turn until both are equally many."""
    rows = [np.flatnonzero(labels == label) for label in (0, 1)]
    return np.concatenate([np.resize(part, max(map(len, rows))) for part in rows])


@torch.no_grad()
def predict_logits(
    model: nn.Module, tensors: NDArray[np.float16], device: torch.device, recipe: ClassifierRecipe
) -> NDArray[np.float32]:
    """Logits (N · V, 2) float32 of tensors (N, V, C, H, W), image by image, copy by copy."""
    model.eval()
    flat: NDArray[Any] = tensors.reshape(-1, *tensors.shape[2:])
    parts = []
    for start in range(0, len(flat), 64):
        batch = torch.from_numpy(flat[start : start + 64].astype(np.float32)).to(device)
        with autocast(recipe.loop.precision, device):
            parts.append(model(batch.contiguous(memory_format=torch.channels_last)).logits.float().cpu())
    return np.asarray(torch.cat(parts))
