"""From a recipe and samples to a calibrated weight in a folder."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from tamperlens.data import HELD_OUT_DRAW, Sample, Split
from tamperlens.errors import DatasetError
from tamperlens.evaluation import Protocol, classification_metrics
from tamperlens.evidence import load_evidence
from tamperlens.examine.networks import Calibration, Domain, lower_threshold, upper_threshold
from tamperlens.training._calibrate_localizer import fit_platt
from tamperlens.training._classifier_task import LabelledTensors, fit_classifier, predict_logits
from tamperlens.training._classifiers import Classifier, classifier_of
from tamperlens.training._device import choose_device
from tamperlens.training._features import cached_features
from tamperlens.training._fit import Advance, read_log
from tamperlens.training._manifest import Manifest
from tamperlens.training._recipe import ChainRecipe, MultiFusionRecipe, Recipe


@dataclass(frozen=True)
class Progress:
    """Where a run reports its progress.

    Attributes:
        extracting: called with (images finished since the last call, images in all).
        epoch: called with an epoch's figures.
    """

    extracting: Callable[[int, int], None] = lambda _done, _total: None
    epoch: Advance = lambda _figures: None


def train_recipe(
    recipe: Recipe | MultiFusionRecipe,
    samples: Sequence[Sample],
    split: Split,
    run: Path,
    cache: Path,
    device: str = "auto",
    progress: Progress | None = None,
    denoiser: Path | None = None,
) -> Path:
    """Train, calibrate on the validation part and export.

    Args:
        recipe: settings.
        samples: all samples of the dataset.
        split: its division; the test part is not touched.
        run: folder for log, checkpoints, `<name>.onnx` and its manifest `<name>.json`.
        cache: folder for computed features, shared between runs.
        device: "auto", "cpu", "cuda" or "mps".
        progress: where to report.
        denoiser: for MultiFusion, file of the trained DnCNN.

    Returns:
        The folder `run`, ready for `examine.load_weight(recipe.name, run)`.
    """
    progress = progress or Progress()
    where = choose_device(device)
    classifier = classifier_of(recipe, denoiser, cache)
    if len({samples[i].tampered for i in split.validation}) < 2:
        raise DatasetError(
            "the validation part needs authentic and tampered images; the dataset is too small"
        )
    train, validation = _tensors(recipe, classifier, samples, split, cache, progress)
    torch.manual_seed(recipe.seed)
    model = fit_classifier(classifier.network(), train, validation, recipe, run, where, progress.epoch)
    epochs = read_log(run)

    logits = predict_logits(model, validation.tensors, where, recipe)
    margins = logits[:, 1] - logits[:, 0]
    calibration = calibrate(margins, validation.labels)
    scores = np.array([calibration.probability(float(margin)) for margin in margins])
    figures = classification_metrics(validation.labels, scores)
    model_path = run / f"{recipe.name}.onnx"
    classifier.export(model, model_path)
    domain = _domain(samples[split.train[0]], recipe.chain)
    training = {
        "recipe": recipe.model_dump(),
        "images": {part: len(getattr(split, part)) for part in ("train", "validation", "test")},
        "validation": {name: round(figures[name], 4) for name in ("accuracy", "auc")},
        "epochs": len(epochs),
        "seconds": epochs[-1]["seconds"],
    }
    manifest = Manifest.of(recipe.system, model_path, domain, classifier.settings(), training)
    manifest.calibrated(calibration).write(run, recipe.name)
    return run


def _tensors(
    recipe: Recipe | MultiFusionRecipe,
    classifier: Classifier,
    samples: Sequence[Sample],
    split: Split,
    cache: Path,
    progress: Progress,
) -> tuple[LabelledTensors, LabelledTensors]:
    chain = recipe.chain.chain() if recipe.chain else None
    labels = np.array([sample.tampered for sample in samples], dtype=np.int64)
    draws = range(recipe.chain.draws) if recipe.chain else [0]
    held_draws = [HELD_OUT_DRAW] if chain else draws

    def part(indices: tuple[int, ...], seeds: Sequence[int]) -> LabelledTensors:
        chosen = [samples[i] for i in indices]
        advance: Callable[[int], None] = lambda n: progress.extracting(n, len(chosen))  # noqa: E731
        tensors = cached_features(chosen, classifier.extractor, chain, seeds, cache, advance)
        return LabelledTensors(classifier.prepare(tensors, advance), labels[list(indices)])

    return part(split.train, draws), part(split.validation, held_draws)


def calibrate(margins: NDArray[np.float32], labels: NDArray[np.int64]) -> Calibration:
    """Fit probability and outcome thresholds on validation margins.

    Args:
        margins: (N,) logit(tampered) − logit(authentic).
        labels: (N,) 0 authentic, 1 tampered; both must occur.
    """
    neutral = Calibration(*fit_platt(margins, labels), 1.0, 0.0)
    scores = np.array([neutral.probability(float(margin)) for margin in margins])
    return Calibration(
        neutral.scale,
        neutral.offset,
        upper_threshold([float(s) for s in scores[labels == 0]], neutral.false_alarm_rate),
        lower_threshold([float(s) for s in scores[labels == 1]], neutral.miss_rate),
    )


def _domain(sample: Sample, chain: ChainRecipe | None) -> Domain:
    """Images similar to validation's: a benchmark's images share one size, and the chain sets the quality."""
    evidence = load_evidence(sample.path)
    pixels = evidence.width * evidence.height
    low, high = (chain.low, chain.high) if chain else (1, 100)
    return Domain(
        min_pixels=pixels // 4,
        max_pixels=pixels * 4,
        formats=(evidence.format,),
        min_quality=low,
        max_quality=high,
        max_aspect=2.0,
        described=f"{evidence.format} images of quality {low}–{high}, about "
        f"{evidence.width}×{evidence.height} pixels",
    )


def protocol_trainer(
    recipe: Recipe | MultiFusionRecipe,
    protocol: Protocol,
    samples: Sequence[Sample],
    runs: Path,
    device: str = "auto",
    progress: Progress | None = None,
    denoiser: Path | None = None,
) -> Callable[[Split, int], Path]:
    """The function by which `evaluation.evaluate_protocol` gets a weight for a division and a seed.

    The protocol's chain replaces the recipe's own; the recipe's number of draws is kept.
    """

    def train(split: Split, seed: int) -> Path:
        chain = None
        if protocol.chain:
            draws = recipe.chain.draws if recipe.chain else ChainRecipe().draws
            chain = ChainRecipe(**asdict(protocol.chain), draws=draws)
        seeded = recipe.model_copy(update={"seed": seed, "chain": chain})
        folder = runs / f"{recipe.name}-{protocol.name}-{seed}"
        return train_recipe(seeded, samples, split, folder, runs / "cache", device, progress, denoiser)

    return train
