"""Whether a file is a photograph at all, which is what the traces are made for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._load import Evidence
from tamperlens.evidence._pixels import to_gray

Kind = Literal["photograph", "drawing or screenshot", "document", "tiny", "blank"]
BLOCK = 8
# Blocks that are looked at at most, in rows spread evenly over the image.
_BLOCKS = 60_000
# Chosen on photographs and on drawings, plots, pages and screenshots; benchmarks/traces/scope.py measures
# the error.
# A side below this, in pixels, leaves too few blocks.
TINY = 64
# Standard deviation in gray levels.
_BLANK = 3.0
# A drawing: many plain blocks, neighbours of the very same level, few levels in all, and edges among the rest
# instead of grain and soft shades. Strong JPEG compression flattens the dark and the smooth parts of a
# photograph as well, but to many levels.
_PLAIN, _ALIKE, _FEW_LEVELS, _EDGES, _SOFT = 0.5, 0.33, 0.15, 30.0, 0.35
# A document: paper and ink make up nearly all of it, the paper light, both gray.
_PAPER, _LIGHT, _INK, _TWO, _GRAY, _STROKES = 0.5, 140, (0.005, 0.35), 0.72, 0.03, 60.0


@dataclass(frozen=True)
class Scope:
    """What kind of picture a file holds, by statistics of its pixels alone.

    Attributes:
        kind: the kind; in doubt "photograph".
        reason: the measured values that decided, a sentence.
    """

    kind: Kind
    reason: str


@dataclass(frozen=True)
class Statistics:
    """Measured on blocks of 8 × 8 gray levels; shares are 0..1.

    Attributes:
        flat: blocks of one single gray level that is neither black nor white.
        clipped: blocks of plain black or white.
        alike: blocks of one level whose right neighbour has that very level too.
        common: blocks that have one of the four most common of these levels.
        busy_range: median range of the gray levels of the other blocks.
        soft: share of the other blocks whose range is 12 gray levels or less.
        paper: share of pixels within 16 gray levels of the most common one.
        paper_level: that most common gray level.
        ink: share of pixels at least 64 gray levels darker than it.
        colour: share of pixels whose channels differ by over 40 levels.
        spread: standard deviation of the gray levels.
    """

    flat: float
    clipped: float
    alike: float
    common: float
    busy_range: float
    soft: float
    paper: float
    paper_level: int
    ink: float
    colour: float
    spread: float


def scope(evidence: Evidence) -> Scope:
    """Say whether a file holds a photograph, from its pixels.

    Args:
        evidence: the file; its name and metadata are not read.
    """
    height, width = evidence.pixels.shape[:2]
    if min(height, width) < TINY:
        return Scope("tiny", f"The image has {width}×{height} pixels; a side below {TINY} leaves too little.")
    return judge(measure(evidence.pixels))


def judge(found: Statistics) -> Scope:
    """Name the kind that statistics speak for."""
    plain = found.flat + found.clipped
    if found.spread < _BLANK:
        return Scope("blank", f"The gray levels spread by {found.spread:.1f} only.")
    if _is_document(found):
        return Scope(
            "document",
            f"{found.paper:.0%} of the pixels lie about the light level {found.paper_level}, {found.ink:.0%} "
            f"are much darker, {found.colour:.1%} coloured.",
        )
    if _is_drawing(found):
        return Scope(
            "drawing or screenshot",
            f"{plain:.0%} of the blocks have one gray level, {found.common:.0%} one of four; the others span "
            f"{found.busy_range:.0f} levels, as edges do and grain does not.",
        )
    return Scope(
        "photograph", f"{plain:.0%} of the blocks have one gray level; the others carry shades or grain."
    )


def _is_drawing(found: Statistics) -> bool:
    plain = found.flat + found.clipped > _PLAIN and found.alike > _ALIKE and found.common > _FEW_LEVELS
    return plain and found.busy_range > _EDGES and found.soft < _SOFT


def _is_document(found: Statistics) -> bool:
    light = found.paper > _PAPER and found.paper_level >= _LIGHT and found.colour < _GRAY
    inked = _INK[0] < found.ink < _INK[1] and found.paper + found.ink > _TWO
    return light and inked and found.busy_range > _STROKES


def measure(pixels: NDArray[np.uint8]) -> Statistics:
    """Measure the statistics that `scope` decides by.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least 8.
    """
    gray, colour = _sampled(pixels)
    low, high = gray.min(axis=2), gray.max(axis=2)
    span = high.astype(int) - low
    plain = (high <= 3) | (low >= 252)
    other = span[(span > 2) & ~plain]
    histogram = np.bincount(gray.ravel(), minlength=256) / gray.size
    level = int(histogram.argmax())
    one = span == 0
    return Statistics(
        flat=float((one & ~plain).mean()),
        clipped=float(plain.mean()),
        alike=float((one[:, :-1] & one[:, 1:] & (low[:, :-1] == low[:, 1:])).sum() / one.size),
        common=float(np.sort(np.bincount(low[one], minlength=256))[-4:].sum() / one.size),
        busy_range=float(np.median(other)) if other.size else 0.0,
        soft=float((other <= 12).mean()) if other.size else 0.0,
        paper=float(histogram[max(level - 16, 0) : level + 17].sum()),
        paper_level=level,
        ink=float(histogram[: max(level - 63, 0)].sum()),
        colour=colour,
        spread=float(gray.std()),
    )


def _sampled(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Rows of blocks of gray levels, (rows, columns, 64) uint8, and the share of coloured pixels in them."""
    rows, columns = pixels.shape[0] // BLOCK, pixels.shape[1] // BLOCK
    step = max(1, round(rows * columns / _BLOCKS))
    shape = (rows, BLOCK, columns, BLOCK, 3)
    strips = pixels[: rows * BLOCK, : columns * BLOCK].reshape(shape)[::step]
    chosen = strips.swapaxes(1, 2).reshape(-1, columns * BLOCK * BLOCK, 3)
    colour = (chosen.max(axis=2).astype(int) - chosen.min(axis=2) > 40).mean()
    return to_gray(chosen).reshape(-1, columns, BLOCK * BLOCK), float(colour)
