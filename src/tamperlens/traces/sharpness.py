"""Sharpness inconsistency: blocks softer or crisper than their contrast lets expect."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces.deviation import deviation
from tamperlens.traces.noise import BLOCK

# Gray levels of mean gradient below which a block has nothing to be sharp.
_FLAT = 1.5


def sharpness(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each block's contrast lies between neighbouring pixels.

    Args:
        gray: (H, W) uint8; sides that are no multiple of 16 are continued by reflection.

    Returns:
        (⌈H/16⌉, ⌈W/16⌉) float32 twice: log₂ of the mean gradient over one pixel against that over four, NaN
        where the block is flat; and log₂ of the latter, the contrast. Of an edge that is steep within a pixel
        both gradients are alike, of a ramp the second is four times the first.

    Reference: the idea is that of edge-width measures such as P. Marziliano et al., "Perceptual blur and
    ringing metrics" (2004); ratio and block form are our own.
    """
    height, width = gray.shape
    reach = 4
    padded = np.pad(
        gray, ((0, -height % BLOCK + reach), (0, -width % BLOCK + reach)), mode="symmetric"
    ).astype(np.int16)
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)

    def gradient(step: int) -> NDArray[np.float32]:
        inside = padded[:-reach, :-reach]
        down = np.abs(padded[step : padded.shape[0] - reach + step, :-reach] - inside)
        right = np.abs(padded[:-reach, step : padded.shape[1] - reach + step] - inside)
        total = (down + right).reshape(rows, BLOCK, columns, BLOCK)
        return np.asarray(total.mean(axis=(1, 3), dtype=np.float32), np.float32)

    fine, coarse = gradient(1), gradient(reach)
    ratio = np.log2((fine + 0.1) / (coarse + 0.1))
    return np.where(coarse < _FLAT, np.float32(np.nan), ratio), np.log2(coarse + 0.1)


def sharpness_deviation(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Deviation of each block's sharpness from blocks of like contrast.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (⌈H/16⌉, ⌈W/16⌉) float32 in robust standard deviations, 0 for flat blocks.
    """
    return deviation(*sharpness(to_gray(pixels)))
