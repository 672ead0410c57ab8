"""Resampling: where a part shows an interpolation period that the rest of the image does not."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces._blocks import mean3
from tamperlens.traces._trace import LookedTrace, Needs

Pixels = NDArray[np.uint8]
Values = NDArray[np.float32]

# Side of a window in pixels, and the step between windows while there are at most `_MOST_WINDOWS` of them.
WINDOW, STEP = 128, 32
_MOST_WINDOWS = 2048
# Rows of windows worked on at a time.
_ROWS = 8
# A fixed linear predictor from the eight neighbours (Kirchner 2008): twice the nearest four minus the
# corners.
_PREDICTOR = np.array([[-1, 2, -1], [2, 0, 2], [-1, 2, -1]], np.float32) / 4
# Side in pixels of the mean to which a prediction error is compared.
_AROUND = 31
_MARGIN = 1 + _AROUND // 2
# Gray levels: what rounding alone leaves counts little.
_ROUNDING = 0.5
# Side in bins of the neighbourhood whose level whitens the spectrum.
_LEVEL = 9
_HALF = WINDOW // 2 + 1
# Cycles per pixel; slower variation is content.
LOWEST = 0.075
# Robust standard deviations, among the peaks of all frequencies, from which a peak is believed; on the axes,
# where plain scaling peaks, there are few to choose from.
MIN_PEAK, MIN_PEAK_AXIS = 7.0, 5.5
_MOST_PERIODS = 3
# Robust standard deviations; a strongest window above this becomes the scale of the map.
_FULL = 8.0


class Period(NamedTuple):
    """A period that some windows show.

    Attributes:
        down: cycles per pixel along the columns, 0..0.5.
        across: cycles per pixel along the rows, 0..0.5. Turned by a right angle it is another peak of the
            same period.
        peak: its height in the strongest window, in robust standard deviations of the heights that other
            frequencies reach in theirs.
        windows: (R, C) float32, how far each window is above chance, in robust standard deviations.
    """

    down: float
    across: float
    peak: float
    windows: Values


def periods(pixels: Pixels) -> list[Period]:
    """Interpolation periods that a part of the image shows and the rest does not, the clearest first.

    Neighbours predict interpolated pixels better at some places of the resampling lattice than at others, so
    the prediction error has a period. Scaling by a factor F puts it at 1/F cycles per pixel along both axes,
    rotating by α at (cos α, sin α) / F, both modulo 1. Whatever the whole image has in common is divided out.
    Multiples of 1/8 along both axes belong to JPEG and demosaicing and are not read, so factors such as 0.8,
    4/3, 1.6 and 2 are not seen.

    Args:
        pixels: (H, W, 3) uint8 RGB; nothing is found if a side is shorter than 128. Windows are 32 pixels
            apart up to two megapixels and farther apart in larger images, about 2048 in all; above 33
            megapixels there are gaps between them.

    Reference: A. Popescu, H. Farid, "Exposing digital forgeries by detecting traces of resampling" (2005);
    A. Gallagher, "Detection of linear and cubic interpolation in JPEG compressed images" (2005);
    B. Mahdian, S. Saic, "Blind authentication using periodic properties of interpolation" (2008);
    M. Kirchner, "Fast and reliable resampling detection by spectral analysis of fixed linear predictor
    residue" (2008).

    >>> periods(np.full((200, 300, 3), 90, np.uint8))
    []
    """
    if min(pixels.shape[:2]) < WINDOW:
        return []
    tops, lefts = _places(*pixels.shape[:2])
    spectra = np.concatenate(list(_spectra(pixels, tops, lefts)))
    usual = np.median(spectra, axis=(0, 1)) / np.float32(np.log(2))
    if not usual.any():
        return []
    spectra /= np.maximum(usual, 1)
    excess = mean3(_with_its_turn(spectra))
    return _strongest(np.log(excess + np.float32(1e-3)), _left_out())


def resampling_map(pixels: Pixels) -> Values:
    """How surely each part shows an interpolation period that the rest of the image does not.

    Windows of 128 × 128 pixels, averaged over 3 × 3 windows, are read at the few frequencies where some of
    them stand out; the map is linear between their centres. It needs the whole image, not a strip.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1: robust standard deviations above chance, over those of the strongest window or
        8, whichever is more; 0 everywhere if no frequency stands out or a side is shorter than 128.
    """
    height, width = pixels.shape[:2]
    found = periods(pixels)
    if not found:
        return np.zeros((height, width), np.float32)
    parts = [each.windows / max(_FULL, float(each.windows.max())) for each in found]
    values = np.max(parts, axis=0).clip(0, 1).astype(np.float32)
    tops, lefts = _places(height, width)
    return _between(_between(values, tops, height).T, lefts, width).T


def _places(height: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First rows and first columns of the windows, which reach from border to border."""
    step = max(STEP, float(np.sqrt(height * width / _MOST_WINDOWS)))
    return _evenly(height - WINDOW, step), _evenly(width - WINDOW, step)


