"""Where else a marked region could have come from: its gradients correlated with the rest of the image.

The region is turned, scaled and mirrored in steps. Gradients say little about light and much about detail,
and in photographs all their frequencies weigh about the same; brought to one strength everywhere, a faint
texture counts as much as an edge.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._affine_consensus import Affine
from tamperlens.traces.copies._patch_agreement import Floats, Mask, smoothed_for

# Radius in pixels that a region is reduced to: there are fewer turns to try, and each is cheap.
_RADIUS = 12.0
# Longest side of an image that is not reduced.
_LEAST_SIDE = 96
# Pixels × transforms that are tried; one core does several times as many in a second.
_WORK = 20_000_000
# From half the scale of a copy to twice it, four steps an octave.
_SCALES = tuple(2.0 ** (step / 4) for step in (0, -1, 1, -2, 2, -3, 3, -4, 4))
# Pixels that the outline moves from one turn to the next.
_STEP = 2.2
# Side of the window in which gradients are brought to one strength, and the gray level added to it.
_LOCAL, _FAINT = 13, 0.5
# Share of the image above which a region may cover a good part of its own source, and the least share of the
# source that must be free.
_COVERS, _LEAST_FREE = 0.08, 0.1
# Fewer weighted pixels than these prove nothing.
_LEAST_PIXELS = 30
# Places closer than this in pixels, and turns closer than this in degrees, are the same.
_PLACES_APART, _TURNS_APART = 4, 40
MOST_PLACES = 13
# How many of these are reserved for sources enlarged by more than this factor.
_ENLARGED, _LARGE = 3, 1.3


@dataclass(frozen=True)
class _Place:
    """A place that correlates: how strongly, the map's linear part, its turn, the source's centre."""

    strength: float
    linear: NDArray[np.float64]
    turn: tuple[float, bool]
    centre: NDArray[np.float64]

    @property
    def scale(self) -> float:
        return math.sqrt(abs(float(np.linalg.det(self.linear))))


def likely_places(gray: Floats, mask: Mask) -> tuple[list[Affine], tuple[float, float]]:
    """Similarities that map some other part of the image to a region, the likeliest first.

    Args:
        gray: (H, W) float32, 0..255.
        mask: (H, W) bool, the region.

    Returns:
        At most `MOST_PLACES` maps source → region in pixels of the image reduced by the factors that follow,
        across and down (at most 1).
    """
    small, marked = _reduced(gray, mask)
    factors = (small.shape[1] / gray.shape[1], small.shape[0] / gray.shape[0])
    if not marked.any():
        return [], factors
    found: list[_Place] = []
    search = _Search(small, marked)
    for scale, angle, mirrored in _transforms(search.radius, small.size):
        found += search.best(_linear(scale, angle, mirrored), (angle, mirrored))
    kept = _distinct(sorted(found, key=lambda place: -place.strength))
    return [np.hstack([p.linear, (search.centre - p.linear @ p.centre)[:, None]]) for p in kept], factors


def enlarged(affine: Affine, factors: tuple[float, float]) -> Affine:
    """A map of the reduced image as a map of the whole image; pixel centres are at whole numbers."""
    factor = np.array(factors)
    linear = affine[:, :2] * factor[None] / factor[:, None]
    offset = (affine[:, :2] @ (factor / 2 - 0.5) + affine[:, 2] + 0.5) / factor - 0.5
    return np.hstack([linear, offset[:, None]])


def even_gradients(values: Floats) -> tuple[Floats, Floats]:
    """Derivatives across and down, divided by their strength nearby."""
    import cv2  # noqa: PLC0415

    across, down = gradients(values)
    strength = np.sqrt(cv2.blur(across * across + down * down, (_LOCAL, _LOCAL)) + _FAINT**2)
    return across / strength, down / strength


def gradients(values: Floats) -> tuple[Floats, Floats]:
    """Derivatives across and down, in gray levels per pixel (Sobel)."""
    import cv2  # noqa: PLC0415

    across, down = (
        cv2.Sobel(values, cv2.CV_32F, dx, dy, ksize=3, scale=0.125) for dx, dy in ((1, 0), (0, 1))
    )
    return np.asarray(across), np.asarray(down)


def inner(mask: Mask, least: int) -> Mask:
    """A region without its outermost pixels, where an edge may be blended; unchanged if little remains."""
    import cv2  # noqa: PLC0415

    eroded = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0
    return eroded if eroded.sum() > least else mask


def box_of(mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the marked part; the mask must not be empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _reduced(gray: Floats, mask: Mask) -> tuple[Floats, Mask]:
    import cv2  # noqa: PLC0415

    radius = math.sqrt(float(mask.sum()) / math.pi)
    reduction = min(radius / _RADIUS, max(gray.shape) / _LEAST_SIDE)
    if reduction <= 1:
        return gray, mask
    size = (max(round(gray.shape[1] / reduction), 8), max(round(gray.shape[0] / reduction), 8))
    share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32), share > 0.5


def _transforms(radius: float, pixels: int) -> Iterator[tuple[float, float, bool]]:
    """Scale, degrees and mirroring, the commonest first, as many as time allows."""
    # A Fourier transform takes longer per pixel for larger images.
    most = max(2, int(_WORK / pixels * min(1.0, (2**16 / pixels) ** 0.25)))
    plain = [(scale, 0.0, mirrored) for scale in _SCALES for mirrored in (False, True)]
    turned = [
        (scale, angle, mirrored)
        for scale in _SCALES
        for mirrored in (False, True)
        for angle in _turns(radius * min(scale, 1 / scale, 1.0))
    ]
    yield from (plain + turned)[:most]


def _turns(radius: float) -> list[float]:
    count = max(8, round(2 * math.pi * radius / _STEP))
    return [360 * number / count for number in range(1, count)]


def _linear(scale: float, angle: float, mirrored: bool) -> NDArray[np.float64]:
    cos, sin = scale * math.cos(math.radians(angle)), scale * math.sin(math.radians(angle))
    return np.array([[-cos if mirrored else cos, -sin], [-sin if mirrored else sin, cos]])


class _Search:
    """An image prepared for correlating its region with the rest."""

    def __init__(self, gray: Floats, mask: Mask) -> None:
        import cv2  # noqa: PLC0415

        left, top, right, bottom = box_of(mask)
        self.gray, self.template = gray, inner(mask, 40).astype(np.float32)
        self.centre = np.array([(left + right - 1) / 2, (top + bottom - 1) / 2])
        self.radius = math.sqrt(float(mask.sum()) / math.pi)
        hull = cv2.convexHull(np.argwhere(mask)[:, ::-1].astype(np.int32)).reshape(-1, 2)
        self._outline = hull - self.centre
        self._size = [cv2.getOptimalDFTSize(side + 2) for side in gray.shape]
        # The region cannot be its own source.
        rest = 1 - cv2.dilate(mask.astype(np.float32), np.ones((3, 3), np.uint8))
        self._spectra = [self._spectrum(values * rest) for values in even_gradients(gray)]
        self._rest = self._spectrum(np.asarray(rest, np.float32)) if mask.mean() > _COVERS else None

    def best(self, linear: NDArray[np.float64], turn: tuple[float, bool]) -> list[_Place]:
        """The two places whose content, carried by a linear map, looks most like the region."""
        import cv2  # noqa: PLC0415

        seen = self._as_source(linear)
        if seen is None:
            return []
        parts, mask, middle = seen
        pixels = float(mask.sum())
        norm = math.sqrt(sum(float((part * part).sum()) for part in parts)) + 1e-6
        product = sum(
            np.asarray(cv2.mulSpectrums(spectrum, self._spectrum(part), 0, conjB=True))
            for spectrum, part in zip(self._spectra, parts, strict=True)
        )
        map_ = self._map(np.asarray(product), parts[0].shape) / (norm * math.sqrt(pixels))
        if self._rest is not None:
            free = cv2.mulSpectrums(self._rest, self._spectrum(mask), 0, conjB=True)
            share = self._map(np.asarray(free), mask.shape) / pixels
            map_ /= np.sqrt(np.maximum(share, _LEAST_FREE))
        # Enlarging something for the comparison adds no information.
        weight = math.sqrt(min(pixels, float(self.template.sum())))
        places = []
        for _ in range(2):
            _, strength, _, (x, y) = cv2.minMaxLoc(map_)
            places.append(_Place(strength * weight, linear, turn, np.array([x, y]) + middle))
            map_[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4] = -1
        return places

    def _as_source(
        self, linear: NDArray[np.float64]
    ) -> tuple[tuple[Floats, Floats], Floats, NDArray[np.float64]] | None:
        """The region's gradients as they would be in its source, its mask there, and the centre of both."""
        import cv2  # noqa: PLC0415

        back = np.linalg.inv(linear)
        outline = self._outline @ back.T
        low = np.floor(outline.min(axis=0))
        width, height = (int(side) for side in np.ceil(outline.max(axis=0)) - low + 1)
        if width > self.gray.shape[1] or height > self.gray.shape[0]:
            return None
        there = np.hstack([back, (-low - back @ self.centre)[:, None]])
        brought = cv2.warpAffine(
            smoothed_for(self.gray, there), there, (width, height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        shown = cv2.warpAffine(self.template, there, (width, height), flags=cv2.INTER_LINEAR)
        mask = np.asarray(shown, np.float32)
        if mask.sum() < _LEAST_PIXELS:
            return None
        across, down = even_gradients(np.asarray(brought, np.float32))
        return (across * mask, down * mask), mask, np.asarray(-low, np.float64)

    def _map(self, product: Floats, shape: tuple[int, ...]) -> Floats:
        """A correlation for every place where a part of that shape fits in the image."""
        import cv2  # noqa: PLC0415

        height, width = (whole - part + 1 for whole, part in zip(self.gray.shape, shape, strict=True))
        everywhere = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
        return np.asarray(everywhere, np.float32)[:height, :width]

    def _spectrum(self, values: Floats) -> Floats:
        import cv2  # noqa: PLC0415

        padded = np.zeros(self._size, np.float32)
        padded[: values.shape[0], : values.shape[1]] = values
        return np.asarray(cv2.dft(padded, nonzeroRows=values.shape[0]))


def _distinct(ranked: list[_Place]) -> list[_Place]:
    """The strongest, and the strongest of those that were enlarged, because these have fewer pixels."""
    kept: list[_Place] = []
    for most, enlarging in ((MOST_PLACES - _ENLARGED, False), (MOST_PLACES, True)):
        for place in ranked:
            if (
                len(kept) < most
                and place.scale >= enlarging * _LARGE
                and not any(_same(place, k) for k in kept)
            ):
                kept.append(place)
    return kept


def _same(one: _Place, other: _Place) -> bool:
    turned = abs((one.turn[0] - other.turn[0] + 180) % 360 - 180)
    near = np.abs(one.centre - other.centre).max() <= _PLACES_APART
    return bool(near and one.turn[1] == other.turn[1] and turned <= _TURNS_APART)
