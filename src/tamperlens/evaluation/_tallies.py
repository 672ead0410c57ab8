"""What a benchmark keeps for each image, and the figures of all images with their intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.evaluation import _pixel_metrics as pixel
from tamperlens.evaluation._likelihood import cllr, least_cllr
from tamperlens.evaluation._metrics import bootstrap_interval

Values = NDArray[np.float64]

# Mean over the tampered images with a mask.
PER_IMAGE = ("f1_fixed", "f1_half", "f1_best", "iou", "mcc", "ap_per_image", "auc_per_image")
# Over all their pixels together; large images and large alterations count more.
POOLED = ("f1_fixed_pooled", "f1_half_pooled", "f1_best_pooled", "iou_pooled", "mcc_pooled", "ap_pooled",
          "auc_pooled")  # fmt: skip
IMAGE = ("image_auc", "balanced_accuracy", "false_alarm_rate", "miss_rate")
# From the score alone, independent of its threshold; the last one within groups of shared sources.
SCORE = ("detected_at_1", "detected_at_5", "cllr", "least_cllr", "image_auc_within")
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
        kind: of the alteration; "authentic" if there is none.
        score: image score, 0..1.
        log_odds: natural log-likelihood ratio that it states.
        pixels: None for authentic images, which have no pixel F1, and for those without a usable mask.
    """

    tampered: bool
    kind: str
    score: float
    pixels: PixelTally | None
    log_odds: float = 0.0


def tally_pixels(
    probabilities: NDArray[np.float32], truth: NDArray[np.bool_], threshold: float
) -> PixelTally:
    """Count one tampered image.

    Args:
        probabilities: (H, W) float32 in 0..1.
        truth: (H, W) bool, True where altered; not empty.
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
        tallies: one per image.
        groups: number of each image's source group, which is resampled as a whole.
        image_threshold: score from which an image is called tampered, frozen before the images were seen.
        draws: of the bootstrap.

    Returns:
        "figures": each name in `PER_IMAGE`, `POOLED`, `IMAGE` and `SCORE` → {"value", "low", "high"}, the
        latter two a 95 % interval; "by_area" and "by_kind": name → {"images", the figures of
        `PER_IMAGE`, "miss_rate"}.
        None if a figure is undefined, such as image AUC without authentic images.
    """
    table = _Table.of(tallies, groups, image_threshold)
    everything = np.arange(len(tallies))
    values = table.figures(everything)
    low, high = bootstrap_interval(table.figures, groups, draws)
    names = (*PER_IMAGE, *POOLED, *IMAGE, *SCORE)
    return {
        "figures": {
            name: {"value": _plain(values[i]), "low": _plain(low[i]), "high": _plain(high[i])}
            for i, name in enumerate(names)
        },
        "by_area": _parts(table, [_area_name(one) for one in tallies], AREAS.values()),
        "by_kind": _parts(table, [one.kind if one.tampered else "" for one in tallies]),
    }


def image_figures(tampered: NDArray[np.bool_], scores: Values, threshold: float) -> list[float]:
    """The figures of `IMAGE`; NaN for those that need an absent class."""
    called = scores >= threshold
    false_alarms = float(called[~tampered].mean()) if not tampered.all() else np.nan
    misses = float((~called[tampered]).mean()) if tampered.any() else np.nan
    both = np.isfinite(false_alarms + misses)
    auc = _wins(scores[tampered], np.sort(scores[~tampered])) if both else np.nan
    return [auc, 1 - (false_alarms + misses) / 2, false_alarms, misses]


def _wins(altered: Values, authentic_sorted: Values) -> float:
    """Share of pairs where the altered image scores higher, equal scores counting half: the AUC."""
    sides = (np.searchsorted(authentic_sorted, altered, side) for side in ("left", "right"))
    return float(sum(side.mean() for side in sides) / 2 / len(authentic_sorted))


