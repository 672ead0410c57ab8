"""The training loop, to be read from top to bottom; a task defines batches, loss and score."""

import contextlib
import copy
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn

from tamperlens.errors import RecipeError

Batch = TypeVar("Batch")
Advance = Callable[[Mapping[str, float]], None]


class Task(Protocol[Batch]):
    """What is learned."""

    def batches(self, sample: int) -> Iterable[Batch]:
        """Batches from a sample number on, until there are no more."""
        ...

    def loss(self, model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
        """The scalar that is minimised, and the number of samples in the batch."""
        ...

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """Named figures of a network in evaluation mode; the weights with the highest "score" are kept."""
        ...


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train.

    Attributes:
        samples: total number.
        learning_rate: after the warm-up.
        validate_every: samples between validations.
        warmup: samples over which the rate rises.
        decay: last samples, over which it falls.
        fall: "cosine" to a hundredth, or "linear" to a thousandth.
        ema: decay per step of the averaged weights, which are validated and kept; 0 for no average.
        accumulate: batches summed in a step.
        clip: largest norm of the gradient; None for no limit.
        patience: validations without a higher score before it stops.
        save_every: seconds between checkpoints, in addition to those at validations.
        seed: of what the network draws while learning, such as dropout.
    """

    samples: int
    learning_rate: float
    validate_every: int
    warmup: int = 0
    decay: int = 0
    fall: str = "cosine"
    ema: float = 0.0
    accumulate: int = 1
    clip: float | None = 1.0
    patience: int = 1_000_000
    save_every: float = math.inf
    seed: int = 0

    def rate(self, sample: int) -> float:
        """Learning rate after this many samples."""
        rise = min(1.0, sample / self.warmup) if self.warmup else 1.0
        left = min(1.0, (self.samples - sample) / self.decay) if self.decay else 1.0
        if self.fall == "linear":
            return self.learning_rate * max(min(rise, left), 1e-3)
        return self.learning_rate * min(rise, 0.01 + 0.99 * (1 - math.cos(math.pi * left)) / 2)


@dataclass
class Progress:
    """How far a run has got.

    Attributes:
        sample: samples seen.
        steps: steps taken or skipped.
        skipped: steps left out because the loss or a gradient was not finite.
        best: highest score so far.
        stale: validations since then.
        validated: samples seen at the last validation.
        seconds: of training, without validations.
    """

    sample: int = 0
    steps: int = 0
    skipped: int = 0
    best: float = -math.inf
    stale: int = 0
    validated: int = -1
    seconds: float = 0.0


class Run:
    """One training on disk: `log.jsonl`, TensorBoard events, `checkpoint.pt`, `best.pt`.

    Args:
        model: what is trained.
        optimizer: for its parameters; a group's "scale" multiplies its learning rate.
        identity: what must match for a checkpoint to be continued.
        folder: of the run.
        device: where to train; with "cuda" and several graphics processors, all of them.

    Raises:
        RecipeError: the folder holds a different run.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        identity: str,
        folder: Path,
        device: torch.device | None = None,
    ) -> None:
        self.device = device or torch.device("cpu")
        self.model, self.optimizer, self.identity, self.folder = model, optimizer, identity, folder
        self.averaged = copy.deepcopy(model).requires_grad_(False)
        several = self.device.type == "cuda" and torch.cuda.device_count() > 1
        self.forward: nn.Module = nn.DataParallel(model) if several else model
        folder.mkdir(parents=True, exist_ok=True)
        self.progress = self._resumed()

    def save(self) -> None:
        """Write to a second file first, so that a kill leaves the old or the new checkpoint, never half."""
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

    def best(self) -> nn.Module:
        """The kept network, in evaluation mode."""
        state = torch.load(self.folder / "best.pt", map_location=self.device, weights_only=True)
        self.averaged.load_state_dict(state)
        return self.averaged.eval()

    def _resumed(self) -> Progress:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return Progress()
        saved = torch.load(path, map_location=self.device, weights_only=True)
        if saved["identity"] != self.identity:
            raise RecipeError(
                f"{self.folder} holds a run with another recipe or other images: choose another folder for "
                "this run, or remove that one"
            )
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimizer.load_state_dict(saved["optimizer"])
        return Progress(**saved["progress"])


