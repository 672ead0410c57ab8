"""Fit the fusion: cell network, curves, weights, thresholds, each on photographs of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamperlens.evaluation.pixel_metrics import confusion, f1
from tamperlens.examine.cells import MAP_OPINIONS, cell_inputs, map_margins
from tamperlens.examine.fusion import REFERENCE_PIXELS, CellNetwork, Curve, Fusion
from tamperlens.traces import MEASURED
from tamperlens.training.fusion_curves import fit_curve, fit_slope, fit_weights
from tamperlens.training.fusion_image import FusionImage
from tamperlens.training.fusion_set import FusionRecipe
from tamperlens.training.fusion_sources import PARTS, Part
from tamperlens.training.fusion_thresholds import fit_bands

# Cells of each image that the network is fitted to.
_CELLS = 240

Values = NDArray[np.float64]


def fit_cells(
    images: Sequence[FusionImage], inputs: Callable[[FusionImage], NDArray[np.float32]], recipe: FusionRecipe
) -> CellNetwork:
    """Fit the cell network to some cells of each image, altered and other ones alike where there are both."""
    rng = np.random.default_rng(recipe.seed)
    rows = [_draw_cells(rng, inputs(image), image.mask) for image in images]
    features = np.concatenate([row[0] for row in rows])
    truth = np.concatenate([row[1] for row in rows])
    means, scales = features.mean(0), features.std(0) + 1e-3
    torch.manual_seed(recipe.seed)
    widths = [features.shape[1], *recipe.hidden, 1]
    linears = [nn.Linear(a, b) for a, b in pairwise(widths)]
    network = nn.Sequential(*(m for linear in linears for m in (linear, nn.ReLU())))[:-1]
    optimizer = torch.optim.AdamW(network.parameters(), recipe.learning_rate, weight_decay=1e-3)
    x, y = torch.from_numpy((features - means) / scales), torch.from_numpy(truth)
    steps = recipe.epochs * (len(x) // 1024)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(steps, 1))
    for _ in range(recipe.epochs):
        order = torch.randperm(len(x))
        for i in range(len(x) // 1024):
            batch = order[i * 1024 : (i + 1) * 1024]
            loss = nn.functional.binary_cross_entropy_with_logits(network(x[batch])[:, 0], y[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    layers = tuple((layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy()) for layer in linears)
    return CellNetwork(layers, means, scales)


def _draw_cells(
    rng: np.random.Generator, inputs: NDArray[np.float32], mask: NDArray[np.float16]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    flat, share = inputs.reshape(-1, inputs.shape[-1]), mask.ravel().astype(np.float32)
    altered, other = np.flatnonzero(share >= 0.5), np.flatnonzero(share < 0.5)
    half = _CELLS // 2
    picks = [rng.choice(part, min(len(part), half), replace=False) for part in (altered, other)]
    pick = np.concatenate(picks)
    return flat[pick], (share[pick] >= 0.5).astype(np.float32)


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
    network = _recentred(network, [(network(inputs(i)), i.mask) for i in parts["curves"] if i.tampered])
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


def _recentred(
    network: CellNetwork, maps: Sequence[tuple[NDArray[np.float32], NDArray[np.float16]]]
) -> CellNetwork:
    """Shift the log-odds so that one half is the threshold of highest mean F1."""
    shifts = np.arange(-4, 4.01, 0.25)
    scores = [
        np.mean([f1(confusion(logits >= shift, mask >= 0.5)) for logits, mask in maps]) for shift in shifts
    ]
    weight, bias = network.layers[-1]
    best = np.float32(shifts[int(np.argmax(scores))])
    return CellNetwork((*network.layers[:-1], (weight, bias - best)), network.means, network.scales)


def _plain(values: NDArray[np.float32]) -> list[Any]:
    return list(np.round(values.astype(np.float64), 5).tolist())
