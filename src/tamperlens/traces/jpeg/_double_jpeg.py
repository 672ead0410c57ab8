"""Aligned double compression: blocks that lack the trace of the file's first JPEG compression (ADQ)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence, JpegCoefficients, ijg_table, turn_upright
from tamperlens.traces._trace import Cost, MeasuredTrace, Measurement, Needs
from tamperlens.traces.jpeg._double_quantisation import (
    FIRST_STEPS,
    Expected,
    expected_histograms,
    without_grid,
)

# (row, column) of the frequencies used, the lowest 21 in zigzag order. Higher ones are mostly zeros.
FREQUENCIES = tuple(
    (s - c if s % 2 else c, c if s % 2 else s - c) for s in range(6) for c in range(s + 1)
)  # fmt: skip
# Shares of the image that may carry the trace: a forgery is smaller than the rest of the photograph.
_SHARES = (0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
# First tables are close to some multiple of Annex K's: spread of the log of their ratio, and the multiples.
_TABLE_SPREAD = 0.2
_MULTIPLES = np.exp(np.linspace(np.log(0.06), np.log(1.6), 40))
# A frequency counts by its own evidence for the trace, in nats; at this much it has half its weight.
_HALF_SAY = 10.0
# Most that one coefficient may add: the model's tails are not to be trusted.
_MOST = 2.0
# Standard deviation of the neighbourhood in blocks: the more evidence a block holds, the narrower.
_NARROWEST, _WIDEST = 0.8, 2.0
# Nats per block: where less evidence than this is expected, a block counts as carrying the trace.
_ENOUGH = 0.03
# Strength at which the map has half its height: photographs compressed once reach about this by chance.
_BY_CHANCE = 0.02
# Strength from which the whole image counts as compressed twice. On made photographs: .37 at the 95th
# percentile of those compressed once, .7 at the lower quartile of those compressed twice with rising quality.
MIN_STRENGTH = 0.4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DoubleJpeg:
    """What the coefficients reveal about an earlier compression on the same grid.

    Attributes:
        values: (block rows, block columns) float32 0..1, how much of the expected trace is missing around
            each block; near 0 everywhere if the image carries no trace.
        first_steps: (8, 8) int, estimated steps of the first compression; 0 where not estimated.
        first_quality: IJG quality 1..100 whose table is nearest to them; None below `MIN_STRENGTH`.
        share: part of the image that carries the trace, 0.6..1.
        strength: evidence that the image was compressed twice on one grid, nats per block; not calibrated.
        score: evidence that a part lacks the trace, 0 = none; the geometric mean of `strength` and the
            strongest evidence against the trace around any block, nats; not calibrated.
    """

    values: NDArray[np.float32]
    first_steps: NDArray[np.int_]
    first_quality: int | None
    share: float
    strength: float
    score: float


@dataclass(frozen=True)
class _Fit:
    """First step and evidence of each frequency, and the share common to all."""

    columns: NDArray[np.int_]
    gains: Floats
    share: float


def double_jpeg(coefficients: JpegCoefficients) -> DoubleJpeg:
    """Find blocks that lack the double quantisation carried by the rest of the image.

    The first steps are those that best explain the histograms of the lowest 21 luma frequencies, by
    likelihood, as a mixture of blocks with and without the trace, with a prior for tables like Annex K's.
    Then each block's coefficients are weighed: how much likelier are they with the trace than without? Sums
    over a neighbourhood are divided by what they would be without the trace, so that rich and poor texture
    are treated alike.

    Nothing is found if the first step divides the last an odd number of times, if the first quality is well
    above the last, if the altered part kept the trace, or if the grid was shifted.

    Args:
        coefficients: of a JPEG file; only the first component, luma, is read.

    Reference: Z. Lin et al., "Fast, automatic and fine-grained tampered JPEG image detection via DCT
    coefficient analysis" (2009); T. Bianchi, A. De Rosa, A. Piva, "Improved DCT coefficient analysis for
    forgery localization in JPEG images" (2011).
    """
    luma, table = coefficients.components[0], np.maximum(coefficients.tables[0], 1)
    if min(luma.shape[:2]) < 2:
        return _nothing(luma.shape[:2])
    expected = _expected(luma, table)
    fit = _fit(luma, expected)
    return _judge(*_evidence(luma, expected, fit), fit)


def _nothing(shape: tuple[int, int]) -> DoubleJpeg:
    return DoubleJpeg(np.zeros(shape, np.float32), np.zeros((8, 8), np.int_), None, 1.0, 0.0, 0.0)


def _expected(luma: NDArray[np.int16], table: NDArray[np.int_]) -> list[Expected]:
    samples = without_grid(luma, table)
    return [
        expected_histograms(samples[:, row, column], int(table[row, column]), row == column == 0)
        for row, column in FREQUENCIES
    ]


def _binned(luma: NDArray[np.int16], frequency: tuple[int, int], bins: int) -> NDArray[np.intp]:
    """Bin of each block's coefficient; values beyond the bins count as 0, which says nothing."""
    values = luma[:, :, frequency[0], frequency[1]].astype(np.intp)
    return np.where(np.abs(values) > bins // 2, 0, values) + bins // 2


def _fit(luma: NDArray[np.int16], expected: list[Expected]) -> _Fit:
    gains = np.empty((len(FREQUENCIES), len(_SHARES), len(FIRST_STEPS)))
    for i, (frequency, model) in enumerate(zip(FREQUENCIES, expected, strict=True)):
        bins = len(model.once)
        counts = np.bincount(_binned(luma, frequency, bins).ravel(), minlength=bins).astype(np.float64)
        used = counts > 0
        for j, share in enumerate(_SHARES):
            gains[i, j] = counts[used] @ model.log_ratio(share)[used]
    penalty = _table_penalty()
    likely = (gains[None] - penalty[:, :, None]).max(axis=3).sum(axis=1)
    multiple, share_index = np.unravel_index(int(likely.argmax()), likely.shape)
    by_step = gains[:, share_index]
    columns = (by_step - penalty[multiple]).argmax(axis=1)
    return _Fit(columns, by_step[np.arange(len(columns)), columns], _SHARES[share_index])


def _table_penalty() -> Floats:
    """Half the squared distance of each step from multiples of Annex K's table: (multiples, 21, steps)."""
    annex = np.array([ijg_table(50)[frequency] for frequency in FREQUENCIES])
    usual = np.maximum(np.rint(_MULTIPLES[:, None] * annex), 1)[..., None]
    return np.asarray((np.log((FIRST_STEPS + 0.35) / (usual + 0.35)) / _TABLE_SPREAD) ** 2 / 2)


def _evidence(luma: NDArray[np.int16], expected: list[Expected], fit: _Fit) -> tuple[Floats, Floats, Floats]:
    """Evidence for the trace in each block: found, expected with it, expected without it."""
    found, having, lacking = (np.zeros(luma.shape[:2]) for _ in range(3))
    say = fit.gains.clip(0) / (fit.gains.clip(0) + _HALF_SAY)
    for frequency, model, column, weight in zip(FREQUENCIES, expected, fit.columns, say, strict=True):
        binned = _binned(luma, frequency, len(model.once))
        ratio = model.log_ratio(1.0)[:, column].clip(-_MOST, _MOST) * weight
        if_twice, if_once = model.to_expect(ratio, int(column))
        found += ratio[binned]
        having += if_twice[binned]
        lacking += if_once[binned]
    return found, having, lacking


def _judge(found: Floats, having: Floats, lacking: Floats, fit: _Fit) -> DoubleJpeg:
    strength = float(fit.gains.clip(0).sum() / found.size)
    room = np.maximum(having - lacking, 0)
    width = float(np.clip(_WIDEST * (room.mean() + 1e-6) ** -0.25, _NARROWEST, _WIDEST))
    missing = blurred(having - found, width) / (blurred(room, width) + _ENOUGH)
    missing *= strength / (strength + _BY_CHANCE)
    against = max(0.0, float(-blurred(found, _WIDEST).min()))
    steps = np.zeros((8, 8), np.int_)
    steps[tuple(zip(*FREQUENCIES, strict=True))] = FIRST_STEPS[fit.columns]
    return DoubleJpeg(
        values=missing.clip(0, 1).astype(np.float32),
        first_steps=steps,
        first_quality=_nearest_quality(steps) if strength >= MIN_STRENGTH else None,
        share=fit.share,
        strength=strength,
        score=float(np.sqrt(strength * against)),
    )


def _nearest_quality(steps: NDArray[np.int_]) -> int:
    """IJG quality whose steps differ least, by logarithm, at the frequencies that were estimated."""
    known = steps > 0
    distance = [np.abs(np.log(ijg_table(q)[known] / steps[known])).mean() for q in range(1, 101)]
    return int(np.argmin(distance)) + 1


def blurred(values: Floats, sigma: float) -> Floats:
    """Gaussian blur over three standard deviations; the border is continued by reflection."""
    return _blurred_rows(_blurred_rows(values, sigma).T, sigma).T


def _blurred_rows(values: Floats, sigma: float) -> Floats:
    reach = int(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, ((reach, reach), (0, 0)), mode="symmetric")
    result = np.zeros_like(values)
    for offset, weight in enumerate(kernel / kernel.sum()):
        result += weight * padded[offset : offset + len(values)]
    return result


def _measured(evidence: Evidence) -> Measurement:
    coefficients = evidence.coefficients()
    if coefficients is None:
        raise DamagedImageError(f"the file is {evidence.format} and holds no JPEG coefficients")
    found = double_jpeg(coefficients)
    turned = evidence.orientation in {5, 6, 7, 8}
    height, width = (evidence.width, evidence.height) if turned else (evidence.height, evidence.width)
    inside = found.values[: -(-height // 8), : -(-width // 8)]  # without the blocks that pad the last unit
    values = np.ascontiguousarray(turn_upright(inside, evidence.orientation), np.float32)
    numbers = {"strength": found.strength, "quality": float(found.first_quality or 0)}
    summary = "no trace of an earlier compression on the same grid"
    if found.first_quality is not None:
        lacking = f"{float((values >= 0.5).mean()):.1%} of the blocks lack its trace"
        summary = f"saved before at a quality near {found.first_quality}; {lacking}"
    return Measurement(values, found.score, summary, found=found, numbers=numbers)


DOUBLE_JPEG = MeasuredTrace(
    name="double-jpeg",
    title="Double quantisation",
    measures=(
        "For each block of 8 × 8 pixels, how surely its JPEG coefficients lack the double quantisation "
        "that the rest of the image carries from an earlier save on the same grid."
    ),
    normal=(
        "Dark all over: either the image was saved once, or every part of it was saved twice. A compact "
        "bright part was not there at the first save, or came from elsewhere."
    ),
    misleads=(
        "Void where the file is not a JPEG. Blind where the second save was much coarser than the first, "
        "where the image was cropped off its grid or resized between the saves, and in flat or saturated "
        "parts, which carry no trace and may look bright."
    ),
    needs=Needs(least_side=128, least_quality=40, formats=("JPEG",), holds="JPEG coefficients"),
    cost=Cost(seconds=0.1613, seconds_per_mpx=0.0241, megabytes=286.095, megabytes_per_mpx=8.4172),
    measure=_measured,
)
