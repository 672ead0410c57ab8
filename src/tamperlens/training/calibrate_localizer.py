"""How an exported localizer is read: mask threshold, pooling, image calibration, all on validation images."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tamperlens.evaluation.metrics import pixel_f1
from tamperlens.examine.calibration import Calibration, lower_threshold, upper_threshold
from tamperlens.examine.localizer import LocalizerDetector
from tamperlens.examine.pooling import POOLINGS
from tamperlens.examine.weights import load_weight

# Aimed below the 5 % that is promised: other photographs than the validation ones will be examined.
FALSE_ALARM_RATE = 0.03

_THRESHOLDS = np.round(np.arange(0.05, 0.96, 0.05), 2)


@dataclass(frozen=True)
class CalibrationImage:
    """One validation image.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        mask: (H, W) bool, None or all False for an authentic image.
        origin: name of its set; sets count alike, however many images they hold.
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
    """

    calibration: Calibration
    pooling: str
    mask_threshold: float
    figures: Mapping[str, float]


def calibrate_localizer(
    directory: Path, name: str, images: Sequence[CalibrationImage]
) -> LocalizerCalibration:
    """Choose on validation images.

    The mask threshold is that of highest mean pixel F1 over the tampered images, every set weighing the same;
    the pooling that of highest area under the ROC curve.

    Args:
        directory: where the exported weight and a preliminary manifest lie.
        name: of the weight.
        images: tampered and authentic validation images.
    """
    detector = LocalizerDetector(load_weight(name, directory))
    f1: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    margins: dict[str, list[float]] = {pooling: [] for pooling in POOLINGS}
    for image in images:
        probabilities = detector.localize(image.pixels)
        for pooling in POOLINGS:
            margins[pooling].append(detector.margin(probabilities, pooling))
        if image.mask is not None and image.tampered:
            scores = [pixel_f1(probabilities >= t, image.mask) for t in _THRESHOLDS]
            f1[image.origin].append(np.array(scores))
    by_threshold = np.mean([np.mean(scores, axis=0) for scores in f1.values()], axis=0)
    labels = np.array([image.tampered for image in images])
    aucs = {pooling: float(roc_auc_score(labels, values)) for pooling, values in margins.items()}
    pooling = max(aucs, key=lambda key: aucs[key])
    best = int(np.argmax(by_threshold))
    return LocalizerCalibration(
        calibrate_margins(np.array(margins[pooling]), labels),
        pooling,
        float(_THRESHOLDS[best]),
        {
            "pixel_f1": round(float(by_threshold[best]), 4),
            "pixel_f1_at_half": round(float(by_threshold[int(np.argmin(np.abs(_THRESHOLDS - 0.5)))]), 4),
            "auc": round(aucs[pooling], 4),
        },
    )


def calibrate_margins(margins: NDArray[np.float64], labels: NDArray[np.bool_]) -> Calibration:
    """Platt's probability at even prior odds, and thresholds for the aimed rates."""
    platt = LogisticRegression(C=np.inf, class_weight="balanced").fit(margins[:, None], labels)
    neutral = Calibration(
        float(platt.coef_[0, 0]), float(platt.intercept_[0]), 1.0, 0.0, false_alarm_rate=FALSE_ALARM_RATE
    )
    scores = [neutral.probability(float(margin)) for margin in margins]
    authentic = [score for score, label in zip(scores, labels, strict=True) if not label]
    tampered = [score for score, label in zip(scores, labels, strict=True) if label]
    return replace(
        neutral,
        inconsistent_above=upper_threshold(authentic, neutral.false_alarm_rate),
        consistent_below=lower_threshold(tampered, neutral.miss_rate),
    )
