"""What MultiFusion's card compares: heat maps and masks, paired tests, a surveillance camera's conditions.

The conditions were proposed but not tested in MultiFusion's paper; of each range, the ends and the middle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import stats

from tamperlens.evaluation._conditions import gaussian_noise
from tamperlens.evaluation._pixel_metrics import confusion, iou
from tamperlens.evidence import recompress

Pixels = NDArray[np.uint8]
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


def centre_map() -> Map:
    """A map that ignores the image: bright in the middle, where photographs have their object."""
    steps = np.linspace(-1, 1, 14, dtype=np.float32)
    squared = steps[:, None] ** 2 + steps[None] ** 2
    return np.asarray(np.exp(-2 * squared), np.float32)


def mcnemar(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> float:
    """P-value of both being right equally often, exact, from the images that only one got right.

    >>> mcnemar(np.array([True] * 9 + [False]), np.array([True, False] * 5))
    0.125

    Reference: Q. McNemar, "Note on the sampling error of the difference between correlated proportions"
    (1947).
    """
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    if only_first + only_second == 0:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second).pvalue)


def paired_t(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """P-value of both having the same mean, for measurements on the same images or seeds."""
    difference = first - second
    if len(difference) < 2 or np.ptp(difference) == 0:
        return 1.0 if not difference.any() else 0.0
    return float(stats.ttest_rel(first, second).pvalue)


def holm(p_values: list[float]) -> list[float]:
    """P-values corrected for their number, step by step from the smallest.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]

    Reference: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(np.argsort(p_values)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return corrected


def salt_and_pepper(pixels: Pixels, share: float) -> Pixels:
    """Turn a share of the pixels black or white, half each."""
    draws = np.random.default_rng(0).random(pixels.shape[:2])
    changed = pixels.copy()
    changed[draws < share / 2] = 0
    changed[draws > 1 - share / 2] = 255
    return changed


def motion_blur(pixels: Pixels, length: int) -> Pixels:
    """Mean over `length` neighbours in a row, an odd number; the edge is mirrored."""
    half = length // 2
    padded = np.pad(pixels.astype(np.float64), ((0, 0), (half, half), (0, 0)), mode="symmetric")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0), (0, 0))), axis=1)
    return np.rint((sums[:, length:] - sums[:, :-length]) / length).astype(np.uint8)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resized to a camera's resolution, whatever the shape was."""
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


# Name for tables → what is done to the pixels.
CONDITIONS: dict[str, Callable[[Pixels], Pixels]] = {
    "none": lambda pixels: pixels,
    "Gaussian noise σ 5": lambda pixels: gaussian_noise(pixels, 5),
    "Gaussian noise σ 15": lambda pixels: gaussian_noise(pixels, 15),
    "Gaussian noise σ 25": lambda pixels: gaussian_noise(pixels, 25),
    "salt and pepper 1 %": lambda pixels: salt_and_pepper(pixels, 0.01),
    "salt and pepper 5 %": lambda pixels: salt_and_pepper(pixels, 0.05),
    "JPEG 90": lambda pixels: recompress(pixels, 90),
    "JPEG 80": lambda pixels: recompress(pixels, 80),
    "JPEG 70": lambda pixels: recompress(pixels, 70),
    "motion blur 5 px": lambda pixels: motion_blur(pixels, 5),
    "motion blur 9 px": lambda pixels: motion_blur(pixels, 9),
    "motion blur 15 px": lambda pixels: motion_blur(pixels, 15),
    "640 × 480": lambda pixels: resized(pixels, 640, 480),
    "320 × 240": lambda pixels: resized(pixels, 320, 240),
}
