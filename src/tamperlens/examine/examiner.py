"""Ask every chosen system about an image and conclude."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import features

from tamperlens import __version__
from tamperlens.errors import UnknownNameError
from tamperlens.evidence import Evidence
from tamperlens.examine.agreement import agreements
from tamperlens.examine.budget import Budget
from tamperlens.examine.calibration import Calibration
from tamperlens.examine.counter_test import counter_tests
from tamperlens.examine.finding import Finding, Opinion
from tamperlens.examine.fused import FusedExamination
from tamperlens.examine.fusion import load_fusion
from tamperlens.examine.kinds import load_kind_teller
from tamperlens.examine.lightweight import LightweightCnnDetector
from tamperlens.examine.localizer import LocalizerDetector
from tamperlens.examine.measuring import Progress, unwatched
from tamperlens.examine.multi_fusion import MultiFusionDetector
from tamperlens.examine.outcome import Outcome
from tamperlens.examine.patch_detector import PatchDetector
from tamperlens.examine.patches import suspicious_patches
from tamperlens.examine.precision import FULL, chosen_precision, precision_limits
from tamperlens.examine.providers import chosen_provider, runtime_version
from tamperlens.examine.weights import Weight, load_weight

_DECODERS = ("libjpeg_turbo", "libtiff", "webp", "avif", "zlib", "littlecms2")


class Detector(Protocol):
    """A system at work: one checked weight, one opinion an image."""

    weight: Weight

    def opinion(self, evidence: Evidence) -> Opinion:
        """Judge one image."""
        ...


class _DetectorFactory(Protocol):
    def __call__(self, weight: Weight, threads: int = 0) -> Detector: ...


# Those that tell where.
LOCALIZERS: dict[str, type[LocalizerDetector]] = {
    "unet-localizer": LocalizerDetector,
    "dual-convnext": LocalizerDetector,
}

DETECTORS: dict[str, _DetectorFactory] = {
    **LOCALIZERS,
    "lightweight-cnn": LightweightCnnDetector,
    "kind-classifier": PatchDetector,
    "multi-fusion": MultiFusionDetector,
}

_UNLIMITED = Budget()

# Asked by `--explain`: its graph computes class activation and attention.
EXPLAINER = "multi-fusion"

# The best on validation, and the one that the fusion was fitted with; the others are asked on demand.
DEFAULT_LOCALIZER = "unet-localizer"


class Examiner:
    """Holds loaded systems; examine as many images with one as you like.

    Args:
        systems: keys of `DETECTORS` to ask one by one; None for the fused examination by the default
            localizer and every applicable trace.
        threads: of ONNX Runtime, 0 for all cores.
        strict: of the fused examination; aim at 1 % of false alarms instead of 5 %.
        kinds: of the fused examination; say how the marked region was altered.
        precision: key of `PRECISIONS`, in which the default localizer computes; None for what the environment
            says.
        budget: of the fused examination; what does not fit is left out, the dearest first. Each
            re-examination of a counter-test has as much.

    Raises:
        UnknownNameError: no such system.
        WeightError: a weight is missing or altered.
    """

    def __init__(
        self,
        systems: Sequence[str] | None = None,
        threads: int = 0,
        strict: bool = False,
        kinds: bool = True,
        budget: Budget = _UNLIMITED,
        precision: str | None = None,
    ) -> None:
        for system in systems or ():
            if system not in DETECTORS:
                raise UnknownNameError("system", system, DETECTORS)
        self._fused, self._threads, self._budget = None, threads, budget
        self._explains: MultiFusionDetector | None = None
        if systems:
            self._detectors = [DETECTORS[one](_weight_of(one, precision), threads) for one in systems]
        else:
            localizer = LOCALIZERS[DEFAULT_LOCALIZER](_weight_of(DEFAULT_LOCALIZER, precision), threads)
            teller = load_kind_teller(threads) if kinds else None
            self._fused = FusedExamination(localizer, load_fusion(), strict, teller)

    @property
    def versions(self) -> Mapping[str, str]:
        """Of everything a finding depends on; equal versions give equal findings of the same bytes."""
        weights = self._fused.versions if self._fused else _hashes(self._detectors)
        return MappingProxyType({**_versions(), **weights})

    def examine(
        self,
        evidence: Evidence,
        counter_test: bool = False,
        explain: bool = False,
        progress: Progress = unwatched,
    ) -> Finding:
        """Examine one image.

        Args:
            evidence: the image.
            counter_test: examine it again saved once more, cropped and resized; four times the time.
            explain: add what `EXPLAINER` looks at, and whether the mask agrees; it has no part in the rest.
            progress: told of each step of the fused examination, with the share of the work behind it.

        Raises:
            ImageTooLargeError: the memory budget does not hold even what is never left out.
        """
        finding = self._weigh(self._fused, evidence, progress) if self._fused else self._ask(evidence)
        if explain:
            finding = _explained(finding, self._explainer())
        if not counter_test:
            return finding
        return replace(finding, counter_tests=counter_tests(finding, self.examine))

    def _weigh(self, fused: FusedExamination, evidence: Evidence, progress: Progress) -> Finding:
        """Everything that applies and that the budget holds, fused."""
        plan = fused.plan(self._budget, evidence.width * evidence.height)
        return fused.examine(evidence, _versions(), progress, plan)

    def _explainer(self) -> MultiFusionDetector:
        """Loaded when it is first asked for."""
        if self._explains is None:
            self._explains = MultiFusionDetector(load_weight(EXPLAINER), self._threads)
        return self._explains

    def _ask(self, evidence: Evidence) -> Finding:
        """Each system alone; the one furthest from even odds speaks for all."""
        opinions = tuple(detector.opinion(evidence) for detector in self._detectors)
        score, outcome = _conclude(opinions)
        calibration = self._speaker(opinions)
        localizer = _localizer(opinions)
        mask, threshold = _mask(localizer)
        return Finding(
            evidence=evidence,
            outcome=outcome,
            score=score,
            kind=None,
            kinds=MappingProxyType({}),
            mask=mask,
            mask_threshold=threshold,
            patches=() if mask is None or threshold is None else suspicious_patches(mask, threshold),
            opinions=opinions,
            limits=(*_limits(evidence, opinions), *self._lowered()),
            versions=self.versions,
            false_alarm_rate=calibration.false_alarm_rate if calibration else None,
            thresholds=(calibration.consistent_below, calibration.inconsistent_above)
            if calibration
            else None,
        )

    def _lowered(self) -> Iterator[str]:
        """That a system computed in lower precision."""
        for detector in self._detectors:
            yield from precision_limits(detector.weight.precision)

    def _speaker(self, opinions: Sequence[Opinion]) -> Calibration | None:
        """Calibration of the system that speaks for all."""
        strongest = _strongest(opinions)
        if strongest is None:
            return None
        return next(d.weight.calibration for d in self._detectors if d.weight.name == strongest.system)


def _weight_of(system: str, precision: str | None) -> Weight:
    """Weight of a system; the default localizer's in the precision asked for, for others there is but one."""
    import onnxruntime  # noqa: PLC0415 - 0.2 s that --help must not pay

    wanted = chosen_precision(onnxruntime.get_available_providers(), precision)
    return load_weight(system, precision=wanted if system == DEFAULT_LOCALIZER else FULL)


