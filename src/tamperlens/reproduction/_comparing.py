"""How far two examinations of the same bytes may differ, and where they do.

The same software on the same machine gives the same bytes for any number of threads (a test checks this);
another processor adds in another order, which moves a score by rounding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.report import current


@dataclass(frozen=True)
class Tolerance:
    """How far apart two examinations may be and still agree.

    Attributes:
        number: tolerance for scores, probabilities and log10 likelihood ratios.
        levels: tolerance for a mask pixel, in levels of 255.
        share: share of the mask's pixels that may be further apart, because a step of a trace may fall either
            way.
    """

    number: float
    levels: int
    share: float


# For `verify --rerun`, with the finding's own software and weights.
SAME_SOFTWARE = Tolerance(number=0.001, levels=1, share=0.001)
# For the self-test: other builds of the decoders and of ONNX Runtime, other processors.
OTHER_MACHINE = Tolerance(number=0.02, levels=5, share=0.02)

_EQUAL = ("sha256", "width", "height", "outcome", "kind", "mask_threshold")
_NEAR = ("score", "log10_lr")


def differences(
    stated: Mapping[str, Any], again: Mapping[str, Any], tolerance: Tolerance = SAME_SOFTWARE
) -> list[str]:
    """What another examination's finding says differently, a phrase each; empty if both agree.

    Args:
        stated: a finding from `finding_to_json`, or one in schema 1.
        again: the other.
        tolerance: how far apart numbers may be.
    """
    stated, again = current(stated), current(again)
    said = [
        f"{name} {stated.get(name)} ≠ {again.get(name)}"
        for name in _EQUAL
        if stated.get(name) != again.get(name)
    ]
    before, after = dict(_numbers(stated)), dict(_numbers(again))
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one != other and (one is None or other is None or abs(one - other) > tolerance.number):
            said.append(f"{name} {one} ≠ {other}")
    return sorted(said)


def mask_difference(
    stated: NDArray[np.uint8], again: NDArray[np.uint8], tolerance: Tolerance = SAME_SOFTWARE
) -> str | None:
    """How two masks differ; None if they agree.

    Args:
        stated: (H, W) uint8, 255 × probability.
        again: likewise.
        tolerance: how far apart pixels may be, and how many may be further apart.
    """
    if stated.shape != again.shape:
        return f"the mask has {stated.shape[1]}×{stated.shape[0]} ≠ {again.shape[1]}×{again.shape[0]} pixels"
    apart = float(np.mean(np.abs(stated.astype(np.int16) - again) > tolerance.levels))
    return None if apart <= tolerance.share else f"{apart:.1%} of the mask differs"


# A finding's versions also name what confined the examination, which does not change its result.
_NO_SOFTWARE = frozenset({"confinement"})


def version_changes(stated: Mapping[str, str], again: Mapping[str, str]) -> list[str]:
    """Which software or weights changed, a phrase each.

    >>> version_changes({"numpy": "2.0", "pillow": "12"}, {"numpy": "2.1", "pillow": "12"})
    ['numpy 2.0 → 2.1']
    """
    names = sorted({*stated, *again} - _NO_SOFTWARE)
    return [
        f"{name} {str(stated.get(name, 'none'))[:16]} → {str(again.get(name, 'none'))[:16]}"
        for name in names
        if stated.get(name) != again.get(name)
    ]


def _numbers(finding: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    """Every number that a conclusion rests on, with its name."""
    yield from ((name, finding.get(name)) for name in _NEAR)
    yield from ((f"kind {kind}", probability) for kind, probability in finding.get("kinds", {}).items())
    for opinion in finding.get("opinions", ()):
        if opinion["applicable"]:
            yield f"opinion {opinion['system']}", opinion["score"]
