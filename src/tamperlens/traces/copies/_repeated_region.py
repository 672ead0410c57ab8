"""Whether what a marked region shows also occurs elsewhere in the same image, and where.

The blind copy-move trace has to find two similar parts among all; here one is known, with its outline, so
smaller, more rotated and more compressed copies can be told from chance. Chance is measured in the same
image: by how well the region fits the best of the other places.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces.copies._affine_consensus import Affine, apply, inverse, scale_of, turn_of
from tamperlens.traces.copies._copied_regions import Region
from tamperlens.traces.copies._copy_move import SEARCHED, Copy
from tamperlens.traces.copies._patch_agreement import Floats, Mask, carried
from tamperlens.traces.copies._place_search import box_of, enlarged, likely_places
from tamperlens.traces.copies._similarity_fit import Likeness, fit_similarity_to_pixels, likeness

# Plausible scales of a copy.
_SCALES = (0.4, 2.5)
# Places fitted at full size, out of those fitted at the reduced size.
_FITTED = 4
# Entries by which a map may differ from a pure shift and still be tried in whole pixels.
_NEARLY = 0.06
# Two maps have different sources if these are farther apart than this in pixels, and in region sizes.
_APART, _APART_SHARE = 6.0, 0.25
# Each such lead makes regions that are not copies ten times rarer; measured on made ones, around 1.5 of it.
_DECADE = 0.15


@dataclass(frozen=True)
class Repeat:
    """The part of an image that best explains a region.

    Attributes:
        source: that part, in pixels of the image.
        region: the region that was searched for, the largest marked one.
        transform: (2, 3) float64, maps x and y of the source to the region.
        scale: length in the region over length in the source.
        likeness: correlation of the gradients of both, -1..1.
        lead: how much more alike it is than the best of the other places, comparing `Likeness.evidence`. Half
            of made copies exceed 0.9; one in twenty spliced regions exceeds 0.15.
    """

    source: Region
    region: Region
    transform: Affine
    scale: float
    likeness: float
    lead: float

    @property
    def significance(self) -> float:
        """About minus log10 of the share of altered regions that are not copies and lead as much.

        Three in a hundred of those lead by 0.22, which is 1.5 here.
        """
        return self.lead / _DECADE

    def as_copy(self) -> Copy:
        """The same as a pair of copies to show to people; here it is known which of the two was pasted."""
        mirrored, angle = turn_of(self.transform)
        return Copy(
            self.source, self.region, 1.0, self.transform, self.scale, angle, mirrored, 0, self.significance
        )


def repeated_region(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Repeat | None:
    """Search an image for what its largest marked region shows, moved, turned, halved to doubled or mirrored.

    Args:
        pixels: (H, W, 3) uint8 RGB; more than a megapixel is reduced to one.
        mask: (H, W) bool.

    Returns:
        The best explanation, however poor; None if nothing is marked or no other part is as large.
    """
    if not mask.any():
        return None
    gray, region, reduction = _searched(pixels, _largest(mask))
    found = sorted(_explanations(gray, region), key=lambda one: -one[0].evidence)
    if not found:
        return None
    best, affine = found[0]
    elsewhere = [alike.evidence for alike, other in found[1:] if _apart(affine, other, region)]
    lead = best.evidence - max(elsewhere, default=0.0)
    whole = enlarged(affine, reduction)
    marked = _largest(mask)
    source = _cut_out(carried(marked, inverse(whole)))
    target = _cut_out(marked)
    if source is None or target is None:
        return None
    return Repeat(source, target, whole, scale_of(whole), best.correlation, lead)


def _explanations(gray: Floats, region: Mask) -> list[tuple[Likeness, Affine]]:
    """Likeness and map of several places, each fitted to the pixels."""
    places, factors = likely_places(gray, region)
    small, marked = _resized(gray, region, factors)
    coarse = []
    for affine in places:
        fitted = fit_similarity_to_pixels(small, marked, affine)
        coarse.append((likeness(small, marked, fitted).evidence, fitted))
    coarse.sort(key=lambda one: -one[0])
    return [_refined(gray, region, enlarged(fitted, factors)) for _, fitted in coarse[:_FITTED]]


def _refined(gray: Floats, region: Mask, affine: Affine) -> tuple[Likeness, Affine]:
    """The best of three: the map, the map fitted to all pixels, and that in whole pixels if it is close."""
    fitted = fit_similarity_to_pixels(gray, region, affine)
    maps = [one for one in (affine, fitted) if _SCALES[0] < scale_of(one) < _SCALES[1]]
    linear = np.rint(fitted[:, :2])
    if np.abs(fitted[:, :2] - linear).max() < _NEARLY:
        left, top, right, bottom = box_of(region)
        middle = np.array([[(left + right) // 2, (top + bottom) // 2]], float)
        offset = np.rint(middle - apply(inverse(fitted), middle) @ linear.T)
        maps.append(np.hstack([linear, offset.T]))
    compared = [(likeness(gray, region, one), one) for one in maps]
    return max(compared, key=lambda one: one[0].evidence, default=(Likeness(0.0, 0.0), affine))


def _apart(one: Affine, other: Affine, region: Mask) -> bool:
    """Whether two maps take the region from different places."""
    left, top, right, bottom = box_of(region)
    middle = np.array([[(left + right) / 2, (top + bottom) / 2]])
    away = np.abs(apply(inverse(one), middle) - apply(inverse(other), middle)).max()
    return bool(away > max(_APART, _APART_SHARE * min(right - left, bottom - top)))


def _largest(mask: Mask) -> Mask:
    import cv2  # noqa: PLC0415

    _, labels, measures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return np.asarray(labels == 1 + int(measures[1:, cv2.CC_STAT_AREA].argmax()))


def _searched(pixels: NDArray[np.uint8], region: Mask) -> tuple[Floats, Mask, tuple[float, float]]:
    gray = to_gray(pixels).astype(np.float32)
    factor = min(1.0, math.sqrt(SEARCHED / gray.size))
    size = [max(round(side * factor), 1) for side in gray.shape]
    factors = (size[1] / gray.shape[1], size[0] / gray.shape[0])
    return *_resized(gray, region, factors), factors


def _resized(gray: Floats, region: Mask, factors: tuple[float, float]) -> tuple[Floats, Mask]:
    import cv2  # noqa: PLC0415

    if min(factors) == max(factors) == 1:
        return gray, region
    size = (round(gray.shape[1] * factors[0]), round(gray.shape[0] * factors[1]))
    share = cv2.resize(region.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    # A region that would vanish keeps its strongest pixel.
    marked = np.asarray(share >= min(0.5, float(share.max())))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32), marked


def _cut_out(mask: Mask) -> Region | None:
    if not mask.any():
        return None
    left, top, right, bottom = box_of(mask)
    return Region(left, top, mask[top:bottom, left:right])