def read_log(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's log, one per validation."""
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def fit(run: Run, task: Task[Batch], schedule: Schedule, advance: Advance = lambda _: None) -> nn.Module:
    """Train to the schedule's end, or until the score stops rising.

    Args:
        run: network and folder; a checkpoint in it is continued.
        task: batches, loss, scores.
        schedule: how long and how fast.
        advance: called with each line of the log.

    Returns:
        The network with the highest score, in evaluation mode.

    Raises:
        RecipeError: a fifth of the steps had no finite gradient.
    """
    with _log(run.folder) as log:

        def validate() -> None:
            line = _validated(run, task, losses)
            losses.clear()
            log(line)
            advance(line)
            run.model.train()
            # A run that is continued from here draws the same numbers.
            torch.manual_seed(1000 * schedule.seed + run.progress.sample)

        progress, losses, pending = run.progress, list[float](), list[Tensor]()
        run.model.train()
        torch.manual_seed(1000 * schedule.seed + progress.sample)
        run.optimizer.zero_grad(set_to_none=True)
        started = saved = time.monotonic()
        batches = iter(task.batches(progress.sample))
        # Checked before asking for the next batch, which may take a while.
        while progress.sample < schedule.samples and progress.stale < schedule.patience:
            batch = next(batches, None)
            if batch is None:
                break
            loss, count = task.loss(run.forward, batch)
            before, progress.sample = progress.sample, progress.sample + count
            (loss / schedule.accumulate).backward()  # type: ignore[no-untyped-call]
            pending.append(loss.detach())
            if len(pending) == schedule.accumulate:
                losses += _step(run, pending, schedule)
                pending.clear()
            progress.seconds += time.monotonic() - started
            if progress.sample // schedule.validate_every > before // schedule.validate_every:
                validate()
            if time.monotonic() - saved > schedule.save_every:
                run.save()
                saved = time.monotonic()
            started = time.monotonic()
        if progress.validated != progress.sample:
            validate()
    return run.best()


def _step(run: Run, losses: Sequence[Tensor], schedule: Schedule) -> list[float]:
    """One step; returns the losses, or none if it was skipped because a value was not finite."""
    progress = run.progress
    for group in run.optimizer.param_groups:
        group["lr"] = schedule.rate(progress.sample) * float(group.get("scale", 1.0))
    norm = nn.utils.clip_grad_norm_(run.model.parameters(), schedule.clip or math.inf)
    progress.steps += 1
    finite = bool(torch.isfinite(norm)) and all(bool(torch.isfinite(loss)) for loss in losses)
    if finite:
        run.optimizer.step()
        _project(run.model)
        _average(run.averaged, run.model, min(schedule.ema, (1 + progress.steps) / (20 + progress.steps)))
    else:
        progress.skipped += 1
        if progress.skipped > max(10, progress.steps / 5):
            raise RecipeError(
                "training diverged: a fifth of its steps had no finite gradient; lower the learning rate"
            )
    run.optimizer.zero_grad(set_to_none=True)
    return [loss.item() for loss in losses] if finite else []


def _project(model: nn.Module) -> None:
    """Let constrained layers restore their constraint, as Bayar's convolution must after each step."""
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


def _validated(run: Run, task: Task[Any], losses: Sequence[float]) -> dict[str, float]:
    """Score the averaged network, keep it if it is the best, save; returns the line for the log."""
    progress = run.progress
    scores = task.scores(run.averaged.eval())
    progress.validated = progress.sample
    # If equal, the later one: at first no pixel may reach the threshold.
    progress.stale = 0 if scores["score"] >= progress.best else progress.stale + 1
    if progress.stale == 0:
        progress.best = scores["score"]
        torch.save(run.averaged.state_dict(), run.folder / "best.pt")
    run.save()
    loss = sum(losses) / len(losses) if losses else math.nan
    return {
        "sample": progress.sample,
        "loss": loss,
        "skipped": progress.skipped,
        "seconds": round(progress.seconds, 1),
        **scores,
    }


@contextlib.contextmanager
def _log(folder: Path) -> Iterator[Advance]:
    """A function that adds a line to the log and to TensorBoard's events."""
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - half a second

    board = SummaryWriter(str(folder / "tensorboard"))

    def write(line: Mapping[str, float]) -> None:
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(dict(line)) + "\n")
        for name, value in line.items():
            if name != "sample":
                board.add_scalar(name, value, int(line["sample"]))

    try:
        yield write
    finally:
        board.close()
