"""The photograph inside a page, a feed or a frame: where the graphics end and it begins."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._pixels import to_gray

# Cell in pixels: JPEG's rounding in plain parts stays within one cell.
_CELL = 8
# Most gray levels that a plain cell spans; JPEG leaves some near edges.
_PLAIN = 6
# Least and largest share of the image that a photograph inside covers.
_SHARE = (0.06, 0.985)
# A frame: share of a line's pixels that may differ from its colour, pixels within which it ends, share of the
# line that differs then; its widest side as a share of the image's, and what it leaves at least, in pixels.
_STRAY, _BLUR, _ABRUPT, _WIDE, _LEAST = 0.01, 3, 0.5, 0.008, 64
# Narrowest band between two photographs, in lines, and how often parts are divided.
_BAND, _DEPTH = 3, 3
# Most gray levels that the sampled pixels of a plain line span, and that the middle of a band may differ by.
_ROUGH, _EVEN = 24, 2

# Left, top, width and height in pixels.
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Inside:
    """The largest photograph in a frame or collage, or the largest full rectangle surrounded by plain parts.

    Attributes:
        box: left, top, width, height in pixels; the whole image if there is no such rectangle.
        share: share of the image that it covers; 1 without one.
        filled: share of its cells that are not plain.
        edge: on its least clear side, the share of cells that are plain just outside and not just inside.
        outside_plain: share of plain cells outside it.
        panels: how many such photographs there are.
        margin: share of the image taken by a straight frame and bands between photographs; 0 without.
    """

    box: Box
    share: float
    filled: float
    edge: float
    outside_plain: float
    panels: int
    margin: float = 0.0


def find_inside(pixels: NDArray[np.uint8]) -> Inside:
    """Look for a photograph with plain surroundings.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least 64.
    """
    gray = to_gray(pixels)
    framed = _frame(gray)
    panels = list(_panels(gray, framed or (0, 0, pixels.shape[1], pixels.shape[0]), _DEPTH))
    if framed is None and len(panels) == 1:
        return _among_plain(pixels)
    left, top, width, height = largest = max(panels, key=_area)
    inner = _among_plain(pixels[top : top + height, left : left + width])
    whole = pixels.shape[0] * pixels.shape[1]
    margin = 1 - sum(map(_area, panels)) / whole
    return Inside(largest, _area(largest) / whole, inner.filled, 1.0, 1.0, len(panels), margin)


def _frame(gray: NDArray[np.uint8]) -> Box | None:
    """Left, top, width and height of what is inside a frame of one gray level; None without a frame.

    A side of the frame ends abruptly: many pixels of the next line differ from it.
    """
    bounds = []
    for lines in (gray, gray[::-1], gray.T, gray.T[::-1]):
        colour = int(np.median(lines[0]))
        end = _end_of(lines, colour)
        ends_at_once = len(lines) - end >= _LEAST and _away(lines[end + _BLUR], colour) >= _ABRUPT
        bounds.append(end if ends_at_once else 0)
    top, bottom, left, right = bounds
    height, width = gray.shape[0] - top - bottom, gray.shape[1] - left - right
    if min(height, width) < _LEAST or max(bounds) < _WIDE * max(gray.shape):
        return None
    return left, top, width, height


def _end_of(lines: NDArray[np.uint8], colour: int) -> int:
    """How many lines, from the first on, have one level."""
    for index, line in enumerate(lines):
        if _away(line, colour) > _STRAY:
            return index
    return len(lines)


def _away(line: NDArray[np.uint8], level: int, by: int = _PLAIN) -> float:
    """Share of a line's pixels that differ from a level by more than `by`."""
    return float((np.abs(line.astype(np.int16) - level) > by).mean())


def _panels(gray: NDArray[np.uint8], box: Box, depth: int) -> Iterator[Box]:
    """What remains of a box between plain bands from side to side, divided in alternating directions."""
    left, top, width, height = box
    inner = gray[top : top + height, left : left + width]
    for down in (True, False):
        spans = list(_spans(inner if down else inner.T)) if depth else []
        if len(spans) > 1:
            for start, end in spans:
                part = (
                    (left, top + start, width, end - start)
                    if down
                    else (left + start, top, end - start, height)
                )
                yield from _panels(gray, part, depth - 1)
            return
    yield box


