"""Copy-move: parts of an image that were copied from elsewhere in the same image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces.copies._affine_consensus import (
    Affine,
    apply,
    find_clusters,
    inverse,
    scale_of,
    turn_of,
)
from tamperlens.traces.copies._copied_regions import Grown, Region, grow, places_in, trimmed
from tamperlens.traces.copies._copy_direction import pasted_rather
from tamperlens.traces.copies._keypoint_matching import detect_keypoints, match_keypoints
from tamperlens.traces.copies._patch_agreement import strongest_part
from tamperlens.traces.copies._self_correlation import repeated_shifts

# Pixels at which an image is searched; larger ones are reduced.
SEARCHED = 1_000_000
# Least distance in pixels between a place and its copy.
APART = 16
# Plausible scales of a copy relative to its source.
_SCALES = (0.3, 1 / 0.3)
# Significance at which a pair is called a copy; chosen on made copies and the same photographs untouched.
MIN_SIGNIFICANCE = 1.5
# If a map holds again on this share of a region, it is a pattern.
_REPEATED = 0.4


@dataclass(frozen=True)
class Copy:
    """Two parts of an image, one copied from the other.

    Attributes:
        source: the part that was copied, in pixels of the image; which of the two it is, is a guess.
        target: the part that was pasted.
        direction: how much likelier it is that the target was pasted than the source, a log ratio; below
            about 0.05 the two cannot be told apart. Trust it if the copy was turned or made smaller.
        transform: (2, 3) float64, maps x and y of the source to the target.
        scale: length in the target over length in the source.
        angle: degrees from x towards y (clockwise as seen), of the target relative to the source, -180..180.
        mirrored: whether the target is a mirror image; the angle then applies after mirroring left to right.
        matches: number of matched keypoints; 0 if grain alone led to it.
        significance: minus log10 of the probability that as many windows of a merely similar pair agree; a
            measure of evidence under an assumed model, not a false-alarm rate.
    """

    source: Region
    target: Region
    direction: float
    transform: Affine
    scale: float
    angle: float
    mirrored: bool
    matches: int
    significance: float


@dataclass(frozen=True)
class CopyMove:
    """What was found.

    Attributes:
        values: (H, W) float32 in 0..1: s / (s + 1.5) on both parts of each copy of significance s, hence at
            least 0.5; 0 elsewhere.
        copies: the strongest first.
        score: significance of the strongest, 0 if nothing was found; not calibrated.
    """

    values: NDArray[np.float32]
    copies: tuple[Copy, ...]
    score: float


def copy_move(pixels: NDArray[np.uint8]) -> CopyMove:
    """Find copied parts, whether moved, turned, mirrored or scaled between a third and three times.

    Matching keypoints, and shifts at which fine detail correlates, propose maps; the pixels decide.

    Args:
        pixels: (H, W, 3) uint8 RGB.
    """
    height, width = pixels.shape[:2]
    gray, reduction = _reduced(to_gray(pixels))
    values = np.zeros((height, width), np.float32)
    copies = []
    for found, matches in _distinct(gray, _search(gray)):
        lead = pasted_rather(gray.astype(np.float32), found.affine, found.region.within(gray.shape))
        copy = _full_size(found, matches, lead, reduction, (height, width))
        strength = np.float32(copy.significance / (copy.significance + MIN_SIGNIFICANCE))
        for region in (copy.source, copy.target):
            rows, columns = region.mask.shape
            part = values[region.top : region.top + rows, region.left : region.left + columns]
            np.maximum(part, strength * region.mask, out=part)
        copies.append(copy)
    return CopyMove(values, tuple(copies), copies[0].significance if copies else 0.0)


def _reduced(gray: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The image at the size it is searched at, and how many times smaller that is."""
    import cv2  # noqa: PLC0415

    reduction = float(np.sqrt(gray.size / SEARCHED))
    if reduction <= 1:
        return gray, 1.0
    height, width = (max(round(side / reduction), 1) for side in gray.shape)
    return np.asarray(cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA), np.uint8), reduction


def _search(gray: NDArray[np.uint8]) -> Iterator[tuple[Grown, int]]:
    """Regions on which a map holds, with the number of matches that led to it."""
    if min(gray.shape) < 4 * APART:
        return
    values = gray.astype(np.float32)
    for affine, pairs in find_clusters(match_keypoints(detect_keypoints(gray), APART)):
        shrinking = scale_of(affine) <= 1
        if _SCALES[0] < scale_of(affine) < _SCALES[1]:
            grown = grow(values, affine if shrinking else inverse(affine), pairs[:, int(shrinking)])
            if grown is not None:
                yield grown, len(pairs)
    for x, y, mirrored in repeated_shifts(gray, APART):
        affine = np.array([[-1.0 if mirrored else 1.0, 0, x], [0, 1, y]])
        places = strongest_part(values, affine)
        grown = grow(values, affine, places) if len(places) else None
        if grown is not None:
            yield grown, 0


