"""Shifts at which an image's finest detail repeats, all found at once by a Fourier transform.

Keypoints need corners. Grain does not: a copied piece of sky, skin or wall repeats it, and over a few
thousand pixels that adds up to a peak.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# In standard deviations of the other shifts.
_PEAK = 7.0
MAX_SHIFTS = 4
# Standard deviations in pixels of the blur that is subtracted, and of the window that evens out strength.
_FINE, _LOCAL = 1.0, 6.0


def repeated_shifts(gray: NDArray[np.uint8], apart: int) -> list[tuple[int, int, bool]]:
    """Shifts, upright or mirrored left to right, at which the fine detail correlates with itself.

    Args:
        gray: (H, W) uint8.
        apart: pixels; shorter shifts are not looked at.

    Returns:
        At most `MAX_SHIFTS` of each kind: x and y in pixels and whether mirrored. Upright: source + shift =
        target. Mirrored: target x = shift x - source x, target y = source y + shift y.
    """
    import cv2  # noqa: PLC0415

    height, width = gray.shape
    detail = _even_detail(gray)
    size = [cv2.getOptimalDFTSize(2 * side) for side in (height, width)]
    padded = np.zeros(size, np.float32)
    padded[:height, :width] = detail
    spectrum = cv2.dft(padded, flags=cv2.DFT_COMPLEX_OUTPUT, nonzeroRows=height)
    upright = np.asarray(cv2.mulSpectrums(spectrum, spectrum, 0, conjB=True), np.float32)
    padded[:height, :width] = detail[:, ::-1]
    other = cv2.dft(padded, flags=cv2.DFT_COMPLEX_OUTPUT, nonzeroRows=height)
    mirror = np.asarray(cv2.mulSpectrums(spectrum, other, 0, conjB=True), np.float32)
    shifts = [(x, y, False) for x, y in _peaks(upright, (height, width), apart, half=True)]
    flipped = _peaks(mirror, (height, width), 0, half=False)
    return shifts + [(x + width - 1, y, True) for x, y in flipped]


def _even_detail(gray: NDArray[np.uint8]) -> Floats:
    import cv2  # noqa: PLC0415

    values = gray.astype(np.float32)
    detail = values - cv2.GaussianBlur(values, (0, 0), _FINE)
    strength = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), _LOCAL) + 0.25)
    return np.asarray((detail / strength).clip(-3, 3))


def _peaks(spectrum: Floats, shape: tuple[int, int], apart: int, half: bool) -> list[tuple[int, int]]:
    """X and y of the highest local maxima of the correlation, in standard deviations of comparable shifts."""
    import cv2  # noqa: PLC0415

    height, width = shape
    correlation = cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
    ys, xs = (np.fft.fftfreq(n, 1 / n).astype(np.float32) for n in correlation.shape)
    # The longer the shift, the fewer pixels overlap; the deviation falls with their square root.
    rows, columns = np.maximum(height - np.abs(ys), 0), np.maximum(width - np.abs(xs), 0)
    overlap = np.sqrt(rows[:, None] * columns)
    score = np.where(overlap > 32, correlation / np.maximum(overlap, 1), 0)
    score[(np.abs(ys) < apart)[:, None] & (np.abs(xs) < apart)] = 0
    if half:
        score[ys < 0] = 0
    score = _standardised(score)
    top = cv2.dilate(score, np.ones((5, 5), np.uint8))
    found = np.flatnonzero((score == top) & (score > _PEAK))
    found = found[np.argsort(-score.ravel()[found], kind="stable")[:MAX_SHIFTS]]
    return [(int(xs[i % len(xs)]), int(ys[i // len(xs)])) for i in found]


def _standardised(score: Floats) -> Floats:
    """Divided by the deviation of the shifts with the same place on JPEG's 8-pixel grid."""
    for row in range(8):
        for column in range(8):
            part = score[row::8, column::8]
            alive = part[part != 0]
            if alive.size:
                part[part != 0] = (alive - np.median(alive)) / max(float(alive.std()), 1e-6)
    return score
