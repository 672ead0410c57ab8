"""Every judge by name: systems, traces, baselines without training, external detectors."""

import hashlib
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np

from tamperlens import __version__
from tamperlens.errors import UnknownNameError
from tamperlens.evaluation._classical import CLASSICAL, Localize, scored
from tamperlens.evaluation._judge import Judge, Judgement
from tamperlens.evaluation._saliency import SalientObjects, salient_network
from tamperlens.evidence import Evidence, scope
from tamperlens.examine import DETECTORS, LOCALIZERS, SYSTEMS, Detector, Examiner, load_fusion, load_weight
from tamperlens.examine.external import ExternalDetector, external_names, is_external, load_external
from tamperlens.examine.networks import WEIGHTS_DIRECTORY, LocalizerDetector
from tamperlens.odds import sigmoid
from tamperlens.traces import LOOKED, MEASURED, TRACES, full_size

# Name of the default examination in evaluations.
FUSED = "fused"
# Name of the salient-object network, if the package that contains it is installed.
SALIENT = "saliency-network"

_LN10 = float(np.log(10))


def judge_names() -> list[str]:
    """All names that `find_judge` knows."""
    salient = [SALIENT] if salient_network() else []
    return list(dict.fromkeys([FUSED, *DETECTORS, *TRACES, *CLASSICAL, *salient, *external_names()]))


def find_judge(name: str, weights: Path | None = None) -> Judge:
    """Load a judge.

    Args:
        name: one of `judge_names`, or path of the TOML file for an ONNX file.
        weights: folder of a run whose weight replaces the shipped one.

    Raises:
        UnknownNameError: there is no judge of that name.
        DetectorError: an external detector cannot be loaded.
    """
    folder = weights or WEIGHTS_DIRECTORY
    makers: tuple[tuple[Collection[str], Callable[[], Judge]], ...] = (
        ((FUSED,), fused_judge),
        (LOCALIZERS, lambda: localizer_judge(LOCALIZERS[name](load_weight(name, folder)))),
        (DETECTORS, lambda: system_judge(DETECTORS[name](load_weight(name, folder)))),
        (CLASSICAL, lambda: classical_judge(name)),
        (TRACES, lambda: trace_judge(name)),
        ((SALIENT,) if salient_network() else (), _salient_judge),
    )
    for known, make in makers:
        if name in known:
            return make()
    if not is_external(name):
        raise UnknownNameError("system", name, judge_names())
    return external_judge(load_external(name))


def fused_judge() -> Judge:
    """The default examination as it ships.

    The threshold for "inconsistent" depends on the image's size, so the image score is relative to it: one
    half at the threshold. Images that get no outcome, such as drawings, are scored too.
    """
    examiner, fusion = Examiner(), load_fusion()

    def judge(evidence: Evidence, _sample: object) -> Judgement:
        finding = examiner.examine(evidence)
        if finding.mask is None or finding.log10_lr is None:
            raise ValueError("the default examination gives a mask and a likelihood ratio")
        threshold = fusion.band(evidence.width * evidence.height).inconsistent_above["0.05"]
        llr = _LN10 * finding.log10_lr
        return Judgement(finding.mask, sigmoid(llr - threshold), llr, finding.mask_threshold)

    version = fusion.sha256
    return Judge(FUSED, judge, None, 0.5, "calibration images", version)


def localizer_judge(detector: LocalizerDetector) -> Judge:
    """A localizer's weight at the thresholds frozen with it."""

    def judge(evidence: Evidence, _sample: object) -> Judgement:
        found = detector.localize(evidence)
        threshold = detector.mask_threshold(found.probabilities)
        return Judgement(found.probabilities, detector.score(found), pixel_threshold=threshold)

    weight = detector.weight
    return Judge(
        weight.name, judge, weight.features.get("mask_threshold"), weight.calibration.inconsistent_above,
        "validation images", weight.sha256, _dataset(detector),
    )  # fmt: skip


def system_judge(detector: Detector) -> Judge:
    """A system that judges the whole image; the patch classifier's class activation serves as its mask.

    The activation is relative to its strongest place, so its threshold is half of that, not chosen by anyone.
    """
    weight = detector.weight
    marks = SYSTEMS[weight.system].task == "patches"

    def judge(evidence: Evidence, _sample: object) -> Judgement:
        answer = detector.answer(evidence)
        score = 0.5 if answer.opinion.score is None else answer.opinion.score
        return Judgement(answer.heat_map if marks else None, score)

    threshold = weight.calibration.inconsistent_above
    said = "validation images; pixels 0.5" if marks else "validation images"
    return Judge(weight.name, judge, 0.5, threshold, said, weight.sha256, _dataset(detector))


def _dataset(detector: Detector) -> str:
    recipe = detector.weight.training.get("recipe", {})
    return str(recipe.get("dataset", "")) if isinstance(recipe, dict) else ""


def trace_judge(name: str) -> Judge:
    """A key of `traces.TRACES` alone at the threshold 0.5; an empty map if it is void."""
    version = f"tamperlens {__version__}"
    if name not in MEASURED:
        return map_judge(name, scored(LOOKED[name].map), version)

    def judge(evidence: Evidence, _sample: object) -> Judgement:
        size = evidence.height, evidence.width
        if MEASURED[name].void_reason(evidence, scope(evidence)):
            return Judgement(np.zeros(size, np.float32), 0.0)
        found = MEASURED[name].measure(evidence)
        return Judgement(full_size(found.values, *size), found.score / (1 + found.score))

    return Judge(name, judge, version=version)


def classical_judge(name: str) -> Judge:
    """A key of `CLASSICAL` at the threshold 0.5."""
    return map_judge(name, CLASSICAL[name], f"tamperlens {__version__}")


def _salient_judge() -> Judge:
    path = salient_network()
    assert path is not None  # noqa: S101 - for the type checker; it was asked for
    find, sha256 = SalientObjects(path), hashlib.sha256(path.read_bytes()).hexdigest()
    return map_judge(SALIENT, scored(lambda evidence: find(evidence.pixels).clip(0, 1)), sha256)


def map_judge(name: str, localize: Localize, version: str = "") -> Judge:
    """A function from an image to its map and score, at the threshold 0.5."""
    return Judge(name, lambda evidence, _sample: Judgement(*localize(evidence)), version=version)


def external_judge(detector: ExternalDetector) -> Judge:
    """An external detector at the threshold it states."""

    def judge(evidence: Evidence, _sample: object) -> Judgement:
        said = detector(evidence)
        return Judgement(said.probabilities, said.score)

    threshold = detector.threshold
    return Judge(detector.name, judge, threshold, threshold, f"stated: {threshold:g}", detector.version)
