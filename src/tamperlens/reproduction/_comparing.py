"""What two examinations of the same bytes may differ by, and what they differ in.

The same software on the same machine gives the same bytes, whatever the number of threads (a test holds it to
that); another processor adds up in another order, which moves a score by rounding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.report import current


@dataclass(frozen=True)
class Tolerance:
    """How far two examinations may be apart and still agree.

    Attributes:
        number: of scores, probabilities and log10 likelihood ratios.
        levels: of a pixel of the mask, in levels of 255.
        share: of the mask's pixels that may be further apart, for a step of a trace may fall either way.
    """

    number: float
    levels: int
    share: float


# For `verify --rerun`: the software and weights are those of the finding.
SAME_SOFTWARE = Tolerance(number=0.001, levels=1, share=0.001)
# For the self-test: other builds of the decoders and of ONNX Runtime, other processors.
OTHER_MACHINE = Tolerance(number=0.02, levels=5, share=0.02)

_EQUAL = ("sha256", "width", "height", "outcome", "kind", "mask_threshold")
_NEAR = ("score", "log10_lr")


def differences(
    stated: Mapping[str, Any], again: Mapping[str, Any], tolerance: Tolerance = SAME_SOFTWARE
) -> list[str]:
    """What the finding of another examination says differently, a phrase each; empty when both agree.

    Args:
        stated: a finding as `finding_to_json` gives it, or gave it in schema 1.
        again: the other.
        tolerance: how far numbers may be apart.
    """
    stated, again = current(stated), current(again)
    said = [
        f"{name} {stated.get(name)} ≠ {again.get(name)}" for name in _EQUAL if _unequal(stated, again, name)
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
    """How two masks differ, None when they agree.

    Args:
        stated: (H, W) uint8, 255 × probability.
        again: likewise.
        tolerance: how far pixels may be apart, and how many may be further.
    """
    if stated.shape != again.shape:
        return f"the mask has {stated.shape[1]}×{stated.shape[0]} ≠ {again.shape[1]}×{again.shape[0]} pixels"
    apart = float(np.mean(np.abs(stated.astype(np.int16) - again) > tolerance.levels))
    return None if apart <= tolerance.share else f"{apart:.1%} of the mask differs"


# What confined an examination is told with its versions, and changes nothing about its result.
_NO_SOFTWARE = frozenset({"confinement"})


def version_changes(stated: Mapping[str, str], again: Mapping[str, str]) -> list[str]:
    """Which software or weight is another one, a phrase each.

    >>> version_changes({"numpy": "2.0", "pillow": "12"}, {"numpy": "2.1", "pillow": "12"})
    ['numpy 2.0 → 2.1']
    """
    names = sorted({*stated, *again} - _NO_SOFTWARE)
    return [
        f"{name} {str(stated.get(name, 'none'))[:16]} → {str(again.get(name, 'none'))[:16]}"
        for name in names
        if stated.get(name) != again.get(name)
    ]


def _unequal(stated: Mapping[str, Any], again: Mapping[str, Any], name: str) -> bool:
    return bool(stated.get(name) != again.get(name))


def _numbers(finding: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    """Every number that a conclusion rests on, by its name."""
    yield from ((name, finding.get(name)) for name in _NEAR)
    yield from ((f"kind {kind}", probability) for kind, probability in finding.get("kinds", {}).items())
    for opinion in finding.get("opinions", ()):
        if opinion["applicable"]:
            yield f"opinion {opinion['system']}", opinion["score"]
