"""Does the finding survive ordinary handling? The image is examined again re-saved, cropped, and resized."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evidence import Evidence, Limits, encode_jpeg, load_evidence
from tamperlens.examine._absent import NO_LOCALIZER
from tamperlens.examine._document import CounterTest
from tamperlens.examine._finding import Finding

CROP = 4
SCALE = 0.9
_LEAST_QUALITY, _DEFAULT_QUALITY = 75, 90


def counter_tests(finding: Finding, examine: Callable[[Evidence], Finding]) -> tuple[CounterTest, ...]:
    """Examine three versions: re-saved, cropped by 4 pixels at two sides, and shrunk by a tenth.

    Args:
        finding: result for the unchanged image.
        examine: the examination that led to it.
    """
    evidence = finding.evidence
    quality = max(_LEAST_QUALITY, evidence.jpeg.quality) if evidence.jpeg else _DEFAULT_QUALITY
    width, height = (max(1, round(side * SCALE)) for side in (evidence.width, evidence.height))
    small = Image.fromarray(evidence.pixels).resize((width, height), Image.Resampling.BICUBIC)
    variants = {
        f"re-saved as JPEG at quality {quality}": evidence.pixels,
        f"{CROP} pixels cropped at the left and top, then re-saved": evidence.pixels[CROP:, CROP:],
        f"resized to {SCALE:.0%}, then re-saved": np.asarray(small),
    }
    limits = Limits(max_pixels=max(Limits().max_pixels, evidence.width * evidence.height))
    tests = []
    for name, pixels in variants.items():
        if min(pixels.shape[:2]) < 1:
            continue
        file = encode_jpeg(np.ascontiguousarray(pixels), quality)
        again = examine(load_evidence(file, limits, name=evidence.name))
        tests.append(_test(name, again, _overlap(finding, again)))
    return tuple(tests)


def _test(name: str, again: Finding, overlap: float | None) -> CounterTest:
    reasons = {
        "score": again.document.absent.get("score"),
        "overlap": NO_LOCALIZER if overlap is None else None,
    }
    return CounterTest(
        name=name,
        outcome=again.outcome,
        score=again.score,
        overlap=overlap,
        absent={field: reason for field, reason in reasons.items() if reason is not None},
    )


def _overlap(first: Finding, second: Finding) -> float | None:
    one, other = first.marked, second.marked
    if one is None or other is None:
        return None
    if one.shape != other.shape:
        cropped = one[CROP:, CROP:]
        one = cropped if cropped.shape == other.shape else _resized(one, other.shape)
    union = int((one | other).sum())
    return float((one & other).sum() / union) if union else 1.0


def _resized(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.BILINEAR)) >= 128
