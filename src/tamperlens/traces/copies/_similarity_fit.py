"""A similarity between a region and another part of the image, fitted to pixels, and how alike they are."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.copies._affine_consensus import Affine, inverse, scale_of
from tamperlens.traces.copies._patch_agreement import Floats, Mask, smoothed_for
from tamperlens.traces.copies._place_search import box_of, even_gradients, gradients, inner

_STEPS = 10
# Most pixels that a step may move the outline, and most pixels of a region that are used.
_STRIDE, _LOOKED_AT = 2.0, 8000
# Plausible scales of a source relative to its region.
_SCALES = (0.25, 4.0)
# Fewer pixels prove nothing.
_LEAST = 40
# Correlations above this are as good as one.
_MOST = 0.999
# If this share of the region has its source in the image and outside the region, nothing is lost.
_WHOLE = 0.7


def fit_similarity_to_pixels(gray: Floats, mask: Mask, affine: Affine) -> Affine:
    """Turn, scale and move a source until it best explains a region.

    Gauss–Newton steps on the difference; brightness and contrast are refitted in each. The best of all steps
    is kept, including the start.

    Args:
        gray: (H, W) float32, 0..255.
        mask: (H, W) bool, the region; none of its pixels serves as its own source.
        affine: (2, 3) source → region, a similarity within a few pixels of the truth.

    Reference: S. Baker, I. Matthews, "Lucas–Kanade 20 years on: a unifying framework" (2004).
    """
    region = _Pixels(gray, mask, smoothed_for(gray, affine))
    back = inverse(affine)
    linear, middle = back[:, :2].copy(), back[:, :2] @ region.centre + back[:, 2]
    best, kept = -math.inf, affine
    for _ in range(_STEPS):
        seen = region.explained(linear, middle)
        if seen is None:
            break
        correlation, move = seen
        if correlation > best:
            best, kept = correlation, inverse(np.hstack([linear, (middle - linear @ region.centre)[:, None]]))
        turned = np.array([[0.0, -1.0], [1.0, 0.0]]) @ linear
        linear, middle = linear + move[0] * linear + move[1] * turned, middle + move[2:]
        if not _SCALES[0] < math.sqrt(abs(np.linalg.det(linear))) < _SCALES[1]:
            break
    return kept


@dataclass(frozen=True)
class Likeness:
    """How alike a region and its source are.

    Attributes:
        correlation: of their even gradients, -1..1.
        share: share of the region's pixels that count, 0..1: those with a source in the image and outside the
            region; fewer if the region was enlarged.
    """

    correlation: float
    share: float

    @property
    def evidence(self) -> float:
        """Fisher's z of the correlation, weighted by the root of the pixel count; at least 0."""
        correlation = min(max(self.correlation, 0.0), _MOST)
        return math.atanh(correlation) * math.sqrt(self.share)


def likeness(gray: Floats, mask: Mask, affine: Affine) -> Likeness:
    """Compare a region with what a map brings there.

    Args:
        gray: (H, W) float32, 0..255.
        mask: (H, W) bool, the region.
        affine: (2, 3) source → region.
    """
    import cv2  # noqa: PLC0415

    core = inner(mask, 100)
    left, top, right, bottom = box_of(core)
    box = np.s_[max(top - 6, 0) : bottom + 6, max(left - 6, 0) : right + 6]
    here, core = gray[box], core[box]
    there = affine - np.array([[0, 0, max(left - 6, 0)], [0, 0, max(top - 6, 0)]])
    size = (here.shape[1], here.shape[0])
    free = cv2.warpAffine((~mask).astype(np.float32), there, size, flags=cv2.INTER_LINEAR) > 0.99
    shared = core & free
    if shared.sum() < _LEAST:
        return Likeness(0.0, 0.0)
    brought = cv2.warpAffine(
        smoothed_for(gray, affine), there, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    scale = scale_of(affine)
    if scale > 1.2:  # an enlarged copy's finest detail is not its own
        here, brought = (
            np.asarray(cv2.GaussianBlur(values, (0, 0), 0.4 * scale), np.float32)
            for values in (here, brought)
        )
    correlation = _correlation(here, np.asarray(brought, np.float32), shared)
    return Likeness(correlation, float(shared.sum() / core.sum()) / max(scale, 1.0) ** 2)


def _correlation(here: Floats, brought: Floats, places: Mask) -> float:
    """Of the even gradients of two images, at some places."""
    one, other = even_gradients(here), even_gradients(brought)
    product, first, second = (
        sum(float((a * b)[places].sum()) for a, b in zip(*pair, strict=True))
        for pair in ((one, other), (one, one), (other, other))
    )
    return product / math.sqrt(first * second + 1e-9)


class _Pixels:
    """A region's pixels, at most a few thousand, and the image that is to explain them."""

    def __init__(self, gray: Floats, mask: Mask, source: Floats) -> None:
        left, top, right, bottom = box_of(mask)
        rows, columns = np.nonzero(mask[top:bottom, left:right])
        step = max(len(rows) // _LOOKED_AT, 1)
        rows, columns = rows[::step] + top, columns[::step] + left
        self.centre = np.array([(left + right - 1) / 2, (top + bottom - 1) / 2])
        self._offsets = np.stack([columns, rows]) - self.centre[:, None]
        self._values = gray[rows, columns].astype(np.float64)
        self._source, self._slopes = source, gradients(source)
        self._free = (~mask).astype(np.float32)
        self._reach = max(float(np.hypot(*self._offsets).max()), 1.0)

    def explained(
        self, linear: NDArray[np.float64], middle: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64]] | None:
        """Correlation, and the step that would raise it: scale, turn, across, down.

        Args:
            linear: (2, 2) region → source.
            middle: (2,) where the region's centre goes.
        """
        away = linear @ self._offsets
        places = (away + middle[:, None]).astype(np.float32)
        free = _at(self._free, places) > 0.99
        if free.sum() < _LEAST:
            return None
        here, there = self._values[free], _at(self._source, places, cubic=True)[free]
        here, there = here - here.mean(), there - there.mean()
        correlation = float(here @ there) / math.sqrt(float(here @ here) * float(there @ there) + 1e-6)
        gain = max(float(here @ there) / (float(there @ there) + 1e-6), 0.2)
        across, down = (gain * _at(slope, places)[free] for slope in self._slopes)
        x, y = away[:, free]
        changes = np.stack([across * x + down * y, down * x - across * y, across, down], axis=1)
        changes -= changes.mean(axis=0)
        normal = changes.T @ changes
        normal += np.diag(1e-3 * np.diag(normal) + 1e-6)
        move = np.linalg.solve(normal, changes.T @ (here - gain * there))
        longest = float(np.abs(move * [self._reach, self._reach, 1, 1]).max())
        share = min(1.0, float(free.mean()) / _WHOLE)
        return correlation * share, move * (_STRIDE / max(longest, _STRIDE))


def _at(values: Floats, places: Floats, cubic: bool = False) -> NDArray[np.float64]:
    """Values at (2, k) places; 0 beyond the image."""
    import cv2  # noqa: PLC0415

    method = cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR
    # In rows of a thousand, because OpenCV takes no rows longer than 32,767.
    count = places.shape[1]
    padded = np.zeros((2, -(-count // 1000) * 1000), np.float32)
    padded[:, :count] = places
    across, down = padded.reshape(2, -1, 1000)
    return np.asarray(cv2.remap(values, across, down, method).ravel()[:count], np.float64)
