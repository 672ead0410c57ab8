"""What quantising twice does to the histogram of one cosine frequency, compared with quantising once."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces._blocks import BLOCK, dct_matrix

# First steps that are tried; quality 20 quantises the lowest frequencies with 48.
FIRST_STEPS = np.arange(1, 49)
# Coefficients span ±1024; beyond 400 an AC frequency has too few values to tell anything.
_DC_REACH, _AC_REACH = 1024, 400
# Standard deviation of a coefficient after decoding to whole gray levels in RGB and back: the root of the
# rounding of Y, 1/12, and of R, G and B, (.299² + .587² + .114²) / 12, with a little more for clipping.
_ROUNDING = 0.4
# Probability that every model leaves to all bins together, so that values neither expects do not decide.
_FLOOR = 1e-5
# Blocks used to estimate the density, four shifts of each: a twelfth of a megapixel is enough.
_SAMPLE_BLOCKS = 24_000
# Standard deviations of the density's smoothing, each twice the last, in cells of half a unit.
_WIDTHS = (1.5, 3.0, 6.0, 12.0, 24.0)
_SHIFTS = ((4, 4), (2, 3), (5, 6), (3, 1))

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """Expected histograms of one frequency, for every first step of `FIRST_STEPS`.

    Attributes:
        step: the last quantisation step.
        once: (bins,) share of each quantised value −n..n when quantised once.
        twice: (bins, steps) the same when quantised by the first step before.
        once_near: (bins, steps) sum of `once` over a window around each value that holds more than one period
            of the first step; the value 0 is left out.
        twice_near: (bins, steps) likewise for `twice`.
    """

    step: int
    once: Floats
    twice: Floats
    once_near: Floats
    twice_near: Floats

    def log_ratio(self, share: float) -> Floats:
        """Log-likelihood ratio of "a `share` was quantised twice" to "nothing was", (bins, steps).

        Both are scaled to the same sum in every window, so only the comb of peaks and gaps counts and not the
        width of the histogram: content alone cannot favour either side. 0 at the value 0.
        """
        mixed = share * self.twice + (1 - share) * self.once[:, None]
        mixed_near = share * self.twice_near + (1 - share) * self.once_near
        ratio = np.log(mixed / self.once[:, None]) - np.log(mixed_near / self.once_near)
        ratio[len(ratio) // 2] = 0
        return ratio

    def to_expect(self, ratio: Floats, column: int) -> tuple[Floats, Floats]:
        """Mean of `ratio` near each value if quantised twice and if once, (bins,) each; 0 at the value 0.

        Args:
            ratio: (bins,) evidence for the trace from each value, 0 at the value 0.
            column: index of the first step in `FIRST_STEPS`.
        """
        both = np.stack([ratio * self.twice[:, column], ratio * self.once], axis=1)
        sums = near(both, self.step, FIRST_STEPS[[column, column]])
        means = sums / np.stack([self.twice_near[:, column], self.once_near[:, column]], axis=1)
        means[len(means) // 2] = 0
        return means[:, 0], means[:, 1]


def without_grid(luma: NDArray[np.int16], table: NDArray[np.int_]) -> NDArray[np.float32]:
    """Coefficients of the decoded image on grids that no compression used.

    Their histogram is close to that of the image before any compression: the 8 × 8 blocks straddle the
    file's blocks, so no comb survives.

    Args:
        luma: (R, C, 8, 8) int16 quantised coefficients.
        table: (8, 8) quantisation steps.

    Returns:
        (n, 8, 8) float32, of at most about 100,000 blocks; n is 0 when the image has one block a side.

    Reference: J. Fridrich, M. Goljan, D. Hogea, "Steganalysis of JPEG images: breaking the F5 algorithm"
    (2002).
    """
    luma = _middle(luma)
    rows, columns = luma.shape[:2]
    matrix = dct_matrix()
    pixels = matrix.T @ (luma * table.astype(np.float32)) @ matrix
    pixels = np.rint(pixels).clip(-128, 127).swapaxes(1, 2).reshape(rows * BLOCK, columns * BLOCK)
    height, width = (rows - 1) * BLOCK, (columns - 1) * BLOCK
    parts = []
    for down, right in _SHIFTS:
        window = pixels[down : down + height, right : right + width]
        blocks = window.reshape(rows - 1, BLOCK, columns - 1, BLOCK).swapaxes(1, 2)
        parts.append((matrix @ blocks @ matrix.T).reshape(-1, BLOCK, BLOCK))
    return np.concatenate(parts)


def expected_histograms(unquantised: NDArray[np.float32], step: int, constant: bool) -> Expected:
    """Expected histograms of one frequency whose last quantisation step is `step`.

    Args:
        unquantised: (n,) float32, samples of the coefficient before any quantisation.
        step: last quantisation step, at least 1.
        constant: whether it is the DC frequency, which is spread over ±1024 and not symmetric.

    Reference: T. Bianchi, A. De Rosa, A. Piva, "Improved DCT coefficient analysis for forgery localization
    in JPEG images" (2011). The density is computed to the half unit here, where they use a smooth envelope.
    """
    reach = _DC_REACH if constant else min(max(_AC_REACH, 2 * step), 2 * _DC_REACH)
    mass = _cumulated(unquantised, reach, constant)
    most = reach // step
    values = np.arange(-most, most + 1)
    once = _between(mass, values, step, reach) + _FLOOR / len(values)
    first = np.zeros((2 * reach + 1, len(FIRST_STEPS)))
    for column, first_step in enumerate(FIRST_STEPS):
        multiples = np.arange(-(reach // first_step), reach // first_step + 1)
        first[multiples * first_step + reach, column] = _between(mass, multiples, int(first_step), reach)
    twice = _requantised(first, values, step, reach) + _FLOOR / len(values)
    repeated = np.repeat(once[:, None], len(FIRST_STEPS), axis=1)
    once_near, twice_near = (near(each, step, FIRST_STEPS) + 1e-12 for each in (repeated, twice))
    return Expected(step, once, twice, once_near, twice_near)


def near(shares: Floats, step: int, first_steps: NDArray[np.int_]) -> Floats:
    """Sum over each value's window, one first step to either side, without the value 0.

    Args:
        shares: (bins, n) of the values −bins/2..bins/2.
        step: last quantisation step, one bin.
        first_steps: (n,) first step of each column.
    """
    bins, middle = len(shares), len(shares) // 2
    shares = shares.copy()
    shares[middle] = 0
    total = np.concatenate([np.zeros((1, shares.shape[1])), np.cumsum(shares, axis=0)])
    half = np.maximum(1, -(-first_steps // step))[None]
    rows = np.arange(bins)[:, None]
    upper = np.take_along_axis(total, np.minimum(rows + half + 1, bins), axis=0)
    return np.asarray(upper - np.take_along_axis(total, np.maximum(rows - half, 0), axis=0))


def _middle(luma: NDArray[np.int16]) -> NDArray[np.int16]:
    """Rows from the middle of the image, as many as the sample needs."""
    rows, columns = luma.shape[:2]
    wanted = max(2, _SAMPLE_BLOCKS // max(columns, 1))
    top = max(0, (rows - wanted) // 2)
    return luma[top : top + wanted, : _SAMPLE_BLOCKS // 2]


def _cumulated(samples: NDArray[np.float32], reach: int, constant: bool) -> Floats:
    """Distribution function at −reach, −reach + ½, …, reach."""
    cells = np.histogram(samples, np.arange(-2 * reach, 2 * reach + 1) / 2)[0].astype(np.float64)
    if not constant:
        cells += cells[::-1]
    cells = _smooth_density(cells, constant) + 1e-4 * max(len(samples), 1) / len(cells)
    mass = np.concatenate([[0.0], np.cumsum(cells)])
    return np.asarray(mass / mass[-1])


def _smooth_density(cells: Floats, constant: bool) -> Floats:
    """Smoothed over a seventh of the distance from 0, as samples become few; evenly for DC."""
    if constant:
        return _gaussian(cells, _WIDTHS[-1])
    away = np.abs(np.arange(len(cells)) + 0.5 - len(cells) / 2)
    level = np.log2(np.maximum(away / 7, _WIDTHS[0]) / _WIDTHS[0]).clip(0, len(_WIDTHS) - 1)
    return np.asarray(
        sum((1 - np.abs(level - i)).clip(0) * _gaussian(cells, width) for i, width in enumerate(_WIDTHS))
    )


def _gaussian(values: Floats, sigma: float) -> Floats:
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="symmetric")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"))


def _between(mass: Floats, values: NDArray[np.int_], step: int, reach: int) -> Floats:
    """Mass that rounding to multiples of `step` assigns to each of them."""
    edges = np.clip((2 * values[:, None] + [[-1, 1]]) * step + 2 * reach, 0, 4 * reach)
    return np.asarray(mass[edges[:, 1]] - mass[edges[:, 0]])


def _requantised(first: Floats, values: NDArray[np.int_], step: int, reach: int) -> Floats:
    """Histogram after decoding, rounding to whole gray levels and quantising by `step`."""
    spill = [0.5 * (1 + math.erf(d / 2 / _ROUNDING / math.sqrt(2))) for d in range(-8, 9)]
    # Mass below each edge between two values: whole units below it, and what rounding spills over it.
    below = np.concatenate([np.zeros((1, first.shape[1])), np.cumsum(first, axis=0)])
    edges = (2 * np.arange(values[0], values[-1] + 2) - 1) * step
    units = np.arange(-4, 5)
    at = np.floor_divide(edges, 2)[:, None] + units
    share = np.asarray(spill)[np.clip(edges[:, None] - 2 * at, -8, 8) + 8]
    inside = (at >= -reach) & (at <= reach)
    cells = first[np.clip(at + reach, 0, 2 * reach)] * (share * inside)[..., None]
    lowest = np.clip(at[:, 0] + reach, 0, 2 * reach + 1)
    return np.asarray(np.diff(below[lowest] + cells.sum(axis=1), axis=0))