def _hashes(detectors: Sequence[Detector]) -> dict[str, str]:
    return {name: said for detector in detectors for name, said in detector.weight.versions.items()}


def _explained(finding: Finding, explainer: MultiFusionDetector) -> Finding:
    """The finding with the network's maps, and how far they mark what the mask marks."""
    maps = explainer.heat_maps(finding.evidence)
    weight = explainer.weight
    versions = MappingProxyType({**finding.versions, f"weight {weight.name}": weight.sha256})
    said = finding.agreements
    if finding.mask is not None and finding.mask_threshold is not None:
        said += agreements(finding.mask, finding.mask_threshold, {one.name: one.values for one in maps})
    return replace(finding, explanations=maps, agreements=said, versions=versions)


def _strongest(opinions: Sequence[Opinion]) -> Opinion | None:
    """The applicable system that is furthest from even odds."""
    applicable = [opinion for opinion in opinions if opinion.applicable]
    return max(applicable, key=lambda opinion: abs(opinion.score - 0.5), default=None)


def _conclude(opinions: Sequence[Opinion]) -> tuple[float, Outcome]:
    """The strongest speaks for all; where none is applicable nothing is said."""
    strongest = _strongest(opinions)
    return (strongest.score, strongest.outcome) if strongest else (0.5, "inconclusive")


def _localizer(opinions: Sequence[Opinion]) -> Opinion | None:
    """The first system asked that tells where: its map becomes the finding's mask."""
    return next((opinion for opinion in opinions if opinion.mask_threshold is not None), None)


def _mask(localizer: Opinion | None) -> tuple[NDArray[np.float32] | None, float | None]:
    if localizer is None or localizer.heat_map is None:
        return None, None
    return localizer.heat_map.values, localizer.mask_threshold


def _limits(evidence: Evidence, opinions: Sequence[Opinion]) -> tuple[str, ...]:
    limits = [f"{o.system} is not applicable: {o.reason}." for o in opinions if not o.applicable]
    if evidence.frames > 1:
        limits.append(f"Only the first of {evidence.frames} frames or pages was examined.")
    if evidence.format != "JPEG":
        limits.append(
            f"The file is {evidence.format}: what an earlier JPEG compression recorded is not in it, "
            "and the systems learned from JPEG files."
        )
    limits += [f"Decoder: {warning}." for warning in evidence.warnings]
    if _localizer(opinions):
        limits.append(
            "The mask shows where the network sees local traces of editing; what it does not mark may be "
            "altered too, and it does not say by which kind of edit."
        )
    else:
        limits.append(
            "No part of this finding says where the image was altered or by which kind of edit: no system "
            "that can tell was asked."
        )
    limits += [
        "A score is no proof. 'Consistent' means that these tests found nothing, not that nothing was done.",
    ]
    return tuple(limits)


def _versions() -> dict[str, str]:
    """The software that decodes, measures and infers, and where it infers."""
    import onnxruntime  # noqa: PLC0415 - the systems have imported it by now

    return {**_software(), "provider": chosen_provider(onnxruntime.get_available_providers())}


@cache
def _software() -> Mapping[str, str]:
    return {
        "tamperlens": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "opencv-python-headless", "pillow")},
        "onnxruntime": runtime_version(),
        "pi-heif": version("pi-heif"),
        **{name: features.version(name) or "none" for name in _DECODERS},
    }
