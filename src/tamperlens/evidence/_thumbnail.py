"""A thumbnail and its image: whether both show the same, in brightness and colour, and where they differ."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evidence._colours import Colour, compare_colours
from tamperlens.evidence._registration import PARTS, WHOLE, Place, find_place, refine

# Longest side of a thumbnail that is compared, and how much larger the image is kept.
_COMPARED = 200
_DETAIL = 3
# Correlation above which other orientations need not be tried.
_CLEAR = 0.9
_TURNS: dict[str, Image.Transpose | None] = {
    "": None,
    "turned by 180°": Image.Transpose.ROTATE_180,
    "turned by 90° anticlockwise": Image.Transpose.ROTATE_90,
    "turned by 90° clockwise": Image.Transpose.ROTATE_270,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "turned upside down and mirrored": Image.Transpose.FLIP_TOP_BOTTOM,
}
# Gray levels by which two reductions of one picture differ in flat areas, and their shift in pixels.
_LEVELS, _SHIFT = 5.0, 0.5
# Difference, in tolerances, at which the map is 1; half of it counts as differing.
_FULL = 4.0
# Highest mean gray level of bars around a thumbnail's picture, and their highest standard deviation.
_BAR_LEVEL, _BAR_SPREAD = 30.0, 12.0

# A thumbnail whose gray levels spread less than this shows too little.
_FLAT = 6.0
# A rotated thumbnail must fit better by this, and above this correlation no further search is needed.
_PREFERENCE, _PERFECT = 0.05, 0.985
# Least area of a thumbnail that its image covers; half a pixel of bars is rounding.
_WHOLE_AREA = 0.95
# Below this correlation two pictures are not the same: made thumbnails had over .95 with their own
# photographs and under .52 with others, those of cameras over .82.
_SAME_SCENE = 0.7
# In two different pictures, three quarters of the pixels differ by more than this many tolerances.
_ALL_OVER = 1.5
# Largest share of differing pixels that the making of a thumbnail leaves.
_FEW = 0.015

Relation = Literal["same", "part differs", "cropped", "another picture", "too flat to compare"]


@dataclass(frozen=True)
class Thumbnail:
    """A thumbnail compared with its image.

    Attributes:
        pixels: (h, w, 3) uint8 RGB, upright according to the file's orientation tag.
        relation: the result of the comparison.
        correlation: normalised cross-correlation of the gray levels at the best fit, -1..1.
        turned: how the thumbnail has to be turned to fit; empty if it fits as it is.
        covered: left, top, right, bottom of the part of the (turned) thumbnail that the image shows, 0..1.
        barred: whether the image leaves only dark bars uncovered.
        differing: share of the covered part that differs, 0..1.
        difference: (h, w) float32 0..1 on the (turned) thumbnail: how far the two differ; 0 outside the
            covered part.
        colour: which of the two is in colour, if only one is.
        where: what holds it.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    relation: Relation
    correlation: float
    turned: str
    covered: tuple[float, float, float, float]
    barred: bool
    differing: float
    difference: NDArray[np.float32] = field(repr=False)
    colour: Colour = "alike"
    where: str = "Exif thumbnail"


@dataclass(frozen=True)
class _Registered:
    """A turned gray thumbnail, the place of the image in it, and the image or its middle."""

    turned: str
    gray: NDArray[np.uint8]
    place: Place
    source: Image.Image


