"""The training loop, read top to bottom."""

import contextlib
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.errors import RecipeError
from tamperlens.training.augmentation import augment
from tamperlens.training.recipe import ClassifierRecipe


@dataclass(frozen=True)
class LabelledTensors:
    """Inputs and labels of one part of a split.

    Attributes:
        tensors: (N, V, C, H, W) float16, V differently encoded copies of each image.
        labels: (N,) int64, 0 authentic, 1 tampered.
    """

    tensors: NDArray[np.float16]
    labels: NDArray[np.int64]


def fit(
    model: nn.Module,
    train: LabelledTensors,
    validation: LabelledTensors,
    recipe: ClassifierRecipe,
    run: Path,
    device: torch.device,
    advance: Callable[[dict[str, float]], None] = lambda _: None,
) -> nn.Module:
    """Train to the recipe, keeping the state of lowest validation loss.

    The folder `run` receives `log.jsonl` (a line an epoch), TensorBoard events where it is installed,
    `checkpoint.pt` (everything needed to go on after a kill to the same losses) and `best.pt`.

    Args:
        model: what to train; its forward returns an object with `logits` (N, 2).
        train: training part.
        validation: early-stopping part.
        recipe: settings; also fixes all randomness.
        run: folder of this run; an existing checkpoint in it is continued.
        device: where to train.
        advance: called after each epoch with its figures.

    Returns:
        `model` with the best state loaded, in evaluation mode.
    """
    run.mkdir(parents=True, exist_ok=True)
    model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    kind = torch.optim.Adam if recipe.optimizer.name == "adam" else torch.optim.AdamW
    optimizer = kind(
        model.parameters(), recipe.optimizer.learning_rate, weight_decay=recipe.optimizer.weight_decay
    )
    rng = np.random.default_rng(recipe.seed)
    identity = run_identity(recipe, train, validation)
    state = _resume(run, identity, model, optimizer, rng)

    with (run / "log.jsonl").open("a", encoding="utf-8") as log, tensorboard(run) as board:
        for epoch in range(state["epoch"], recipe.loop.epochs):
            if state["stale"] >= recipe.loop.patience:
                break
            _set_rate(optimizer, recipe, epoch)
            torch.manual_seed(1000 * recipe.seed + epoch)  # of dropout, the same when a run is continued
            started = time.perf_counter()
            train_loss = _train_epoch(model, train, optimizer, recipe, rng, device)
            loss, accuracy = evaluate_loss(model, validation, recipe, device)
            figures = {
                "epoch": epoch,
                "train_loss": train_loss,
                "validation_loss": loss,
                "validation_accuracy": accuracy,
                "seconds": time.perf_counter() - started,
            }
            state = {
                "epoch": epoch + 1,
                "best": min(loss, state["best"]),
                "stale": 0 if loss < state["best"] else state["stale"] + 1,
            }
            if state["stale"] == 0:
                torch.save(model.state_dict(), run / "best.pt")
            _save(run, identity, model, optimizer, rng, state)
            log.write(json.dumps(figures) + "\n")
            log.flush()
            board(epoch, figures)
            advance(figures)
    if not math.isfinite(state["best"]):
        raise RecipeError("training diverged: no epoch had a finite validation loss; lower the learning rate")
    model.load_state_dict(torch.load(run / "best.pt", map_location=device, weights_only=True))
    return model.eval()


