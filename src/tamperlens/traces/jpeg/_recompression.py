"""What was done to the whole image before it was saved: how often it was compressed, shifted, resized."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import JpegCoefficients, estimate_quality, to_gray
from tamperlens.traces.interpolation import MIN_PEAK, Resizing, resizing
from tamperlens.traces.jpeg._decompressed import pixel_quality, pixel_steps, requantised
from tamperlens.traces.jpeg._double_jpeg import MIN_STRENGTH, DoubleJpeg, double_jpeg
from tamperlens.traces.jpeg._grid import MAX_LOG_NFA, JpegGrid, jpeg_grid
from tamperlens.traces.jpeg._shifted_grid import MIN_LEAD, ShiftedGrid, shifted_grid


@dataclass(frozen=True)
class CompressionHistory:
    """Compressions and resizing that show in the whole image. Confidences rank cases; they are not odds.

    Attributes:
        compressions: JPEG compressions seen on one grid: 0, 1, or 2 for two or more. A count of 1 means that
            no second one was seen, not that there was none.
        compressions_confidence: 0..1.
        last_quality: IJG quality nearest to the last compression's luma table; None when unknown.
        earlier_quality: that of the one before on the same grid; None if none was seen.
        grid_origin: (row, column) 0..7 of the last compression's grid; None without one.
        shifted_origin: that of an earlier compression on another grid; None if none was seen.
        shifted_step: its DC quantisation step; 0 without one.
        shifted_confidence: 0..1.
        resize_factors: factors that explain the period of interpolated pixels; empty if none was seen.
        resize_confidence: 0..1.
    """

    compressions: int
    compressions_confidence: float
    last_quality: int | None
    earlier_quality: int | None
    grid_origin: tuple[int, int] | None
    shifted_origin: tuple[int, int] | None
    shifted_step: int
    shifted_confidence: float
    resize_factors: tuple[float, ...]
    resize_confidence: float


def compression_history(
    pixels: NDArray[np.uint8],
    coefficients: JpegCoefficients | None = None,
    grid: JpegGrid | None = None,
    double: DoubleJpeg | None = None,
) -> CompressionHistory:
    """Read the history from the pixels, and from the coefficients if the file is a JPEG.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright.
        coefficients: the file's own; None for other formats, whose past is then read from the pixels.
        grid: `jpeg_grid(pixels)` if already known.
        double: `double_jpeg(coefficients)` if already known.

    Reference: see `double_jpeg`, `jpeg_grid`, `shifted_grid`, `resizing` and `pixel_steps`.
    """
    gray = to_gray(pixels)
    if coefficients is not None:
        origin: tuple[int, int] | None = _file_origin(pixels, coefficients, grid)
        last: int | None = estimate_quality(coefficients.tables[0])[0]
        surely = 1.0
    else:
        grid = grid or jpeg_grid(pixels)
        origin, surely = grid.origin, _grid_confidence(grid)
        last, coefficients = _read_back(gray, origin)
    if double is None and coefficients is not None:
        double = double_jpeg(coefficients)
    shifted, resized = shifted_grid(gray, origin), resizing(gray)
    return _history(origin, last, surely, double, shifted, resized)


def _file_origin(
    pixels: NDArray[np.uint8], coefficients: JpegCoefficients, grid: JpegGrid | None
) -> tuple[int, int]:
    """Where the file's grid begins in upright pixels: rotated images may begin with a partial block."""
    blocks = coefficients.components[0].shape[:2]
    sides = pixels.shape[:2] if abs(blocks[0] * 8 - pixels.shape[0]) < 16 else pixels.shape[1::-1]
    if all(side % 8 == 0 for side in sides):
        return (0, 0)
    return (grid or jpeg_grid(pixels)).origin or (0, 0)


def _grid_confidence(grid: JpegGrid) -> float:
    """Confidence in the count of 0 or 1 compressions."""
    present = grid.log_nfa < MAX_LOG_NFA
    return float(1 - 10 ** min(grid.log_nfa, 0)) if present else 0.5


def _read_back(
    gray: NDArray[np.uint8], origin: tuple[int, int] | None
) -> tuple[int | None, JpegCoefficients | None]:
    if origin is None:
        return None, None
    steps = pixel_steps(gray, origin)
    quality = pixel_quality(steps)
    return quality, None if quality is None else requantised(gray, origin, steps, quality)


def _history(
    origin: tuple[int, int] | None,
    last: int | None,
    surely: float,
    double: DoubleJpeg | None,
    shifted: ShiftedGrid,
    resized: Resizing,
) -> CompressionHistory:
    # Without coefficients there is a grid but no telling once from twice: the doubt is that at the threshold.
    strength = max(0.0, double.strength) if double else MIN_STRENGTH
    twice = double is not None and strength >= MIN_STRENGTH
    doubt = strength / (strength + MIN_STRENGTH)
    return CompressionHistory(
        compressions=0 if origin is None else 2 if twice else 1,
        compressions_confidence=surely if origin is None else surely * (doubt if twice else 1 - doubt),
        last_quality=last,
        earlier_quality=double.first_quality if double and twice else None,
        grid_origin=origin,
        shifted_origin=shifted.origin,
        shifted_step=shifted.step,
        shifted_confidence=_confidence(shifted.lead, MIN_LEAD),
        resize_factors=resized.factors,
        resize_confidence=_confidence(resized.peak, MIN_PEAK),
    )


def _confidence(value: float, threshold: float) -> float:
    """½ at the threshold, towards 1 above and 0 below."""
    return float(value**2 / (value**2 + threshold**2))
