"""From the recipe of a kind classifier and photographs to a calibrated weight in a folder."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.metrics import f1_score
from torch import nn

from tamperlens.catalogue import Parts
from tamperlens.data.synthesis import ForgeryStream, PhotoPool, StoredStream, TinyAutoencoder
from tamperlens.errors import RecipeError
from tamperlens.examine import load_weight
from tamperlens.examine.networks import PATCH_POOLINGS, WEIGHTS_DIRECTORY, PatchDetector
from tamperlens.models import MODELS
from tamperlens.training._calibrate_localizer import (
    CalibrationImage,
    Reading,
    calibrate_margins,
    choose_pooling,
)
from tamperlens.training._curves import draw_curves
from tamperlens.training._device import choose_device
from tamperlens.training._export import export_onnx
from tamperlens.training._fit import Advance, read_log
from tamperlens.training._forged_recipe import KindRecipe
from tamperlens.training._forged_task import ForgedTask, fit_forged
from tamperlens.training._kind_task import kind_loss, kind_weights, macro_f1, predict_kinds
from tamperlens.training._kind_tensors import LabelledKinds, MaskedTensors, PatchTensors, labelled
from tamperlens.training._localizer_run import VALIDATION_SEED, TrainingImages, calibration_images
from tamperlens.training._manifest import PHOTOGRAPHS, Manifest
from tamperlens.training._predicted_masks import PredictedMasks

# System → the kinds it distinguishes.
KINDS_OF: Mapping[str, tuple[str, ...]] = Parts("kinds")


def train_kinds(
    recipe: KindRecipe,
    images: TrainingImages,
    run: Path,
    device: str = "auto",
    advance: Advance = lambda _: None,
) -> Path:
    """Train, export, and calibrate the probabilities of kinds.

    Args:
        recipe: settings.
        images: photographs to forge from.
        run: folder for recipe, log, curves, checkpoints, `<name>.onnx` and its manifest `<name>.json`.
        device: "auto", "cpu", "cuda" or "mps".
        advance: called after each validation with its figures.

    Returns:
        The folder `run`, ready for `examine.load_weight(recipe.name, run)`.

    Raises:
        RecipeError: the shares include a kind that the system does not distinguish, or leave one out.
        DatasetError: no photographs.
    """
    kinds = KINDS_OF[recipe.system]
    shares = [recipe.synthesis.shares.get(kind, 0.0) for kind in kinds]
    if min(shares) <= 0:
        raise RecipeError(
            f"{recipe.system} tells {', '.join(kinds)}: each of them needs a share of the samples"
        )
    run.mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(recipe.model_dump_json(indent=1) + "\n", encoding="utf-8")
    where = choose_device(device)
    validation = held_out_kinds(recipe, images, VALIDATION_SEED, recipe.synthesis.validation_samples)
    torch.manual_seed(recipe.seed)
    model = _network(recipe, run)
    task = ForgedTask(
        samples=_samples(recipe, images, run),
        target_loss=partial(kind_loss, kind_weights(shares)),
        figures={"macro F1": lambda averaged: macro_f1(averaged, validation, recipe, where)},
        recipe=recipe,
        device=where,
    )
    model = fit_forged(model, task, run, advance)
    draw_curves(run / "log.jsonl", run / "curves.png")
    return finish_kinds(model, recipe, images, validation, run)


def held_out_kinds(recipe: KindRecipe, images: TrainingImages, seed: int, count: int) -> LabelledKinds:
    """Samples forged from held-out photographs, equally many of each kind."""
    kinds = KINDS_OF[recipe.system]
    generator = TinyAutoencoder(images.generator) if images.generator else None
    stream = ForgeryStream(
        PhotoPool(images.photos, held_out=True), recipe.synthesis.side, recipe.seed + seed,
        dict.fromkeys(kinds, 1.0), generator,
    )  # fmt: skip
    if recipe.system == "dual-module":
        return labelled(MaskedTensors(stream, 0, count, recipe.crop), count)
    return labelled(PatchTensors(stream, recipe.input.settings(), 0, count), count)


def finish_kinds(
    model: nn.Module, recipe: KindRecipe, images: TrainingImages, validation: LabelledKinds, run: Path
) -> Path:
    """Export a trained network, calibrate the exported file, and write its manifest."""
    path, kinds = run / f"{recipe.name}.onnx", KINDS_OF[recipe.system]
    _, channels, side, _ = validation.features.shape
    export_onnx(model, channels, side, path, multiple=32, half=True)
    logits = predict_kinds(model, validation, recipe, torch.device("cpu"))
    log = read_log(run)
    features = {
        "qualities": list(recipe.input.qualities),
        "gain": recipe.input.gain,
        "side": side,
        "kinds": list(kinds),
        "pooling": next(iter(PATCH_POOLINGS)),
        "temperature": round(temperature(logits, validation.labels), 4),
    }
    macro = float(f1_score(validation.labels, logits.argmax(1), average="macro"))
    training = {
        "recipe": recipe.model_dump(),
        "images": {"train": log[-1]["sample"], "validation": len(validation.labels)},
        "validation": {"macro_f1": round(macro, 4)},
        "best_sample": max(log, key=lambda line: line["score"])["sample"],
        "seconds": log[-1]["seconds"],
    }
    manifest = Manifest.of(recipe.system, path, PHOTOGRAPHS, features, training)
    manifest.write(run, recipe.name)
    if recipe.system == "kind-classifier":
        detector = PatchDetector(load_weight(recipe.name, run))
        readings = [_read(detector, image) for image in calibration_images(recipe, images)]
        pooling, auc = choose_pooling(readings)
        manifest = manifest.calibrated(calibrate_margins(readings, pooling), pooling=pooling)
        manifest = manifest.measured(validation={"auc": round(auc, 4)}, images={"calibration": len(readings)})
        manifest.write(run, recipe.name)
    return run


def _read(detector: PatchDetector, image: CalibrationImage) -> Reading:
    said, _ = detector.patches(image.pixels)
    return Reading(
        image.origin, image.tampered, {name: pool(said) for name, pool in PATCH_POOLINGS.items()}, None
    )


def temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The divisor of the logits that calibrates their softmax.

    Reference: C. Guo et al., "On calibration of modern neural networks" (2017).
    """
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return -float(log_softmax(logits / np.exp(log_temperature), axis=1)[rows, labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x))


