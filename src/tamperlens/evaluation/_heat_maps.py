"""How well a heat map that was never taught where to look marks the altered area."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evaluation._pixel_metrics import confusion, iou

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Share of the image that counts as its highest attention.
TOP_SHARE = 0.1
_THRESHOLDS = np.linspace(0, 0.95, 20)


@dataclass(frozen=True)
class MapFigures:
    """Figures of one map on one tampered image.

    Attributes:
        iou: intersection over union of mask and map at the threshold.
        precision: share of the marked area that is altered; 0 when nothing is marked.
        recall: share of the altered area that is marked.
        top_inside: altered share of the tenth of the image with the highest values.
        lift: the same over the altered share of the whole image; 1 is chance.
    """

    iou: float
    precision: float
    recall: float
    top_inside: float
    lift: float


def enlarge(values: Map, shape: tuple[int, int]) -> Map:
    """A map (h, w) in 0..1 enlarged to an image's (height, width), bilinear."""
    size = (shape[1], shape[0])
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))


def best_threshold(maps: Sequence[Map], masks: Sequence[Mask]) -> float:
    """The threshold with the highest mean IoU, in steps of 0.05; 0 marks everything.

    Args:
        maps: (h, w) in 0..1, of any resolution.
        masks: (H, W), True where altered.
    """
    full = [enlarge(values, mask.shape) for values, mask in zip(maps, masks, strict=True)]
    means = [
        np.mean([iou(confusion(values >= t, mask)) for values, mask in zip(full, masks, strict=True)])
        for t in _THRESHOLDS
    ]
    return float(_THRESHOLDS[int(np.argmax(means))])


def map_figures(values: Map, mask: Mask, threshold: float) -> MapFigures:
    """Compare one map with the mask.

    Args:
        values: (h, w) in 0..1, of any resolution.
        mask: (H, W), True where altered; not empty.
        threshold: from `best_threshold` on other images.
    """
    full = enlarge(values, mask.shape)
    counts = confusion(full >= threshold, mask)
    both, calls, missed = (int(counts[i]) for i in range(3))
    inside = _top_inside(full, mask)
    return MapFigures(
        iou=float(iou(counts)),
        precision=both / max(1, both + calls),
        recall=both / (both + missed),
        top_inside=inside,
        lift=inside / float(mask.mean()),
    )


def _top_inside(values: Map, mask: Mask) -> float:
    """Of the pixels at the limiting value, only the share that fits counts."""
    wanted = TOP_SHARE * values.size
    limit = np.partition(values.ravel(), -max(1, round(wanted)))[-max(1, round(wanted))]
    above, level = values > limit, values == limit
    rest = (wanted - above.sum()) / max(1, level.sum())
    return float((mask[above].sum() + rest * mask[level].sum()) / wanted)


def centre_map(side: int = 14) -> Map:
    """A map that ignores the image: bright in the middle, where photographs have their object."""
    steps = np.linspace(-1, 1, side, dtype=np.float32)
    squared = steps[:, None] ** 2 + steps[None] ** 2
    return np.asarray(np.exp(-2 * squared), np.float32)
