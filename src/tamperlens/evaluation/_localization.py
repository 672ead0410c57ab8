"""Run something that locates alterations over a benchmark and say what it is worth."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Sample, read_mask, source_groups
from tamperlens.evaluation._tallies import ImageTally, localization_metrics, tally_pixels
from tamperlens.evidence import Evidence, load_evidence
from tamperlens.examine import Examiner, load_fusion
from tamperlens.examine.networks import LocalizerDetector, PatchDetector

# Name of the default examination among what can be evaluated.
FUSED = "fused"

_LN10 = float(np.log(10))

# (H, W) float32 in 0..1, the probability that each pixel was altered; the image score, 0..1.
Localize = Callable[[Evidence], tuple[NDArray[np.float32], float]]


@dataclass(frozen=True)
class LocalizationResult:
    """Figures of one system on one dataset.

    Attributes:
        system: name of the weight or baseline.
        dataset: name of the dataset.
        resolution: "native", or what the images were resized to.
        thresholds_from: where the frozen thresholds come from.
        pixel_threshold: probability from which a pixel counts as altered.
        image_threshold: score from which an image counts as tampered.
        images: "authentic", "tampered" and "located", the tampered ones that pixel figures are of.
        left_out: reason → tampered images without pixel figures; the image figures have them all the same.
        seconds: median time to locate in one image, loading not included.
        figures: name → {"value", "low", "high"}, see `tallies.localization_metrics`.
        by_area: figures by altered share of the image.
        by_kind: figures by kind of alteration.
    """

    system: str
    dataset: str
    resolution: str
    thresholds_from: str
    pixel_threshold: float
    image_threshold: float
    images: Mapping[str, int]
    left_out: Mapping[str, int]
    seconds: float
    figures: Mapping[str, Mapping[str, float | None]]
    by_area: Mapping[str, Mapping[str, float | None]]
    by_kind: Mapping[str, Mapping[str, float | None]]

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)


@dataclass(frozen=True)
class Conditions:
    """Under what a result came about; see `LocalizationResult`."""

    system: str
    dataset: str
    resolution: str = "native"
    thresholds_from: str = "validation images"


def evaluate_localizer(
    localize: Localize,
    pixel_threshold: float,
    image_threshold: float,
    samples: Sequence[Sample],
    conditions: Conditions,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Locate in every sample and compare with the masks.

    Args:
        localize: what to judge, from an image to its map and score.
        pixel_threshold: frozen before these samples were seen.
        image_threshold: likewise.
        samples: the benchmark. Tampered ones whose mask is missing, empty or of another size than the image
            are counted in `left_out` and have image figures only.
        conditions: stated in the result.
        advance: called with (images done since the last call, images in all).

    Raises:
        TamperlensError: an image does not load.
        ValueError: `localize` breaks its contract, or there is no sample.
    """
    if not samples:
        raise ValueError("there is no sample to evaluate on")
    tallies, seconds, left_out = [], [], Counter[str]()
    for sample in samples:
        evidence = load_evidence(sample.path)
        started = time.perf_counter()
        probabilities, score = localize(evidence)
        seconds.append(time.perf_counter() - started)
        _check(probabilities, score, evidence)
        truth, reason = _truth(sample, probabilities.shape)
        left_out.update([reason] if reason else [])
        pixels = None if truth is None else tally_pixels(probabilities, truth, pixel_threshold)
        tallies.append(ImageTally(sample.tampered, sample.kind, score, pixels))
        advance(1, len(samples))
    return LocalizationResult(
        **asdict(conditions),
        pixel_threshold=pixel_threshold,
        image_threshold=image_threshold,
        images={
            "authentic": sum(not one.tampered for one in tallies),
            "tampered": sum(one.tampered for one in tallies),
            "located": sum(one.pixels is not None for one in tallies),
        },
        left_out=dict(left_out),
        seconds=float(np.median(seconds)),
        **localization_metrics(tallies, source_groups(samples), image_threshold),
    )


def evaluate_weight(
    detector: LocalizerDetector,
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Evaluate a weight at the thresholds frozen with it; see `evaluate_localizer`."""

    def localize(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        found = detector.localize(evidence)
        return found.probabilities, detector.score(found)

    conditions = Conditions(detector.weight.name, dataset)
    thresholds = detector.mask_threshold, detector.weight.calibration.inconsistent_above
    return evaluate_localizer(localize, *thresholds, samples, conditions, advance)


def evaluate_patches(
    detector: PatchDetector,
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Evaluate the patch classifier: its image score, and its class activation as if it were a mask.

    The activation is relative to its strongest place, so half of that is its threshold, chosen by nobody.
    """

    def localize(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        answer = detector.answer(evidence)
        assert answer.heat_map is not None  # noqa: S101 - this detector always has both
        assert answer.opinion.score is not None  # noqa: S101
        return answer.heat_map, answer.opinion.score

    conditions = Conditions(detector.weight.name, dataset, thresholds_from="validation images; pixels 0.5")
    threshold = detector.weight.calibration.inconsistent_above
    return evaluate_localizer(localize, 0.5, threshold, samples, conditions, advance)


def evaluate_fused(
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> LocalizationResult:
    """Evaluate the default examination as it ships; see `evaluate_localizer`.

    The threshold of "inconsistent" depends on the image's size, so the image score is taken relative to it:
    one half at the threshold. Images that get no outcome, such as drawings, are scored all the same.
    """
    examiner, fusion = Examiner(), load_fusion()

    def localize(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
        finding = examiner.examine(evidence)
        if finding.mask is None or finding.log10_lr is None:
            raise ValueError("the default examination gives a mask and a likelihood ratio")
        threshold = fusion.band(evidence.width * evidence.height).inconsistent_above["0.05"]
        return finding.mask, float(1 / (1 + np.exp(np.clip(threshold - _LN10 * finding.log10_lr, -50, 50))))

    conditions = Conditions(FUSED, dataset, thresholds_from="calibration images")
    return evaluate_localizer(localize, fusion.mask_threshold, 0.5, samples, conditions, advance)


def _check(probabilities: NDArray[np.float32], score: float, evidence: Evidence) -> None:
    """Neither NaN nor a wrong size may slip into a figure."""
    size = (evidence.height, evidence.width)
    if probabilities.shape != size:
        raise ValueError(f"{evidence.name}: the map is {probabilities.shape}, the image {size}")
    # NaN fails both comparisons.
    inside = probabilities.min() >= 0 and probabilities.max() <= 1 and 0 <= score <= 1
    if not inside:
        raise ValueError(f"{evidence.name}: map and score must lie in 0..1; the score is {score}")


def _truth(sample: Sample, size: tuple[int, ...]) -> tuple[NDArray[np.bool_] | None, str]:
    """The mask, or None and why there is none; an authentic image wants none."""
    if not sample.tampered:
        return None, ""
    if sample.mask is None or (isinstance(sample.mask, Path) and not sample.mask.is_file()):
        return None, "mask missing"
    truth = read_mask(sample.mask, sample.mask_colour)
    if truth.shape != size:
        return None, "mask of another size"
    return (truth, "") if truth.any() else (None, "mask empty")