def _distinct(gray: NDArray[np.uint8], found: Iterator[tuple[Grown, int]]) -> list[tuple[Grown, int]]:
    """The significant ones, strongest first; of those that say the same, only the strongest.

    What repeats again at the same step is a pattern, such as tiles or windows, and nothing in it is a copy.
    """
    ranked = sorted(
        (pair for pair in found if pair[0].support >= MIN_SIGNIFICANCE),
        key=lambda pair: -pair[0].support,
    )
    overlapping = [_onto_itself(grown) for grown, _ in ranked]
    patterns = [
        grown
        for (grown, _), onto_itself in zip(ranked, overlapping, strict=True)
        # Something that mirrors onto itself is merely symmetric.
        if (onto_itself and np.linalg.det(grown.affine[:, :2]) > 0)
        or (not onto_itself and _goes_on(gray, grown))
    ]
    kept: list[tuple[Grown, int]] = []
    for (grown, matches), onto_itself in zip(ranked, overlapping, strict=True):
        repeats = any(_part_of(grown, pattern) for pattern in patterns)
        if not onto_itself and not repeats and not any(_same(grown, other) for other, _ in kept):
            kept.append((grown, matches))
    return kept


def _part_of(grown: Grown, pattern: Grown) -> bool:
    """Whether a region lies in a pattern that is about as certain as itself."""
    lies_in = float(_holds(pattern.region, places_in(grown.region, 200)).mean())
    return grown is pattern or (lies_in > _REPEATED and grown.support < 3 * pattern.support)


def _same(grown: Grown, other: Grown) -> bool:
    """Whether one map, or its inverse, carries the other's region to nearly the same places."""
    places = places_in(grown.region, 200)
    back = apply(inverse(grown.affine), places)
    return any(
        bool(np.median(np.abs(apply(affine, places) - back).max(axis=1)) < 6)
        for affine in (other.affine, inverse(other.affine))
    )


def _goes_on(gray: NDArray[np.uint8], grown: Grown) -> bool:
    """Whether the map holds once more, onwards from the target or backwards from the source."""
    places = places_in(grown.region, 200)
    values = gray.astype(np.float32)
    size = np.array(gray.shape[::-1])
    for affine in (grown.affine, inverse(grown.affine)):
        step = apply(affine, places)
        # A mirrored or half-turned target is carried back onto its source, which proves nothing.
        new = ~_holds(grown.region, step) & ~_holds(grown.region, apply(grown.affine, step))
        step = step[new & ((step >= 0) & (step < size)).all(axis=1)]
        again = grow(values, grown.affine, step) if len(step) >= _REPEATED * len(places) else None
        if again is not None and _holds(again.region, step).mean() > _REPEATED:
            return True
    return False


def _holds(region: Region, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(k,) bool, whether a region holds each of (k, 2) places."""
    height, width = region.mask.shape
    inside = np.rint(places).astype(int) - [region.left, region.top]
    within = ((inside >= 0) & (inside < [width, height])).all(axis=1)
    across, down = inside.clip(0, [width - 1, height - 1]).T
    return np.asarray(within & region.mask[down, across])


def _onto_itself(grown: Grown) -> bool:
    """Whether a region mostly covers its own source."""
    return bool(_holds(grown.region, apply(inverse(grown.affine), places_in(grown.region, 200))).mean() > 0.3)


def _full_size(found: Grown, matches: int, lead: float, reduction: float, shape: tuple[int, int]) -> Copy:
    """The copy in pixels of the image, with the part likelier to have been pasted as the target."""
    affine = found.affine.copy()
    # Pixel centres: x at full size is reduction · (x + ½) - ½.
    half = (reduction - 1) / 2
    affine[:, 2] = reduction * affine[:, 2] + half - affine[:, :2] @ [half, half]
    there = _enlarged(found.region, reduction, shape)
    here = _carried(there, inverse(affine), shape)
    if lead < 0:
        affine, here, there = inverse(affine), there, here
    mirrored, angle = turn_of(affine)
    return Copy(here, there, abs(lead), affine, scale_of(affine), angle, mirrored, matches, found.support)


def _enlarged(region: Region, reduction: float, shape: tuple[int, int]) -> Region:
    import cv2  # noqa: PLC0415

    if reduction == 1:
        return trimmed(region)
    region = trimmed(region)
    rows, columns = region.mask.shape
    left, top = round(region.left * reduction), round(region.top * reduction)
    right = min(round((region.left + columns) * reduction), shape[1])
    bottom = min(round((region.top + rows) * reduction), shape[0])
    size = (max(right - left, 1), max(bottom - top, 1))
    mask = cv2.resize(region.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
    return Region(left, top, np.asarray(mask))


def _carried(region: Region, affine: Affine, shape: tuple[int, int]) -> Region:
    """A region carried by a map, cut at the image's border."""
    import cv2  # noqa: PLC0415

    rows, columns = region.mask.shape
    corners = np.array([[0, 0], [columns, 0], [0, rows], [columns, rows]])
    ends = apply(affine, corners + np.array([region.left, region.top]))
    low = np.clip(np.floor(ends.min(axis=0)).astype(int) - 1, 0, [shape[1] - 1, shape[0] - 1])
    high = np.maximum(np.clip(np.ceil(ends.max(axis=0)).astype(int) + 2, 0, [shape[1], shape[0]]), low + 1)
    there = affine.copy()
    there[:, 2] += affine[:, :2] @ [region.left, region.top] - low
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    mask = cv2.warpAffine(region.mask.astype(np.float32), there, size, flags=cv2.INTER_LINEAR) > 0.5
    return Region(int(low[0]), int(low[1]), np.asarray(mask))
