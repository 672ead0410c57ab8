"""Noise level: how grainy each block is, regardless of content (NOI1)."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._trace import LookedTrace

# Pixels; a block holds 8 × 8 diagonal coefficients.
BLOCK = 16
# The median magnitude of a unit Gaussian.
MEDIAN_OF_GAUSSIAN = 0.6745
# Gray levels; above this it is texture, not noise.
MAX_NOISE = 16.0
# Rows of blocks processed at a time.
_ROWS = 32


def noise_level(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Standard deviation of the noise in each block, from the finest diagonal wavelet coefficients.

    The Haar wavelet replaces the paper's Daubechies-8: its blocks do not overlap, so the level is the same
    whether an image is measured whole or strip by strip, and on CASIA1 it localizes as well.

    Args:
        gray: (H, W) uint8; sides that are not multiples of 16 are continued by reflection.

    Returns:
        (⌈H/16⌉, ⌈W/16⌉) float32 in gray levels.

    Reference: B. Mahdian, S. Saic, "Using noise inconsistencies for blind image forensics" (2009);
    D. Donoho, I. Johnstone, "Ideal spatial adaptation by wavelet shrinkage" (1994).

    >>> noise_level(np.full((16, 32), 128, np.uint8))
    array([[0., 0.]], dtype=float32)
    """
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="symmetric")
    strips = range(0, len(padded), _ROWS * BLOCK)
    return np.concatenate([_levels(padded[top : top + _ROWS * BLOCK].astype(np.int16)) for top in strips])


def _levels(padded: NDArray[np.int16]) -> NDArray[np.float32]:
    """Noise levels of whole blocks."""
    top, bottom = padded[::2], padded[1::2]
    twice_diagonal = np.abs(top[:, ::2] - top[:, 1::2] - bottom[:, ::2] + bottom[:, 1::2])
    half = BLOCK // 2
    rows, columns = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    blocks = twice_diagonal.reshape(rows, half, columns, half).swapaxes(1, 2).reshape(rows, columns, -1)
    return np.asarray(np.median(blocks, axis=-1) / (2 * MEDIAN_OF_GAUSSIAN), dtype=np.float32)


def noise_map(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Noise level between block centres, linearly interpolated.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1, min(1, σ / 16).
    """
    height, width = pixels.shape[:2]
    levels = np.minimum(noise_level(to_gray(pixels)) / np.float32(MAX_NOISE), 1)
    return _between_centres(_between_centres(levels, height).T, width).T


def _between_centres(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Stretch the first axis by `BLOCK` and cut it to `size`; constant beyond the outer centres."""
    position = ((np.arange(size, dtype=np.float32) + 0.5) / BLOCK - 0.5).clip(0, len(values) - 1)
    before = position.astype(np.intp)
    after = np.minimum(before + 1, len(values) - 1)
    share = (position - before).astype(np.float32)[:, None]
    return values[before] * (1 - share) + values[after] * share


NOISE = LookedTrace(
    name="noise",
    title="Noise level",
    measures="Standard deviation of the noise in each block of 16 × 16 pixels, up to 16 gray levels.",
    normal=(
        "A photograph has one level of grain, slightly higher in bright parts. A part that is grainier or "
        "smoother than similar parts may come from another camera or have been enlarged, blurred or "
        "generated. Fine texture is mistaken for noise, out-of-focus areas look clean, and JPEG compression "
        "smooths flat areas most: compare only parts with similar content."
    ),
    compute=noise_map,
)
