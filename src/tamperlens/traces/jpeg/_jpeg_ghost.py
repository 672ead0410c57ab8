"""JPEG ghosts: parts that hardly change when compressed again at their own earlier quality."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, ijg_table, to_gray
from tamperlens.traces._blocks import BLOCK, block_dct
from tamperlens.traces._trace import Cost, MeasuredTrace, Measurement, Needs
from tamperlens.traces.jpeg._double_jpeg import blurred

QUALITIES = tuple(range(40, 99, 2))
# A quality is compared with those this many steps lower and higher.
_APART = 3
# Qualities this close below the last one cannot be told from it.
_BELOW_LAST = 5
# Frequencies 0..5 in each direction: higher ones are mostly zeros, and cost as much.
_FREQUENCIES = 6
# Squared gray levels added to every difference, because less is rounding.
_ROUNDING = 0.1
_BLUR = 1.5
# Share of the image that may be the ghost, and the depth that a map shows as 1: the difference falls to a
# third of its neighbours' mean.
_PART, _FULL_DEPTH = 0.02, 1.1
# Median depth from which the whole image has the minimum, so that a part can only lack it.
_SHARED = 0.3
_ROWS = 64

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class JpegGhost:
    """The clearest ghost of an image.

    Attributes:
        values: (block rows, block columns) float32 0..1, how much deeper the minimum of the difference is
            around a block than in the rest of the image; see `missing`.
        quality: IJG quality at which it shows, accurate to about 2; 0 if none could be tried.
        missing: whether the rest of the image has the minimum and the bright part lacks it.
        score: depth by which the deepest 2 % of blocks exceed the median, in nats; not calibrated.
    """

    values: NDArray[np.float32]
    quality: int
    missing: bool
    score: float


def jpeg_ghost(
    pixels: NDArray[np.uint8], last_quality: int | None = None, origin: tuple[int, int] = (0, 0)
) -> JpegGhost:
    """Look for a quality at which the re-save's difference has a minimum of its own in a part of the image.

    The difference of luma is taken before rounding to whole gray levels, where it equals the sum of the
    coefficients' changes (Parseval), so no image needs to be encoded.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        last_quality: IJG quality 1..100 of the file itself, a minimum that all parts share and that hides any
            above it; None for other formats.
        origin: (row, column) 0..7 of the grid to compress on.

    Reference: H. Farid, "Exposing digital forgeries from JPEG ghosts" (2009).
    """
    gray = to_gray(pixels)[origin[0] :, origin[1] :]
    tried = [q for q in QUALITIES[_APART:-_APART] if last_quality is None or q <= last_quality - _BELOW_LAST]
    if min(gray.shape) < BLOCK or not tried:
        rows, columns = (-(-side // BLOCK) for side in gray.shape)
        return JpegGhost(np.zeros((rows, columns), np.float32), 0, False, 0.0)
    differences = resave_differences(gray)[: len(tried) + 2 * _APART]
    best: JpegGhost | None = None
    for quality, depth in zip(tried, _depths(differences), strict=True):
        found = _ghost(depth, quality)
        if best is None or found.score > best.score:
            best = found
    assert best is not None  # noqa: S101 - at least one quality is tried
    return best


def _ghost(depth: Floats, quality: int) -> JpegGhost:
    """What stands out at one quality."""
    low, usual, high = np.quantile(depth, [_PART, 0.5, 1 - _PART])
    shared = bool(usual > _SHARED)
    apart = usual - low if shared else high - usual
    values = (depth - usual) * (-1 if shared else 1) / _FULL_DEPTH
    return JpegGhost(values.clip(0, 1).astype(np.float32), quality, shared, float(apart))


def resave_differences(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean squared change of each block when saved at each of `QUALITIES`, before rounding.

    Args:
        gray: (H, W) uint8.

    Returns:
        (qualities, ⌈H/8⌉, ⌈W/8⌉) float32, squared gray levels; only the lowest 6 × 6 frequencies.
    """
    tables = [ijg_table(q)[:_FREQUENCIES, :_FREQUENCIES].astype(np.float32) for q in QUALITIES]
    blocks = tuple(-(-side // BLOCK) for side in gray.shape)
    differences = np.empty((len(tables), *blocks), np.float32)
    for top in range(0, blocks[0], _ROWS):
        coefficients = block_dct(gray[top * BLOCK : (top + _ROWS) * BLOCK])
        coefficients[:, :, 0, 0] -= 128 * BLOCK
        lowest = np.ascontiguousarray(coefficients[:, :, :_FREQUENCIES, :_FREQUENCIES])
        for i, table in enumerate(tables):
            differences[i, top : top + _ROWS] = _difference(lowest, table)
    return differences


def _difference(coefficients: NDArray[np.float32], table: NDArray[np.float32]) -> NDArray[np.float32]:
    steps = coefficients * (1 / table)
    steps -= np.rint(steps)
    steps *= table
    return np.asarray(np.einsum("rcij,rcij->rc", steps, steps) / BLOCK**2)


def _depths(differences: NDArray[np.float32]) -> Iterator[Floats]:
    """How far the log of the difference dips below its neighbours in quality, one quality after another."""
    logs: deque[Floats] = deque(maxlen=2 * _APART + 1)
    for each in differences:
        logs.append(np.log(blurred(each.astype(np.float64), _BLUR) + _ROUNDING))
        if len(logs) == logs.maxlen:
            yield (logs[0] + logs[-1]) / 2 - logs[_APART]


def _measured(evidence: Evidence) -> Measurement:
    found = jpeg_ghost(evidence.pixels, evidence.jpeg.quality if evidence.jpeg else None)
    if not found.quality:
        return Measurement(found.values, found.score, "no quality below the file's own can be tried")
    lacks = "lacks the minimum that the rest has" if found.missing else "has a minimum of its own"
    return Measurement(
        found.values, found.score, f"re-saved at quality {found.quality}, the clearest part {lacks}"
    )


JPEG_GHOST = MeasuredTrace(
    name="jpeg-ghost",
    title="JPEG ghost",
    measures=(
        "Whether re-saving at some lower quality changes a part of the image less, or more, than the rest: a "
        "part that was saved at that quality before hardly changes."
    ),
    normal=(
        "Faint and scattered. A compact bright part had a different quality before it came here, or lacks "
        "the earlier quality that the rest had."
    ),
    misleads=(
        "Works only if the earlier quality was lower than the last one and the grid was kept. Flat parts "
        "change little at any quality; strong texture hides ghosts."
    ),
    needs=Needs(least_side=128, least_quality=50),
    cost=Cost(seconds=0.0186, seconds_per_mpx=0.0554, megabytes=282.3684, megabytes_per_mpx=7.2916),
    measure=_measured,
)
