"""How an exported localizer is read: mask threshold, pooling, image calibration, from validation images."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tamperlens.evaluation import confusion, f1
from tamperlens.examine import POOLINGS, load_weight
from tamperlens.examine.networks import Calibration, PixelLocalizer, lower_threshold, upper_threshold

# Below the 5 % that is promised, because other photographs than the validation ones will be examined.
FALSE_ALARM_RATE = 0.03

_THRESHOLDS = np.round(np.arange(0.05, 0.96, 0.05), 2)


@dataclass(frozen=True)
class CalibrationImage:
    """One validation image.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        mask: (H, W) bool; None or all False for an authentic image.
        origin: name of its set. For the mask's threshold every set counts equally, whatever its number of
            images. Only "twins" fit pooling and probability, because in them nothing but the edit
            distinguishes the classes; outcome thresholds hold in every set.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_] | None
    origin: str

    @property
    def tampered(self) -> bool:
        """Whether any pixel was altered."""
        return self.mask is not None and bool(self.mask.any())


@dataclass(frozen=True)
class LocalizerCalibration:
    """What calibration chose.

    Attributes:
        calibration: of the image's margin.
        pooling: key of `examine.pooling.POOLINGS`.
        mask_threshold: probability from which a pixel counts as altered.
        figures: validation figures for the card.
        images: number of validation images.
    """

    calibration: Calibration
    pooling: str
    mask_threshold: float
    figures: Mapping[str, float]
    images: int


@dataclass(frozen=True)
class Reading:
    """The network's result for one validation image.

    Attributes:
        origin: of the image.
        tampered: likewise.
        margins: pooling → log-odds of alteration, not calibrated.
        f1: of the mask at each threshold; None if there is no region or no mask.
    """

    origin: str
    tampered: bool
    margins: Mapping[str, float]
    f1: NDArray[np.float64] | None


def calibrate_localizer(
    directory: Path, name: str, images: Iterable[CalibrationImage]
) -> LocalizerCalibration:
    """Choose settings on validation images, which are read one by one.

    The mask threshold is that with the highest mean pixel F1 over the tampered images, with equal weight for
    every set; the pooling is that with the highest area under the ROC curve between forged twins and
    authentic ones.

    Args:
        directory: holds the exported weight and a preliminary manifest.
        name: of the weight.
        images: validation images, including authentic and tampered "twins".
    """
    detector = PixelLocalizer(load_weight(name, directory))
    return calibration_of([_read(detector, image) for image in images])


def calibration_of(readings: Sequence[Reading]) -> LocalizerCalibration:
    """The same, from a network's readings of the images."""
    by_set = defaultdict(list)
    for one in readings:
        if one.f1 is not None:
            by_set[one.origin].append(one.f1)
    by_threshold = np.mean([np.mean(scores, axis=0) for scores in by_set.values()], axis=0)
    pooling, auc = choose_pooling(readings)
    best, half = int(np.argmax(by_threshold)), int(np.argmin(np.abs(_THRESHOLDS - 0.5)))
    return LocalizerCalibration(
        calibrate_margins(readings, pooling),
        pooling,
        float(_THRESHOLDS[best]),
        {
            "pixel_f1": round(float(by_threshold[best]), 4),
            "pixel_f1_at_half": round(float(by_threshold[half]), 4),
            "auc": round(auc, 4),
        },
        len(readings),
    )


def choose_pooling(readings: Sequence[Reading]) -> tuple[str, float]:
    """The pooling with the highest ROC AUC between forged and authentic twins, and that AUC."""
    twins = [one for one in readings if one.origin == "twins"]
    labels = [one.tampered for one in twins]
    aucs = {
        key: float(roc_auc_score(labels, [one.margins[key] for one in twins])) for key in twins[0].margins
    }
    pooling = max(aucs, key=lambda key: aucs[key])
    return pooling, aucs[pooling]


def f1_by_threshold(
    probabilities: NDArray[np.float32], mask: NDArray[np.bool_] | None
) -> NDArray[np.float64] | None:
    """Pixel F1 at each candidate threshold; None if nothing is altered."""
    if mask is None or not mask.any():
        return None
    return np.array([f1(confusion(probabilities >= threshold, mask)) for threshold in _THRESHOLDS])


def _read(detector: PixelLocalizer, image: CalibrationImage) -> Reading:
    probabilities = detector.probabilities(image.pixels)
    scores = f1_by_threshold(probabilities, image.mask)
    margins = {pooling: detector.margin(probabilities, pooling) for pooling in POOLINGS}
    return Reading(image.origin, image.tampered, margins, scores)


def calibrate_margins(readings: Sequence[Reading], pooling: str) -> Calibration:
    """Platt's probability at even prior odds from the twins, and thresholds whose rates hold in every set."""
    twins = [one for one in readings if one.origin == "twins"]
    scale, offset = fit_platt([one.margins[pooling] for one in twins], [one.tampered for one in twins])
    neutral = Calibration(scale, offset, 1.0, 0.0, false_alarm_rate=FALSE_ALARM_RATE)
    scores: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for one in readings:
        scores[one.origin, one.tampered].append(neutral.probability(one.margins[pooling]))
    uppers = [
        upper_threshold(s, neutral.false_alarm_rate) for (_, tampered), s in scores.items() if not tampered
    ]
    return replace(
        neutral,
        inconsistent_above=max(uppers),
        consistent_below=lower_threshold(scores["twins", True], neutral.miss_rate),
    )


def fit_platt(margins: ArrayLike, tampered: ArrayLike) -> tuple[float, float]:
    """Scale and offset of a margin's calibrated probability at even prior odds.

    Args:
        margins: (N,) logit(tampered) − logit(authentic).
        tampered: (N,) truth; both classes must occur.
    """
    platt = LogisticRegression(C=np.inf, class_weight="balanced")
    platt.fit(np.asarray(margins)[:, None], np.asarray(tampered))
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])
