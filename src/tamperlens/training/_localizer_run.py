"""From a localizer's recipe and photographs to a calibrated weight in a folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tamperlens.data import Sample, read_mask
from tamperlens.data.synthesis import ForgeryStream, Generator, PhotoPool, StoredStream, TinyAutoencoder
from tamperlens.evidence import load_evidence
from tamperlens.examine import POOLINGS
from tamperlens.inputs import NetworkInput
from tamperlens.models import MODELS
from tamperlens.training._calibrate_localizer import CalibrationImage, calibrate_localizer
from tamperlens.training._curves import draw_curves
from tamperlens.training._device import choose_device
from tamperlens.training._export import export_onnx
from tamperlens.training._fit import Advance, read_log
from tamperlens.training._forged import Labelled, validation_images
from tamperlens.training._forged_recipe import ForgedRecipe, LocalizerRecipe
from tamperlens.training._localizer_task import fit_localizer
from tamperlens.training._losses import LOSSES
from tamperlens.training._manifest import PHOTOGRAPHS, Manifest

# Streams with one seed must not overlap: training counts up from 0, these from far above.
VALIDATION_SEED, _CALIBRATION_SEED = 1_000_000, 2_000_000
_CALIBRATION_SIDES, _CALIBRATION_TWINS, _CALIBRATION_PHOTOS = (256, 384, 640), 100, 300


@dataclass(frozen=True)
class TrainingImages:
    """The images for training and validating a localizer.

    Attributes:
        photos: folders of photographs to forge from.
        generator: folder of the tiny autoencoder for AI-like edits; None to resample instead.
        real: name → tampered samples of a benchmark that validation may use; they are never tested on.
    """

    photos: Sequence[Path]
    generator: Path | None
    real: Mapping[str, Sequence[Sample]]


def train_localizer(
    recipe: LocalizerRecipe,
    images: TrainingImages,
    run: Path,
    device: str = "auto",
    advance: Advance = lambda _: None,
) -> Path:
    """Train, export, and calibrate the exported weight.

    Args:
        recipe: settings.
        images: photographs and validation images.
        run: folder for recipe, log, curves, checkpoints, `<name>.onnx` and its manifest `<name>.json`.
        device: "auto", "cpu", "cuda" or "mps".
        advance: called after each validation with its figures.

    Returns:
        The folder `run`, ready for `examine.load_weight(recipe.name, run)`.

    Raises:
        DatasetError: no photographs.
    """
    run.mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(recipe.model_dump_json(indent=1) + "\n", encoding="utf-8")
    where, network_input = choose_device(device), recipe.input.settings()
    generator = TinyAutoencoder(images.generator) if images.generator else None
    fresh = _stream(recipe, PhotoPool(images.photos), recipe.seed, generator)
    distinct = recipe.synthesis.distinct
    stream = StoredStream(fresh, run.parent, distinct) if distinct else fresh
    held = PhotoPool(images.photos, held_out=True)
    held_stream = _stream(recipe, held, recipe.seed + VALIDATION_SEED, generator)
    validation = {
        "synthetic": validation_images(held_stream, network_input, recipe.synthesis.validation_samples)
    }
    validation |= {name: _labelled(samples, network_input) for name, samples in images.real.items()}
    torch.manual_seed(recipe.seed)
    model: nn.Module = MODELS[recipe.system](channels=network_input.channels, **recipe.model)
    loss = LOSSES[recipe.system]
    model = fit_localizer(model, loss, stream, validation, recipe, run, where, advance)
    draw_curves(run / "log.jsonl", run / "curves.png")
    return finish_localizer(model, recipe, images, run)


def finish_localizer(model: nn.Module, recipe: LocalizerRecipe, images: TrainingImages, run: Path) -> Path:
    """Export a trained network, calibrate the exported file, and write its manifest."""
    path = run / f"{recipe.name}.onnx"
    network_input = recipe.input.settings()
    export_onnx(model, network_input.channels, recipe.synthesis.side, path, multiple=32, half=True)
    features: dict[str, Any] = {"qualities": list(network_input.qualities), "gain": network_input.gain,
                "tile": recipe.inference.tile, "overlap": recipe.inference.overlap}  # fmt: skip
    log = read_log(run)
    training = {
        "recipe": recipe.model_dump(),
        "images": {"train": log[-1]["sample"], "photographs": len(PhotoPool(images.photos))},
        "validation": {},
        "best_sample": max(log, key=lambda line: line["score"])["sample"],
        "seconds": log[-1]["seconds"],
    }
    features |= {"pooling": next(iter(POOLINGS)), "mask_threshold": 0.5}
    manifest = Manifest.of(recipe.system, path, PHOTOGRAPHS, features, training)
    manifest.write(run, recipe.name)
    chosen = calibrate_localizer(run, recipe.name, calibration_images(recipe, images))
    manifest = manifest.calibrated(
        chosen.calibration, pooling=chosen.pooling, mask_threshold=chosen.mask_threshold
    )
    manifest = manifest.measured(validation=dict(chosen.figures), images={"validation": chosen.images})
    manifest.write(run, recipe.name)
    return run


def _stream(
    recipe: ForgedRecipe, pool: PhotoPool, seed: int, generator: Generator | None, side: int | None = None
) -> ForgeryStream:
    return ForgeryStream(pool, side or recipe.synthesis.side, seed, recipe.synthesis.shares, generator)


def _labelled(samples: Sequence[Sample], network_input: NetworkInput) -> Labelled:
    """Real images of a validation slice, cut to multiples of 32 pixels at the right and bottom."""
    features, masks = [], []
    for image in _real_images(samples, "real"):
        height, width = (length // 32 * 32 for length in image.pixels.shape[:2])
        if image.mask is not None and image.mask[:height, :width].any():
            features.append(network_input(image.pixels[:height, :width].copy()).astype("float16"))
            masks.append(image.mask[:height, :width])
    return Labelled(tuple(features), tuple(masks))


def _real_images(samples: Sequence[Sample], origin: str) -> Iterator[CalibrationImage]:
    for sample in samples:
        pixels = load_evidence(sample.path).pixels
        mask = read_mask(sample.mask, sample.mask_colour) if sample.mask else None
        if mask is not None and mask.shape == pixels.shape[:2]:
            yield CalibrationImage(pixels, mask, origin)


def calibration_images(recipe: ForgedRecipe, images: TrainingImages) -> Iterator[CalibrationImage]:
    """Forged and authentic twins of held-out photographs, those photographs untouched, and the real slice."""
    generator = TinyAutoencoder(images.generator) if images.generator else None
    held = PhotoPool(images.photos, held_out=True)
    for side in _CALIBRATION_SIDES:
        stream = _stream(recipe, held, recipe.seed + _CALIBRATION_SEED + side, generator, side)
        for number in range(_CALIBRATION_TWINS):
            for sample in stream.twins(number):
                yield CalibrationImage(sample.pixels, sample.mask, "twins")
    for index in range(min(_CALIBRATION_PHOTOS, len(held))):
        yield CalibrationImage(held.load(index).pixels, None, "photographs")
    for name, samples in images.real.items():
        yield from _real_images(samples, name)
