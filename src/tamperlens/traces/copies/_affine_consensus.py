"""Matches → affine maps that many of them agree on."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._keypoint_matching import Matches

Affine = NDArray[np.float64]

MIN_MATCHES = 3
MAX_CLUSTERS = 10
# How far two local frames may disagree: pixels, plus pixels per pixel of distance, up to twice `_REACH`.
_TOLERANCE, _SLACK, _REACH = 3.0, 0.12, 60.0
# Largest distance in pixels from the fitted map.
_RESIDUAL = 2.5


def find_clusters(matches: Matches) -> list[tuple[Affine, NDArray[np.float32]]]:
    """Affine maps that each carry several matched places, with their supporting pairs.

    Every match is tried as a map; the one most others agree with is fitted to them, and its supporters are
    removed.

    Args:
        matches: in both directions.

    Returns:
        At most `MAX_CLUSTERS`: (2, 3) float64, and (k, 2, 2) float32 pairs of points, source and target.
    """
    clusters: list[tuple[Affine, NDArray[np.float32]]] = []
    agree = _agreement(matches)
    left = np.ones(len(matches), bool)
    half = len(matches) // 2
    while len(clusters) < MAX_CLUSTERS and left.any():
        support = (agree[:, left]).sum(axis=1) * left
        seed = int(support.argmax())
        if support[seed] < MIN_MATCHES:
            break
        chosen = agree[seed] & left
        affine, chosen = _fit(matches, chosen, left)
        used = chosen if chosen.any() else agree[seed] & left
        left &= ~(used | np.roll(used, half))
        left[seed] = left[(seed + half) % len(matches)] = False
        if chosen.sum() >= MIN_MATCHES:
            clusters.append((affine, np.stack([matches.source[chosen], matches.target[chosen]], axis=1)))
    return clusters


def _agreement(matches: Matches) -> NDArray[np.bool_]:
    """(M, M): whether the map of the first carries the second's place roughly to where it was matched."""
    between = matches.source[None] - matches.source[:, None]
    expected = matches.target[:, None] + np.einsum("iab,ijb->ija", matches.linear, between)
    error = np.abs(expected - matches.target[None]).max(axis=2)
    reach = np.abs(between).max(axis=2)
    flat = matches.linear.reshape(-1, 4)
    turned = np.abs(flat[:, None] - flat[None]).max(axis=2)
    size = np.sqrt(np.abs(np.linalg.det(matches.linear)))
    alike = turned < 0.35 * np.maximum(size[:, None], size[None])
    return np.asarray((error < _TOLERANCE + _SLACK * np.minimum(reach, _REACH * 2)) & alike)


def _fit(
    matches: Matches, chosen: NDArray[np.bool_], left: NDArray[np.bool_]
) -> tuple[Affine, NDArray[np.bool_]]:
    """Least squares, repeated on the pairs that the map carries well."""
    affine = fit_similarity(matches.source[chosen], matches.target[chosen])
    for turn in range(6):
        error = np.hypot(*(apply(affine, matches.source) - matches.target).T)
        handed = np.sign(np.linalg.det(matches.linear)) == np.sign(np.linalg.det(affine[:, :2]))
        nearer = left & handed & (error < max(_RESIDUAL, 8.0 / (turn + 1)))
        if nearer.sum() < MIN_MATCHES:
            return affine, np.zeros_like(chosen)
        fit = fit_affine if _wide(matches.source[nearer]) and turn > 2 else fit_similarity
        affine = fit(matches.source[nearer], matches.target[nearer])
    return affine, nearer


def _wide(points: NDArray[np.float32]) -> bool:
    """Whether places are many and spread in both directions, enough to fit six numbers."""
    if len(points) < 8:
        return False
    spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(points.T)), 0))  # rounding may give −1e-18
    return bool(spread[0] > 6 and spread[0] > 0.15 * spread[1])


def inverse(affine: Affine) -> Affine:
    """The inverse map; the map must not be singular."""
    return np.asarray(np.linalg.inv(np.vstack([affine, [0, 0, 1]]))[:2])


def scale_of(affine: Affine) -> float:
    """How many times longer a map makes things, averaged over all directions."""
    return float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))


def turn_of(affine: Affine) -> tuple[bool, float]:
    """Whether a map mirrors, and by how many degrees it then turns."""
    linear = affine[:, :2]
    mirrored = bool(np.linalg.det(linear) < 0)
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    angle = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
    return mirrored, float(np.degrees(angle))


def apply(affine: Affine, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Apply a map to (N, 2) points."""
    return np.asarray(points @ affine[:, :2].T + affine[:, 2])


def fit_affine(source: NDArray[np.float32], target: NDArray[np.float32]) -> Affine:
    """Least-squares affine map of (N, 2) points."""
    centre = source.mean(axis=0, dtype=np.float64)
    system = np.c_[source - centre, np.ones(len(source))]
    solution = np.linalg.lstsq(system, target.astype(np.float64), rcond=None)[0].T
    solution[:, 2] -= solution[:, :2] @ centre
    return np.asarray(solution)


def fit_similarity(source: NDArray[np.float32], target: NDArray[np.float32]) -> Affine:
    """Least-squares rotation, scale and shift of (N, 2) points, mirrored if that fits better.

    Reference: S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns"
    (1991).
    """
    one, other = source.astype(np.float64), target.astype(np.float64)
    from_centre, to_centre = one.mean(axis=0), other.mean(axis=0)
    one, other = one - from_centre, other - to_centre
    best: tuple[float, NDArray[np.float64]] = (np.inf, np.eye(2))
    power = max(float((one**2).sum()), 1e-9)
    for handed in (1.0, -1.0):
        x, y = one[:, 0], one[:, 1] * handed
        cos = float((x * other[:, 0] + y * other[:, 1]).sum()) / power
        sin = float((x * other[:, 1] - y * other[:, 0]).sum()) / power
        linear = np.array([[cos, -sin * handed], [sin, cos * handed]])
        error = float(((one @ linear.T - other) ** 2).sum())
        if error < best[0]:
            best = (error, linear)
    return np.hstack([best[1], (to_centre - best[1] @ from_centre)[:, None]])
