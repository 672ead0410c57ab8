"""Retouching: a region blurred, smoothed, sharpened, toned, grained or healed in place."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._pasting import clone_seamlessly
from tamperlens.data.synthesis._regions import Mask, Pixels, draw_alpha, draw_region, is_visible


def retouch(rng: np.random.Generator, base: Pixels, outline: Mask | None) -> tuple[Pixels, Mask]:
    """Alter a region in place.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of an object in it; None if none is known.

    Returns:
        The forged image, and the (side, side) bool mask of the altered pixels.
    """
    region = draw_region(rng, base.shape[0], outline)
    alpha = draw_alpha(rng, region.astype(np.float32))
    mask = alpha >= 0.5
    operations = [*rng.permutation(np.array(list(OPERATIONS))), "tone"]
    changed = base
    for name in operations:
        changed = OPERATIONS[str(name)](rng, base, mask)
        if not mask.any() or is_visible(base, changed, mask):
            break
    mixed = base + alpha[:, :, None] * (changed.astype(np.float32) - base)
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8), mask


def _blur(rng: np.random.Generator, base: Pixels, _: Mask) -> Pixels:
    return np.asarray(cv2.GaussianBlur(base, (0, 0), float(rng.uniform(0.8, 4))), np.uint8)


def _smooth(rng: np.random.Generator, base: Pixels, _: Mask) -> Pixels:
    if rng.random() < 0.5:
        return np.asarray(cv2.medianBlur(base, int(rng.choice([3, 5, 7]))), np.uint8)
    return np.asarray(cv2.bilateralFilter(base, 7, float(rng.uniform(20, 60)), 5), np.uint8)


def _sharpen(rng: np.random.Generator, base: Pixels, _: Mask) -> Pixels:
    soft = cv2.GaussianBlur(base, (0, 0), float(rng.uniform(0.8, 2.5)))
    return np.asarray(cv2.addWeighted(base, 1 + (k := float(rng.uniform(0.6, 2))), soft, -k, 0), np.uint8)


def _tone(rng: np.random.Generator, base: Pixels, _: Mask) -> Pixels:
    gamma = np.exp(rng.choice([-1, 1]) * rng.uniform(0.15, 0.6))
    gain = rng.uniform(0.85, 1.15, 3)
    levels = 255 * (np.arange(256) / 255) ** gamma
    curves = np.clip(levels[:, None] * gain, 0, 255).round().astype(np.uint8)
    return np.asarray(cv2.LUT(base, curves[None]), np.uint8)


def _grain(rng: np.random.Generator, base: Pixels, _: Mask) -> Pixels:
    noise: NDArray[np.float32] = rng.standard_normal(base.shape, np.float32)
    return np.clip(np.rint(base + noise * rng.uniform(2, 7)), 0, 255).astype(np.uint8)


def _heal(rng: np.random.Generator, base: Pixels, mask: Mask) -> Pixels:
    """Texture from next to the region, colours from its border (Poisson blending)."""
    side = base.shape[0]
    shift = [int(v) for v in rng.integers(side // 8, side // 3 + 1, 2) * rng.choice([-1, 1], 2)]
    beside = np.roll(base, shift, axis=(0, 1))
    rows, columns = np.nonzero(mask)
    if not len(rows) or rows.min() < 3 or columns.min() < 3 or max(rows.max(), columns.max()) > side - 4:
        return beside
    return clone_seamlessly(beside, base, mask)


OPERATIONS: dict[str, Callable[[np.random.Generator, Pixels, Mask], Pixels]] = {
    "blur": _blur,
    "smooth": _smooth,
    "sharpen": _sharpen,
    "tone": _tone,
    "grain": _grain,
    "heal": _heal,
}
