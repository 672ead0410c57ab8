"""The connected place of a map that stands out most from the rest of the image."""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

# Heights at which a map is cut into places.
_CUTS = (0.3, 0.5, 0.7)
# Standard deviation of the smoothing before cutting, in cells of 8 × 8 pixels.
_SMOOTH = 1.0
# A place has at least this many cells, and at most this share of the image.
_LEAST_CELLS, _MOST_SHARE = 6, 0.6
# How many times the mean elsewhere is subtracted from the mean in the place: in a map that is noisy all over,
# one more spot means nothing.
_ELSEWHERE = 3.0


@dataclass(frozen=True)
class Place:
    """A connected part of an image on which a map stands out.

    Attributes:
        value: how far it stands out, from 0 for not at all; not calibrated.
        inside: mean of the map in the place, 0..1.
        elsewhere: mean of the map in the rest of the image, 0..1.
        cells: (⌈H/8⌉, ⌈W/8⌉) bool, the place.
    """

    value: float
    inside: float
    elsewhere: float
    cells: NDArray[np.bool_] = field(repr=False)

    @property
    def height(self) -> float:
        """The logarithm of 1 + `value`, whose tail over photographs is exponential."""
        return math.log1p(self.value)


def clearest_place(values: Map) -> Place:
    """The connected place that stands out most: (mean in it − 3 × mean elsewhere) × √(its cells).

    Args:
        values: (⌈H/8⌉, ⌈W/8⌉) float32 in 0..1.
    """
    smooth = cv2.GaussianBlur(values, (0, 0), _SMOOTH)
    best = Place(0.0, 0.0, float(values.mean()), np.zeros(values.shape, bool))
    total = float(values.sum(dtype=np.float64))
    for cut in _CUTS:
        count, labels, boxes, _ = cv2.connectedComponentsWithStats((smooth > cut).astype(np.uint8))
        cells = boxes[:, cv2.CC_STAT_AREA].astype(np.float64)
        sums = np.bincount(labels.ravel(), weights=values.ravel(), minlength=count)
        inside, elsewhere = sums / np.maximum(cells, 1), (total - sums) / np.maximum(values.size - cells, 1)
        height = (inside - _ELSEWHERE * elsewhere) * np.sqrt(cells)
        height[(cells < _LEAST_CELLS) | (cells > _MOST_SHARE * values.size)] = 0
        height[0] = 0  # what is below the cut
        k = int(height.argmax())
        if height[k] > best.value:
            best = Place(float(height[k]), float(inside[k]), float(elsewhere[k]), labels == k)
    return best
