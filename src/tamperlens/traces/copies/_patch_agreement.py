"""How well an affine map of an image onto itself holds, window by window.

Two photographed windows of a façade look alike, but their grain, dirt and light differ; a copy agrees down to
what compression left, in level, contrast and detail at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._affine_consensus import Affine, apply, inverse

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]

# Side of a compared window in pixels.
WINDOW = 9
# Root mean square error that still agrees: least and most in gray levels, and relative to the window's own
# standard deviation. Chosen on made copies: 5 instead of 3 finds more of them and calls no more of the same
# photographs untouched.
_LEAST, _MOST, _SHARE = 0.6, 5.0, 0.4
# Standard deviation, in tolerated errors, below which a window looks like any other and proves nothing.
_TEXTURE = 1.33
# Most pixels that a map may move when it is fitted to pixels.
_REFINED = 8.0
# Pixels added around the part of an image that a map uses, for smoothing and fitting.
_MARGIN = 12
# Value beyond the image's border in a warped image.
_NOTHING = -1000.0


@dataclass(frozen=True)
class Agreement:
    """What an affine map brings to a box, compared with what is there.

    Attributes:
        agrees: (h, w) bool, whether the window around a pixel agrees.
        textured: (h, w) bool, whether that means anything.
        exact: (h, w) bool, whether the pixel itself agrees with its neighbours: the same without the margin.
    """

    agrees: Mask
    textured: Mask
    exact: Mask


def compare(gray: Floats, affine: Affine, box: Box, seeds: Mask) -> Agreement | None:
    """Compare a box of an image with what an affine map brings there.

    Brightness and contrast may differ by one shift and one factor for the whole box; both are fitted where
    the map is believed to hold.

    Args:
        gray: (H, W) float32, 0..255.
        affine: (2, 3) source → target in pixels, not enlarging.
        box: left, top, right, bottom of the target, within the image.
        seeds: (h, w) bool, where in the box the map is believed to hold.

    Returns:
        None if the seeds lie outside what the map brings.
    """
    here, brought, inside = _bring(gray, affine, box)
    sample = seeds & inside
    if np.count_nonzero(sample) < WINDOW:
        return None
    gain, shift = _light(here[sample], brought[sample])
    brought = gain * brought + shift
    squared = (here - brought) ** 2
    error = np.maximum(_average(squared), 0)  # running sums leave tiny negative remainders
    # In a lossless image an exact copy agrees to a fraction of a gray level, and then faint grain is proof.
    noise = min(max(1.5 * float(np.sqrt(np.median(error[sample]))), _LEAST), _MOST)
    spread = np.minimum(_spread(here), _spread(brought))
    tolerance = noise**2 + (_SHARE * spread) ** 2
    return Agreement(
        agrees=inside & (error < tolerance),
        textured=inside & (spread > _TEXTURE * noise),
        exact=inside & (_average(squared, 3) < tolerance),
    )


def strongest_part(gray: Floats, affine: Affine) -> NDArray[np.float64]:
    """Places in the largest part of the image that a map changes by less than a third of its contrast.

    Args:
        gray: (H, W) float32, 0..255.
        affine: (2, 3) source → target in pixels.

    Returns:
        (k, 2) float64 x and y in the target, at most a few hundred; none if nothing agrees.
    """
    import cv2  # noqa: PLC0415

    here, brought, inside = _bring(gray, affine, (0, 0, gray.shape[1], gray.shape[0]))
    spread = np.minimum(_spread(here), _spread(brought))
    alike = inside & (spread > 1) & (_average((here - brought) ** 2) < (_SHARE * spread) ** 2)
    solid = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, measures, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return np.zeros((0, 2))
    places = np.argwhere(labels == 1 + int(measures[1:, cv2.CC_STAT_AREA].argmax()))[:, ::-1]
    return places[:: max(len(places) // 400, 1)].astype(np.float64)


def _bring(gray: Floats, affine: Affine, box: Box) -> tuple[Floats, Floats, Mask]:
    import cv2  # noqa: PLC0415

    left, top, right, bottom = box
    source, low = _cut(gray, affine, box)
    brought = cv2.warpAffine(
        source,
        _between(affine, low, (left, top)),
        (right - left, bottom - top),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_NOTHING,
    )
    whole = (brought > _NOTHING / 10).astype(np.uint8)
    inside = cv2.erode(whole, np.ones((WINDOW, WINDOW), np.uint8), borderValue=1) > 0
    return gray[top:bottom, left:right], np.where(inside, brought, 0).astype(np.float32), inside


def _light(here: Floats, brought: Floats) -> tuple[float, float]:
    """The factor and shift of brightness that most pixels agree on."""
    difference = here - brought
    off = np.abs(difference - np.median(difference))
    most = off <= np.quantile(off, 0.7)
    here, brought = here[most], brought[most]
    centred = brought - brought.mean()
    # One more gray level of variance, so that a flat sample keeps its contrast.
    gain = float((centred * here).mean() + 1) / float((centred * centred).mean() + 1)
    gain = min(max(gain, 0.5), 2.0)
    return gain, float(here.mean() - gain * brought.mean())


def carried(mask: Mask, affine: Affine) -> Mask:
    """A mask (H, W) carried by a map, cut at the image's border."""
    import cv2  # noqa: PLC0415

    height, width = mask.shape
    return np.asarray(cv2.warpAffine(mask.astype(np.float32), affine, (width, height)) > 0.5)


