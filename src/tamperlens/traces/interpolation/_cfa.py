"""Demosaicing inconsistency: where the camera's interpolation of the green samples is missing (CFA1)."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.odds import sigmoid
from tamperlens.traces._strips import in_strips
from tamperlens.traces._trace import LookedTrace

# Pixels.
BLOCK = 8
# Weights of the 7 × 7 window of the local variance, standard deviation one pixel. Samples of one kind are at
# even + even and odd + odd offsets, so two short separable sums see only one kind.
_WINDOW = np.exp(-0.5 * np.arange(-3.0, 4.0) ** 2)
_REACH = 3
# Variance of rounding to whole gray levels, so that flat areas have a ratio of one instead of zero by zero.
_ROUNDING = 1 / 12
# Mean log variance below which a block is too flat to carry a trace.
_FLAT = np.log(3 * _ROUNDING)
# |mean log ratio| below which an image counts as not demosaiced. Measured: at most .07 in 43 of 45 JPEG
# files straight from cameras (.11 and .39 in two), .08 to .70 in photographs demosaiced here and re-saved at
# quality 85 to 95, over 3 in uncompressed ones.
MIN_TRACE = 0.1
# What blocks without a trace spread like, measured on the same photographs, and their weight in blocks.
_PRIOR_SPREAD, _PRIOR_BLOCKS = 0.3, 10.0
_STEPS = 30


def green_variance_ratio(green: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much worse green is predicted where x + y is even than where it is odd.

    A camera records green at every other pixel, like the squares of a chessboard, and interpolates the rest.
    Neighbours predict interpolated samples well and recorded ones badly.

    Args:
        green: (H, W) uint8; sides that are not multiples of 8 are continued by reflection.

    Returns:
        (⌈H/8⌉, ⌈W/8⌉) float32: log of the ratio of the geometric means of the local variance of the
        prediction error. Its sign shows which samples were recorded; about 0 if none were interpolated,
        NaN if a block is too flat to tell.

    Reference: P. Ferrara et al., "Image forgery localization via fine-grained analysis of CFA artifacts"
    (2012).

    >>> green_variance_ratio(np.full((8, 16), 7, np.uint8))
    array([[nan, nan]], dtype=float32)
    """
    logs = np.log(_local_variance(_prediction_error(green)) + np.float32(_ROUNDING))
    rows, columns = logs.shape[0] // BLOCK, logs.shape[1] // BLOCK
    blocks = logs.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)
    sign = np.where(np.indices((BLOCK, BLOCK)).sum(axis=0) % 2, -2, 2) / np.float32(BLOCK * BLOCK)
    ratio = np.einsum("rcyx,yx->rc", blocks, sign.astype(np.float32))
    return np.where(blocks.mean(axis=(2, 3)) < _FLAT, np.float32(np.nan), ratio)


