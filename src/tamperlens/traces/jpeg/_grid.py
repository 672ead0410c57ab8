"""The 8 × 8 grid of a JPEG compression in the pixels: where it lies, and where it is missing or different."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, to_gray
from tamperlens.traces._blocks import BLOCK
from tamperlens.traces._trace import Cost, MeasuredTrace, Measurement, Needs
from tamperlens.traces.jpeg._double_jpeg import blurred
from tamperlens.traces.jpeg._grid_votes import POSITIONS, GridVotes, grid_votes

# Sides in cells of the square windows searched for another grid; neighbours overlap by half.
_WINDOWS = (4, 8, 16, 32)
# log10 of the number of false alarms below which a grid counts: one in a hundred images without a grid.
MAX_LOG_NFA = -2.0
# A foreign grid needs this many times the main grid's votes in its window: in rich texture the main grid's
# own blocks lend votes to positions in the same row or column.
_OVER_MAIN = 2
# Side in cells of the windows that show whether the best grid is the image's own, and the share of votes with
# which it dominates a window.
_LOCAL_WINDOW, _RULED = 8, 0.7
# Standard deviation of a neighbourhood in cells, and the nats of expected evidence that make it worth
# judging.
_BLUR, _ENOUGH = 1.5, 0.3
# Highest rate of votes for the main grid that any class of texture is trusted with: saturated and printed
# parts have clusters of cells that vote otherwise.
_SUREST = 0.95
# Classes of texture by the standard deviation of a cell, in powers of two up to 2⁶ gray levels.
_TEXTURES = 8
# Votes at the image's own rate that each class of texture starts with.
_PRIOR_VOTES = 20.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ForeignGrid:
    """A window with a significant grid other than the image's own.

    Attributes:
        top: first row, pixels.
        left: first column, pixels.
        side: rows and columns, pixels; the image may end earlier.
        origin: (row, column) 0..7 of that grid.
        log_nfa: log10 of the expected number of such windows in an image without any grid.
    """

    top: int
    left: int
    side: int
    origin: tuple[int, int]
    log_nfa: float


@dataclass(frozen=True)
class JpegGrid:
    """What the pixels reveal about JPEG grids.

    Attributes:
        origin: (row, column) 0..7 of the main grid's blocks; None if no grid is significant.
        log_nfa: log10 of the number of false alarms of the grid with the most votes; lower is surer.
        share: the main grid's share of the votes, 0..1.
        values: (rows, columns) float32 0..1 for cells of 8 × 8 pixels; how much of the main grid's trace is
            missing around each, 1 in foreign windows; 0 everywhere without any grid.
        foreign: windows with another grid, the most significant first, none inside another.
        score: evidence in powers of ten that the main grid is missing somewhere or another one is present; 0
            = none, not calibrated.
    """

    origin: tuple[int, int] | None
    log_nfa: float
    share: float
    values: NDArray[np.float32]
    foreign: tuple[ForeignGrid, ...]
    score: float


def jpeg_grid(pixels: NDArray[np.uint8]) -> JpegGrid:
    """Find the grid of the last or an earlier JPEG compression, and parts that do not share it.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Reference: T. Nikoukhah et al., "ZERO: a local JPEG grid origin detector based on the number of DCT zeros
    and its applications in image forensics" (2021); A. Desolneux, L. Moisan, J.-M. Morel, "Meaningful
    alignments" (2000) for the number of false alarms.
    """
    gray = to_gray(pixels)
    votes = grid_votes(gray)
    counts = np.bincount(votes.position[votes.position >= 0], minlength=POSITIONS)
    best, total = int(np.argmax(counts)), int(counts.sum())
    log_nfa = float(log10_nfa(counts[best], np.asarray(total), POSITIONS))
    main = best if log_nfa < MAX_LOG_NFA and not _is_local(votes, best) else None
    foreign = _without_overlap(_foreign(votes, main))
    values, missing = np.zeros(votes.position.shape), 0.0
    if main is not None:
        values, missing = _missing(votes, main, _texture(gray, votes.position.shape))
    return JpegGrid(
        origin=None if main is None else divmod(main, BLOCK),
        log_nfa=log_nfa,
        share=float(counts[best] / max(total, 1)),
        values=_marked(values, foreign),
        foreign=foreign,
        score=max([0.0, missing, *(-window.log_nfa for window in foreign)]),
    )


def grid_map(grid: JpegGrid, height: int, width: int) -> NDArray[np.float32]:
    """The cells' values at the size of the image, (height, width) float32 in 0..1.

    A cell stands for the blocks that begin in it, whose middle lies half a block further on.
    """
    if not grid.values.size:
        return np.zeros((height, width), np.float32)
    row, column = (
        np.clip((np.arange(size) - BLOCK // 2) // BLOCK, 0, cells - 1)
        for size, cells in zip((height, width), grid.values.shape, strict=True)
    )
    return grid.values[np.ix_(row, column)]


def grid_cells(grid: JpegGrid, height: int, width: int) -> NDArray[np.float32]:
    """The mean of `grid_map` over each block of 8 × 8 pixels, (⌈height/8⌉, ⌈width/8⌉) float32 in 0..1.

    The cell before a block stands for its first half, the block's own cell for its second half.
    """
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    if not grid.values.size:
        return np.zeros((rows, columns), np.float32)
    values = grid.values
    for axis, size in enumerate((rows, columns)):
        own = np.arange(size).clip(0, values.shape[axis] - 1)
        before = (np.arange(size) - 1).clip(0, values.shape[axis] - 1)
        values = np.asarray((values.take(before, axis) + values.take(own, axis)) / 2, np.float32)
    return values


def log10_nfa(votes: NDArray[np.integer[Any]], total: NDArray[np.integer[Any]], tests: int) -> Floats:
    """Log10 of the expected number of tests with this many of `total` votes for a position by chance.

    The binomial tail at a probability of 1 in 64 is bounded by Hoeffding's inequality.

    Reference: W. Hoeffding, "Probability inequalities for sums of bounded random variables" (1963).

    >>> round(float(log10_nfa(np.array(10), np.array(20), 64)), 2)
    -10.3
    """
    chance = 1 / POSITIONS
    share = np.clip(votes / np.maximum(total, 1), chance, 1)
    rest = np.where(share < 1, (1 - share) * np.log(np.maximum(1 - share, 1e-300) / (1 - chance)), 0)
    return np.asarray(np.log10(tests) - total * (share * np.log(share / chance) + rest) / np.log(10))


def _foreign(votes: GridVotes, main: int | None) -> list[ForeignGrid]:
    """Significant windows of all sizes."""
    rows, columns = votes.position.shape
    sizes = [size for size in _WINDOWS if size <= min(rows, columns)]
    tests = POSITIONS * sum((2 * rows // size) * (2 * columns // size) for size in sizes)
    found = []
    for size in sizes:
        counts = _window_counts(votes.position, size)
        total = counts.sum(axis=2)
        own = counts[..., main].copy() if main is not None else np.zeros_like(total)
        if main is not None:
            counts[..., main] = 0
        best = counts.argmax(axis=2)
        most = counts.max(axis=2)
        log_nfa = log10_nfa(most, total, tests)
        for row, column in np.argwhere((log_nfa < MAX_LOG_NFA) & (most > _OVER_MAIN * own)):
            place = (int(row) * size * BLOCK // 2, int(column) * size * BLOCK // 2, size * BLOCK)
            origin = divmod(int(best[row, column]), BLOCK)
            found.append(ForeignGrid(*place, origin, float(log_nfa[row, column])))
    return found


def _is_local(votes: GridVotes, best: int) -> bool:
    """Whether the grid with the most votes dominates only a small part: then it belongs to that part."""
    if min(votes.position.shape) < _LOCAL_WINDOW:
        return False
    counts = _window_counts(votes.position, _LOCAL_WINDOW)
    total = counts.sum(axis=2)
    share = np.where(total >= _LOCAL_WINDOW**2 // 4, counts[..., best] / np.maximum(total, 1), 0)
    overall = np.mean(votes.position[votes.position >= 0] == best)
    return bool(np.max(share) > _RULED and overall < _RULED / 2)


def _window_counts(position: NDArray[np.int8], size: int) -> NDArray[np.int16]:
    """Votes for each position in windows of `size` cells, half a window apart, (rows, columns, 64).

    The smallest windows hold as many numbers as the image has pixels, hence int16.
    """
    half = size // 2
    rows, columns = -(-position.shape[0] // half), -(-position.shape[1] // half)
    row, column = np.nonzero(position >= 0)
    index = (row // half * columns + column // half) * POSITIONS + position[row, column]
    counts = np.bincount(index, minlength=rows * columns * POSITIONS).astype(np.int16)
    tiles = counts.reshape(rows, columns, POSITIONS)
    pairs = tiles[:-1] + tiles[1:]
    return pairs[:, :-1] + pairs[:, 1:]


def _without_overlap(windows: list[ForeignGrid]) -> tuple[ForeignGrid, ...]:
    """The most significant windows without those that overlap a surer one; at most 32."""
    kept: list[ForeignGrid] = []
    for window in sorted(windows, key=lambda each: each.log_nfa)[:2000]:
        if len(kept) < 32 and not any(_overlap(window, other) for other in kept):
            kept.append(window)
    return tuple(kept)


def _overlap(one: ForeignGrid, other: ForeignGrid) -> bool:
    return (
        one.top < other.top + other.side
        and other.top < one.top + one.side
        and one.left < other.left + other.side
        and other.left < one.left + one.side
    )


def _texture(gray: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.intp]:
    """Class of each cell's standard deviation: 0 for flat, one more for each doubling."""
    rows, columns = shape
    cells = gray[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    mean = cells.mean(axis=(1, 3), dtype=np.float32)
    square = np.einsum("rycx,rycx->rc", cells, cells, dtype=np.float32, casting="unsafe") / BLOCK**2
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(np.log2(deviation + 1).clip(0, _TEXTURES - 1), dtype=np.intp)


def _missing(votes: GridVotes, main: int, texture: NDArray[np.intp]) -> tuple[Floats, float]:
    """How much of the main grid's trace is missing around each cell, and the strongest evidence for it."""
    voting = votes.position >= 0
    own = votes.position == main
    all_votes, own_votes = (
        np.bincount(texture[which], minlength=_TEXTURES).astype(np.float64) for which in (voting, own)
    )
    usual = own_votes.sum() / max(all_votes.sum(), 1)
    rate = (own_votes + _PRIOR_VOTES * usual) / (all_votes + _PRIOR_VOTES)
    rate = rate.clip(1.01 / POSITIONS, _SUREST)[texture]
    chance = 1 / POSITIONS
    for_own, for_other = np.log(rate / chance), np.log((1 - rate) / (1 - chance))
    found = np.where(voting, np.where(own, for_own, for_other), 0)
    having = voting * (rate * for_own + (1 - rate) * for_other)
    lacking = voting * (chance * for_own + (1 - chance) * for_other)
    values = blurred(having - found, _BLUR) / (blurred(having - lacking, _BLUR) + _ENOUGH)
    evidence = -blurred(found, _BLUR).min(initial=0.0) * 4 * np.pi * _BLUR**2 / np.log(10)
    # Among so many cells, some will look extreme by chance.
    return values, float(evidence - np.log10(max(votes.position.size, 1)))


def _marked(values: Floats, foreign: tuple[ForeignGrid, ...]) -> NDArray[np.float32]:
    marked = np.asarray(values.clip(0, 1), dtype=np.float32)
    for window in foreign:
        top, left, side = (each // BLOCK for each in (window.top, window.left, window.side))
        part = marked[top : top + side, left : left + side]
        np.maximum(part, np.float32(1.0), out=part)
    return marked


def _measured(evidence: Evidence) -> Measurement:
    found = jpeg_grid(evidence.pixels)
    values = grid_cells(found, *evidence.pixels.shape[:2])
    if found.origin is None:
        return Measurement(values, found.score, "no JPEG grid is significant", found=found)
    row, column = found.origin
    where = (
        "at the border, as the file's own" if found.origin == (0, 0) else f"shifted by {row} | {column} px"
    )
    summary = f"the grid begins {where} and has {found.share:.0%} of the votes"
    if found.foreign:
        first = found.foreign[0]
        summary += (
            f"; another grid, shifted by {first.origin[0]} | {first.origin[1]} px, around "
            f"x {first.left + first.side // 2}, y {first.top + first.side // 2}"
        )
    return Measurement(values, found.score, summary, found=found)


GRID = MeasuredTrace(
    name="grid",
    title="JPEG grid",
    measures=(
        "Whether the 8 × 8 grid that JPEG compression leaves in the pixels is in its proper place everywhere."
    ),
    normal=(
        "Dark all over. A bright part lacks the grid of the rest or has a different one: it was pasted, "
        "resized, painted or smoothed after the compression."
    ),
    misleads=(
        "High qualities and strong resizing leave no grid; flat, saturated and finely textured parts do not "
        "vote. The grid of the last save covers the whole image and says nothing about its parts."
    ),
    # Other codecs have their own blocks, which vote for a grid here and there.
    needs=Needs(
        least_side=128,
        formats=("JPEG", "PNG", "TIFF", "BMP"),
        holds="JPEG grid that can be told from its own blocks",
    ),
    cost=Cost(seconds=0.0, seconds_per_mpx=0.2402, megabytes=281.4297, megabytes_per_mpx=6.0988),
    measure=_measured,
)
