"""SRM residual: what remains of an image after its smooth content is predicted and subtracted."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._trace import Cost, LookedTrace

# Three of the thirty basic filters, as chosen by Zhou et al. (2018): second order 3×3, third order 5×5,
# first-order horizontal; each divided by the weight of its centre.
KERNELS: NDArray[np.float32] = np.array(
    [
        [[0, 0, 0, 0, 0], [0, -1, 2, -1, 0], [0, 2, -4, 2, 0], [0, -1, 2, -1, 0], [0, 0, 0, 0, 0]],
        [[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]],
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, -2, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
    ],
    dtype=np.float32,
) / np.array([4, 12, 2], dtype=np.float32).reshape(3, 1, 1)

# Gray levels; residuals beyond this are edges, not noise.
TRUNCATION = 16.0


def srm_residual(gray: NDArray[np.uint8], kernel: int = 1) -> NDArray[np.float32]:
    """Residual of one high-pass filter.

    Args:
        gray: (H, W) uint8; the border is continued by reflection around the edge pixel.
        kernel: row of `KERNELS`.

    Returns:
        (H, W) float32 in gray levels, signed, not truncated.

    Reference: J. Fridrich, J. Kodovský, "Rich models for steganalysis of digital images" (2012);
    P. Zhou et al., "Learning rich features for image manipulation detection" (2018).
    """
    height, width = gray.shape
    padded = np.pad(gray, 2, mode="symmetric").astype(np.float32)
    residual = np.zeros(gray.shape, np.float32)
    for dy, dx in zip(*np.nonzero(KERNELS[kernel]), strict=True):
        residual += KERNELS[kernel, dy, dx] * padded[dy : dy + height, dx : dx + width]
    return residual


def srm_map(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Strength of the third-order residual, truncated.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1, min(|r|, 16) / 16.
    """
    residual = np.abs(srm_residual(to_gray(pixels)))
    return np.asarray(np.minimum(residual / np.float32(TRUNCATION), 1), dtype=np.float32)


SRM = LookedTrace(
    name="srm",
    title="Noise residual (SRM)",
    measures="Strength of the third-order high-pass residual, up to 16 gray levels.",
    normal=(
        "Sensor noise is spread evenly over areas of equal brightness. A part that is smoother or grainier "
        "than similar parts may come from elsewhere or have been blurred. Texture and focus change the "
        "residual too, and strong JPEG compression leaves nothing to compare."
    ),
    cost=Cost(seconds=0.0044, seconds_per_mpx=0.0255, megabytes=424.9252, megabytes_per_mpx=16.8292),
    compute=srm_map,
    compared=True,
)
