"""Pixels that were once a JPEG: the quantisation table recovered from them."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import JpegCoefficients, ijg_table
from tamperlens.traces._blocks import BLOCK, block_dct
from tamperlens.traces.jpeg._double_jpeg import FREQUENCIES

_STEPS = np.arange(2, 65)
# Standard deviation of a coefficient after decoding to whole gray levels in RGB and back. The mean cosine
# around multiples of a step is then e^(−2π²σ²/step²); clipping at black and white lowers it.
_ROUNDING, _LEAST_COSINE = 0.45, 0.75
# Share of the coefficients that must lie within `_CLOSE` of a multiple of a step of 4 or more: about .92 do
# if that was the last step, .6 or fewer if a finer one came after it.
_CLOSE, _LEAST_CLOSE = 0.8, 0.7
# Coefficients away from 0 that a step needs, and how many blocks are read.
_LEAST_COUNT = 24
_MOST_BLOCKS = 40_000
_QUALITIES = tuple(range(20, 99))


def pixel_steps(gray: NDArray[np.uint8], origin: tuple[int, int]) -> NDArray[np.int_]:
    """Quantisation steps of the last compression, as far as the pixels show them.

    Args:
        gray: (H, W) uint8.
        origin: (row, column) 0..7 of its grid.

    Returns:
        (8, 8) int steps 2..64; 0 if there are too few coefficients to tell, or the step is 1.

    Reference: Z. Fan, R. de Queiroz, "Identification of bitmap compression history: JPEG detection and
    quantizer estimation" (2003).
    """
    coefficients = _coefficients(gray, origin)
    coefficients = coefficients[:: max(1, len(coefficients) // _MOST_BLOCKS)]
    steps = np.zeros((BLOCK, BLOCK), np.int_)
    for frequency in FREQUENCIES[1:]:
        steps[frequency] = _step(np.abs(coefficients[:, frequency[0], frequency[1]]))
    return steps


def pixel_quality(steps: NDArray[np.int_]) -> int | None:
    """IJG quality 20..98 whose table is nearest to the known steps; None if none are known."""
    known = steps > 0
    if np.count_nonzero(known) < 3:
        return None
    distance = [np.abs(np.log(ijg_table(q)[known] / steps[known])).mean() for q in _QUALITIES]
    best = int(np.argmin(distance))
    return _QUALITIES[best] if distance[best] < 0.25 else None


def requantised(
    gray: NDArray[np.uint8], origin: tuple[int, int], steps: NDArray[np.int_], quality: int
) -> JpegCoefficients:
    """The coefficients the file had: those of the pixels, divided by the steps and rounded.

    Args:
        gray: (H, W) uint8.
        origin: (row, column) 0..7 of the grid.
        steps: (8, 8), 0 where unknown.
        quality: IJG quality whose table fills in for unknown steps.
    """
    table = np.where(steps > 0, steps, ijg_table(quality))
    top, left = origin
    blocks = block_dct(gray[top : _whole(gray.shape[0], top), left : _whole(gray.shape[1], left)])
    blocks[:, :, 0, 0] -= 128 * BLOCK
    return JpegCoefficients((np.rint(blocks / table.astype(np.float32)).astype(np.int16),), (table,))


def _whole(side: int, start: int) -> int:
    return start + (side - start) // BLOCK * BLOCK


def _coefficients(gray: NDArray[np.uint8], origin: tuple[int, int]) -> NDArray[np.float32]:
    """Coefficients of whole blocks from the middle of the image, (n, 8, 8)."""
    top, left = origin
    gray = gray[top : _whole(gray.shape[0], top), left : _whole(gray.shape[1], left)]
    if not gray.size:
        return np.zeros((0, BLOCK, BLOCK), np.float32)
    rows = max(1, 4 * _MOST_BLOCKS // (gray.shape[1] // BLOCK)) * BLOCK
    start = max(0, (gray.shape[0] - rows) // 2) // BLOCK * BLOCK
    return block_dct(gray[start : start + rows]).reshape(-1, BLOCK, BLOCK)


def _step(magnitudes: NDArray[np.float32]) -> int:
    """The largest step with the coefficients on its multiples; 0 if there is none.

    Only coefficients beyond half a step count: those rounded to 0 fit every step.
    """
    for step in _STEPS[::-1]:
        beyond = magnitudes[magnitudes > step / 2]
        if len(beyond) < _LEAST_COUNT:
            continue
        cosine = float(np.cos(beyond * np.float32(2 * np.pi / step)).mean())
        if cosine > _LEAST_COSINE * np.exp(-2 * (np.pi * _ROUNDING / step) ** 2) and _is_last(beyond, step):
            return int(step)
    return 0


def _is_last(magnitudes: NDArray[np.float32], step: int) -> bool:
    """Whether no finer step seems to have come after this one."""
    off = np.abs(magnitudes - step * np.rint(magnitudes / step))
    return step < 4 or float((off < _CLOSE).mean()) > _LEAST_CLOSE
