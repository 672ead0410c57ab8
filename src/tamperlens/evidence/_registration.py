"""Where a small image lies in another one: normalised cross-correlation over positions and scales."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Sides that a part may have, relative to the largest that fits.
WHOLE = (1.0,)
PARTS = tuple(1.0 - 0.02 * i for i in range(1, 11)) + tuple(0.8 * 0.94**i for i in range(1, 16))
# Smallest side of a part in pixels; smaller ones match anywhere.
_MIN_SIDE = 32
# Pixels left out at the edges of a place when it is refined.
MARGIN = 3


@dataclass(frozen=True)
class Place:
    """Where one image lies in another.

    Attributes:
        left: column of its first pixel.
        top: row of its first pixel.
        width: its width there.
        height: its height there.
        correlation: normalised cross-correlation of the gray levels, -1..1.
        scale: its width or height there, relative to the largest that fits, 0..1.
    """

    left: int
    top: int
    width: int
    height: int
    correlation: float
    scale: float

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns that it covers."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


def correlation_surface(search: NDArray[np.floating], template: NDArray[np.floating]) -> NDArray[np.float64]:
    """Normalised cross-correlation of a template at every position within the search image.

    Args:
        search: (H, W) gray.
        template: (h, w) gray, no larger.

    Returns:
        (H - h + 1, W - w + 1) float64 in -1..1; 0 where either is flat.

    Reference: J. P. Lewis, "Fast normalized cross-correlation" (1995).
    """
    height, width = search.shape
    rows, columns = template.shape
    centred = template - template.mean()
    shape = (height + rows - 1, width + columns - 1)
    spectrum = np.fft.rfft2(search - search.mean(), shape) * np.conj(np.fft.rfft2(centred, shape))
    products = np.fft.irfft2(spectrum, shape)[: height - rows + 1, : width - columns + 1]
    area = rows * columns
    total, squares = (_box_sums(values, rows, columns) for values in (search, search.astype(np.float64) ** 2))
    energy = np.maximum(squares - total**2 / area, 0) * float((centred**2).sum())
    # Less than half a gray level of deviation is noise, not structure.
    structured = energy > (0.5 * area) ** 2
    return np.where(structured, products / np.sqrt(np.where(structured, energy, 1)), 0.0).clip(-1, 1)


def find_place(search: NDArray[np.uint8], image: Image.Image, scales: tuple[float, ...]) -> Place:
    """Find the scale and position at which an image correlates best with a part of a smaller one.

    Args:
        search: (H, W) gray, at most a few hundred pixels a side.
        image: gray, any size and shape; it is reduced, never enlarged.
        scales: the sides to try, largest first.
    """
    height, width = search.shape
    largest = min(width / image.width, height / image.height, 1.0)
    best = Place(0, 0, width, height, -1.0, 1.0)
    values = search.astype(np.float64)
    for scale in scales:
        size = (max(round(image.width * largest * scale), 1), max(round(image.height * largest * scale), 1))
        if min(size) < _MIN_SIDE and scale < 1:
            break
        template = reduced(image, size).astype(np.float64)
        surface = correlation_surface(values, template)
        top, left = np.unravel_index(int(surface.argmax()), surface.shape)
        if surface[top, left] > best.correlation + 1e-9:
            best = Place(int(left), int(top), *size, float(surface[top, left]), scale)
    return best


def refine(
    search: NDArray[np.uint8], image: Image.Image, place: Place
) -> tuple[tuple[slice, slice], NDArray[np.uint8], float]:
    """Shift each edge of a place by fractions of a pixel until the correlation is highest.

    Args:
        search: (H, W) gray.
        image: gray; its place is known to a pixel.
        place: that place.

    Returns:
        Rows and columns of the search image inside the place, `MARGIN` pixels from its edges; the image
        reduced to exactly these; their correlation, -1..1.
    """
    rows, columns = place.window
    margin = MARGIN if min(place.width, place.height) >= _MIN_SIDE else 0
    inside = (
        slice(rows.start + margin, rows.stop - margin),
        slice(columns.start + margin, columns.stop - margin),
    )
    target = search[inside].astype(np.float64)
    unit = np.array([image.width / place.width, image.height / place.height] * 2)
    edges = np.array([margin, margin, place.width - margin, place.height - margin], np.float64)
    low, high = edges - margin, edges + margin
    template = _boxed(image, edges * unit, target.shape)
    best = _correlation(target, template)
    for step in (1.0, 0.5, 0.25):
        for edge in (0, 1, 2, 3, 0, 1, 2, 3):
            for sign in (-step, step):
                moved = edges.copy()
                moved[edge] = np.clip(moved[edge] + sign, low[edge], high[edge])
                candidate = _boxed(image, moved * unit, target.shape)
                if (correlation := _correlation(target, candidate)) > best:
                    best, edges, template = correlation, moved, candidate
    return inside, template, best


def _boxed(image: Image.Image, box: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    left, top, right, bottom = (float(edge) for edge in box)
    inside = max(left, 0.0), max(top, 0.0), min(right, image.width), min(bottom, image.height)
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.LANCZOS, box=inside))


def _correlation(ours: NDArray[np.float64], theirs: NDArray[np.uint8]) -> float:
    a, b = ours - ours.mean(), theirs - theirs.mean()
    energy = float((a * a).sum() * (b * b).sum())
    return float((a * b).sum()) / energy**0.5 if energy else 0.0


def reduced(image: Image.Image, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Reduce an image to (width, height) with an antialiasing filter."""
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _box_sums(values: NDArray[np.floating], rows: int, columns: int) -> NDArray[np.float64]:
    """Sum of each (rows, columns) window."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    total[1:, 1:] = values.astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    return np.asarray(
        total[rows:, columns:] - total[:-rows, columns:] - total[rows:, :-columns] + total[:-rows, :-columns]
    )