def _evenly(last: int, step: float) -> NDArray[np.intp]:
    return np.rint(np.linspace(0, last, int(np.ceil(last / step)) + 1)).astype(np.intp)


def _spectra(pixels: Pixels, tops: NDArray[np.intp], lefts: NDArray[np.intp]) -> Iterator[Values]:
    """Whitened power of some rows of windows at a time, (rows, columns, 128, 65)."""
    taper = np.hanning(WINDOW + 2)[1:-1].astype(np.float32)
    for first in range(0, len(tops), _ROWS):
        rows = tops[first : first + _ROWS]
        error = _error(pixels, rows[0], rows[-1] + WINDOW)
        windows = np.lib.stride_tricks.sliding_window_view(error, (WINDOW, WINDOW))
        for top in rows - rows[0]:
            chosen = windows[top, lefts]
            chosen = (chosen - chosen.mean(axis=(1, 2), keepdims=True)) * np.outer(taper, taper)
            yield _whitened(np.abs(np.fft.rfft2(chosen)).astype(np.float32))[None]


def _error(pixels: Pixels, top: int, bottom: int) -> Values:
    """Mean over the colours of |prediction error| relative to itself plus its surroundings, 0..1.

    All colours were interpolated on one lattice. No value exceeds 1, so edges do not dominate.
    """
    import cv2  # noqa: PLC0415 - a tenth of a second that only some traces pay

    above, below = min(_MARGIN, top), min(_MARGIN, len(pixels) - bottom)
    strip = pixels[top - above : bottom + below].astype(np.float32)
    error = np.abs(strip - cv2.filter2D(strip, -1, _PREDICTOR, borderType=cv2.BORDER_REFLECT_101))
    around = cv2.blur(error, (_AROUND, _AROUND), borderType=cv2.BORDER_REFLECT_101)
    part = (error / (error + around + np.float32(_ROUNDING))).mean(axis=2)
    return np.asarray(part[above : above + bottom - top], np.float32)


def _whitened(magnitude: Values) -> Values:
    """Power over its mean in the neighbourhood, (N, 128, 65); chance is exponential with mean 1."""
    import cv2  # noqa: PLC0415

    edge = _LEVEL // 2
    # Columns before the first equal those after it, at the opposite rows.
    opposite = np.roll(magnitude[:, ::-1, 1 : edge + 1], 1, axis=1)[..., ::-1]
    beyond = np.roll(magnitude[:, ::-1, -edge - 1 : -1], 1, axis=1)[..., ::-1]
    wide = np.concatenate([opposite, magnitude, beyond], axis=2)
    tall = np.concatenate([wide[:, -edge:], wide, wide[:, :edge]], axis=1)
    level = cv2.blur(tall.reshape(-1, tall.shape[2]), (_LEVEL, _LEVEL)).reshape(tall.shape)
    # For chance, mean magnitude is √(π / 4) of the root mean power; a peak moves it less.
    level = level[:, edge:-edge, edge:-edge] * np.float32(np.sqrt(4 / np.pi)) + np.float32(1e-6)
    return np.asarray((magnitude / level) ** 2 * (magnitude > 1e-3), np.float32)


