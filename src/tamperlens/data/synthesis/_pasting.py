"""Splicing and copy-move: a region warped and pasted where it was not before."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.channels import INTERPOLATIONS
from tamperlens.data.synthesis._regions import (
    Mask,
    Pixels,
    draw_alpha,
    draw_area,
    draw_region,
    fits,
    place_shape,
)


@dataclass(frozen=True)
class Donor:
    """Where a spliced region comes from.

    Attributes:
        pixels: (h, w, 3) uint8 RGB, with a history of its own.
        outline: (h, w) bool mask of an object in it; None if none is known.
    """

    pixels: Pixels
    outline: Mask | None


def splice(rng: np.random.Generator, base: Pixels, donor: Donor, shapes: float = 0.25) -> tuple[Pixels, Mask]:
    """Paste a region of another photograph: scaled, turned, with or without matched colours and noise.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        donor: where the region comes from.
        shapes: share of regions that are drawn shapes even if the donor has an outlined object.

    Returns:
        The forged image, and the (side, side) bool mask of the pasted pixels.
    """
    side = base.shape[0]
    area = draw_area(rng, side)
    region = donor.outline
    if region is None or rng.random() < shapes or region.sum() < 400:
        region = place_shape(rng, area, (side, side))
        scale = 1.0 if rng.random() < 0.5 else math.exp(rng.uniform(-0.7, 0.5))
    else:  # an object: kept at its size if that fits, otherwise at the size drawn
        keep = fits(int(region.sum()), side) and rng.random() < 0.4
        scale = 1.0 if keep else float(np.clip(math.sqrt(area / region.sum()), 0.15, 2.0))
    angle = float(rng.normal(0, 15)) if rng.random() < 0.4 else 0.0
    pixels = _match_noise(rng, _match_colour(rng, donor.pixels, region, base))
    mirror = rng.random() < 0.3
    warped, alpha = _warp(rng, pixels, region, (side, side), scale, angle, mirror)
    return _blend(rng, base, warped, alpha)


def copy_move(rng: np.random.Generator, base: Pixels, outline: Mask | None) -> tuple[Pixels, Mask]:
    """Repeat a region elsewhere in the same image: moved, and perhaps turned, scaled or mirrored.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of an object in it; None if none is known.

    Returns:
        The forged image, and the (side, side) bool mask of the copy, not of its source.
    """
    side = base.shape[0]
    region = draw_region(rng, side, outline)
    rest = np.float64(region.sum())
    scale, angle, mirror = 1.0, 0.0, bool(rng.random() < 0.2)
    if rng.random() < 0.4:
        scale = math.exp(rng.uniform(math.log(0.5), math.log(2)))
        scale = min(scale, math.sqrt(0.5 * side * side / rest))
    if rng.random() < 0.4:
        angle = float(rng.uniform(-180, 180)) if rng.random() < 0.5 else float(rng.normal(0, 12))
    warped, alpha = _warp(rng, base, region, (side, side), scale, angle, mirror, away_from=region)
    return _blend(rng, base, warped, alpha)


def _warp(
    rng: np.random.Generator,
    pixels: Pixels,
    region: Mask,
    shape: tuple[int, int],
    scale: float,
    angle: float,
    mirror: bool,
    away_from: Mask | None = None,
) -> tuple[Pixels, NDArray[np.float32]]:
    """Carry a region to a random place on a canvas; whole-pixel moves copy values unchanged."""
    rows, columns = np.nonzero(region)
    centre = np.array([columns.min() + columns.max(), rows.min() + rows.max()]) / 2
    turn = math.radians(angle)
    matrix = scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    if mirror:
        matrix = matrix @ np.diag([-1.0, 1.0])
    corners = np.array([[columns.min(), rows.min()], [columns.max(), rows.min()],
                        [columns.min(), rows.max()], [columns.max(), rows.max()]]) - centre  # fmt: skip
    half = np.abs(corners @ matrix.T).max(axis=0)
    target = _draw_target(rng, shape, half, None if away_from is None else centre)
    offset = target - matrix @ centre
    if np.allclose(np.abs(matrix), np.eye(2)):
        offset = np.rint(offset)
    affine = np.hstack([matrix, offset[:, None]])
    method = INTERPOLATIONS[int(rng.integers(3))]
    size = (shape[1], shape[0])
    border = cv2.BORDER_REFLECT_101
    warped = cv2.warpAffine(pixels, affine, size, flags=method, borderMode=border)
    inside = cv2.warpAffine(region.astype(np.float32), affine, size, flags=cv2.INTER_LINEAR)
    return np.asarray(warped, np.uint8), draw_alpha(rng, np.asarray(inside, np.float32))


def _draw_target(
    rng: np.random.Generator,
    shape: tuple[int, int],
    half: NDArray[np.float64],
    source: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Centre of the pasted region, inside the image if it fits; the farthest of a few draws from `source`.

    A copy must not lie on its source, because then nothing would change.
    """
    size = np.array([shape[1], shape[0]], float)
    low, high = np.minimum(half, size / 2), np.maximum(size - half, size / 2)
    draws = rng.uniform(low, high + 1e-9, size=(4, 2))
    if source is None:
        return np.asarray(draws[0])
    distance = np.abs(draws - source).max(axis=1)
    if distance.max() < 12:  # no room: push it over the border rather than onto itself
        return np.asarray((source + size / 2) % size)
    return np.asarray(draws[int(np.argmax(distance >= min(distance.max(), half.max())))])


