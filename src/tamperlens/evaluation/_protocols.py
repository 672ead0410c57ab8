"""Named ways of dividing, re-encoding, training and testing; a figure means nothing without one."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from tamperlens.catalogue import Parts
from tamperlens.data import (
    HELD_OUT_DRAW,
    Chain,
    Sample,
    Split,
    repeat_rarer,
    split_at_random,
    split_by_source,
)
from tamperlens.evaluation._baselines import BASELINES, baseline_rows, baseline_scores
from tamperlens.evaluation._metrics import (
    balanced_weights,
    bootstrap_interval,
    classification_metrics,
    expected_calibration_error,
)
from tamperlens.evidence import Evidence, load_evidence
from tamperlens.examine import Weight, load_weight


@dataclass(frozen=True)
class Protocol:
    """How a figure is obtained.

    Attributes:
        name: key of `PROTOCOLS`.
        described: one sentence for tables.
        split: samples and seed → division.
        chain: re-encoding of both classes; None to use the files as published.
        present: the dataset's samples → the samples to divide.
    """

    name: str
    described: str
    split: Callable[[Sequence[Sample], int], Split]
    chain: Chain | None
    present: Callable[[Sequence[Sample]], list[Sample]] = list

    def evidence(self, sample: Sample) -> Evidence:
        """A test image as this protocol presents it."""
        original = load_evidence(sample.path)
        if self.chain is None:
            return original
        copy = self.chain(original.pixels, original.sha256, HELD_OUT_DRAW)
        return load_evidence(copy, name=sample.path.name)


PROTOCOLS: dict[str, Protocol] = {
    "paper": Protocol(
        "paper",
        "80 % / 20 % drawn image by image, files as published",
        split_at_random,
        None,
    ),
    "paper-balanced": Protocol(
        "paper-balanced",
        "images of the rarer class repeated until both are equally many, then 70 % / 15 % / 15 % drawn image "
        "by image, so that copies of one image are on both sides; files as published",
        partial(split_at_random, parts=(0.7, 0.15, 0.15)),
        None,
        repeat_rarer,
    ),
    "leak-free": Protocol(
        "leak-free",
        "60 % / 20 % / 20 % divided by source photograph, both classes rotated to landscape, cropped "
        "off the JPEG grid and re-saved at the same random quality 70–95",
        split_by_source,
        Chain(),
    ),
}


class ClassifyingDetector(Interface):
    """A detector whose input and network can be timed separately."""

    weight: Weight

    def features(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Input tensor of (H, W, 3) uint8 RGB pixels."""
        ...

    def classify(self, tensor: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        """Margin and heat map of a tensor."""
        ...


CLASSIFIERS: Mapping[str, Callable[[Weight], ClassifyingDetector]] = Parts(
    "detector", lambda one: one.task == "whole"
)


@dataclass(frozen=True)
class ProtocolResult:
    """Figures of one system under one protocol.

    Attributes:
        system: name of the weight.
        dataset: key of `DATASETS`.
        protocol: key of `PROTOCOLS`.
        described: the protocol in a sentence.
        runs: figures of each seed: `seed`, `model`, one entry per baseline, `outcomes`, `auc_by_kind`,
            `times`, `images`.
        summary: name of model or baseline → figure → {"mean", "deviation", "low", "high"}; the interval is
            for the pooled test images, resampled by source.
    """

    system: str
    dataset: str
    protocol: str
    described: str
    runs: list[dict[str, Any]]
    summary: dict[str, dict[str, dict[str, float]]]

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)


