"""Where an image looks like itself: matching keypoints, upright and mirrored, as pairs of local frames."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Most keypoints kept: time grows with their square.
MAX_KEYPOINTS = 4000
# Contrast of an extremum, a tenth of the usual: copies of sky, skin and walls have only faint keypoints.
_CONTRAST = 0.004
_CELLS = 24
# A match must be this much nearer than the next; generous, because the pixels decide later.
_RATIO = 0.8
_NEIGHBOURS = 3
# Most matches kept, nearest first: each is compared with every other.
MAX_MATCHES = 800
# Rows of the distance table held at a time.
_ROWS = 500


@dataclass(frozen=True)
class Keypoints:
    """Scale-invariant keypoints.

    Attributes:
        points: (N, 2) float32, x and y in pixels.
        sizes: (N,) float32 diameter in pixels.
        angles: (N,) float32 direction in radians, from x towards y.
        descriptors: (N, 128) float32 of unit length.
    """

    points: Floats
    sizes: Floats
    angles: Floats
    descriptors: Floats


@dataclass(frozen=True)
class Matches:
    """Pairs of places that look alike, each in both directions: row i + M/2 is row i reversed.

    Attributes:
        source: (M, 2) float32, x and y in pixels.
        target: (M, 2) float32.
        linear: (M, 2, 2) float32, maps offsets around `source` to offsets around `target`.
        distance: (M,) float32 between the descriptors, 0..√2.
    """

    source: Floats
    target: Floats
    linear: Floats
    distance: Floats

    def __len__(self) -> int:
        """Number of pairs, twice the number of places."""
        return len(self.source)


def detect_keypoints(gray: NDArray[np.uint8]) -> Keypoints:
    """Find keypoints with their descriptors, the strongest in each part of the image.

    Args:
        gray: (H, W) uint8.

    Reference: D. Lowe, "Distinctive image features from scale-invariant keypoints" (2004); R. Arandjelović,
    A. Zisserman, "Three things everyone should know to improve object retrieval" (2012) for the square root.
    """
    import cv2  # noqa: PLC0415 - a tenth of a second that only this trace pays

    sift = cv2.SIFT.create(
        nfeatures=2 * MAX_KEYPOINTS, contrastThreshold=_CONTRAST, enable_precise_upscale=True
    )
    found, descriptors = sift.detectAndCompute(gray, None)
    if not found:
        return Keypoints(*(np.zeros(shape, np.float32) for shape in ((0, 2), 0, 0, (0, 128))))
    rows = np.array([(*k.pt, k.size, k.angle, k.response) for k in found], np.float32)
    kept = _spread_out(rows[:, :2], rows[:, 4], gray.shape)
    roots = np.sqrt(descriptors[kept] / np.maximum(descriptors[kept].sum(axis=1, keepdims=True), 1))
    rows = rows[kept]
    return Keypoints(rows[:, :2], rows[:, 2], np.deg2rad(rows[:, 3]), np.asarray(roots, np.float32))


def _spread_out(points: Floats, strength: Floats, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Indices of at most `MAX_KEYPOINTS`, taken in turn from the cells of a grid, strongest first."""
    if len(points) <= MAX_KEYPOINTS:
        return np.arange(len(points))
    cell = (points * _CELLS / np.array(shape[::-1])).astype(np.intp).clip(0, _CELLS - 1) @ [1, _CELLS]
    order = np.lexsort((-strength, cell))
    starts = np.r_[0, np.flatnonzero(np.diff(cell[order])) + 1]
    turn = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return np.sort(order[np.argsort(turn, kind="stable")[:MAX_KEYPOINTS]])


def mirrored(descriptors: Floats) -> Floats:
    """Descriptors of the mirror image: rows of cells reversed, directions negated.

    Reference: X. Guo, X. Cao, "MIFT: a framework for feature descriptors to be mirror reflection invariant"
    (2012).
    """
    cells = descriptors.reshape(-1, 4, 4, 8)[:, ::-1]
    return np.asarray(cells[..., -np.arange(8) % 8].reshape(descriptors.shape))


def match_keypoints(keypoints: Keypoints, apart: float) -> Matches:
    """Match an image's keypoints with each other, and with those of its mirror image.

    Args:
        keypoints: of one image.
        apart: pixels; nearer pairs are not matched, because neighbours always look alike.
    """
    upright = _nearest(keypoints, keypoints.descriptors, apart)
    flipped = _nearest(keypoints, mirrored(keypoints.descriptors), apart)
    first = np.concatenate([upright[0], flipped[0]])
    second = np.concatenate([upright[1], flipped[1]])
    distance = np.concatenate([upright[2], flipped[2]])
    handed = np.repeat(np.array([1, -1], np.float32), [len(upright[0]), len(flipped[0])])
    best = np.sort(np.argsort(distance, kind="stable")[:MAX_MATCHES])
    return _both_ways(keypoints, first[best], second[best], distance[best], handed[best])


def _nearest(
    keypoints: Keypoints, descriptors: Floats, apart: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Pairs of each keypoint and its nearest others, as long as each is much nearer than the next.

    Reference: I. Amerini et al., "A SIFT-based forensic method for copy-move attack detection and
    transformation recovery" (2011).
    """
    nearest, distance = _ranked(keypoints, descriptors, apart)
    near = np.logical_and.accumulate(distance[:, :-1] < _RATIO * distance[:, 1:], axis=1)
    first, turn = np.nonzero(near)
    second = nearest[first, turn]
    pairs = np.unique(np.sort(np.c_[first, second], axis=1), axis=0, return_index=True)[1]
    return first[pairs], second[pairs], distance[first, turn][pairs]


def _ranked(keypoints: Keypoints, descriptors: Floats, apart: float) -> tuple[NDArray[np.intp], Floats]:
    """(N, 4) indices of each keypoint's nearest others, and their distances, a block of rows at a time."""
    count = len(descriptors)
    across, down = np.ascontiguousarray(keypoints.points.T)
    nearest = np.zeros((count, _NEIGHBOURS + 1), np.intp)
    distance = np.zeros((count, _NEIGHBOURS + 1), np.float32)
    for top in range(0, count, _ROWS):
        rows = slice(top, top + _ROWS)
        alike = descriptors[rows] @ keypoints.descriptors.T
        neighbours = np.abs(across[rows, None] - across) < apart
        neighbours &= np.abs(down[rows, None] - down) < apart
        alike[neighbours] = -1
        each = np.arange(len(alike))
        for turn in range(_NEIGHBOURS + 1):
            best = alike.argmax(axis=1)
            nearest[rows, turn] = best
            distance[rows, turn] = np.sqrt(np.maximum(2 - 2 * alike[each, best], 0))
            alike[each, best] = -1
    return nearest, distance


def _both_ways(
    keypoints: Keypoints,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    distance: Floats,
    handed: Floats,
) -> Matches:
    one, other = np.r_[first, second], np.r_[second, first]
    turned = _rotation(keypoints.angles[other])
    turned[:, :, 1] *= np.r_[handed, handed][:, None]
    linear = turned @ _rotation(-keypoints.angles[one])
    linear *= (keypoints.sizes[other] / keypoints.sizes[one])[:, None, None]
    points = keypoints.points
    return Matches(points[one], points[other], linear.astype(np.float32), np.r_[distance, distance])


def _rotation(angles: Floats) -> Floats:
    cos, sin = np.cos(angles), np.sin(angles)
    return np.asarray(np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1), np.float32)
