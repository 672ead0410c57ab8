"""Jitter: an object altered in place, so that its traces change but not its content.

Reference: the object jitter of C. Qu et al., "Towards modern image manipulation localization" (2024).
"""

from collections.abc import Callable

import cv2
import numpy as np

from tamperlens.data.channels import INTERPOLATIONS
from tamperlens.data.synthesis._regions import Mask, Pixels, draw_alpha, draw_region
from tamperlens.data.synthesis._saves import Save


def jitter(rng: np.random.Generator, base: Pixels, outline: Mask | None) -> tuple[Pixels, Mask]:
    """Resample, save again, move by a few pixels or tone a region in place: one or two of these.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of an object in it; None if none is known.

    Returns:
        The altered image, and the (side, side) bool mask of the altered pixels.
    """
    region = draw_region(rng, base.shape[0], outline)
    alpha = draw_alpha(rng, region.astype(np.float32))
    mask = alpha >= 0.5
    changed = base
    for name in rng.permutation(list(CHANGES))[: 1 + int(rng.random() < 0.4)]:
        changed = CHANGES[str(name)](rng, changed)
    mixed = base + alpha[:, :, None] * (changed.astype(np.float32) - base)
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8), mask


def _resample(rng: np.random.Generator, base: Pixels) -> Pixels:
    """To another size and back, or slightly rotated."""
    side, method = base.shape[0], INTERPOLATIONS[int(rng.integers(3))]
    if rng.random() < 0.5:
        other = round(side * float(rng.uniform(0.6, 1.6)))
        small = cv2.resize(base, (other, other), interpolation=method)
        return np.asarray(cv2.resize(small, (side, side), interpolation=method), np.uint8)
    turn = cv2.getRotationMatrix2D(
        (side / 2, side / 2), float(rng.normal(0, 2)), float(rng.uniform(0.94, 1.06))
    )
    return np.asarray(
        cv2.warpAffine(base, turn, (side, side), flags=method, borderMode=cv2.BORDER_REFLECT_101), np.uint8
    )


def _save(rng: np.random.Generator, base: Pixels) -> Pixels:
    """Through a JPEG file with its grid anywhere."""
    save = Save(int(rng.integers(40, 93)), bool(rng.random() < 0.5))
    top, left = (int(v) for v in rng.integers(0, 8, 2))
    grown = cv2.copyMakeBorder(base, top, 8 - top, left, 8 - left, cv2.BORDER_REFLECT_101)
    saved = save.apply(np.asarray(grown, np.uint8))
    return np.ascontiguousarray(saved[top : top + base.shape[0], left : left + base.shape[1]])


def _move(rng: np.random.Generator, base: Pixels) -> Pixels:
    """Moved by one to six pixels, which takes the region off the grid of earlier saves."""
    right, down = (int(v) * int(rng.choice([-1, 1])) for v in rng.integers(1, 7, 2))
    return np.roll(base, (down, right), (0, 1))


def _tone(rng: np.random.Generator, base: Pixels) -> Pixels:
    """Slightly brighter, darker or of another colour."""
    gain = 1 + rng.normal(0, 0.06, 3) + rng.normal(0, 0.08)
    values = base * gain + rng.normal(0, 4)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


CHANGES: dict[str, Callable[[np.random.Generator, Pixels], Pixels]] = {
    "resample": _resample,
    "save": _save,
    "move": _move,
    "tone": _tone,
}
