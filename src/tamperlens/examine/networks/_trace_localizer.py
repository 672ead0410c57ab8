"""Running the trace localizer: tiles → features → statistics of the whole image → map and verdict.

Features are computed tile by tile and kept; the statistics that they are compared with are those of the whole
image. So a large image is judged as if it had been read in one piece.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._mask_threshold import mask_threshold
from tamperlens.examine.networks._localizer import Localization, LocalizerDetector
from tamperlens.examine.networks._tiling import tile_starts
from tamperlens.examine.networks._weights import Weight
from tamperlens.inputs import (
    BLOCK,
    MeasuredMaps,
    coefficient_input,
    measured_maps,
)
from tamperlens.odds import sigmoid

Floats = NDArray[np.float32]

# The encoder's coarsest features cover squares of 32 × 32 pixels.
_MULTIPLE = 32
# Cells on either side of a strip that influence the result in it.
_MARGIN = 4
# The majority is found in two rounds; in the second, places that resemble the mean weigh more.
_TURNS, _SHARPNESS = 2, 8.0


class TraceLocalizerDetector(LocalizerDetector):
    """Runs one weight of the trace localizer.

    Args:
        weight: checked weight.
        threads: threads of ONNX Runtime, 0 for all cores.
    """

    def __init__(self, weight: Weight, threads: int = 0) -> None:
        super().__init__(weight)
        self._tile, self._overlap = int(weight.features["tile"]), int(weight.features["overlap"])
        self._session = weight.session(threads)

    def mask_threshold(self, probabilities: Floats) -> float:
        """The threshold with the highest expected F1 in this image."""
        return mask_threshold(probabilities)

    def localize(self, evidence: Evidence, measured: MeasuredMaps | None = None) -> Localization:
        """Say where an image was altered, from its traces and the network's own features."""
        maps = measured_maps(evidence) if measured is None else measured
        coefficients = coefficient_input(
            evidence.coefficients(), evidence.height, evidence.width, evidence.orientation
        )
        valid = np.array([[coefficients.exist, *maps.valid]], np.float32)
        whole = {
            "steps": coefficients.steps[None],
            "histogram": coefficients.histogram()[None],
            "valid": valid,
        }
        coarse, fine, described = self._features(evidence.pixels, coefficients.levels, maps.values, whole)
        statistics = whole_statistics(coarse, described)
        logits, decidable, pooled = self._judged(coarse, fine, described, statistics)
        (image,) = self._session.run(["image"], {"pooled": np.concatenate([pooled, valid], 1)})
        places = cv2.resize(sigmoid(logits), None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
        probabilities = np.array(places[: evidence.height, : evidence.width], np.float32)
        return Localization(probabilities, float(image[0, 0]), sigmoid(decidable))

    def _features(
        self,
        pixels: NDArray[np.uint8],
        levels: NDArray[np.uint8],
        measured: NDArray[np.uint8],
        whole: dict[str, Floats],
    ) -> tuple[Floats, Floats, Floats]:
        """Features of the whole image at strides 8, 4 and 8, each (C, h, w) float32.

        Args:
            pixels: (H, W, 3) uint8.
            levels: levels of `CoefficientInput`.
            measured: values of `MeasuredMaps`.
            whole: inputs that every tile shares.
        """
        height, width = pixels.shape[:2]
        rows, columns = -(-height // BLOCK), -(-width // BLOCK)
        tops, lefts = (_starts(side, self._tile, self._overlap) for side in (height, width))
        features: list[Floats] = []
        for top, below in _inner(tops, self._tile, rows):
            for left, right in _inner(lefts, self._tile, columns):
                window = (top, left, self._tile)
                parts = self._of_tile(pixels, levels, measured, window, whole)
                features = features or [
                    np.empty((len(part), s * rows, s * columns), np.float32)
                    for part, s in zip(parts, (1, 2, 1), strict=True)
                ]
                for kept, part, s in zip(features, parts, (1, 2, 1), strict=True):
                    a, b = s * below[0], s * right[0]
                    c, d = s * below[1], s * right[1]
                    kept[:, a:c, b:d] = part[:, a - s * top // BLOCK : c - s * top // BLOCK,
                                             b - s * left // BLOCK : d - s * left // BLOCK]  # fmt: skip
        coarse, fine, described = features
        return coarse, fine, described

    def _of_tile(
        self,
        pixels: NDArray[np.uint8],
        levels: NDArray[np.uint8],
        measured: NDArray[np.uint8],
        window: tuple[int, int, int],
        whole: dict[str, Floats],
    ) -> list[Floats]:
        top, left, side = window
        part = pixels[top : top + side, left : left + side]
        height, width = (-(-n // _MULTIPLE) * _MULTIPLE for n in part.shape[:2])
        cells = np.s_[:, top // BLOCK : (top + height) // BLOCK, left // BLOCK : (left + width) // BLOCK]
        given = {
            "pixels": _continued(part.transpose(2, 0, 1), height, width)[None] / np.float32(255),
            "levels": _continued(levels[cells], height // BLOCK, width // BLOCK)[None],
            "measured": _continued(measured[cells], height // BLOCK, width // BLOCK)[None] / np.float32(255),
            **whole,
        }
        return [each[0] for each in self._session.run(["coarse", "fine", "described"], given)]

    def _judged(
        self, coarse: Floats, fine: Floats, described: Floats, statistics: dict[str, Floats]
    ) -> tuple[Floats, Floats, Floats]:
        """Log-odds of map and reliability, and the inputs of the image's verdict, computed strip by strip."""
        rows = coarse.shape[1]
        step = max(1, self._tile * self._tile // BLOCK**2 // coarse.shape[2])
        logits, decidable, sums, highest = [], [], [], []
        for top in range(0, rows, step):
            first, last = max(0, top - _MARGIN), min(rows, top + step + _MARGIN)
            given = {
                "given_coarse": coarse[None, :, first:last],
                "given_fine": fine[None, :, 2 * first : 2 * last],
                "given_described": described[None, :, first:last],
                **statistics,
            }
            found = self._session.run(["logits", "decidable", "judged"], given)
            inside = slice(top - first, min(rows, top + step) - first)
            logits.append(found[0][0, 0, 2 * inside.start : 2 * inside.stop])
            decidable.append(found[1][0, 0, inside])
            judged = found[2][0, :, inside]
            sums.append(judged.sum((1, 2)))
            highest.append(judged.max((1, 2)))
        map_, mean = np.concatenate(logits), np.sum(sums, 0) / (rows * coarse.shape[2])
        pooled = np.concatenate([mean, np.max(highest, 0), _heights(map_)])[None].astype(np.float32)
        return map_, np.concatenate(decidable), pooled


def whole_statistics(coarse: Floats, described: Floats) -> dict[str, Floats]:
    """Statistics that each place is compared with; the same as `models.trace_localizer.whole_statistics`.

    Args:
        coarse: (C, h, w) float32.
        described: (c, h, w) float32 with norm 1 along the first axis.
    """
    mean = coarse.mean((1, 2), keepdims=True)
    deviation = np.sqrt(np.square(coarse - mean).mean((1, 2), keepdims=True) + np.float32(1e-3))
    places = described.reshape(len(described), -1)
    majority = _unit(places.mean(1))
    for _ in range(_TURNS):
        alike = _SHARPNESS * (majority @ places)
        weight = np.exp(alike - alike.max())
        majority = _unit(places @ (weight / weight.sum()))
    return {"mean": mean[None], "deviation": deviation[None], "majority": majority[None, :, None, None]}


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-4), np.float32)


def _heights(logits: Floats) -> Floats:
    """Five numbers: how high a map is, and how much of it; the same as `models.trace_localizer.pooled`."""
    clipped, probability = np.clip(logits, -20, 20), sigmoid(logits)
    highest = float(clipped.max())
    total = highest + float(np.log(np.exp(clipped - highest).sum(dtype=np.float64)))
    heights = [logits.max() / 4, logits.mean() / 4, probability.mean(), np.square(probability).mean()]
    return np.array([*heights, total / 10], np.float32)


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """First pixel of each tile, on the coarsest grid, so that tiles give the same features as the whole."""
    return [-(-start // _MULTIPLE) * _MULTIPLE for start in tile_starts(length, tile, overlap)]


def _inner(starts: list[int], tile: int, cells: int) -> list[tuple[int, tuple[int, int]]]:
    """Start of each tile, and the cells that are taken from it: up to the middle of each overlap."""
    middles = [(a + tile + b) // 2 // BLOCK for a, b in pairwise(starts)]
    edges = [0, *middles, cells]
    return [(start, (edges[i], edges[i + 1])) for i, start in enumerate(starts)]


def _continued(part: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """A part (C, h, w) extended by reflection to a size, however small it is."""
    below, right = height - part.shape[1], width - part.shape[2]
    return np.pad(part, ((0, 0), (0, below), (0, right)), mode="symmetric") if below or right else part
