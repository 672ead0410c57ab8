"""Removal: a region filled from its surroundings so that its content disappears."""

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._regions import Mask, Pixels, draw_region

METHODS = ("telea", "navier-stokes", "exemplar", "exemplar")

_PATCH = 17
_CANDIDATES = 160


def remove(rng: np.random.Generator, base: Pixels, outline: Mask | None) -> tuple[Pixels, Mask]:
    """Fill a region by diffusion (Telea, Navier–Stokes) or with patches from the rest of the image.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of an object in it; None if none is known.

    Returns:
        The forged image, and the (side, side) bool mask of the filled pixels.

    Reference: A. Telea, "An image inpainting technique based on the fast marching method" (2004);
    M. Bertalmio et al., "Navier–Stokes, fluid dynamics, and image and video inpainting" (2001);
    A. Criminisi et al., "Region filling and object removal by exemplar-based inpainting" (2004).
    """
    region = draw_region(rng, base.shape[0], outline)
    grown = cv2.dilate(region.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    if not grown.all():
        region = grown
    method = str(rng.choice(METHODS))
    if method == "exemplar":
        return _fill_with_patches(rng, base, region), region
    flag = cv2.INPAINT_TELEA if method == "telea" else cv2.INPAINT_NS
    return np.asarray(cv2.inpaint(base, region.astype(np.uint8), 3, flag), np.uint8), region


def _fill_with_patches(rng: np.random.Generator, base: Pixels, region: Mask) -> Pixels:
    """From the border inwards, each patch replaced by the most similar of a random set of untouched ones."""
    half = _PATCH // 2
    image = cv2.copyMakeBorder(base, half, half, half, half, cv2.BORDER_REFLECT_101).astype(np.int32)
    missing = np.pad(region, half)
    sources = _whole_patches(missing, half)
    if len(sources) == 0:
        return np.asarray(cv2.inpaint(base, region.astype(np.uint8), 3, cv2.INPAINT_TELEA), np.uint8)
    depth = cv2.distanceTransform(missing.astype(np.uint8), cv2.DIST_L1, 3)
    while missing.any():
        front = np.where(missing & (depth <= depth[missing].min() + 1))
        pick = int(rng.integers(len(front[0])))
        row = int(np.clip(front[0][pick], half, image.shape[0] - half - 1))
        column = int(np.clip(front[1][pick], half, image.shape[1] - half - 1))
        window = np.s_[row - half : row + half + 1, column - half : column + half + 1]
        best = _most_similar(image, image[window], ~missing[window], rng.choice(sources, _CANDIDATES), half)
        image[window][missing[window]] = best[missing[window]]
        missing[window] = False
    return np.ascontiguousarray(image[half:-half, half:-half]).astype(np.uint8)


def _whole_patches(missing: Mask, half: int) -> NDArray[np.int64]:
    """(N, 2) centres of complete patches."""
    near = cv2.dilate(missing.astype(np.uint8), np.ones((_PATCH, _PATCH), np.uint8)).astype(bool)
    near[:half] = near[-half:] = True
    near[:, :half] = near[:, -half:] = True
    return np.argwhere(~near)


def _most_similar(
    image: NDArray[np.int32],
    patch: NDArray[np.int32],
    known: Mask,
    centres: NDArray[np.int64],
    half: int,
) -> NDArray[np.int32]:
    span = np.arange(-half, half + 1)
    rows = centres[:, 0, None, None] + span[None, :, None]
    columns = centres[:, 1, None, None] + span[None, None, :]
    candidates = image[rows, columns]
    difference = ((candidates - patch) * known[None, :, :, None]) ** 2
    return np.asarray(candidates[int(difference.sum(axis=(1, 2, 3)).argmin())])
