"""Aligned double compression: the model against drawn samples, the estimates against known histories."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import roc_auc_score

from tamperlens.evidence import JpegCoefficients, encode_jpeg, load_evidence, recompress
from tamperlens.evidence._jpeg import ijg_table
from tamperlens.traces.jpeg._double_jpeg import FREQUENCIES, MIN_STRENGTH, blurred, double_jpeg
from tamperlens.traces.jpeg._double_quantisation import FIRST_STEPS, Expected, expected_histograms, near

PATCH = np.s_[64:192, 96:224]


def _judged(file):
    return double_jpeg(load_evidence(file).coefficients())


def _forged(photo, first, last):
    """The photograph saved twice, a square of it once."""
    pixels = recompress(photo, first).copy()
    pixels[PATCH] = photo[PATCH]
    return encode_jpeg(pixels, last)


def _mask(values):
    mask = np.zeros(values.shape, bool)
    mask[8:24, 12:28] = True
    return mask


@pytest.mark.parametrize(("first", "last"), [(60, 90), (70, 95), (75, 85), (80, 90)])
def test_a_part_saved_once_is_found_and_the_first_quality_read(photo, first, last):
    result = _judged(_forged(photo, first, last))
    mask = _mask(result.values)
    assert roc_auc_score(mask.ravel(), result.values.ravel()) > 0.97
    called = result.values > 0.6
    assert 2 * (called & mask).sum() / (called.sum() + mask.sum()) > 0.8
    assert abs(result.first_quality - first) <= 1
    steps = [result.first_steps[f] == ijg_table(first)[f] for f in FREQUENCIES]
    assert np.mean(steps) > 0.7


def test_an_encoder_of_its_own_is_read_step_by_step(photo):
    table = np.maximum(1, np.rint(ijg_table(70) * 1.15).astype(int))
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "JPEG", qtables=[table.ravel().tolist()] * 2, subsampling=2)
    result = _judged(encode_jpeg(np.asarray(Image.open(buffer)), 92))
    assert np.mean([result.first_steps[f] == table[f] for f in FREQUENCIES]) > 0.7


def test_once_and_twice_are_told_apart(photo):
    once, twice = _judged(encode_jpeg(photo, 90)), _judged(encode_jpeg(recompress(photo, 75), 90))
    assert once.strength < MIN_STRENGTH < twice.strength
    assert once.first_quality is None
    forged = _judged(_forged(photo, 75, 90))
    assert forged.score > 5 * max(once.score, twice.score, 0.01)
    assert (twice.values > 0.5).mean() < 0.05


@pytest.mark.parametrize("quality", [60, 90, 100])
def test_mostly_dark_when_compressed_once(photo, quality):
    result = _judged(encode_jpeg(photo, quality))
    assert (result.values > 0.5).mean() < 0.25
    assert result.score < 1


def test_no_wrong_alarm_where_the_trace_cannot_survive(photo):
    """A much coarser second step hides the first one; the score must not grow from nothing."""
    assert _judged(_forged(photo, 95, 60)).score < 1


@pytest.mark.parametrize(("first", "last"), [(7, 3), (5, 8), (12, 5)])
def test_expected_histograms_equal_drawn_ones(first, last):
    """Laplacian coefficients quantised, spoilt by rounding and quantised again."""
    rng = np.random.default_rng(first)
    drawn = rng.laplace(0, 12, 2_000_000).astype(np.float32)
    model = expected_histograms(drawn[:500_000], last, constant=False)
    twice = np.rint((np.rint(drawn / first) * first + rng.normal(0, 0.4, drawn.size)) / last)
    most = len(model.once) // 2
    column = int(np.flatnonzero(first == FIRST_STEPS)[0])
    for values, expected in ((np.rint(drawn / last), model.once), (twice, model.twice[:, column])):
        counts = np.bincount((values.clip(-most, most) + most).astype(int), minlength=2 * most + 1)
        assert np.abs(counts / counts.sum() - expected).sum() / 2 < 0.02


def test_ratio_sees_the_comb_and_not_the_width():
    """Two densities of different width and no comb: their plain ratio tells them apart, ours does not."""
    values = np.arange(-100, 101)
    narrow, wide = (np.exp(-np.abs(values) / width) for width in (30, 45))
    steps = (len(values), len(FIRST_STEPS))
    once, twice = narrow / narrow.sum(), np.broadcast_to((wide / wide.sum())[:, None], steps)
    sums = [near(np.broadcast_to(each, steps), 3, FIRST_STEPS) for each in (once[:, None], twice)]
    ratio = Expected(3, once, twice, *sums).log_ratio(1.0)[50:151, 6]
    plain = np.log(twice[:, 6] / once)[50:151]
    assert np.abs(plain).max() > 0.3
    assert np.abs(ratio).max() < 0.05


def test_blur_keeps_the_sum_and_equals_scipy():
    import scipy.ndimage

    values = np.random.default_rng(0).random((20, 31))
    expected = scipy.ndimage.gaussian_filter(values, 2.0, mode="reflect", truncate=3.0)
    np.testing.assert_allclose(blurred(values, 2.0), expected, atol=1e-9)


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(0, 2**16),
    st.sampled_from([0, 1, 3, 99, 255, 1500, 65535]),
    st.sampled_from([1, 60, 32767]),
)
@settings(max_examples=15, deadline=None)
def test_any_coefficients_and_tables(rows, columns, seed, step, most):
    rng = np.random.default_rng(seed)
    luma = rng.integers(-most, most, (rows, columns, 8, 8), endpoint=True).astype(np.int16)
    result = double_jpeg(JpegCoefficients((luma,), (np.full((8, 8), step),)))
    assert result.values.shape == (rows, columns)
    assert result.values.dtype == np.float32
    assert np.isfinite([*result.values.ravel(), result.strength, result.score]).all()
    assert 0 <= result.values.min() <= result.values.max() <= 1


def test_flat_and_gray_images():
    for pixels in (np.full((64, 64, 3), 90, np.uint8), np.zeros((16, 200), np.uint8)):
        assert _judged(encode_jpeg(pixels, 90)).score < 0.1
