"""Run a judge over a benchmark and measure it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Sample, read_mask, source_groups
from tamperlens.evaluation._conditions import NATIVE, under
from tamperlens.evaluation._judge import Judge, Judgement
from tamperlens.evaluation._memory import peak_mb, reset_peak
from tamperlens.evaluation._tallies import ImageTally, localization_metrics, tally_pixels
from tamperlens.evidence import Evidence, load_evidence


@dataclass(frozen=True)
class LocalizationResult:
    """Figures of one judge on one dataset under one condition.

    Attributes:
        system: name of the judge.
        dataset: name of the dataset.
        condition: "native", or what was done to the images.
        thresholds_from: where the frozen thresholds come from.
        pixel_threshold: probability from which a pixel counts as altered; None if each image has its own.
        image_threshold: score from which an image counts as tampered.
        images: "authentic", "tampered" and "located", the tampered ones with pixel figures.
        left_out: reason → tampered images without pixel figures; they still have image figures.
        seconds: median time to judge one image, without loading it.
        figures: name → {"value", "low", "high"}, see `tallies.localization_metrics`.
        by_area: figures by altered share of the image.
        by_kind: figures by kind of alteration.
        memory_mb: peak memory of the process while it judged, in 10⁶ bytes; 0 if not measured.
    """

    system: str
    dataset: str
    condition: str
    thresholds_from: str
    pixel_threshold: float | None
    image_threshold: float
    images: Mapping[str, int]
    left_out: Mapping[str, int]
    seconds: float
    figures: Mapping[str, Mapping[str, float | None]]
    by_area: Mapping[str, Mapping[str, float | None]]
    by_kind: Mapping[str, Mapping[str, float | None]]
    memory_mb: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)


def evaluate_judge(
    judge: Judge,
    samples: Sequence[Sample],
    dataset: str,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
    condition: str = NATIVE,
    seed: int = 0,
) -> LocalizationResult:
    """Judge every sample, and compare with labels and masks.

    Args:
        judge: what is judged, with thresholds frozen before these samples were seen.
        samples: the benchmark. Tampered ones whose mask is missing, empty or of a different size than the
            image are counted in `left_out` and have only image figures; so are all if the judge gives no map.
        dataset: its name in the result.
        advance: called with (images done since the last call, images in all).
        condition: `NATIVE` or key of `conditions`.
        seed: of the condition's draws.

    Raises:
        TamperlensError: an image does not load.
        ValueError: the judge breaks its contract, or there are no samples.
    """
    if not samples:
        raise ValueError("there is no sample to evaluate on")
    tallies, seconds, left_out = [], [], Counter[str]()
    reset_peak()
    for sample in samples:
        evidence = load_evidence(sample.path)
        truth, reason = _truth(sample, (evidence.height, evidence.width))
        evidence, truth = under(condition, evidence, truth, seed)
        started = time.perf_counter()
        said = judge.judge(evidence, sample)
        seconds.append(time.perf_counter() - started)
        _check(said, evidence)
        if truth is not None and said.probabilities is None:
            truth, reason = None, "no map is given"
        if truth is not None and not truth.any():
            truth, reason = None, "mask empty under the condition"
        left_out.update([reason] if reason else [])
        tallies.append(_tally(sample, said, truth, judge.pixel_threshold))
        advance(1, len(samples))
    return LocalizationResult(
        system=judge.name,
        dataset=dataset,
        condition=condition,
        thresholds_from=judge.thresholds_from,
        pixel_threshold=judge.pixel_threshold,
        image_threshold=judge.image_threshold,
        images={
            "authentic": sum(not one.tampered for one in tallies),
            "tampered": sum(one.tampered for one in tallies),
            "located": sum(one.pixels is not None for one in tallies),
        },
        left_out=dict(left_out),
        seconds=float(np.median(seconds)),
        memory_mb=float(round(peak_mb())),
        **localization_metrics(tallies, source_groups(samples), judge.image_threshold),
    )


def _tally(
    sample: Sample, said: Judgement, truth: NDArray[np.bool_] | None, threshold: float | None
) -> ImageTally:
    pixels = None
    if said.probabilities is not None and truth is not None:
        own = threshold if said.pixel_threshold is None else said.pixel_threshold
        if own is None:
            raise ValueError("neither the judge nor what it says has a threshold for pixels")
        pixels = tally_pixels(said.probabilities, truth, own)
    return ImageTally(sample.tampered, sample.kind, said.score, pixels, said.log_odds)


def _check(said: Judgement, evidence: Evidence) -> None:
    """Reject NaN and wrong sizes before they reach a figure."""
    size, values = (evidence.height, evidence.width), said.probabilities
    if values is not None and values.shape != size:
        raise ValueError(f"{evidence.name}: the map is {values.shape}, the image {size}")
    # NaN fails both comparisons.
    inside = values is None or (values.min() >= 0 and values.max() <= 1)
    if not (inside and 0 <= said.score <= 1):
        raise ValueError(f"{evidence.name}: map and score must lie in 0..1; the score is {said.score}")


def _truth(sample: Sample, size: tuple[int, ...]) -> tuple[NDArray[np.bool_] | None, str]:
    """The mask, or None and why there is none; an authentic image needs none."""
    if not sample.tampered:
        return None, ""
    if sample.mask is None or (isinstance(sample.mask, Path) and not sample.mask.is_file()):
        return None, "mask missing"
    truth = read_mask(sample.mask, sample.mask_colour)
    if truth.shape != size:
        return None, "mask of another size"
    return (truth, "") if truth.any() else (None, "mask empty")
