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
from tamperlens.examine.weights import Weight, load_weight

_DECODERS = ("libjpeg_turbo", "libtiff", "webp", "avif", "zlib", "littlecms2")


class Detector(Protocol):
    """A system at work: one checked weight, one opinion an image."""

    weight: Weight

    def features(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Input tensor (C, H, W) of (H, W, 3) uint8 RGB pixels."""
        ...

    def classify(self, tensor: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        """Margin logit(tampered) − logit(authentic) and explanation map (h, w) of one tensor."""
        ...

    def opinion(self, evidence: Evidence) -> Opinion:
        """Judge one image."""
        ...


class _DetectorFactory(Protocol):
    def __call__(self, weight: Weight, threads: int = 0) -> Detector: ...


DETECTORS: dict[str, _DetectorFactory] = {
    "lightweight-cnn": LightweightCnnDetector,
}


class Examiner:
    """Holds loaded systems; examine as many images with one as you like.

    Args:
        systems: keys of `DETECTORS`; all of them when None.
        threads: of ONNX Runtime, 0 for all cores.

    Raises:
        UnknownNameError: no such system.
        WeightError: a weight is missing or altered.
    """

    def __init__(self, systems: Sequence[str] | None = None, threads: int = 0) -> None:
        for system in systems or ():
            if system not in DETECTORS:
                raise UnknownNameError("system", system, DETECTORS)
        self._detectors = [DETECTORS[system](load_weight(system), threads) for system in systems or DETECTORS]

    def examine(self, evidence: Evidence) -> Finding:
        """Examine one image."""
        opinions = tuple(detector.opinion(evidence) for detector in self._detectors)
        score, outcome = _conclude(opinions)
        weights = {f"weight {d.weight.name}": d.weight.sha256 for d in self._detectors}
        return Finding(
            evidence=evidence,
            outcome=outcome,
            score=score,
            kind=None,
            kinds=MappingProxyType({}),
            mask=None,
            mask_threshold=None,
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
    limits += [
        "No part of this finding says where the image was altered or by which kind of edit: no system that "
        "can tell is installed.",
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