def _blend(
    rng: np.random.Generator, base: Pixels, pasted: Pixels, alpha: NDArray[np.float32]
) -> tuple[Pixels, Mask]:
    mask = alpha >= 0.5
    if rng.random() < 0.1 and is_clear_of_border(mask):
        return clone_seamlessly(pasted, base, mask), mask
    mixed = base + alpha[:, :, None] * (pasted.astype(np.float32) - base)
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8), mask


def clone_seamlessly(pasted: Pixels, base: Pixels, mask: Mask) -> Pixels:
    """Poisson blending of a region in its place; its colours then come from the border.

    Args:
        pasted: (side, side, 3) uint8 RGB.
        base: likewise.
        mask: (side, side) bool, clear of the border.
    """
    rows, columns = np.nonzero(mask)
    # OpenCV puts the bounding box's first pixel at centre − extent // 2.
    centre = (int(columns.min() + columns.max() + 1) // 2, int(rows.min() + rows.max() + 1) // 2)
    cloned = cv2.seamlessClone(pasted, base, mask.astype(np.uint8) * 255, centre, cv2.NORMAL_CLONE)
    return np.asarray(cloned, np.uint8)


def is_clear_of_border(mask: Mask) -> bool:
    """Whether a mask is clear of the border and large enough for Poisson blending."""
    frame = mask[:3].any() or mask[-3:].any() or mask[:, :3].any() or mask[:, -3:].any()
    return bool(mask.sum() > 200 and not frame)


def _match_colour(rng: np.random.Generator, pixels: Pixels, region: Mask, base: Pixels) -> Pixels:
    """Move the region's mean and deviation towards the base's, by a drawn share; often not at all."""
    share = 0.0 if rng.random() < 0.55 else float(rng.uniform(0.2, 0.8))
    if not share:
        return pixels
    inside = pixels[region].astype(np.float32)
    around = base.reshape(-1, 3).astype(np.float32)
    gain = 1 + share * (np.clip(around.std(0) / (inside.std(0) + 1), 0.6, 1.6) - 1)
    shift = share * (around.mean(0) - inside.mean(0)) * 0.7
    moved = (pixels - inside.mean(0)) * gain + inside.mean(0) + shift
    return np.asarray(np.clip(np.rint(moved), 0, 255), np.uint8)


def _match_noise(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Add or remove grain, as a careful forger would; mostly neither."""
    choice, strength = rng.random(), rng.random()
    if choice < 0.1:
        noise = rng.standard_normal(pixels.shape, np.float32) * np.float32(1 + 3 * strength)
        return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)
    if choice < 0.2:
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.4 + 0.8 * strength), np.uint8)
    return pixels
