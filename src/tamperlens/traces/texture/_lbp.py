"""Local binary patterns: texture at the scale of single pixels, which pasting and smoothing change."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces._trace import LookedTrace

NEIGHBOURS = 8
CODES = NEIGHBOURS + 2


def _uniform_codes() -> NDArray[np.uint8]:
    """Map each 8-bit pattern to its number of ones if it changes at most twice around, otherwise to 9."""
    patterns = np.arange(256, dtype=np.uint8)
    bits = (patterns[:, None] >> np.arange(NEIGHBOURS)) & 1
    changes = np.abs(np.diff(bits, axis=1, append=bits[:, :1]).astype(np.int8)).sum(axis=1)
    return np.where(changes <= 2, bits.sum(axis=1), NEIGHBOURS + 1).astype(np.uint8)


_UNIFORM = _uniform_codes()
_RING = ((0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1))

# A diagonal neighbour lies on the circle at √½ along both axes, so bilinear interpolation gives
# ½·d + (√½ − ½)·(a + b) above the centre, where d is the corner pixel's difference to the centre and a, b
# those of the two pixels beside it. That is ≥ 0 exactly if the integer d ≥ −(√2 − 1)·(a + b): a table over
# a + b = −510..510 decides it without rounding.
_DIAGONAL_BOUND = np.ceil((1 - np.sqrt(2)) * np.arange(-510, 511)).astype(np.int16)


def lbp(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rotation-invariant uniform local binary pattern with eight neighbours at radius one.

    The diagonal neighbours are interpolated bilinearly on the circle; beyond the border everything is zero.

    Args:
        gray: (H, W) uint8.

    Returns:
        (H, W) uint8 codes 0..9: the number of neighbours not darker than the centre if the pattern is
        uniform, otherwise 9.

    Reference: T. Ojala, M. Pietikäinen, T. Mäenpää, "Multiresolution gray-scale and rotation invariant
    texture classification with local binary patterns" (2002).
    """
    height, width = gray.shape
    padded = np.pad(gray, 1).astype(np.int16)

    def difference(dy: int, dx: int) -> NDArray[np.int16]:
        """Neighbour minus centre."""
        return padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] - padded[1:-1, 1:-1]

    straight = {offset: difference(*offset) for offset in _RING if 0 in offset}
    pattern = np.zeros(gray.shape, np.uint8)
    for bit, (dy, dx) in enumerate(_RING):
        if dy and dx:
            beside = straight[(dy, 0)] + straight[(0, dx)]
            not_darker = difference(dy, dx) >= _DIAGONAL_BOUND[beside + 510]
        else:
            not_darker = straight[(dy, dx)] >= 0
        pattern |= not_darker.view(np.uint8) << np.uint8(bit)
    return _UNIFORM[pattern]


def lbp_map(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Local binary pattern codes as a map.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1, code / 9.
    """
    return to_unit(lbp(to_gray(pixels)))


def to_unit(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Codes 0..9 as float32 in 0..1, code / 9."""
    levels = (np.arange(CODES) / (CODES - 1)).astype(np.float32)
    return np.asarray(levels[codes])


LBP = LookedTrace(
    name="lbp",
    title="Local binary patterns",
    measures=(
        "How many of the eight neighbours are at least as bright as the pixel: 0..8 for plain patterns, 9"
        " for all others."
    ),
    normal=(
        "One kind of texture gives one mixture of codes. Smoothed, cloned or generated parts can show a "
        "different mixture. Flat areas are uniform in any image."
    ),
    compute=lbp_map,
)
