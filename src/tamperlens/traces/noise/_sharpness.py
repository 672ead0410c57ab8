"""Sharpness inconsistency: blocks softer or crisper than expected from their contrast."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._trace import Cost, MeasuredTrace, Needs
from tamperlens.traces.noise._deviation import deviating, deviation
from tamperlens.traces.noise._noise import BLOCK

# Mean gradient in gray levels below which a block has nothing to be sharp.
_FLAT = 1.5
# Span of the wider gradient in pixels.
_REACH = 4
# Rows of blocks processed at a time.
_ROWS = 32


def sharpness(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each block's contrast lies between neighbouring pixels.

    Args:
        gray: (H, W) uint8; sides that are not multiples of 16 are continued by reflection.

    Returns:
        Two (⌈H/16⌉, ⌈W/16⌉) float32: log₂ of the mean gradient over one pixel relative to that over four, NaN
        if the block is flat; and log₂ of the latter, the contrast. At an edge that is steep within a pixel
        both gradients are equal; on a ramp the second is four times the first.

    Reference: the idea comes from edge-width measures such as P. Marziliano et al., "Perceptual blur and
    ringing metrics" (2004); ratio and block form are our own.
    """
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % BLOCK + _REACH), (0, -width % BLOCK + _REACH)), mode="symmetric")
    fine, coarse = _gradient(padded, 1), _gradient(padded, _REACH)
    ratio = np.log2((fine + 0.1) / (coarse + 0.1))
    return np.where(coarse < _FLAT, np.float32(np.nan), ratio), np.log2(coarse + 0.1)


def _gradient(padded: NDArray[np.uint8], step: int) -> NDArray[np.float32]:
    """Mean change over `step` pixels in each block, strip by strip; input has `_REACH` more at two sides."""
    size = (padded.shape[0] - _REACH) // BLOCK, (padded.shape[1] - _REACH) // BLOCK
    means = np.empty(size, np.float32)
    for top in range(0, size[0], _ROWS):
        part = padded[top * BLOCK : min(top + _ROWS, size[0]) * BLOCK + _REACH].astype(np.int16)
        inside = part[:-_REACH, :-_REACH]
        down = np.abs(part[step : part.shape[0] - _REACH + step, :-_REACH] - inside)
        right = np.abs(part[:-_REACH, step : part.shape[1] - _REACH + step] - inside)
        total = (down + right).reshape(-1, BLOCK, size[1], BLOCK)
        means[top : top + _ROWS] = total.mean(axis=(1, 3), dtype=np.float32)
    return means


def sharpness_deviation(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Deviation of each block's sharpness from that of blocks with similar contrast.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (⌈H/16⌉, ⌈W/16⌉) float32 in robust standard deviations; 0 for flat blocks.
    """
    return deviation(*sharpness(to_gray(pixels)))


SHARPNESS = MeasuredTrace(
    name="sharpness",
    title="Sharpness inconsistency",
    measures=(
        "The share of each block's contrast that lies between neighbouring pixels, and how far it differs "
        "from that of blocks with similar contrast."
    ),
    normal=(
        "Follows the depth of field: focus changes smoothly across the image. A compact bright part with a "
        "sharp border was enlarged, reduced, blurred or sharpened on its own."
    ),
    misleads="Shallow depth of field, motion, fog and reflections change sharpness in untouched photographs.",
    needs=Needs(least_side=128, least_quality=40),
    cost=Cost(seconds=0.0001, seconds_per_mpx=0.0093, megabytes=315.0702, megabytes_per_mpx=5.2974),
    measure=deviating(sharpness_deviation, "blocks of similar contrast"),
)
