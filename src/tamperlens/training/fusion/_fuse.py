"""Fit the fusion: cell network, curves, weights, thresholds, each on photographs of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine import MAP_OPINIONS, cell_inputs, map_margins
from tamperlens.examine.fused import Curve, Fusion
from tamperlens.examine.networks import REFERENCE_PIXELS
from tamperlens.traces import MEASURED
from tamperlens.training.fusion._fusion_cells import fit_cells, recentred
from tamperlens.training.fusion._fusion_curves import fit_curve, fit_slope, fit_weights
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_recipe import FusionRecipe
from tamperlens.training.fusion._fusion_sources import PARTS, Part
from tamperlens.training.fusion._fusion_thresholds import fit_bands

Values = NDArray[np.float64]


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
    opinions = [recipe.localizer, *traces]
    whole = {name: _curve(parts["network"] + parts["curves"], name) for name in opinions}

    def inputs(image: FusionImage) -> NDArray[np.float32]:
        pixels = image.pixels
        said = {name: whole[name].llr(score, pixels) for name, score in image.scores.items()}
        return cell_inputs(image.planes.astype(np.float32), said, opinions)

    network = fit_cells(parts["network"], inputs, recipe)
    network = recentred(network, [(network(inputs(i)), i.mask) for i in parts["curves"] if i.tampered])
    parts = _by_part([
        replace(image, scores={**image.scores, **map_margins(network(inputs(image)))}) for image in images
    ])  # fmt: skip
    curves = dict(whole)
    curves |= {name: _curve(parts["curves"], name) for name in MAP_OPINIONS}
    names = list(curves)
    weights, offset = fit_weights(
        _llrs(parts["curves"], curves, names), np.array([image.tampered for image in parts["curves"]])
    )

    def llr(image: FusionImage) -> float:
        return float(_llrs([image], curves, names)[0] @ weights + offset)

    content = {
        "traces": list(traces),
        "cells": {
            "means": _plain(network.means), "scales": _plain(network.scales),
            "layers": [{"weight": _plain(weight), "bias": _plain(bias)} for weight, bias in network.layers],
        },
        "detail": 0.5,
        "mask_threshold": 0.5,
        "curves": {
            name: {**vars(curve), "weight": round(float(weight), 4)}
            for (name, curve), weight in zip(curves.items(), weights, strict=True)
        },
        "offset": round(offset, 4),
        "bands": [vars(band) for band in fit_bands(parts["thresholds"], llr)],
        "training": {
            "recipe": recipe.model_dump(),
            "localizer": localizer,
            "images": {part: len(inside) for part, inside in parts.items()},
        },
    }  # fmt: skip
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def score_image(image: FusionImage, fusion: Fusion) -> tuple[float, NDArray[np.float32]]:
    """What a fitted fusion makes of a measured image: its log-likelihood ratio and the cells' log-odds."""
    curves = fusion.curves
    pixels = image.pixels
    said = {name: curves[name].llr(score, pixels) for name, score in image.scores.items()}
    opinions = (str(fusion.training["recipe"]["localizer"]), *fusion.traces)
    cells = fusion.cells(cell_inputs(image.planes.astype(np.float32), said, opinions))
    scores = {**image.scores, **map_margins(cells)}
    llr = fusion.offset + sum(curves[n].weight * curves[n].llr(score, pixels) for n, score in scores.items())
    return llr, cells


def _by_part(images: Sequence[FusionImage]) -> dict[Part, list[FusionImage]]:
    return {part: [image for image in images if image.part == part] for part in PARTS}


def _curve(images: Sequence[FusionImage], name: str) -> Curve:
    """From twins alone: nothing but the edit tells them apart. The slope is of all authentic images."""
    asked = [image for image in images if name in image.scores]
    raw = np.array([image.scores[name] for image in asked])
    pixels = np.array([float(image.pixels) for image in asked])
    altered = np.array([image.tampered for image in asked])
    slope = fit_slope(raw[~altered], pixels[~altered])
    twins = np.array([image.origin == "twins" for image in asked])
    reference = raw - slope * np.log2(pixels / REFERENCE_PIXELS)
    return fit_curve(reference[twins], altered[twins], slope)


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