def score_figures(tampered: NDArray[np.bool_], log_odds: Values) -> list[float]:
    """The figures of `SCORE` except the last; NaN for those that need an absent class.

    Detection at a false-alarm rate needs enough authentic images for one of them to be called.
    """
    if tampered.all() or not tampered.any():
        return [np.nan] * 4
    lowest_first = np.sort(log_odds[~tampered])
    found = []
    for rate in (0.01, 0.05):
        allowed = int(rate * len(lowest_first) + 1e-9)
        above = lowest_first[-1 - allowed] if allowed else np.nan
        found.append(float((log_odds[tampered] > above).mean()) if allowed else np.nan)
    return [*found, cllr(log_odds, tampered), least_cllr(log_odds, tampered)]


@dataclass(frozen=True)
class _Table:
    """All images as arrays, so that a resample costs milliseconds."""

    tampered: NDArray[np.bool_]
    scores: Values
    log_odds: Values
    within: Values  # (groups, 3) a member, pairs of both classes that the altered one wins, and all pairs
    threshold: float
    located: NDArray[np.intp]  # images with a PixelTally
    per_image: Values  # (7, located)
    fixed: Values  # (located, 4)
    half: Values
    levels: Values  # (located, 2 · LEVELS)

    @classmethod
    def of(cls, tallies: Sequence[ImageTally], groups: Sequence[int], threshold: float) -> "_Table":
        located = [i for i, one in enumerate(tallies) if one.pixels]
        pixels = [one.pixels for one in tallies if one.pixels]
        fixed = np.array([one.fixed for one in pixels], np.float64).reshape(-1, 4)
        half = np.array([one.half for one in pixels], np.float64).reshape(-1, 4)
        per_image = [_figures(one.fixed, one.half, one.levels) for one in pixels]
        return cls(
            tampered=np.array([one.tampered for one in tallies], bool),
            scores=np.array([one.score for one in tallies], np.float64),
            log_odds=np.array([one.log_odds for one in tallies], np.float64),
            within=_pairs_within(tallies, groups),
            threshold=threshold,
            located=np.array(located, np.intp),
            per_image=np.array(per_image, np.float64).reshape(-1, len(PER_IMAGE)).T,
            fixed=fixed,
            half=half,
            levels=np.array([one.levels.ravel() for one in pixels], np.float64).reshape(-1, 2 * pixel.LEVELS),
        )

    def figures(self, index: NDArray[np.int_]) -> list[float]:
        """Every figure for the images `index`, repeated ones counting repeatedly."""
        counts = np.bincount(index, minlength=len(self.scores)).astype(np.float64)
        weights = counts[self.located]
        image = image_figures(self.tampered[index], self.scores[index], self.threshold)
        score = score_figures(self.tampered[index], self.log_odds[index])
        won, pairs = counts[self.within[:, 0].astype(np.intp)] @ self.within[:, 1:]
        within = float(won / pairs) if pairs else np.nan
        return [*self.means(weights), *self._pooled(weights), *image, *score, within]

    def means(self, weights: Values) -> list[float]:
        """The figures of `PER_IMAGE`; an undefined AUC, when all pixels are altered, is left out."""
        defined = np.isfinite(self.per_image) * weights
        total = defined.sum(axis=1)
        sums = (np.nan_to_num(self.per_image) * defined).sum(axis=1)
        return [float(s / t) if t else np.nan for s, t in zip(sums, total, strict=True)]

    def _pooled(self, weights: Values) -> list[float]:
        if not weights.any():
            return [np.nan] * len(POOLED)
        levels = (weights @ self.levels).reshape(2, pixel.LEVELS)
        return _figures(weights @ self.fixed, weights @ self.half, levels)


def _pairs_within(tallies: Sequence[ImageTally], groups: Sequence[int]) -> Values:
    rows = []
    members: dict[int, list[int]] = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    for inside in members.values():
        altered, authentic = (
            np.array([tallies[i].log_odds for i in inside if tallies[i].tampered == wanted])
            for wanted in (True, False)
        )
        if len(altered) and len(authentic):
            above = np.sign(altered[:, None] - authentic[None]) / 2 + 0.5
            rows.append((inside[0], above.sum(), above.size))
    return np.array(rows, np.float64).reshape(-1, 3)


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
    """Figures of each part; images named "" belong to none."""
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
    """JSON has no NaN."""
    return float(value) if np.isfinite(value) else None
