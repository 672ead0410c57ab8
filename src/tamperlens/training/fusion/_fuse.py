"""Fit the fusion: cell network, curves, weights, thresholds, each on its own photographs."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine import MAP_OPINIONS, cell_inputs, map_margins
from tamperlens.examine.fused import Curve, Fusion
from tamperlens.examine.networks import REFERENCE_PIXELS
from tamperlens.traces import MEASURED
from tamperlens.training.fusion._fusion_cells import best_shift, fit_cells, shifted
from tamperlens.training.fusion._fusion_curves import fit_curve, fit_slope, fit_weights
from tamperlens.training.fusion._fusion_image import TWINS, FusionImage
from tamperlens.training.fusion._fusion_power import count_power
from tamperlens.training.fusion._fusion_recipe import FusionRecipe
from tamperlens.training.fusion._fusion_routes import Standing, final_llr, fit_standing
from tamperlens.training.fusion._fusion_sources import PARTS, Part, part_of
from tamperlens.training.fusion._fusion_thresholds import fit_bands

Values = NDArray[np.float64]

# How strongly weights are pulled towards 0: a few hundred twins support ten of them.
_RIDGE = 0.003
# Origins that likelihood ratios are learned from. Others differ from altered images by more than an edit.
_COMPARED = (*TWINS, "look-alikes")
# The photographs of the fitted parts divided again, in two.
_HALVES: Mapping[Part, float] = {"network": 0.5, "curves": 0.5}


def fit_fusion(images: Sequence[FusionImage], recipe: FusionRecipe, localizer: str, path: Path) -> None:
    """Fit everything and write the file that `examine.fusion.load_fusion` reads.

    Args:
        images: of every part.
        recipe: settings.
        localizer: SHA-256 of its weight.
        path: JSON file to write.
    """
    traces = tuple(MEASURED)
    parts = _by_part(images)
    fitted = parts["network"] + parts["curves"]
    opinions = [recipe.localizer, *traces]
    whole = {name: _curve(fitted, name) for name in opinions}

    def inputs(image: FusionImage) -> NDArray[np.float32]:
        pixels = image.pixels
        said = {name: whole[name].llr(score, pixels) for name, score in image.scores.items()}
        return cell_inputs(image.planes.astype(np.float32), said, opinions)

    network = fit_cells(fitted, inputs, recipe)
    unseen = _by_the_other_half(fitted, inputs, recipe)
    shift = best_shift([(unseen[id(one)], one.mask) for one in fitted if one.tampered])
    network = shifted(network, shift)
    # A map's opinion on the images it was fitted to comes from a network that never saw them.
    fitted = [with_margins(one, unseen[id(one)] - shift) for one in fitted]
    held = {
        part: [with_margins(one, network(inputs(one))) for one in parts[part]]
        for part in ("thresholds", "test")
    }
    curves = dict(whole)
    curves |= {name: _curve(fitted, name) for name in MAP_OPINIONS}
    names = list(curves)
    compared = [one for one in fitted if one.origin in _COMPARED]
    weights, offset = fit_weights(
        _llrs(compared, curves, names), np.array([image.tampered for image in compared]), _RIDGE
    )

    def total(image: FusionImage) -> float:
        return float(_llrs([image], curves, names)[0] @ weights + offset)

    standing = fit_standing(fitted, fitted, total)

    def llr(image: FusionImage) -> float:
        return final_llr(image, total(image), standing)

    bands = fit_bands(held["thresholds"], llr)
    content = {
        "traces": list(traces),
        "cells": {
            "means": _plain(network.means), "scales": _plain(network.scales),
            "layers": [{"weight": _plain(weight), "bias": _plain(bias)} for weight, bias in network.layers],
        },
        "detail": 0.5,
        "curves": {
            name: {**vars(curve), "weight": round(float(weight), 4)}
            for (name, curve), weight in zip(curves.items(), weights, strict=True)
        },
        "offset": round(offset, 4),
        "total": vars(standing.total),
        "routes": {name: vars(rarity) for name, rarity in standing.routes.items()},
        "bands": [vars(band) for band in bands],
        "power": [vars(one) for one in count_power(held["thresholds"] + held["test"], llr, bands)],
        "training": {
            "recipe": recipe.model_dump(),
            "localizer": localizer,
            "images": {part: len(inside) for part, inside in parts.items()},
        },
    }  # fmt: skip
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def _by_the_other_half(
    images: Sequence[FusionImage], inputs: Callable[[FusionImage], NDArray[np.float32]], recipe: FusionRecipe
) -> dict[int, NDArray[np.float32]]:
    """Log-odds of each image's cells, by its `id`, from a network fitted to the other half's photographs."""
    first = [part_of(one.photo, recipe.seed + 1, _HALVES) == "network" for one in images]
    said: dict[int, NDArray[np.float32]] = {}
    for half in (True, False):
        network = fit_cells(
            [one for one, own in zip(images, first, strict=True) if own == half], inputs, recipe
        )
        others = [one for one, own in zip(images, first, strict=True) if own != half]
        said |= {id(one): network(inputs(one)) for one in others}
    return said


def with_margins(image: FusionImage, cells: NDArray[np.float32]) -> FusionImage:
    """The image with what its fused map says about it as a whole."""
    return replace(image, scores={**image.scores, **map_margins(cells)})


def score_image(image: FusionImage, fusion: Fusion) -> tuple[float, NDArray[np.float32]]:
    """A fitted fusion's result for a measured image: log-likelihood ratio, and log-odds of the cells."""
    curves = fusion.curves
    pixels = image.pixels
    said = {name: curves[name].llr(score, pixels) for name, score in image.scores.items()}
    opinions = (str(fusion.training["recipe"]["localizer"]), *fusion.traces)
    cells = fusion.cells(cell_inputs(image.planes.astype(np.float32), said, opinions))
    scores = {**image.scores, **map_margins(cells)}
    llr = fusion.offset + sum(curves[n].weight * curves[n].llr(score, pixels) for n, score in scores.items())
    return final_llr(image, llr, Standing(fusion.total, fusion.routes)), cells


def _by_part(images: Sequence[FusionImage]) -> dict[Part, list[FusionImage]]:
    return {part: [image for image in images if image.part == part] for part in PARTS}


def _curve(images: Sequence[FusionImage], name: str) -> Curve:
    """From twins, which differ only by the edit, and look-alikes; the slope is from all authentic images."""
    asked = [image for image in images if name in image.scores]
    raw = np.array([image.scores[name] for image in asked])
    pixels = np.array([float(image.pixels) for image in asked])
    altered = np.array([image.tampered for image in asked])
    slope = fit_slope(raw[~altered], pixels[~altered])
    compared = np.array([image.origin in _COMPARED for image in asked])
    reference = raw - slope * np.log2(pixels / REFERENCE_PIXELS)
    return fit_curve(reference[compared], altered[compared], slope)


def _llrs(images: Sequence[FusionImage], curves: Mapping[str, Curve], names: Sequence[str]) -> Values:
    return np.array([
        [
            curves[name].llr(image.scores[name], image.pixels) if name in image.scores else 0.0
            for name in names
        ]
        for image in images
    ])  # fmt: skip


def _plain(values: NDArray[np.float32]) -> list[Any]:
    return list(np.round(values.astype(np.float64), 5).tolist())
