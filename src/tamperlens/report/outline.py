"""The outline of a mask as polygons, so that the line has the same width at any zoom."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Largest error of a simplified outline, in pixels of the mask.
_TOLERANCE = 0.75
Polygon = list[tuple[float, float]]


def outlines(marked: NDArray[np.bool_], size: tuple[int, int]) -> list[Polygon]:
    """Closed polygons around the marked areas of a mask, and around their holes.

    Args:
        marked: (h, w) bool, at any resolution.
        size: width and height of the picture in whose pixels the result is given.

    >>> outlines(np.pad(np.ones((4, 6), bool), 2), (20, 16))
    [[(5.0, 5.0), (5.0, 11.0), (15.0, 11.0), (15.0, 5.0)]]
    """
    found, _ = cv2.findContours(marked.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    across, down = size[0] / marked.shape[1], size[1] / marked.shape[0]
    simple = (cv2.approxPolyDP(contour, _TOLERANCE, closed=True) for contour in found)
    return [
        [(float((x + 0.5) * across), float((y + 0.5) * down)) for x, y in contour[:, 0]]
        for contour in simple
        if len(contour) > 2
    ]


def svg_path(polygons: list[Polygon]) -> str:
    """The polygons as an SVG path, rounded to a tenth of a pixel."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in polygon) + "Z" for polygon in polygons)