def _network(recipe: KindRecipe, run: Path) -> nn.Module:
    channels = 4 if recipe.system == "dual-module" else recipe.input.settings().channels
    model = MODELS[recipe.system](channels=channels, **recipe.model)
    if recipe.encoder_of:
        path = run.parent / recipe.encoder_of / "best.pt"
        if not path.exists():
            raise RecipeError(
                f"the encoder comes from the run {recipe.encoder_of}: {path} does not exist; train that first"
            )
        model.start_from(torch.load(path, map_location="cpu", weights_only=True))  # type: ignore[operator]
    return model


def _samples(
    recipe: KindRecipe, images: TrainingImages, run: Path
) -> Callable[[int, int], PatchTensors | MaskedTensors]:
    generator = TinyAutoencoder(images.generator) if images.generator else None
    fresh = ForgeryStream(
        PhotoPool(images.photos), recipe.synthesis.side, recipe.seed, recipe.synthesis.shares, generator
    )
    stored = StoredStream(fresh, run.parent, recipe.synthesis.distinct) if recipe.synthesis.distinct else None
    if recipe.system == "kind-classifier":
        network_input = recipe.input.settings()
        return lambda first, last: PatchTensors(stored or fresh, network_input, first, last, recipe.seed)
    predicted = None
    if recipe.masks_of:
        if stored is None:
            raise RecipeError(
                "masks of a localizer are found once: set synthesis.distinct to the number of samples"
            )
        predicted = PredictedMasks(stored, recipe.masks_of, WEIGHTS_DIRECTORY)
    hardened = recipe.loop.samples * (1 - recipe.hardened_share)

    def masked(first: int, last: int) -> MaskedTensors:
        return MaskedTensors(
            stored or fresh, first, last, recipe.crop, recipe.seed, predicted if first >= hardened else None
        )

    return masked
