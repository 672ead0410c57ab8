"""Noise inconsistency: blocks grainier or smoother than blocks of the same brightness and texture."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._trace import Cost, MeasuredTrace, Needs
from tamperlens.traces.noise._deviation import deviating, deviation
from tamperlens.traces.noise._noise import BLOCK, noise_level

# Gray levels added before the logarithm: about what rounding alone gives.
_ROUNDING = 0.3
# Blocks darker or brighter than this are clipped and hold no noise.
_DARK, _BRIGHT = 12, 243


def noise_deviation(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Deviation of each block's noise level from that of similar blocks.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (⌈H/16⌉, ⌈W/16⌉) float32 in robust standard deviations; 0 for nearly black or white blocks.

    Reference: B. Mahdian, S. Saic, "Using noise inconsistencies for blind image forensics" (2009).
    """
    gray = to_gray(pixels)
    levels = np.log2(noise_level(gray) + np.float32(_ROUNDING))
    means = block_mean(gray)
    clipped = (means < _DARK) | (means > _BRIGHT)
    return deviation(np.where(clipped, np.float32(np.nan), levels), means)


def block_mean(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean gray level of each block; sides that are not multiples are continued by reflection."""
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="symmetric")
    blocks = padded.reshape(padded.shape[0] // BLOCK, BLOCK, padded.shape[1] // BLOCK, BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3), dtype=np.float32), np.float32)


NOISE_INCONSISTENCY = MeasuredTrace(
    name="noise-inconsistency",
    title="Noise inconsistency",
    measures=(
        "How far the grain of each block of 16 × 16 pixels differs from that of blocks of the same "
        "brightness."
    ),
    normal=(
        "Faint and scattered along texture and edges. A compact bright part is grainier or smoother than "
        "similar parts: it may come from another camera or have been enlarged, blurred or generated."
    ),
    misleads=(
        "Fine texture counts as grain, and out-of-focus areas look clean; compression smooths flat areas "
        "most."
    ),
    needs=Needs(least_side=128, least_quality=65),
    cost=Cost(seconds=0.0021, seconds_per_mpx=0.0078, megabytes=313.6354, megabytes_per_mpx=4.6536),
    measure=deviating(noise_deviation, "blocks of the same brightness"),
)
