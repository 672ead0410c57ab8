"""Ask every chosen system about an image and conclude."""

import platform
from collections.abc import Mapping, Sequence
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
from tamperlens.examine.finding import Finding, Opinion, Outcome
from tamperlens.examine.lightweight import LightweightCnnDetector
from tamperlens.examine.localizer import LocalizerDetector
from tamperlens.examine.patches import suspicious_patches
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
}

DETECTORS: dict[str, _DetectorFactory] = {**LOCALIZERS, "lightweight-cnn": LightweightCnnDetector}

# The best on validation; the others are asked on demand.
DEFAULT_SYSTEMS = ("unet-localizer",)


class Examiner:
    """Holds loaded systems; examine as many images with one as you like.

    Args:
        systems: keys of `DETECTORS`; `DEFAULT_SYSTEMS` when None.
        threads: of ONNX Runtime, 0 for all cores.

    Raises:
        UnknownNameError: no such system.
        WeightError: a weight is missing or altered.
    """

    def __init__(self, systems: Sequence[str] | None = None, threads: int = 0) -> None:
        for system in systems or ():
            if system not in DETECTORS:
                raise UnknownNameError("system", system, DETECTORS)
        self._detectors = [
            DETECTORS[system](load_weight(system), threads) for system in systems or DEFAULT_SYSTEMS
        ]

    def examine(self, evidence: Evidence) -> Finding:
        """Examine one image."""
        opinions = tuple(detector.opinion(evidence) for detector in self._detectors)
        score, outcome = _conclude(opinions)
        localizer = _localizer(opinions)
        mask, threshold = _mask(localizer)
        weights = {f"weight {d.weight.name}": d.weight.sha256 for d in self._detectors}
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
            limits=_limits(evidence, opinions),
            versions=MappingProxyType({**_versions(), **weights}),
        )


def _conclude(opinions: Sequence[Opinion]) -> tuple[float, Outcome]:
    """The applicable system that is furthest from even odds speaks for all; none, and nothing is said."""
    applicable = [opinion for opinion in opinions if opinion.applicable]
    if not applicable:
        return 0.5, "inconclusive"
    strongest = max(applicable, key=lambda opinion: abs(opinion.score - 0.5))
    return strongest.score, strongest.outcome


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


@cache
def _versions() -> Mapping[str, str]:
    """The software that decodes, measures and infers."""
    return {
        "tamperlens": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pillow", "onnxruntime")},
        "pi-heif": version("pi-heif"),
        **{name: features.version(name) or "none" for name in _DECODERS},
    }
