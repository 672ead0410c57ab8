"""The training loop, read top to bottom; a task says what a batch, the loss and the score are."""

import copy
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from tamperlens.errors import RecipeError

Batch = TypeVar("Batch")


class Task(Protocol[Batch]):
    """What is learned."""

    def batches(self) -> Iterable[Batch]:
        """Batches, without end."""
        ...

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
        """What is minimised, a scalar, and the number of samples in the batch."""
        ...

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """Named figures of the averaged network; "score" decides which weights are kept."""
        ...


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes:
        samples: in all.
        learning_rate: after warm-up, as a factor of each parameter group's own.
        warmup: samples over which the rate rises.
        decay: last samples, over which it falls along a cosine to a hundredth.
        ema: decay a step of the averaged weights.
        validate_every: samples between validations.
        save_every: seconds between checkpoints.
    """

    samples: int
    learning_rate: float
    warmup: int
    decay: int
    ema: float
    validate_every: int
    save_every: float

    def rate(self, sample: int) -> float:
        """Learning rate after so many samples."""
        rise = min(1.0, sample / self.warmup) if self.warmup else 1.0
        left = (self.samples - sample) / self.decay if self.decay else 1.0
        fall = 0.01 + 0.99 * (1 - math.cos(math.pi * left)) / 2 if left < 1 else 1.0
        return self.learning_rate * min(rise, fall)


@dataclass
class Progress:
    """How far a run is.

    Attributes:
        sample: samples seen.
        steps: steps taken.
        skipped: steps left out because the loss or a gradient was no finite number.
        best: highest score so far.
        seconds: spent in training, validations not counted.
    """

    sample: int = 0
    steps: int = 0
    skipped: int = 0
    best: float = -math.inf
    seconds: float = 0.0


@dataclass
class Run(Generic[Batch]):
    """One training.

    Attributes:
        model: what is trained, on its device.
        groups: parameter groups of the optimiser; "scale" in each is its part of the learning rate.
        weight_decay: of AdamW.
        identity: what must be the same for a checkpoint to be continued.
        folder: receives `log.jsonl`, `checkpoint.pt` and `best.pt`.
    """

    model: nn.Module
    groups: Sequence[dict[str, object]]
    weight_decay: float
    identity: str
    folder: Path
    averaged: nn.Module = field(init=False)
    optimizer: torch.optim.AdamW = field(init=False)
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.averaged = copy.deepcopy(self.model).requires_grad_(False).eval()
        self.optimizer = torch.optim.AdamW(list(self.groups), weight_decay=self.weight_decay)
        self.progress = self._resumed()

    def save(self) -> None:
        """Write the checkpoint beside itself first: a kill leaves the old one or the new one, never half."""
        unfinished = self.folder / "checkpoint.new"
        torch.save(
            {
                "identity": self.identity,
                "model": self.model.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "progress": asdict(self.progress),
            },
            unfinished,
        )
        unfinished.replace(self.folder / "checkpoint.pt")

    def log(self, line: Mapping[str, object]) -> None:
        """Add a line to the log."""
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(dict(line)) + "\n")

    def _resumed(self) -> Progress:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return Progress()
        saved = torch.load(path, map_location="cpu", weights_only=True)
        if saved["identity"] != self.identity:
            raise RecipeError(f"{path} is of another recipe: give this run a folder of its own")
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimizer.load_state_dict(saved["optimizer"])
        return Progress(**saved["progress"])


def fit(
    run: Run[Batch],
    task: Task[Batch],
    schedule: Schedule,
    advance: Callable[[Mapping[str, object]], None] = lambda _: None,
) -> nn.Module:
    """Train until the schedule's end, keeping the averaged weights of the highest score.

    Args:
        run: network and folder; a checkpoint in it is continued.
        task: batches, loss, scores.
        schedule: how long and how fast.
        advance: called with each line of the log.

    Returns:
        The best averaged network, in evaluation mode.

    Raises:
        RecipeError: a fifth of the last steps had no finite gradient.
    """
    progress = run.progress
    run.model.train()
    losses: list[float] = []
    started = saved = time.monotonic()
    for batch in task.batches():
        if progress.sample >= schedule.samples:
            break
        loss, count = task.loss(run.model, batch)
        before = progress.sample
        progress.sample += count
        if _step(run, loss, schedule):
            losses.append(loss.item())
        now = time.monotonic()
        progress.seconds += now - started
        started = now
        if progress.sample // schedule.validate_every > before // schedule.validate_every:
            _validate(run, task, losses, advance)
            losses, started = [], time.monotonic()
        if time.monotonic() - saved > schedule.save_every:
            run.save()
            saved = time.monotonic()
    _validate(run, task, losses, advance)
    run.averaged.load_state_dict(torch.load(run.folder / "best.pt", weights_only=True))
    return run.averaged


def _step(run: Run[Batch], loss: Tensor, schedule: Schedule) -> bool:
    """One step; False where it was left out because something was no finite number."""
    progress = run.progress
    for group in run.optimizer.param_groups:
        group["lr"] = schedule.rate(progress.sample) * float(group.get("scale", 1.0))
    run.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    progress.steps += 1
    if not (torch.isfinite(norm) and torch.isfinite(loss)):
        progress.skipped += 1
        if progress.steps > 500 and progress.skipped > progress.steps / 5:
            raise RecipeError("training diverged: a fifth of its steps had no finite gradient")
        return False
    run.optimizer.step()
    for module in run.model.modules():
        restore = getattr(module, "project", None)  # a layer with a constraint, such as Bayar's
        if restore is not None:
            restore()
    _average(run.averaged, run.model, min(schedule.ema, (1 + progress.steps) / (20 + progress.steps)))
    return True


@torch.no_grad()
def _average(averaged: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the averaged weights towards the current ones; counters are copied."""
    for slow, fast in zip(averaged.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)


def _validate(
    run: Run[Batch], task: Task[Batch], losses: list[float], advance: Callable[[Mapping[str, object]], None]
) -> None:
    progress = run.progress
    run.averaged.eval()
    scores = task.scores(run.averaged)
    if scores["score"] >= progress.best:
        progress.best = scores["score"]
        torch.save(run.averaged.state_dict(), run.folder / "best.pt")
    run.save()
    line = {
        "sample": progress.sample,
        "loss": round(sum(losses) / max(len(losses), 1), 4),
        "skipped": progress.skipped,
        "seconds": round(progress.seconds),
        **{name: round(value, 4) for name, value in scores.items()},
    }
    run.log(line)
    advance(line)
