"""What a benchmark keeps of each image, and the figures of all images with their intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from tamperlens.evaluation import _pixel_metrics as pixel
from tamperlens.evaluation._metrics import bootstrap_interval

Values = NDArray[np.float64]

# Mean over tampered images with a mask.
PER_IMAGE = ("f1_fixed", "f1_half", "f1_best", "iou", "mcc", "ap_per_image", "auc_per_image")
# Of all their pixels together, in which large images and large alterations count for more.
POOLED = ("f1_fixed_pooled", "f1_half_pooled", "f1_best_pooled", "iou_pooled", "mcc_pooled", "ap_pooled",
          "auc_pooled")  # fmt: skip
IMAGE = ("image_auc", "balanced_accuracy", "false_alarm_rate", "miss_rate")
# Upper bound of the altered share of the image → name.
AREAS = {0.01: "< 1 %", 0.05: "1–5 %", 0.15: "5–15 %", 1.0: "> 15 %"}


@dataclass(frozen=True)
class PixelTally:
    """Pixels of one tampered image.

    Attributes:
        fixed: true positives, false positives, false negatives, true negatives at the frozen threshold.
        half: the same at 0.5.
        levels: (2, 4096) histograms of the probabilities of authentic and of altered pixels.
    """

    fixed: NDArray[np.int64] = field(repr=False)
    half: NDArray[np.int64] = field(repr=False)
    levels: NDArray[np.int32] = field(repr=False)

    @property
    def area(self) -> float:
        """Altered share of the image, 0..1."""
        return float((self.fixed[0] + self.fixed[2]) / self.fixed.sum())


@dataclass(frozen=True)
class ImageTally:
    """One image.

    Attributes:
        tampered: whether it was altered.
        kind: of the alteration, "authentic" without.
        score: image score, 0..1.
        pixels: None for authentic images, which have no pixel F1, and for those without a usable mask.
    """

    tampered: bool
    kind: str
    score: float
    pixels: PixelTally | None


def tally_pixels(
    probabilities: NDArray[np.float32], truth: NDArray[np.bool_], threshold: float
) -> PixelTally:
    """Count one tampered image.

    Args:
        probabilities: (H, W) float32 in 0..1.
        truth: (H, W) bool, True where altered, somewhere at least.
        threshold: probability from which a pixel counts as altered, frozen before the image was seen.

    Raises:
        ValueError: sizes differ, or the truth marks nothing: an authentic image has no pixel F1.
    """
    if probabilities.shape != truth.shape:
        raise ValueError(f"the map is {probabilities.shape}, the mask {truth.shape}; both must be (H, W)")
    if not truth.any():
        raise ValueError("the mask marks nothing; count the image as authentic or leave it out")
    return PixelTally(
        fixed=pixel.confusion(probabilities >= threshold, truth),
        half=pixel.confusion(probabilities >= 0.5, truth),
        levels=pixel.histograms(probabilities, truth),
    )


def localization_metrics(
    tallies: Sequence[ImageTally], groups: Sequence[int], image_threshold: float, draws: int = 500
) -> dict[str, Any]:
    """All figures of a benchmark.

    Args:
        tallies: one an image.
        groups: number of each image's source group, which is resampled as a whole.
        image_threshold: score from which an image is called tampered, frozen before the images were seen.
        draws: of the bootstrap.

    Returns:
        "figures": each name of `PER_IMAGE`, `POOLED` and `IMAGE` → {"value", "low", "high"}, the latter two a
        95 % interval; "by_area" and "by_kind": name → {"images", the figures of `PER_IMAGE`, "miss_rate"}.
        None where a figure is undefined: image AUC without authentic images, say.
    """
    table = _Table.of(tallies, image_threshold)
    everything = np.arange(len(tallies))
    values = table.figures(everything)
    low, high = bootstrap_interval(table.figures, groups, draws)
    names = (*PER_IMAGE, *POOLED, *IMAGE)
    return {
        "figures": {
            name: {"value": _plain(values[i]), "low": _plain(low[i]), "high": _plain(high[i])}
            for i, name in enumerate(names)
        },
        "by_area": _parts(table, [_area_name(one) for one in tallies], AREAS.values()),
        "by_kind": _parts(table, [one.kind if one.tampered else "" for one in tallies]),
    }


def image_figures(tampered: NDArray[np.bool_], scores: Values, threshold: float) -> list[float]:
    """The figures of `IMAGE`; NaN for what needs a class that is absent."""
    called = scores >= threshold
    false_alarms = float(called[~tampered].mean()) if not tampered.all() else np.nan
    misses = float((~called[tampered]).mean()) if tampered.any() else np.nan
    both = np.isfinite(false_alarms + misses)
    auc = float(roc_auc_score(tampered, scores)) if both else np.nan
    return [auc, 1 - (false_alarms + misses) / 2, false_alarms, misses]


@dataclass(frozen=True)
class _Table:
    """All images as arrays, so that a resample costs milliseconds."""

    tampered: NDArray[np.bool_]
    scores: Values
    threshold: float
    located: NDArray[np.intp]  # images with a PixelTally
    per_image: Values  # (7, located)
    fixed: Values  # (located, 4)
    half: Values
    levels: Values  # (located, 2 · LEVELS)

    @classmethod
    def of(cls, tallies: Sequence[ImageTally], threshold: float) -> "_Table":
        located = [i for i, one in enumerate(tallies) if one.pixels]
        pixels = [one.pixels for one in tallies if one.pixels]
        fixed = np.array([one.fixed for one in pixels], np.float64).reshape(-1, 4)
        half = np.array([one.half for one in pixels], np.float64).reshape(-1, 4)
        per_image = [_figures(one.fixed, one.half, one.levels) for one in pixels]
        return cls(
            tampered=np.array([one.tampered for one in tallies], bool),
            scores=np.array([one.score for one in tallies], np.float64),
            threshold=threshold,
            located=np.array(located, np.intp),
            per_image=np.array(per_image, np.float64).reshape(-1, len(PER_IMAGE)).T,
            fixed=fixed,
            half=half,
            levels=np.array([one.levels.ravel() for one in pixels], np.float64).reshape(-1, 2 * pixel.LEVELS),
        )

    def figures(self, index: NDArray[np.int_]) -> list[float]:
        """Every figure of the images `index`, repeated ones counting as often as they stand there."""
        weights = np.bincount(index, minlength=len(self.scores))[self.located].astype(np.float64)
        image = image_figures(self.tampered[index], self.scores[index], self.threshold)
        return [*self.means(weights), *self._pooled(weights), *image]

    def means(self, weights: Values) -> list[float]:
        """The figures of `PER_IMAGE`; an AUC that is undefined, all pixels being altered, is left out."""
        defined = np.isfinite(self.per_image) * weights
        total = defined.sum(axis=1)
        sums = (np.nan_to_num(self.per_image) * defined).sum(axis=1)
        return [float(s / t) if t else np.nan for s, t in zip(sums, total, strict=True)]

    def _pooled(self, weights: Values) -> list[float]:
        if not weights.any():
            return [np.nan] * len(POOLED)
        levels = (weights @ self.levels).reshape(2, pixel.LEVELS)
        return _figures(weights @ self.fixed, weights @ self.half, levels)


def _figures(fixed: pixel.Counts, half: pixel.Counts, levels: pixel.Counts) -> list[float]:
    """In the order of `PER_IMAGE` and of `POOLED`."""
    return [
        float(value)
        for value in (
            pixel.f1(fixed),
            pixel.f1(half),
            pixel.best_f1(levels),
            pixel.iou(fixed),
            pixel.mcc(fixed),
            pixel.average_precision(levels),
            pixel.roc_auc(levels),
        )
    ]


def _area_name(one: ImageTally) -> str:
    if one.pixels is None:
        return ""
    area = one.pixels.area
    return next(name for bound, name in AREAS.items() if area < bound or bound == 1)


def _parts(
    table: _Table, names: Sequence[str], order: Iterable[str] = ()
) -> dict[str, Mapping[str, float | None]]:
    """Figures of each part; images of the name "" belong to none."""
    parts: dict[str, Mapping[str, float | None]] = {}
    labels = np.array(names)
    for name in tuple(order) or sorted(set(names) - {""}):
        inside = labels == name
        misses = table.scores[inside] < table.threshold
        figures = dict(zip(PER_IMAGE, map(_plain, table.means(inside[table.located] * 1.0)), strict=True))
        parts[name] = {
            "images": int(inside.sum()),
            **figures,
            "miss_rate": _plain(float(misses.mean())) if len(misses) else None,
        }
    return parts


def _plain(value: float) -> float | None:
    """JSON knows no NaN."""
    return float(value) if np.isfinite(value) else None