def _train_epoch(
    model: nn.Module,
    part: LabelledTensors,
    optimizer: torch.optim.Optimizer,
    recipe: ClassifierRecipe,
    rng: np.random.Generator,
    device: torch.device,
) -> float:
    """One pass over the images in random order, each in one of its copies, augmented at random."""
    model.train()
    order = rng.permutation(_balanced(part.labels) if recipe.loop.balanced else len(part.labels))
    total = 0.0
    for start in range(0, len(order), recipe.loop.batch_size):
        rows = order[start : start + recipe.loop.batch_size]
        if len(rows) < 2:  # batch norm cannot learn from one
            continue
        copies = rng.integers(part.tensors.shape[1], size=len(rows))
        batch = torch.from_numpy(part.tensors[rows, copies].astype(np.float32)).to(device)
        batch = augment(batch, recipe.augmentation, rng)
        labels = torch.from_numpy(part.labels[rows]).to(device)
        loss = _loss(model, batch, labels, recipe, device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(order)


def _balanced(labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Rows with the rarer class repeated in turn until both are equally many."""
    rows = [np.flatnonzero(labels == label) for label in (0, 1)]
    return np.concatenate([np.resize(part, max(map(len, rows))) for part in rows])


def _loss(
    model: nn.Module, batch: Tensor, labels: Tensor, recipe: ClassifierRecipe, device: torch.device
) -> Tensor:
    with _autocast(recipe, device):
        logits = model(batch.contiguous(memory_format=torch.channels_last)).logits
    return functional.cross_entropy(logits.float(), labels)


@torch.no_grad()
def evaluate_loss(
    model: nn.Module, part: LabelledTensors, recipe: ClassifierRecipe, device: torch.device
) -> tuple[float, float]:
    """Mean cross-entropy and accuracy over every copy of every image."""
    logits = torch.from_numpy(predict_logits(model, part.tensors, device, recipe))
    labels = torch.from_numpy(part.labels).repeat_interleave(part.tensors.shape[1])
    loss = functional.cross_entropy(logits, labels)
    return loss.item(), (logits.argmax(1) == labels).float().mean().item()


@torch.no_grad()
def predict_logits(
    model: nn.Module, tensors: NDArray[np.float16], device: torch.device, recipe: ClassifierRecipe
) -> NDArray[np.float32]:
    """Logits (N · V, 2) float32 of tensors (N, V, C, H, W), image by image, copy by copy."""
    model.eval()
    flat = tensors.reshape(-1, *tensors.shape[2:])
    parts = []
    for start in range(0, len(flat), 64):
        batch = torch.from_numpy(flat[start : start + 64].astype(np.float32)).to(device)
        with _autocast(recipe, device):
            parts.append(model(batch.contiguous(memory_format=torch.channels_last)).logits.float().cpu())
    return np.asarray(torch.cat(parts))


def _autocast(recipe: ClassifierRecipe, device: torch.device) -> torch.autocast:
    return torch.autocast(
        device.type, torch.bfloat16, enabled=recipe.loop.precision == "auto" and has_fast_bf16(device)
    )


def has_fast_bf16(device: torch.device) -> bool:
    """Whether bfloat16 arithmetic is in hardware, not emulated at a loss."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def choose_device(name: str) -> torch.device:
    """Resolve "auto" to the first accelerator there is, else the CPU; other names are taken as they are."""
    if name != "auto":
        try:
            return torch.empty(0, device=name).device
        except (RuntimeError, AssertionError) as error:
            raise RecipeError(f"the device '{name}' is not there: {str(error).splitlines()[0]}") from error
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _set_rate(optimizer: torch.optim.Optimizer, recipe: ClassifierRecipe, epoch: int) -> None:
    rate = recipe.optimizer.learning_rate
    if recipe.optimizer.schedule == "cosine":
        rate *= 0.5 * (1 + math.cos(math.pi * epoch / recipe.loop.epochs))
    for group in optimizer.param_groups:
        group["lr"] = rate


def run_identity(recipe: ClassifierRecipe, train: LabelledTensors, validation: LabelledTensors) -> str:
    """What must be the same for a checkpoint to be continued: the recipe and which images are where."""
    digest = hashlib.sha256(recipe.model_dump_json().encode())
    for part in (train, validation):
        digest.update(
            part.labels.tobytes() + np.ascontiguousarray(part.tensors[:, 0, :, ::16, ::16]).tobytes()
        )
    return digest.hexdigest()


def _save(
    run: Path,
    identity: str,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    rng: np.random.Generator,
    state: dict[str, Any],
) -> None:
    """Write the checkpoint beside itself first: a kill leaves the old one or the new one, never half."""
    temporary = run / "checkpoint.pt.new"
    torch.save(
        {
            "identity": identity,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "rng": json.dumps(rng.bit_generator.state),
            "state": state,
        },
        temporary,
    )
    temporary.replace(run / "checkpoint.pt")


def _resume(
    run: Path, identity: str, model: nn.Module, optimizer: torch.optim.Optimizer, rng: np.random.Generator
) -> dict[str, Any]:
    """Load the run's checkpoint, if it is of the same recipe and data, else begin anew."""
    path = run / "checkpoint.pt"
    if path.exists():
        saved = torch.load(path, map_location="cpu", weights_only=True)
        if saved.get("identity") == identity:
            model.load_state_dict(saved["model"])
            optimizer.load_state_dict(saved["optimizer"])
            rng.bit_generator.state = json.loads(saved["rng"])
            return dict(saved["state"])
    (run / "log.jsonl").unlink(missing_ok=True)
    return {"epoch": 0, "best": math.inf, "stale": 0}


@contextlib.contextmanager
def tensorboard(run: Path) -> Iterator[Callable[[int, dict[str, float]], None]]:
    """A function that writes figures as TensorBoard scalars."""
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - half a second

    writer = SummaryWriter(str(run / "tensorboard"))

    def write(epoch: int, figures: dict[str, float]) -> None:
        for name, value in figures.items():
            if name != "epoch":
                writer.add_scalar(name, value, epoch)

    try:
        yield write
    finally:
        writer.close()