def cfa_map(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probability that a block lacks the demosaicing trace that the rest of the image carries.

    The recorded samples are those that make the image's mean log ratio positive, the likelier of the two
    patterns. The ratios of blocks without a trace are modelled as Gaussian around 0, those of blocks with it
    as Gaussian around a positive mean; both are fitted to the image by expectation maximisation.
    Log-likelihood ratios are smoothed by a median over 5 × 5 blocks and turned into a probability at even
    prior odds.

    The map needs the whole image, not a strip, but only its blocks are ever held.

    Args:
        pixels: (H, W, 3) uint8 RGB.

    Returns:
        (H, W) float32 in 0..1; 0 everywhere if the image carries no trace that a part could lack.
    """
    height, width = pixels.shape[:2]
    ratio = in_strips(lambda strip: _enlarge(green_variance_ratio(strip[..., 1]), *strip.shape[:2]), pixels)
    ratio = ratio[::BLOCK, ::BLOCK]
    judged = ratio[np.isfinite(ratio)]
    trace = float(judged.mean()) if judged.size else 0.0
    if abs(trace) < MIN_TRACE:
        return np.zeros((height, width), np.float32)
    support = _support(ratio * np.sign(trace), *_fit(judged * np.sign(trace)))
    return _enlarge(sigmoid(-_median5(support)), height, width)


def _prediction_error(green: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Green minus the mean of its four neighbours, with `_REACH` more pixels on every side, whole blocks."""
    edge = _REACH + 1
    height, width = green.shape
    # Reflection around the outer pixel keeps even and odd apart.
    around = ((edge, edge + -height % BLOCK), (edge, edge + -width % BLOCK))
    padded = np.pad(green, around, mode="reflect").astype(np.float32)
    neighbours = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return np.asarray(padded[1:-1, 1:-1] - neighbours / 4)


def _local_variance(error: NDArray[np.float32]) -> NDArray[np.float32]:
    """Variance around each sample among samples of its own kind; smaller by `_REACH` on every side."""
    mean = _same_kind(error)
    return np.maximum(_same_kind(error * error) - mean * mean, 0)


def _same_kind(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weighted mean of the samples at even + even and at odd + odd offsets."""
    parts = [range(1, 2 * _REACH + 1, 2), range(0, 2 * _REACH + 1, 2)]
    total = sum(_WINDOW[list(part)].sum() ** 2 for part in parts)
    sums = [_along_rows(_along_rows(values, part).T, part).T for part in parts]
    return np.asarray((sums[0] + sums[1]) / np.float32(total))


def _along_rows(values: NDArray[np.float32], offsets: range) -> NDArray[np.float32]:
    rows = len(values) - 2 * _REACH
    result = np.zeros((rows, values.shape[1]), np.float32)
    for offset in offsets:
        result += np.float32(_WINDOW[offset]) * values[offset : offset + rows]
    return result


def _fit(ratio: NDArray[np.float32]) -> tuple[float, float, float]:
    """Spread of the blocks without a trace, mean and spread of those with it."""
    having = (ratio > ratio.mean() / 2).astype(np.float64)
    spread, mean, spread_having = _PRIOR_SPREAD, 0.0, _PRIOR_SPREAD
    for _ in range(_STEPS):
        share = float(having.mean())
        mean = float((having * ratio).sum() / max(having.sum(), 1e-9))
        spread = _spread(ratio, 1 - having)
        spread_having = _spread(ratio - mean, having)
        odds = np.log((share + 1e-9) / (1 - share + 1e-9)) + _support(ratio, spread, mean, spread_having)
        having = sigmoid(odds)
    return spread, mean, spread_having


def _spread(deviation: NDArray[np.float32], weight: NDArray[np.float64]) -> float:
    """Weighted root mean square; a few blocks of `_PRIOR_SPREAD` keep it from vanishing."""
    squares = float((weight * deviation**2).sum()) + _PRIOR_BLOCKS * _PRIOR_SPREAD**2
    return float(np.sqrt(squares / (float(weight.sum()) + _PRIOR_BLOCKS)))


def _support(
    ratio: NDArray[np.float32], spread: float, mean: float, spread_having: float
) -> NDArray[np.float32]:
    """Log-likelihood ratio for "carries the trace".

    Beyond the two means it is held constant, because unequal spreads would make it fall again. A block too
    flat to tell counts as carrying the trace, because it gives no reason for suspicion.
    """
    inside = np.nan_to_num(ratio, nan=mean).clip(0, mean)
    without = (inside / spread) ** 2 / 2 + np.log(spread)
    having = ((inside - mean) / spread_having) ** 2 / 2 + np.log(spread_having)
    return np.asarray(without - having, dtype=np.float32)


def _median5(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median over 5 × 5 entries; the border continued by its last entry."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, 2, mode="edge"), (5, 5))
    return np.asarray(np.median(windows, axis=(2, 3)), dtype=np.float32)


def _enlarge(blocks: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    return blocks.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)[:height, :width]


CFA = LookedTrace(
    name="cfa",
    title="Demosaicing (CFA)",
    measures=(
        "Probability that a block of 8 × 8 pixels lacks the trace of the camera's colour interpolation "
        "that the rest of the image carries."
    ),
    normal=(
        "All dark is normal. An image without any such trace is dark too: one that was reduced, strongly "
        "compressed or never came from a camera. A compact bright part was pasted, resized, blurred or "
        "painted after the camera had interpolated. Even a JPEG of quality 95 loses the trace, in smooth "
        "areas first, which then look bright; the map is best in uncompressed images."
    ),
    compute=cfa_map,
    local=False,
)
