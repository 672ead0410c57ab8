"""What a reduced copy of an image says about its kind: letters, colours, round fields, printed dots."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._pixels import to_gray

# Longest side of the reduced copy, in pixels.
SMALL = 1024
# Strokes are thinner than this in the reduced copy, and at most this bright relative to the paper around.
_STROKE, _INKED = 23, 0.72
# Heights of letters in the reduced copy, and the most components looked at.
_LETTER, _COMPONENTS = (5, 70), 2500
# With fewer letters than this, their share of the strokes is chance.
_FEW = 12
# Side of the patches whose spectra are taken, and how many.
_PATCH, _PATCHES = 128, 16
# Gray level up to which a pixel is black; least share of the image that is a round field, not a lamp or moon.
_DARK, _FIELD = 20, 0.2


@dataclass(frozen=True)
class Letters:
    """What looks like letters in a row.

    Attributes:
        count: letters with a neighbour of their height on both sides.
        area: share of the image covered by their squares of one height.
        share: their share of all thin separate strokes; 0 if there are too few to tell.
    """

    count: int
    area: float
    share: float


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A copy whose longest side is at most `SMALL`, by averaging."""
    import cv2  # noqa: PLC0415 - a tenth of a second

    factor = SMALL / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = (max(8, round(pixels.shape[1] * factor)), max(8, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def picture_signs(pixels: NDArray[np.uint8], small: NDArray[np.uint8]) -> dict[str, float]:
    """Measure what reveals letters, colours, fields and dots.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least 64.
        small: `reduced(pixels)`.

    Returns:
        letters, text, lettered: count, area and share of `Letters`.
        page: share of the image that is bright, gray and smooth, strokes aside.
        hues: how many of twelve hues at least 2 % of the pixels have, clearly coloured.
        colours: how many of 4,096 colours cover 98 % of the pixels.
        saturation: mean saturation, 0..1.
        dark_corners: black share of the least black corner.
        round: how well what is not black fills an ellipse of its extent, 0..1.
        black: share of black pixels.
        gray: mean difference of the channels, gray levels.
        dots: height of two peaks at right angles in the spectrum of most parts, in natural logarithms.
    """
    gray = to_gray(small)
    page, letters = _read(gray, small)
    return {
        "letters": float(letters.count),
        "text": letters.area,
        "lettered": letters.share,
        "page": page,
        **_colours(small),
        **_field(gray),
        "gray": float((small.max(axis=2).astype(int) - small.min(axis=2)).mean()),
        "dots": _dots(to_gray(pixels)),
    }


def _read(gray: NDArray[np.uint8], small: NDArray[np.uint8]) -> tuple[float, Letters]:
    """Share of paper, and the letters: dark on light or light on dark, whichever is more."""
    import cv2  # noqa: PLC0415

    kernel = np.ones((_STROKE, _STROKE), np.uint8)
    found = []
    for values in (gray, 255 - gray):
        paper = cv2.morphologyEx(values, cv2.MORPH_CLOSE, kernel)
        ink = (values < _INKED * paper) & (paper > 70)
        found.append(_letters(ink))
        if values is gray:
            vivid = small.max(axis=2).astype(int) - small.min(axis=2) > 50
            slope = np.abs(cv2.Laplacian(cv2.GaussianBlur(paper, (0, 0), 3).astype(np.float32), cv2.CV_32F))
            page = float(((paper > 110) & ~vivid & (slope < 1)).mean())
    return page, max(found, key=lambda letters: letters.area)


def _letters(ink: NDArray[np.bool_]) -> Letters:
    import cv2  # noqa: PLC0415

    _, _, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    stats, centres = stats[1:], centres[1:]
    large = stats[:, 4] >= 8
    stats, centres = stats[large], centres[large]
    total = len(stats)
    height, width = stats[:, 3], stats[:, 2]
    like = (height >= _LETTER[0]) & (height <= _LETTER[1]) & (width <= 4 * height) & (width * 8 >= height)
    like &= stats[:, 4] > 0.12 * width * height
    stats, centres = stats[like][:_COMPONENTS], centres[like][:_COMPONENTS]
    if not len(stats):
        return Letters(0, 0.0, 0.0)
    height, width = stats[:, 3].astype(float), stats[:, 2].astype(float)
    down = np.abs(centres[:, None, 1] - centres[None, :, 1]) < 0.45 * np.minimum(height[:, None], height)
    ratio = height[:, None] / height
    across = centres[None, :, 0] - centres[:, None, 0]
    near = (
        down
        & (ratio > 0.5)
        & (ratio < 2)
        & (np.abs(across) < 1.3 * height[:, None] + (width[:, None] + width) / 2)
    )
    both = (near & (across > 0)).any(axis=1) & (near & (across < 0)).any(axis=1)
    area = float((height[both] ** 2).sum() / ink.size)
    count = int(both.sum())
    return Letters(count, area, count / total if count >= _FEW else 0.0)


def _colours(small: NDArray[np.uint8]) -> dict[str, float]:
    import cv2  # noqa: PLC0415

    factor = min(1.0, 256 / max(small.shape[:2]))
    size = (max(8, round(small.shape[1] * factor)), max(8, round(small.shape[0] * factor)))
    few = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    bins = (few >> 4).astype(int)
    counts = np.sort(np.bincount((bins[..., 0] << 8 | bins[..., 1] << 4 | bins[..., 2]).ravel()))[::-1]
    covered = np.cumsum(counts) / counts.sum()
    hsv = cv2.cvtColor(few, cv2.COLOR_RGB2HSV)
    vivid = (hsv[..., 1] > 90) & (hsv[..., 2] > 50)
    hues = np.bincount(hsv[..., 0][vivid] // 15, minlength=12) / vivid.size
    return {
        "hues": float((hues > 0.02).sum()),
        "colours": float(np.searchsorted(covered, 0.98) + 1),
        "saturation": float(hsv[..., 1].mean() / 255),
    }


def _field(gray: NDArray[np.uint8]) -> dict[str, float]:
    """Black corners, and how round the rest is."""
    import cv2  # noqa: PLC0415

    height, width = (max(4, side // 12) for side in gray.shape)
    dark = gray <= _DARK
    corners = (dark[:height, :width], dark[:height, -width:], dark[-height:, :width], dark[-height:, -width:])
    bright = cv2.morphologyEx((~dark).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return {
        "dark_corners": float(min(corner.mean() for corner in corners)),
        "round": _roundness(np.asarray(bright, np.uint8)),
        "black": float(dark.mean()),
    }


def _roundness(mask: NDArray[np.uint8]) -> float:
    """Overlap of a mask with the ellipse of its moments, cut at the image's edge; 0 for a small mask."""
    import cv2  # noqa: PLC0415

    if mask.all() or mask.mean() < _FIELD:
        return 0.0
    moments = cv2.moments(mask, binaryImage=True)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    axes = [2 * (moments[key] / moments["m00"]) ** 0.5 for key in ("mu20", "mu02")]
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    inside = ((columns - x) / max(axes[0], 1)) ** 2 + ((rows - y) / max(axes[1], 1)) ** 2 <= 1
    found = mask.astype(bool)
    return float((inside & found).sum() / (inside | found).sum())


def _dots(gray: NDArray[np.uint8]) -> float:
    """Printed dots: a square lattice in most parts, seen as two peaks at right angles in their spectra."""
    height, width = gray.shape
    if min(height, width) < _PATCH:
        return 0.0
    window = np.outer(np.hanning(_PATCH), np.hanning(_PATCH)).astype(np.float32)
    side = int(_PATCHES**0.5)
    tops = np.linspace(0, height - _PATCH, side).astype(int)
    lefts = np.linspace(0, width - _PATCH, side).astype(int)
    patches = np.stack([gray[y : y + _PATCH, x : x + _PATCH] for y in tops for x in lefts]).astype(np.float32)
    patches -= patches.mean(axis=(1, 2), keepdims=True)
    power = np.log(np.abs(np.fft.fft2(patches * window)) ** 2 + 1)
    frequency = np.fft.fftfreq(_PATCH)
    fy, fx = np.abs(frequency)[:, None], np.abs(frequency)[None, :]
    ring = np.hypot(fy, fx)
    rings = (ring * _PATCH).astype(int)
    # Off the axes and JPEG's grid of eighths, between large shapes and the finest detail.
    used = (ring > 0.08) & (ring < 0.5) & (fx > 0.03) & (fy > 0.03)
    level = np.zeros_like(power)
    for index in np.unique(rings[used]):
        there = rings == index
        level[:, there] = np.median(power[:, there & used], axis=1, keepdims=True)
    shared = np.quantile(power - level, 0.25, axis=0)
    turned = shared[:, (-np.arange(_PATCH)) % _PATCH].T  # by a right angle
    return float(np.minimum(shared, turned)[used].max())
