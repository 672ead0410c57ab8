"""Whether the whole image was resized: interpolated pixels vary with a period."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Cycles per pixel. Slow variation is content; multiples of 1/8 are JPEG's.
_LOWEST, _GUARD = 0.03, 0.004
_BINS = 8192
# Bins over which the spectrum's own level is taken.
_LEVEL_BINS = 401
# Peak over level, in both rows and columns, at which an image counts as resized: 4 of 120 made photographs
# that were not resized exceed it.
MIN_PEAK = 5.0
_MOST_PIXELS = 4096


@dataclass(frozen=True)
class Resizing:
    """What periodic interpolation reveals.

    Attributes:
        frequency: cycles per pixel, 0.03..0.5, of the strongest common peak of rows and columns.
        peak: its height over the surrounding spectrum, the lower of rows' and columns'.
        factors: factors that give this frequency, the likeliest first; empty below `MIN_PEAK`. Enlarging by
            1 / (1 − f) and by 1 / f, and reducing by 1 / (1 + f) look alike.
    """

    frequency: float
    peak: float
    factors: tuple[float, ...]


def resizing(gray: NDArray[np.uint8]) -> Resizing:
    """Look for a period in how well neighbours predict pixels.

    Enlarging by 2, or by other factors whose peak falls on a multiple of 1/8, cannot be seen because JPEG and
    demosaicing peak there too; nor can strong reduction.

    Args:
        gray: (H, W) uint8; the middle 4096 × 4096 pixels are read.

    Reference: A. Popescu, H. Farid, "Exposing digital forgeries by detecting traces of resampling" (2005);
    A. Gallagher, "Detection of linear and cubic interpolation in JPEG compressed images" (2005);
    B. Mahdian, S. Saic, "Blind authentication using periodic properties of interpolation" (2008).
    """
    gray = _middle(gray)
    if min(gray.shape) < 64:
        return Resizing(0.0, 0.0, ())
    both = np.minimum(_peaks(gray), _peaks(gray.T))
    frequencies = np.arange(len(both)) / _BINS
    both[_excluded(frequencies, min(gray.shape))] = 0
    best = int(both.argmax())
    frequency, peak = float(frequencies[best]), float(both[best])
    return Resizing(frequency, peak, _factors(frequency) if peak >= MIN_PEAK else ())


def _factors(frequency: float) -> tuple[float, ...]:
    values = 1 / (1 - frequency), 1 / (1 + frequency), 1 / frequency
    return tuple(round(value, 3) for value in values)


def _middle(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    top, left = (max(0, (side - _MOST_PIXELS) // 2) for side in gray.shape)
    return gray[top : top + _MOST_PIXELS, left : left + _MOST_PIXELS]


def _peaks(gray: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Spectrum of the mean second derivative along the columns, over its own level."""
    profile = _profile(gray)
    slow = np.convolve(np.pad(profile, 4, mode="reflect"), np.ones(9) / 9, mode="valid")
    spectrum = np.abs(np.fft.rfft((profile - slow) * np.hanning(len(profile)), _BINS))
    level = _local_median(spectrum)
    # A peak's neighbours belong to it: rows' and columns' peaks need not fall on the same bin.
    padded = np.pad(spectrum / (level + 1e-9), 4)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 9).max(axis=1))


def _profile(gray: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Row mean of |second derivative along rows|, capped at the 95th percentile so edges do not dominate."""
    rows = max(1, len(gray) // 512)
    sample = gray[::rows].astype(np.int16)
    change = np.abs(2 * sample[:, 1:-1] - sample[:, :-2] - sample[:, 2:])
    return np.asarray(np.minimum(change, np.quantile(change, 0.95)).mean(axis=0))


def _local_median(spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(spectrum, _LEVEL_BINS // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _LEVEL_BINS)[::16]
    return np.median(windows, axis=1).repeat(16)[: len(spectrum)]


def _excluded(frequencies: NDArray[np.float64], side: int) -> NDArray[np.bool_]:
    guard = max(_GUARD, 4 / side)
    eighth = np.abs(frequencies * 8 - np.rint(frequencies * 8)) / 8
    return np.asarray((frequencies < _LOWEST) | (eighth < guard))
