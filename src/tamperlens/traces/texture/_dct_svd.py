"""DCT-SVD: the largest singular value of each 8 × 8 block's cosine transform."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._blocks import BLOCK, block_dct
from tamperlens.traces._trace import LookedTrace

# A white block has the single singular value 8 · 255.
MAX_SINGULAR_VALUE = BLOCK * 255.0


def dct_svd(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Largest singular value of each block's DCT.

    The orthonormal DCT keeps singular values, so this equals the largest singular value of the block of
    pixels itself. The transform is computed anyway, as in the paper on the lightweight CNN.

    Args:
        gray: (H, W) uint8.

    Returns:
        (⌈H/8⌉, ⌈W/8⌉) float32 in 0..2040.
    """
    rows = 64 * BLOCK  # at a time, so that memory does not grow with the image
    return np.concatenate([_singular_values(gray[top : top + rows]) for top in range(0, len(gray), rows)])


def _singular_values(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    blocks = block_dct(gray)
    return np.sqrt(_largest_eigenvalue(blocks.swapaxes(-1, -2) @ blocks))


def _largest_eigenvalue(matrices: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest eigenvalue of positive semi-definite matrices, by repeated squaring.

    With P = M^k, tr(PM) / tr(P) tends to the largest eigenvalue from below; at k = 1024 it falls short by
    less than 1 / (k·e) = 0.04 % even if eigenvalues nearly coincide. Three times as fast as LAPACK at 8 × 8.
    """
    tiny = np.finfo(np.float32).tiny

    def normalised(values: NDArray[np.float32]) -> NDArray[np.float32]:
        trace = np.trace(values, axis1=-2, axis2=-1)[..., None, None]
        return np.asarray(values / np.maximum(trace, tiny))

    power = normalised(matrices)
    for _ in range(5):
        squared = power @ power
        power = normalised(squared @ squared)
    # tr(PM) of symmetric matrices is the sum of their element-wise product, and tr(P) is one by now.
    return np.asarray((power * matrices).sum(axis=(-2, -1)))


def dct_svd_map(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Largest singular value at each pixel's block.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1, σ₁ / 2040.
    """
    height, width = pixels.shape[:2]
    values = np.minimum(dct_svd(to_gray(pixels)) / np.float32(MAX_SINGULAR_VALUE), 1)
    return np.asarray(values.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)[:height, :width])


DCT_SVD = LookedTrace(
    name="dct-svd",
    title="DCT-SVD",
    measures=(
        "Largest singular value of each 8 × 8 block's cosine transform, as a share of its largest possible "
        "value."
    ),
    normal=(
        "Mostly the block's brightness. It is an input of the lightweight CNN; viewed alone it rarely tells "
        "you anything."
    ),
    compute=dct_svd_map,
)