def _average(values: Floats, side: int = WINDOW) -> Floats:
    import cv2  # noqa: PLC0415

    return np.asarray(cv2.boxFilter(values, -1, (side, side), borderType=cv2.BORDER_REFLECT_101))


def _spread(values: Floats) -> Floats:
    """Standard deviation of each window."""
    centred = values - values.mean()
    mean = _average(centred)
    return np.sqrt(np.maximum(_average(centred * centred) - mean * mean, 0))


def smoothed_for(gray: Floats, affine: Affine) -> Floats:
    """The image blurred as much as shrinking it by `affine` requires; unchanged if it grows."""
    import cv2  # noqa: PLC0415

    scale = np.sqrt(abs(np.linalg.det(affine[:, :2])))
    if scale > 0.95:
        return gray
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), 0.5 * float(np.sqrt(1 / scale**2 - 1))))


def _cut(gray: Floats, affine: Affine, box: Box) -> tuple[Floats, NDArray[np.intp]]:
    """The part of an image that a map brings to a box, smoothed for it, and its first x and y."""
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [left, bottom], [right, bottom]])
    ends = apply(inverse(affine), corners)
    height, width = gray.shape
    low = np.floor(ends.min(axis=0)).astype(np.intp) - _MARGIN
    low = np.clip(low, 0, [max(width - 2, 0), max(height - 2, 0)])
    high = np.maximum(np.ceil(ends.max(axis=0)).astype(np.intp) + _MARGIN, low + 2)
    part = np.ascontiguousarray(gray[low[1] : high[1], low[0] : high[0]])
    return smoothed_for(part, affine), low


def _between(affine: Affine, low: NDArray[np.intp], corner: tuple[int, int]) -> Affine:
    """The map from a part of the source starting at `low` to a part of the target starting at `corner`."""
    return np.hstack([affine[:, :2], (affine[:, 2] + affine[:, :2] @ low - corner)[:, None]])


def refine(gray: Floats, affine: Affine, box: Box) -> Affine:
    """Fit an affine map to the pixels of a box of the target, by enhanced correlation.

    Returns:
        The better map, or the given one if none was found near it.

    Reference: G. Evangelidis, E. Psarakis, "Parametric image alignment using enhanced correlation coefficient
    maximization" (2008).
    """
    import cv2  # noqa: PLC0415

    left, top, right, bottom = box
    source, low = _cut(gray, affine, box)
    start = inverse(_between(affine, low, (left, top)))  # cv2 asks for target → source
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 15, 1e-4)
    here, everywhere = gray[top:bottom, left:right], np.ones(source.shape, np.uint8)
    try:
        _, found = cv2.findTransformECC(
            here, source, start.astype(np.float32), cv2.MOTION_AFFINE, criteria, everywhere, 3
        )
    except cv2.error:  # no convergence, or no overlap
        return affine
    moved = np.asarray(found, np.float64)
    far = np.array([right - left, bottom - top, 1])
    if not np.isfinite(moved).all() or (np.abs(moved - start) @ far).max() > _REFINED:
        return affine
    if abs(np.linalg.det(moved[:, :2])) < 0.05:
        return affine
    return _between(inverse(moved), -low, (-left, -top))
