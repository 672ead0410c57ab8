"""A trained trace localizer → its weight: exported, its thresholds chosen on validation pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tamperlens.models import TraceLocalizer
from tamperlens.training._calibrate_localizer import Reading, calibration_of, f1_by_threshold
from tamperlens.training._fit import read_log
from tamperlens.training._manifest import PHOTOGRAPHS, Manifest
from tamperlens.training._trace_export import export_trace_localizer
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training._trace_task import Judged, answer


def finish_trace_localizer(
    model: TraceLocalizer, recipe: TraceRecipe, validation: Sequence[Judged], run: Path
) -> Path:
    """Write `NAME.onnx` and its manifest into the run's folder.

    The mask's threshold is that with the highest mean F1, with equal weight for each kind of made picture and
    each development set. The probability is fitted to made pictures, the outcome thresholds hold in every
    group; `tamperlens fuse` replaces them by those from a larger set.

    Args:
        model: in its final state.
        recipe: the recipe it was made by.
        validation: pictures, and images of development sets under names of their own.
        run: folder of the run.
    """
    path = run / f"{recipe.name}.onnx"
    parity = export_trace_localizer(model, path, half=True)
    readings = [_read(model, image) for image in validation]
    chosen = calibration_of(readings)
    log = read_log(run)
    features: dict[str, Any] = {"tile": recipe.inference.tile, "overlap": recipe.inference.overlap}
    training = {
        "recipe": recipe.model_dump(),
        "images": {"train": log[-1]["sample"], "validation": chosen.images},
        "validation": dict(chosen.figures),
        "best_sample": max(log, key=lambda line: line["score"])["sample"],
        "seconds": log[-1]["seconds"],
        "parity": parity,
    }
    manifest = Manifest.of(recipe.system, path, PHOTOGRAPHS, features, training)
    manifest = manifest.calibrated(chosen.calibration)
    return manifest.write(run, recipe.name)


def _read(model: TraceLocalizer, image: Judged) -> Reading:
    probabilities, margin = answer(model, image)
    mask = image.mask.numpy()
    altered = bool(mask.any())
    origin = image.group if image.real else "twins"
    return Reading(origin, altered, {"image": margin}, f1_by_threshold(probabilities, mask))