def _spans(lines: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """First and last + 1 line of each part between bands of one level with abrupt edges."""
    plain = np.zeros(len(lines), np.int8)
    few = lines[:, :: max(1, lines.shape[1] // 200)]
    # A few pixels rule out most lines; the rest are looked at whole.
    for line in np.flatnonzero(few.max(axis=1).astype(int) - few.min(axis=1) <= _ROUGH):
        plain[line] = _away(lines[line], int(np.median(lines[line]))) <= _STRAY
    ends = np.flatnonzero(np.diff(plain, prepend=0, append=0))
    start = 0
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        level, middle = int(np.median(lines[first])), lines[(first + last) // 2]
        if last - first < _BAND or first - start < _LEAST or len(lines) - last < _LEAST:
            continue
        if _away(middle, int(np.median(middle)), _EVEN) > _STRAY:
            continue
        if all(_away(lines[line], level) >= _ABRUPT for line in (first - 1 - _BLUR, last + _BLUR)):
            yield start, int(first)
            start = int(last)
    yield start, len(lines)


def _area(box: Box) -> int:
    return box[2] * box[3]


def _among_plain(pixels: NDArray[np.uint8]) -> Inside:
    """The largest full rectangle of busy cells surrounded by plain cells."""
    import cv2  # noqa: PLC0415 - a tenth of a second

    busy = _busy(pixels)
    rows, columns = busy.shape
    # Opening removes text and small signs; closing fills holes such as skies.
    closed = cv2.morphologyEx(busy.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    boxes = [tuple(map(int, stats[index, :4])) for index in range(1, count)]
    found = [_describe(busy, box) for box in boxes if _SHARE[0] / 2 < box[2] * box[3] / (rows * columns)]
    clear = [one for one in found if one[1] > 0.8 and one[2] > 0.8]
    whole = (0, 0, pixels.shape[1], pixels.shape[0])
    if not found:
        return Inside(whole, 1.0, float(busy.mean()), 0.0, 0.0, 0)
    box, filled, edge = max(found, key=lambda one: one[0][2] * one[0][3])
    left, top, width, height = box
    outside = np.ones_like(busy)
    outside[top : top + height, left : left + width] = False
    share = width * height / (rows * columns)
    plain = float((~busy)[outside].mean()) if outside.any() else 0.0
    if share > _SHARE[1]:
        return Inside(whole, 1.0, filled, 0.0, 0.0, len(clear))
    return Inside(_to_pixels(box), share, filled, edge, plain, len(clear))


def _busy(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Cells, (rows, columns), that are not plain."""
    rows, columns = pixels.shape[0] // _CELL, pixels.shape[1] // _CELL
    gray = to_gray(pixels[: rows * _CELL, : columns * _CELL])
    cells = gray.reshape(rows, _CELL, columns, _CELL)
    low, high = cells.min(axis=(1, 3)), cells.max(axis=(1, 3))
    return np.asarray(high.astype(int) - low > _PLAIN)


def _describe(busy: NDArray[np.bool_], box: tuple[int, ...]) -> tuple[Box, float, float]:
    """A box, how full it is, and how clear its least clear side is; a side at the image's edge is clear."""
    left, top, width, height = box
    right, bottom = left + width, top + height
    rows, columns = busy.shape
    inside = busy[top:bottom, left:right]
    # One cell further out, because the edge itself falls into the next cell and JPEG spreads it.
    sides = [
        (inside[0], busy[max(top - 2, 0), left:right] if top else None),
        (inside[-1], busy[min(bottom + 1, rows - 1), left:right] if bottom < rows else None),
        (inside[:, 0], busy[top:bottom, max(left - 2, 0)] if left else None),
        (inside[:, -1], busy[top:bottom, min(right + 1, columns - 1)] if right < columns else None),
    ]
    clear = [float((within & ~beyond).mean()) for within, beyond in sides if beyond is not None]
    return (left, top, width, height), float(inside.mean()), min(clear, default=0.0)


def _to_pixels(box: Box) -> Box:
    left, top, width, height = (side * _CELL for side in box)
    return left, top, width, height