def evaluate_protocol(
    system: str,
    dataset: str,
    protocol: Protocol,
    samples: Sequence[Sample],
    seeds: Sequence[int],
    train: Callable[[Split, int], Path],
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> ProtocolResult:
    """Train and test once per seed, together with the baselines.

    Args:
        system: name of the weight that `train` writes.
        dataset: name for the result.
        protocol: how to divide, re-encode and present the samples.
        samples: the dataset.
        seeds: one independent run each.
        train: division and seed → folder of a calibrated weight. It is passed in because this room scores
            what ships and does not know how it is made.
        advance: called with (images scored since the last call, images in all).
    """
    labels = np.array([sample.tampered for sample in samples], dtype=np.int64)
    runs, pooled = [], []
    for seed in seeds:
        split = protocol.split(samples, seed)
        weight = load_weight(system, train(split, seed))
        detector = CLASSIFIERS[weight.system](weight)
        test, known = list(split.test), list(split.train + split.validation)
        observed = _observe(detector, protocol, samples, set(test), advance)
        scores = {"model": observed.scores[test]}
        scores |= {
            name: baseline_scores(name, observed.rows[name], labels, known, test, seed) for name in BASELINES
        }
        figures = {name: _figures(labels[test], values) for name, values in scores.items()}
        outcomes = [weight.calibration.outcome(float(s)) for s in scores["model"]]
        runs.append(
            {
                "seed": seed,
                **figures,
                "outcomes": _outcome_table(labels[test], outcomes),
                "auc_by_kind": _auc_by_kind([samples[i].kind for i in test], scores["model"]),
                "times": {
                    "extraction_ms": float(np.median(observed.extraction_ms)),
                    "classification_ms": float(np.median(observed.classification_ms)),
                    "training_s": weight.training["seconds"],
                },
                "images": dict(weight.training["images"]),
            }
        )
        pooled.append((labels[test], scores, [split.groups[i] for i in test]))
    summary = {name: _summarise(name, runs, pooled) for name in ("model", *BASELINES)}
    return ProtocolResult(system, dataset, protocol.name, protocol.described, runs, summary)


@dataclass(frozen=True)
class _Observed:
    scores: NDArray[np.float64]
    rows: dict[str, NDArray[np.float64]]
    extraction_ms: list[float]
    classification_ms: list[float]


def _observe(
    detector: ClassifyingDetector,
    protocol: Protocol,
    samples: Sequence[Sample],
    tested: set[int],
    advance: Callable[[int, int], None],
) -> _Observed:
    """Score the test images along the shipped path, and collect what the baselines may see of all images."""
    scores, extraction, classification = [], [], []
    rows: dict[str, list[list[float]]] = {name: [] for name in BASELINES}
    for index, sample in enumerate(samples):
        evidence = protocol.evidence(sample)
        started = time.perf_counter()
        tensor = detector.features(evidence.pixels)
        extracted = time.perf_counter()
        extraction.append(1000 * (extracted - started))
        scores.append(math.nan)
        if index in tested:
            margin, _ = detector.classify(tensor)
            classification.append(1000 * (time.perf_counter() - extracted))
            scores[-1] = detector.weight.calibration.probability(margin)
        for name, row in baseline_rows(evidence, tensor).items():
            rows[name].append(row)
        advance(1, len(samples))
    return _Observed(
        np.array(scores),
        {name: np.array(values) for name, values in rows.items()},
        extraction,
        classification,
    )


def _figures(labels: NDArray[np.int64], scores: NDArray[np.float64]) -> dict[str, float]:
    return {
        **classification_metrics(labels, scores),
        "calibration_error": expected_calibration_error(labels, scores, balanced_weights(labels)),
    }


def _outcome_table(labels: NDArray[np.int64], outcomes: Sequence[str]) -> dict[str, float]:
    """Share of authentic and of tampered images by three-way outcome."""
    return {
        f"{outcome}_if_{name}": float(
            np.mean([o == outcome for o, y in zip(outcomes, labels, strict=True) if y == k])
        )
        for k, name in enumerate(("authentic", "tampered"))
        for outcome in ("consistent", "inconsistent", "inconclusive")
    }


def _auc_by_kind(kinds: Sequence[str], scores: NDArray[np.float64]) -> dict[str, float]:
    """AUC of each kind of alteration against all authentic images."""
    names = np.array(kinds)
    return {
        kind: classification_metrics((names[keep] == kind).astype(np.int64), scores[keep])["auc"]
        for kind in sorted(set(kinds) - {"authentic"})
        if (keep := np.isin(names, ["authentic", kind])).any()
    }


def _summarise(
    name: str, runs: Sequence[dict[str, Any]], pooled: Sequence[tuple[Any, dict[str, Any], list[int]]]
) -> dict[str, dict[str, float]]:
    """Mean and deviation over runs; interval over the sources of all runs' test images."""
    labels = np.concatenate([part for part, _, _ in pooled])
    scores = np.concatenate([values[name] for _, values, _ in pooled])
    groups = [group for _, _, part in pooled for group in part]
    names = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "auc", "calibration_error")

    def statistic(index: NDArray[np.int_]) -> list[float]:
        figures = _figures(labels[index], scores[index])
        return [figures[figure] for figure in names]

    low, high = bootstrap_interval(statistic, groups)
    values = {figure: [run[name][figure] for run in runs] for figure in names}
    return {
        figure: {
            "mean": float(np.mean(values[figure])),
            "deviation": float(np.std(values[figure], ddof=1)) if len(runs) > 1 else 0.0,
            "low": float(low[i]),
            "high": float(high[i]),
        }
        for i, figure in enumerate(names)
    }