def _with_its_turn(power: Values) -> Values:
    """Each frequency with its right-angle turn, (…, 65, 65): a similarity's period has both.

    One may count at most three times the other, so that stripes, which have only one, count little.
    """
    one = power[..., :_HALF, :]
    other = np.swapaxes(power[..., -np.arange(_HALF), :], -1, -2)
    return np.asarray(np.minimum(one, 3 * other + 1) + np.minimum(other, 3 * one + 1), np.float32)


def _left_out() -> NDArray[np.bool_]:
    """(65, 65) frequencies that belong to content, the chessboard or JPEG."""
    bins = np.arange(_HALF)
    out = np.hypot(*np.meshgrid(bins, bins)) < LOWEST * WINDOW
    out[-2:, -2:] = True
    out[:, 0] = True  # the first row turned
    near_eighth = np.abs((bins + WINDOW // 16) % (WINDOW // 8) - WINDOW // 16) <= 1
    return np.asarray(out | np.logical_and.outer(near_eighth, near_eighth))


def _strongest(excess: Values, left_out: NDArray[np.bool_]) -> list[Period]:
    """Peaks over the windows of log power, (R, C, 65, 65), compared with those of all other frequencies."""
    middle, spread = _robust(excess[..., ~left_out])
    highest = excess.max(axis=(0, 1))
    usual, width = _robust(highest[~left_out])
    peaks = (highest - usual) / width
    needed = np.full(peaks.shape, MIN_PEAK)
    needed[:2] = needed[:, :2] = MIN_PEAK_AXIS
    peaks[left_out | (peaks < needed)] = 0
    found: list[Period] = []
    while peaks.any() and len(found) < _MOST_PERIODS:
        down, across = (int(each) for each in np.unravel_index(peaks.argmax(), peaks.shape))
        windows = (excess[..., down, across] - middle) / spread
        found.append(Period(down / WINDOW, across / WINDOW, float(peaks[down, across]), windows))
        for row, column in ((down, across), (across, down)):  # on the axes the turned peak is here too
            peaks[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
    return found


def _robust(values: Values) -> tuple[np.float32, np.float32]:
    """Median, and the standard deviation of a Gaussian with the same median deviation."""
    sample = values.ravel()[:: max(1, values.size // 1_000_000)]
    middle = np.median(sample)
    return middle, max(np.median(np.abs(sample - middle)) / np.float32(0.6745), np.float32(1e-3))


def _between(values: Values, firsts: NDArray[np.intp], size: int) -> Values:
    """Stretch the first axis from windows to `size` pixels; constant beyond the outer centres."""
    centres = firsts + (WINDOW - 1) / 2
    position = np.interp(np.arange(size), centres, np.arange(len(firsts)))
    before = position.astype(np.intp)
    after = np.minimum(before + 1, len(firsts) - 1)
    share = (position - before).astype(np.float32)[:, None]
    result = np.empty((size, values.shape[1]), np.float32)
    for first in range(0, size, 512):  # no second array of the image's size
        some = np.s_[first : first + 512]
        result[some] = values[before[some]] * (1 - share[some]) + values[after[some]] * share[some]
    return result


RESAMPLING = LookedTrace(
    name="resampling",
    title="Resampling",
    measures=(
        "How far above chance a window of 128 × 128 pixels shows an interpolation period that the rest of "
        "the image does not have."
    ),
    normal=(
        "All dark is normal. A compact bright part was enlarged or rotated, on its own, before it came here; "
        "its border is known only to about 60 pixels. Void after a JPEG save at quality 95 or less, where "
        "the map stays dark or shows chance, and weaker after any JPEG save. Nearly blind to reduction, and "
        "blind to factors such as 0.8, 4/3 and 2. Dark is not proof: flat and blurred parts, and those under "
        "about 100 pixels across, show no period. Where the whole image was resized, only its richest "
        "texture may show it; fabrics, tiles and screens have periods of their own."
    ),
    needs=Needs(least_side=128, least_quality=96),
    compute=resampling_map,
    local=False,
)
