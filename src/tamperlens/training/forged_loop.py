"""The training loop on forged samples, read top to bottom; whoever uses it says what is learned."""

import copy
import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from tamperlens.errors import RecipeError
from tamperlens.training.forged import forged_batches
from tamperlens.training.forged_recipe import ForgedRecipe
from tamperlens.training.loop import has_fast_bf16, tensorboard

Loss = Callable[[Any, Tensor], Tensor]
Tensors = Dataset[tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Task:
    """What is learned.

    Attributes:
        samples: (first, last) → samples `first`…`last` − 1 as (features uint8 (C, H, W), target).
        loss: (forward's result, a batch of targets) → scalar.
        scores: named figures of a network, the higher the better; their mean decides which weights are kept.
    """

    samples: Callable[[int, int], Tensors]
    loss: Loss
    scores: Mapping[str, Callable[[nn.Module], float]]


@dataclass
class _State:
    sample: int = 0
    best: float = -math.inf
    stale: int = 0


def fit_forged(
    model: nn.Module,
    task: Task,
    recipe: ForgedRecipe,
    run: Path,
    device: torch.device,
    advance: Callable[[dict[str, float]], None] = lambda _: None,
) -> nn.Module:
    """Train to the recipe, keeping the averaged weights of highest validation score.

    The folder `run` receives `log.jsonl` (a line a validation), TensorBoard events, `checkpoint.pt`
    (everything needed to go on after a kill to the same losses) and `best.pt`.

    Args:
        model: what to train.
        task: samples, loss and scores.
        recipe: settings.
        run: folder of this run; a checkpoint of the same recipe in it is continued.
        device: where to train; all graphics processors of the machine when it is "cuda" and has several.
        advance: called after each validation with its figures.

    Returns:
        The best averaged network, in evaluation mode.

    Raises:
        RecipeError: the loss became infinite or not a number.
    """
    run.mkdir(parents=True, exist_ok=True)
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    averaged = copy.deepcopy(model).requires_grad_(False)
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad],
        recipe.optimizer.learning_rate,
        weight_decay=recipe.optimizer.weight_decay,
    )
    state = _resume(run, recipe, model, averaged, optimizer)
    parallel = nn.DataParallel(model) if device.type == "cuda" and torch.cuda.device_count() > 1 else model

    with (run / "log.jsonl").open("a", encoding="utf-8") as log, tensorboard(run) as board:
        while state.sample < recipe.loop.samples and state.stale < recipe.loop.patience:
            started = time.perf_counter()
            last = min(state.sample + recipe.loop.validate_every, recipe.loop.samples)
            train_loss = _train(
                parallel, model, averaged, task, (state.sample, last), optimizer, recipe, device
            )
            averaged.eval()
            scores = {name: score(averaged) for name, score in task.scores.items()}
            score = float(np.mean(list(scores.values())))
            figures = {"sample": last, "train_loss": train_loss, "score": score, **scores,
                       "seconds": time.perf_counter() - started}  # fmt: skip
            improved = score >= state.best  # of equals the later: at first no pixel may reach the threshold
            state = _State(last, max(score, state.best), 0 if improved else state.stale + 1)
            if improved:
                torch.save(averaged.state_dict(), run / "best.pt")
            _save(run, recipe, model, averaged, optimizer, state)
            log.write(json.dumps(figures) + "\n")
            log.flush()
            board(last, figures)
            advance(figures)
    averaged.load_state_dict(torch.load(run / "best.pt", map_location=device, weights_only=True))
    return averaged.eval()


def _train(
    parallel: nn.Module,
    model: nn.Module,
    averaged: nn.Module,
    task: Task,
    span: tuple[int, int],
    optimizer: torch.optim.Optimizer,
    recipe: ForgedRecipe,
    device: torch.device,
) -> float:
    """Once through the samples; mean loss."""
    model.train()
    optimizer.zero_grad(set_to_none=True)
    losses: list[float] = []
    sample, accumulate = span[0], recipe.loop.accumulate
    batches = forged_batches(task.samples(*span), recipe.loop.batch_size, recipe.loop.workers)
    for number, (features, targets) in enumerate(batches, start=1):
        batch = features.to(device).float().div(255).contiguous(memory_format=torch.channels_last)
        with autocast(recipe, device):
            result = parallel(batch)
        value = task.loss(result, targets.to(device))
        (value / accumulate).backward()  # type: ignore[no-untyped-call]
        losses.append(value.item())
        sample += len(features)
        if number % accumulate == 0:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(recipe, sample)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            _project(model)
            _average(averaged, model, min(recipe.optimizer.ema, (1 + sample) / (2000 + sample)))
    if losses and not math.isfinite(float(np.mean(losses))):
        raise RecipeError("training diverged: the loss is no number; lower the learning rate")
    return float(np.mean(losses)) if losses else 0.0  # fewer samples than a batch were left


def _project(model: nn.Module) -> None:
    """Let layers with a constraint restore it, as Bayar's convolution must after each step."""
    for module in model.modules():
        restore = getattr(module, "project", None)
        if restore is not None:
            restore()


@torch.no_grad()
def _average(averaged: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the averaged weights towards the current ones; counters are copied."""
    for slow, fast in zip(averaged.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)


def learning_rate(recipe: ForgedRecipe, sample: int) -> float:
    """Rate after so many samples: rises, stays, and falls over the last part."""
    settings, total = recipe.optimizer, recipe.loop.samples
    rise = sample / settings.warmup_samples if sample < settings.warmup_samples else 1.0
    decay = settings.decay_share * total
    fall = (total - sample) / decay if decay and total - sample < decay else 1.0
    return settings.learning_rate * max(min(rise, fall), 1e-3)


def autocast(recipe: ForgedRecipe, device: torch.device) -> torch.autocast:
    """bfloat16 where the recipe allows and the processor has it."""
    enabled = recipe.loop.precision == "auto" and has_fast_bf16(device)
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled)


def run_identity(recipe: ForgedRecipe) -> str:
    """What must be the same for a checkpoint to be continued: all of the recipe but how long it trains."""
    content = recipe.model_dump()
    for unseen in ("inference", "crop_share"):  # a localizer's alone
        content.pop(unseen, None)
    for loop_only in ("samples", "patience", "workers"):
        del content["loop"][loop_only]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _save(
    run: Path,
    recipe: ForgedRecipe,
    model: nn.Module,
    averaged: nn.Module,
    optimizer: torch.optim.Optimizer,
    state: _State,
) -> None:
    temporary = run / "checkpoint.tmp"
    torch.save(
        {
            "identity": run_identity(recipe),
            "model": model.state_dict(),
            "averaged": averaged.state_dict(),
            "optimizer": optimizer.state_dict(),
            "state": state.__dict__,
        },
        temporary,
    )
    temporary.replace(run / "checkpoint.pt")


def _resume(
    run: Path,
    recipe: ForgedRecipe,
    model: nn.Module,
    averaged: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> _State:
    """Load the run's checkpoint, if it is of the same recipe, else begin anew."""
    path = run / "checkpoint.pt"
    if path.exists():
        saved = torch.load(path, map_location="cpu", weights_only=True)
        if saved["identity"] == run_identity(recipe):
            model.load_state_dict(saved["model"])
            averaged.load_state_dict(saved["averaged"])
            optimizer.load_state_dict(saved["optimizer"])
            return _State(**saved["state"])
    (run / "log.jsonl").unlink(missing_ok=True)
    return _State()
