"""Whether two pictures of one scene have the same colours, regardless of brightness."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Colour = Literal["alike", "only in the thumbnail", "only in the image"]

# Most cells along the longer side, and smallest cell in pixels: a thumbnail keeps colours only coarsely.
_CELLS, _CELL = 20, 6
# Mean distance from gray, in levels: above the first a picture is in colour, below the second it is gray.
_COLOURED, _GRAY = 6.0, 1.5
# Difference of a cell's mean colours, in levels, at which the map is 1; half of it counts as differing.
_FULL = 48.0
# If more than this share differs, it is a grading that no straight line follows, not an edited part.
_ALL_OVER = 0.75


def compare_colours(thumbnail: Image.Image, image: Image.Image) -> tuple[Colour, NDArray[np.float32]]:
    """Compare the colours of a thumbnail's part with those of the image that it shows.

    Both are averaged over cells, and a straight line is fitted for each of Cb and Cr, so a different white
    balance or saturation of the whole picture does not count.

    Args:
        thumbnail: RGB.
        image: RGB of the same shape, of any size.

    Returns:
        Which of the two is in colour if only one is; and (h, w) float32 0..1 on the thumbnail, how far the
        colours of each cell differ, 0 everywhere if only one is in colour.
    """
    shape = (thumbnail.height, thumbnail.width)
    scale = min(_CELLS / max(shape), 1 / _CELL)
    cells = (max(round(thumbnail.width * scale), 1), max(round(thumbnail.height * scale), 1))
    theirs, ours = (_tints(one, cells) for one in (thumbnail, image))
    vivid = [float(np.hypot(*one).mean()) for one in (theirs, ours)]
    nothing = np.zeros(shape, np.float32)
    if vivid[0] > _COLOURED and vivid[1] < _GRAY:
        return "only in the thumbnail", nothing
    if vivid[1] > _COLOURED and vivid[0] < _GRAY:
        return "only in the image", nothing
    apart = np.hypot(*(_residual(one, other) for one, other in zip(ours, theirs, strict=True)))
    apart = np.maximum(apart - float(np.quantile(apart, _ALL_OVER)), 0)
    whole = Image.fromarray(apart.astype(np.float32)).resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
    return "alike", np.asarray((np.asarray(whole) / _FULL).clip(0, 1), np.float32)


def _tints(image: Image.Image, cells: tuple[int, int]) -> NDArray[np.float64]:
    """Cb and Cr of each cell relative to gray, (2, rows, columns)."""
    small = image.convert("RGB").resize(cells, Image.Resampling.BOX, reducing_gap=2.0).convert("YCbCr")
    return np.moveaxis(np.asarray(small, np.float64)[..., 1:], 2, 0) - 128


def _residual(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The residual of a straight line from one channel to the other, refitted without the worst third."""
    kept = np.ones(ours.shape, bool)
    error = theirs - ours
    for _ in range(3):
        x, y = ours[kept], theirs[kept]
        variance = float(x.var())
        gain = float(((x - x.mean()) * (y - y.mean())).mean()) / variance if variance > 1 else 1.0
        gain = min(max(gain, 0.3), 3.0)
        error = theirs - gain * ours - (float(y.mean()) - gain * float(x.mean()))
        kept = np.abs(error) <= np.quantile(np.abs(error), 0.67)
    return np.asarray(error)
