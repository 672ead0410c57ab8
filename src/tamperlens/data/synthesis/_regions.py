"""Where to alter: shapes from 16 × 16 pixels to half the image, with log-uniform areas."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

SMALLEST_AREA = 16 * 16
_VISIBLE = 1.5
LARGEST_SHARE = 0.5


def draw_area(rng: np.random.Generator, side: int) -> float:
    """Area in pixels, log-uniform from 16 × 16 to half of a square image."""
    low, high = math.log(SMALLEST_AREA), math.log(LARGEST_SHARE * side * side)
    return math.exp(rng.uniform(low, max(low, high)))


def draw_shape(rng: np.random.Generator, area: float) -> Mask:
    """A blob, ellipse, rectangle or polygon of about that area, in the smallest array that holds it."""
    turns = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    kind = rng.choice(["blob", "blob", "ellipse", "rectangle", "polygon"])
    aspect = math.exp(rng.uniform(-0.7, 0.7))
    if kind == "rectangle":
        height, width = math.sqrt(area * aspect), math.sqrt(area / aspect)
        return np.ones((max(2, round(height)), max(2, round(width))), bool)
    radius = np.ones_like(turns)
    if kind == "blob":
        for k in range(1, 7):
            radius += rng.normal(0, 0.28 / k) * np.cos(k * turns + rng.uniform(0, 2 * math.pi))
        radius = np.maximum(radius, 0.25)
    if kind == "polygon":
        corners = np.sort(rng.choice(64, int(rng.integers(4, 9)), replace=False))
        turns = turns[corners]
        radius = rng.uniform(0.6, 1.2, len(turns))
    points = np.stack(
        [radius * np.cos(turns) * math.sqrt(aspect), radius * np.sin(turns) / math.sqrt(aspect)], 1
    )
    points = points @ _rotation(rng.uniform(0, 2 * math.pi)).T
    polygon_area = 0.5 * abs(float(np.sum(points[:, 0] * np.roll(points[:, 1], 1)
                                          - points[:, 1] * np.roll(points[:, 0], 1))))  # fmt: skip
    points *= math.sqrt(area / max(polygon_area, 0.05))
    points -= points.min(axis=0)
    width, height = (int(v) + 2 for v in points.max(axis=0))
    canvas = np.zeros((height, width), np.uint8)
    cv2.fillPoly(canvas, [np.rint(points).astype(np.int32)], 1)
    return canvas.astype(bool)


def draw_region(rng: np.random.Generator, side: int, outline: Mask | None = None) -> Mask:
    """A place in a square image to alter.

    Args:
        rng: source of the draw.
        side: of the image.
        outline: (side, side) bool mask of an object; half of the draws use it, if its size is suitable.

    Returns:
        (side, side) bool with at least some tens of pixels true.
    """
    use_outline = rng.random() < 0.5
    if outline is not None and use_outline and fits(int(outline.sum()), side):
        return outline
    return place_shape(rng, draw_area(rng, side), (side, side))


def place_shape(rng: np.random.Generator, area: float, size: tuple[int, int]) -> Mask:
    """A drawn shape at a random place in an array of that size, cut off where it does not fit.

    Returns:
        (H, W) bool, never empty.
    """
    region = np.zeros(size, bool)
    while not region.any():  # nothing may be left of a long thin shape
        shape = draw_shape(rng, area)[: size[0], : size[1]]
        top = int(rng.integers(0, size[0] - shape.shape[0] + 1))
        left = int(rng.integers(0, size[1] - shape.shape[1] + 1))
        region[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
    return region


def fits(area: int, side: int) -> bool:
    """Whether an area is within the bounds of `draw_area`."""
    return SMALLEST_AREA <= area <= LARGEST_SHARE * side * side


def is_visible(before: Pixels, after: Pixels, mask: Mask) -> bool:
    """Whether an edit changed a region by more than rounding and compression would: 1.5 gray levels.

    Args:
        before: (H, W, 3) uint8.
        after: likewise.
        mask: (H, W) bool, not empty.
    """
    return float(np.abs(after[mask].astype(np.int16) - before[mask]).mean()) >= _VISIBLE


def draw_alpha(rng: np.random.Generator, region: NDArray[np.float32]) -> NDArray[np.float32]:
    """Opacity of a pasted region, with a hard, anti-aliased or feathered edge.

    Args:
        rng: source of the draw.
        region: (H, W) float32: 1 inside, 0 outside, in between where it was resampled.

    Returns:
        (H, W) float32 in 0..1.
    """
    choice = rng.random()
    sigma = float(rng.uniform(1, 3))
    if choice < 0.4:
        return (region >= 0.5).astype(np.float32)
    if choice < 0.75:
        return np.asarray(cv2.GaussianBlur(region, (0, 0), 0.7), np.float32)
    feather = min(sigma, math.sqrt(float(region.sum())) / 24)  # a small region must not be all edge
    return np.asarray(cv2.GaussianBlur(region, (0, 0), max(feather, 0.5)), np.float32)


def _rotation(angle: float) -> NDArray[np.float64]:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
