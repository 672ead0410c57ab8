"""An affine map and a few places where it holds → the region it holds on, and how certain that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._affine_consensus import Affine, apply, inverse
from tamperlens.traces.copies._patch_agreement import WINDOW, Box, Floats, Mask, compare, refine

# Probability that a textured window inside the outline of a natural repetition agrees. It follows from the
# repetition's own model, because the outline was drawn around agreeing parts. In authentic photographs three
# of four proposed maps stay below .45; with made copies, nineteen of twenty reach .69.
BY_CHANCE = 0.6
# Purity below which growing further is not worth the time.
_HOPELESS = 0.45
# Side in pixels of the part that a map is fitted to.
_FITTED = 160
# Pixels around a matched place that are believed.
_SEED = 7
# How far, in pixels, a flat part of a region may extend beyond the evidence.
_FLAT_REACH = 12


@dataclass(frozen=True)
class Region:
    """A part of an image.

    Attributes:
        left, top: pixels, where the mask begins.
        mask: (h, w) bool.
    """

    left: int
    top: int
    mask: Mask

    def within(self, shape: tuple[int, int]) -> Mask:
        """The mask at full size, (H, W) bool."""
        whole = np.zeros(shape, bool)
        height, width = self.mask.shape
        whole[self.top : self.top + height, self.left : self.left + width] = self.mask
        return whole


@dataclass(frozen=True)
class Grown:
    """The region that a map holds on.

    Attributes:
        affine: (2, 3) source → target.
        region: in the target.
        purity: share of the textured windows within its convex outline that agree, 0..1.
        windows: number of non-overlapping textured windows there.
    """

    affine: Affine
    region: Region
    purity: float
    windows: float

    @property
    def support(self) -> float:
        """Minus log10 of the probability that this many windows agree by chance, by Hoeffding's bound.

        Reference: A. Desolneux, L. Moisan, J.-M. Morel, "Meaningful alignments" (2000) for the principle.
        """
        if self.purity <= BY_CHANCE:
            return 0.0
        p, q = min(self.purity, 1 - 1e-6), BY_CHANCE
        divergence = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
        return float(self.windows * divergence / np.log(10))


def grow(gray: Floats, affine: Affine, points: NDArray[np.floating]) -> Grown | None:
    """Find the region that a map holds on, starting from places in the target where it is believed to hold.

    Args:
        gray: (H, W) float32, 0..255.
        affine: (2, 3) source → target, not enlarging.
        points: (k, 2) x and y of the target.

    Returns:
        None if the pixels do not agree at the places themselves.
    """
    box = _around(points, gray.shape, 12)
    found = [_grow_within(gray, candidate, box, points) for candidate in _candidates(gray, affine, box)]
    best = max((f for f in found if f), key=lambda f: f.windows * f.purity, default=None)
    for _ in range(4):
        if best is None or best.purity < _HOPELESS:
            return None
        wider = _around(points, gray.shape, max(24, box[2] - box[0], box[3] - box[1]))
        if wider == box:
            break
        last, box = best, wider
        best = _grow_within(gray, last.affine, box, points)
        if best is None or best.region.mask.sum() < 1.02 * last.region.mask.sum():
            break
        points = places_in(best.region, 400)
    return best


def _candidates(gray: Floats, affine: Affine, box: Box) -> list[Affine]:
    """The map as it is, in whole pixels if it is nearly that, and fitted to the pixels."""
    result = [affine, refine(gray, affine, _middle(box))]
    linear = np.rint(affine[:, :2])
    if np.abs(linear - affine[:, :2]).max() < 0.04 and abs(np.linalg.det(linear)) == 1:
        centre = np.array([[box[0] + box[2], box[1] + box[3]]]) / 2
        offset = np.rint(centre - apply(inverse(affine), centre) @ linear.T)
        result.append(np.hstack([linear, offset.T]))
    return result


def _middle(box: Box) -> Box:
    """As much of the middle of a box as fitting needs."""
    left, top, right, bottom = box
    x, y, half = (left + right) // 2, (top + bottom) // 2, _FITTED // 2
    return max(left, x - half), max(top, y - half), min(right, x + half), min(bottom, y + half)


def _grow_within(gray: Floats, affine: Affine, box: Box, points: NDArray[np.floating]) -> Grown | None:
    import cv2  # noqa: PLC0415

    seeds = _seeds(points, box)
    seen = compare(gray, affine, box, seeds)
    if seen is None:
        return None
    solid = cv2.morphologyEx(seen.agrees.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    mask = _touching(solid > 0, seeds)
    evidence = mask & seen.textured
    if np.count_nonzero(evidence) < WINDOW * WINDOW:
        return None
    outline = _outline(evidence) & seen.textured
    textured, agreeing = int(outline.sum()), int((outline & seen.agrees).sum())
    mask = _tidy(mask, evidence, seen.exact)
    return Grown(affine, Region(box[0], box[1], mask), agreeing / max(textured, 1), textured / WINDOW**2)


def _around(points: NDArray[np.floating], shape: tuple[int, ...], margin: float) -> Box:
    left, top = np.floor(points.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + margin + 1).astype(int)
    height, width = shape[:2]
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return int(left), int(top), int(max(min(right, width), left + 1)), int(max(min(bottom, height), top + 1))


def _seeds(points: NDArray[np.floating], box: Box) -> Mask:
    import cv2  # noqa: PLC0415

    left, top, right, bottom = box
    places = np.rint(points).astype(int) - [left, top]
    seeds = np.zeros((bottom - top, right - left), np.uint8)
    within = ((places >= 0) & (places < [right - left, bottom - top])).all(axis=1)
    seeds[places[within, 1], places[within, 0]] = 1
    return cv2.dilate(seeds, np.ones((2 * _SEED + 1, 2 * _SEED + 1), np.uint8)) > 0


def _touching(solid: Mask, seeds: Mask) -> Mask:
    """Connected parts that contain a good share of a believed place."""
    import cv2  # noqa: PLC0415

    _, labels = cv2.connectedComponents(solid.astype(np.uint8))
    counts = np.bincount(labels[seeds], minlength=int(labels.max()) + 1)
    chosen = counts > _SEED
    chosen[0] = False
    return np.asarray(chosen[labels])


def _outline(mask: Mask) -> Mask:
    """Convex hull."""
    import cv2  # noqa: PLC0415

    hull = cv2.convexHull(np.argwhere(mask)[:, ::-1].astype(np.int32))
    drawn = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(drawn, hull, 1)
    return drawn > 0


def _tidy(mask: Mask, evidence: Mask, exact: Mask) -> Mask:
    """Cut flat parts that extend too far, restore the margin that windows lose, close small gaps."""
    import cv2  # noqa: PLC0415

    def disc(radius: int) -> NDArray[np.uint8]:
        size = 2 * radius + 1
        return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)

    near = cv2.dilate(evidence.astype(np.uint8), disc(_FLAT_REACH))
    kept = cv2.morphologyEx((mask & (near > 0)).astype(np.uint8), cv2.MORPH_CLOSE, disc(WINDOW // 2 + 2))
    wider = (cv2.dilate(kept, disc(WINDOW // 2)) > 0) & (exact | (kept > 0))
    contours, _ = cv2.findContours(wider.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    return filled > 0


def places_in(region: Region, about: int) -> NDArray[np.float64]:
    """(k, 2) x and y of `about` places (at most twice as many) spread over a region."""
    places = np.argwhere(region.mask)[:, ::-1] + [region.left, region.top]
    return places[:: max(len(places) // about, 1)].astype(np.float64)


def trimmed(region: Region) -> Region:
    """The same region without empty rows and columns around it."""
    rows, columns = np.flatnonzero(region.mask.any(axis=1)), np.flatnonzero(region.mask.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    return Region(
        region.left + left, region.top + top, region.mask[top : rows[-1] + 1, left : columns[-1] + 1]
    )