def compare_thumbnail(thumbnail: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> Thumbnail:
    """Register an image with its thumbnail and measure where they differ.

    The image is reduced to every scale at which it fits into the thumbnail, and placed where the normalised
    cross-correlation is highest, which tells bars, crops and rotations apart. The rest is compared after a
    straight-line fit of the gray levels, with a tolerance for noise and for a shift of a fraction of a pixel.

    Args:
        thumbnail: (h, w, 3) uint8 RGB, upright.
        pixels: (H, W, 3) uint8 RGB, upright.

    Reference: E. Kee and H. Farid, "Digital image authentication from thumbnails" (2010), for the idea that
    thumbnails tell; the comparison is this project's own.
    """
    coloured = Image.fromarray(thumbnail)
    coloured.thumbnail((_COMPARED, _COMPARED), Image.Resampling.LANCZOS)
    whole = Image.fromarray(pixels)
    whole.thumbnail((_DETAIL * _COMPARED, _DETAIL * _COMPARED), Image.Resampling.LANCZOS, reducing_gap=2.0)
    found = _register(coloured.convert("L"), whole.convert("L"))
    gray, place = found.gray, found.place
    difference = np.zeros(gray.shape, np.float32)
    inside, template, correlation = refine(gray, found.source, place)
    difference[inside], typical = _difference(gray[inside], template)
    colour, tints = compare_colours(_window(coloured, found), _shown_part(whole, found.source))
    if correlation >= _SAME_SCENE:
        rows, columns = place.window
        difference[rows, columns] = np.maximum(difference[rows, columns], tints)
    barred = _barred(gray, place)
    differing = float((difference[inside] >= 0.5).mean())
    return Thumbnail(
        pixels=thumbnail,
        relation=_relation(found, correlation, barred, differing, typical),
        correlation=correlation,
        turned=found.turned,
        covered=_fractions(place, gray.shape),
        barred=barred,
        differing=differing,
        difference=difference,
        colour=colour if correlation >= _SAME_SCENE else "alike",
    )


def _window(coloured: Image.Image, found: _Registered) -> Image.Image:
    """The part of the thumbnail that the image covers, turned as it was registered."""
    transpose = _TURNS[found.turned]
    turned = coloured if transpose is None else coloured.transpose(transpose)
    place = found.place
    return turned.crop((place.left, place.top, place.left + place.width, place.top + place.height))


def _shown_part(whole: Image.Image, source: Image.Image) -> Image.Image:
    """The image, or its middle if that was registered."""
    left, top = (whole.width - source.width) // 2, (whole.height - source.height) // 2
    return whole.crop((left, top, left + source.width, top + source.height))


def _register(small: Image.Image, image: Image.Image) -> _Registered:
    """The best-fitting turn and place: the whole image first, then as a part of the thumbnail."""
    best: _Registered | None = None
    for turned, transpose in _TURNS.items():
        gray = np.asarray(small if transpose is None else small.transpose(transpose))
        for source in _shapes(image, gray.shape):
            place = find_place(gray, source, WHOLE)
            if best is None or place.correlation > best.place.correlation + (_PREFERENCE if turned else 0):
                best = _Registered(turned, gray, place, source)
        if best and best.place.correlation > _CLEAR:
            break
    assert best is not None  # noqa: S101 - there is at least one turn
    if best.place.correlation > _PERFECT:
        return best
    upright = np.asarray(small)
    part = find_place(upright, image, PARTS)
    return _Registered("", upright, part, image) if _fits_as_part(part, best.place) else best


def _fits_as_part(part: Place, whole: Place) -> bool:
    """Whether a part of the thumbnail fits the image clearly better than the whole does."""
    better = part.correlation - whole.correlation > 0.03
    unexplained = (1 - whole.correlation) / max(1 - part.correlation, 1e-3)
    return part.correlation > (0.8 if part.scale > 0.6 else 0.87) and better and unexplained > 1.5


def _shapes(image: Image.Image, shape: tuple[int, ...]) -> tuple[Image.Image, ...]:
    """The image itself, and its middle in the thumbnail's shape if that differs."""
    ratio = (shape[1] / shape[0]) / (image.width / image.height)
    if 0.97 < ratio < 1.03:
        return (image,)
    width, height = round(image.width * min(ratio, 1)), round(image.height / max(ratio, 1))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image, image.crop((left, top, left + max(width, 1), top + max(height, 1)))


def _difference(
    thumbnail: NDArray[np.uint8], template: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], float]:
    """How far two registered gray images differ, in tolerances over `_FULL`, 0..1, and the typical ratio.

    A thumbnail made by coarse reduction differs at all edges: what three quarters of it differ by, in
    tolerances, is attributed to how it was made and divided out.
    """
    ours, theirs = template.astype(np.float32), thumbnail.astype(np.float32)
    gain, offset = _line(ours, theirs)
    slope = np.hypot(*np.gradient(ours)) if min(ours.shape) > 1 else np.zeros_like(ours)
    tolerance = _LEVELS + _SHIFT * abs(gain) * _mean(np.asarray(slope, np.float32))
    # Averaged with its sign: aliasing of fine texture cancels out, different content does not.
    ratio = np.abs(_mean(_mean(theirs - (gain * ours + offset)))) / tolerance
    typical = float(np.quantile(ratio, 0.75))
    return _mean((ratio / (max(1.0, typical) * _FULL)).clip(0, 1)), typical


def _line(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[float, float]:
    """Gain and offset of the gray levels, refitted without the worst third."""
    kept = np.ones(ours.shape, bool)
    gain, offset = 1.0, 0.0
    for _ in range(3):
        x, y = ours[kept], theirs[kept]
        variance = float(x.var())
        gain = float(((x - x.mean()) * (y - y.mean())).mean()) / variance if variance > 1 else 1.0
        gain = min(max(gain, 0.5), 2.0)
        offset = float(y.mean()) - gain * float(x.mean())
        error = np.abs(theirs - gain * ours - offset)
        kept = error <= np.quantile(error, 0.67)
    return gain, offset


def _mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over 3 × 3 pixels."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9, np.float32)


def _barred(gray: NDArray[np.uint8], place: Place) -> bool:
    outside = np.ones(gray.shape, bool)
    # JPEG blurs the edge of a bar by a pixel.
    rows, columns = place.window
    outside[max(rows.start - 1, 0) : rows.stop + 1, max(columns.start - 1, 0) : columns.stop + 1] = False
    rest = gray[outside]
    return not rest.size or bool(rest.mean() < _BAR_LEVEL and rest.std() < _BAR_SPREAD)


def _fractions(place: Place, shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    height, width = shape
    return (
        place.left / width,
        place.top / height,
        (place.left + place.width) / width,
        (place.top + place.height) / height,
    )


def _relation(
    found: _Registered, correlation: float, barred: bool, differing: float, typical: float
) -> Relation:
    place, window = found.place, found.gray[found.place.window]
    if window.std() < _FLAT:
        return "too flat to compare"
    if correlation < _SAME_SCENE and typical > _ALL_OVER:
        return "another picture"
    area = place.width * place.height / found.gray.size
    if area < _WHOLE_AREA and not barred and correlation > _SAME_SCENE:
        return "cropped"
    return "part differs" if differing > _FEW else "same"
