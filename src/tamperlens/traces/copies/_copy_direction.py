"""Which of two similar parts was pasted: what interpolation and a seam leave behind."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._affine_consensus import Affine, inverse
from tamperlens.traces.copies._patch_agreement import Floats, carried, smoothed_for
from tamperlens.traces.copies._place_search import box_of

# Standard deviations in pixels of the blurs that separate the finest detail from the next coarser.
_FINE, _COARSE = 0.8, 2.0
# Log ratio at which interpolation is believed; below it, the seam decides.
_TELLING = 0.04
# Largest entry by which a map may differ from a pure shift.
_MOVED = 0.004
# Weight of the seam, which is right less often.
_SEAM = 0.25


def pasted_rather(gray: Floats, affine: Affine, places: NDArray[np.bool_]) -> float:
    """How much likelier it is that the target of a map was pasted than that the source was.

    Turning or scaling a part interpolates it. Bringing the source to the target interpolates it too and gives
    as much fine detail as the target has; bringing the target back to the source gives less than the source
    has. Parts that were only moved lose nothing; then the part with the rougher outline counts as pasted,
    because a seam is rough.

    Args:
        gray: (H, W) float32, 0..255.
        affine: (2, 3) source → target.
        places: (H, W) bool, the target.

    Returns:
        Positive if the target was pasted, negative if the source was; a log ratio, 0.1 is a lot.
    """
    source = carried(places, inverse(affine))
    if not source.any():
        return 0.0
    only_moved = np.abs(np.abs(affine[:, :2]) - np.eye(2)).max() < _MOVED
    lost = 0.0 if only_moved else _loss(gray, inverse(affine), source) - _loss(gray, affine, places)
    if abs(lost) >= _TELLING:
        return lost
    return lost + _SEAM * (_seam(gray, places) - _seam(gray, source))


def _loss(gray: Floats, affine: Affine, target: NDArray[np.bool_]) -> float:
    """Log of the fineness in the target over the fineness of what the map brings there."""
    import cv2  # noqa: PLC0415

    left, top, right, bottom = _box(target, 8)
    there = affine - np.array([[0, 0, left], [0, 0, top]])
    warped = cv2.warpAffine(
        smoothed_for(gray, affine),
        there,
        (right - left, bottom - top),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    inner = cv2.erode(target[top:bottom, left:right].astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if np.count_nonzero(inner) < 64:
        return 0.0
    return _fineness(gray[top:bottom, left:right], inner) - _fineness(np.asarray(warped, np.float32), inner)


def _fineness(values: Floats, inner: NDArray[np.bool_]) -> float:
    """Log of the energy of the finest detail over that of the next coarser; independent of contrast."""
    import cv2  # noqa: PLC0415

    smooth, smoother = (cv2.GaussianBlur(values, (0, 0), deviation) for deviation in (_FINE, _COARSE))
    fine, coarse = (values - smooth)[inner], (smooth - smoother)[inner]
    return float(0.5 * np.log((np.mean(fine**2) + 0.05) / (np.mean(coarse**2) + 0.05)))


def _seam(gray: Floats, places: NDArray[np.bool_]) -> float:
    """Log of the roughness along the outline over that beside it, inside and outside."""
    import cv2  # noqa: PLC0415

    left, top, right, bottom = _box(places, 10)
    mask = places[top:bottom, left:right].astype(np.uint8)
    rough = cv2.Laplacian(gray[top:bottom, left:right], cv2.CV_32F)
    near, far = (
        cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((side, side), np.uint8)) > 0 for side in (5, 15)
    )
    beside = far & ~near
    if not near.any() or not beside.any():
        return 0.0
    return float(np.log((np.mean(np.abs(rough[near])) + 0.5) / (np.mean(np.abs(rough[beside])) + 0.5)))


def _box(mask: NDArray[np.bool_], margin: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = box_of(mask)
    height, width = mask.shape
    ends = min(right + margin, width), min(bottom + margin, height)
    return max(left - margin, 0), max(top - margin, 0), *ends
