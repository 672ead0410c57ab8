"""Demosaicing trace: against SciPy step by step, and on photographs whose interpolation is known."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tamperlens.evidence import recompress
from tamperlens.traces import LOOKED
from tamperlens.traces._strips import in_strips
from tamperlens.traces.interpolation._cfa import BLOCK, MIN_TRACE, cfa_map, green_variance_ratio

PATCH = np.s_[80:176, 120:232]


def _demosaiced(pixels, phase=0):
    """Green bilinearly interpolated where x + y is not `phase`; red and blue stay, for they are not read."""
    height, width = pixels.shape[:2]
    recorded = np.indices((height, width)).sum(axis=0) % 2 == phase
    kernel = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]]) / 4
    green = scipy.ndimage.convolve(pixels[..., 1] * recorded.astype(float), kernel, mode="mirror")
    result = pixels.copy()
    result[..., 1] = np.rint(green.clip(0, 255))
    return result


def _mask(pixels):
    mask = np.zeros(pixels.shape[:2], bool)
    mask[PATCH] = True
    return mask


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("inside", ["as photographed", "of the other pattern"])
def test_a_patch_without_the_trace_is_found(photo, phase, inside):
    pixels, mask = _demosaiced(photo, phase), _mask(photo)
    other = photo if inside == "as photographed" else _demosaiced(photo, 1 - phase)
    pixels[PATCH] = other[PATCH]
    values = cfa_map(pixels)
    assert roc_auc_score(mask.ravel(), values.ravel()) > 0.9
    assert values[mask].mean() > 0.7
    assert (values[~mask] >= 0.5).mean() < 0.05


def test_order_survives_a_mild_jpeg(photo):
    pixels, mask = _demosaiced(photo), _mask(photo)
    pixels[PATCH] = photo[PATCH]
    assert roc_auc_score(mask.ravel(), cfa_map(recompress(pixels, 97)).ravel()) > 0.75


def test_all_dark_when_untouched_and_when_nothing_is_there_to_lack(photo):
    assert (cfa_map(_demosaiced(photo)) >= 0.5).mean() < 0.01
    assert abs(np.nanmean(green_variance_ratio(photo[..., 1]))) < MIN_TRACE
    assert cfa_map(photo).max() == 0
    assert cfa_map(np.full((64, 64, 3), 90, np.uint8)).max() == 0


def test_ratio_equals_scipy_sample_by_sample():
    green = np.random.default_rng(0).integers(0, 256, (24, 32)).astype(np.uint8)
    values = green.astype(float)
    neighbours = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) / 4
    error = values - scipy.ndimage.convolve(values, neighbours, mode="mirror")
    y, x = np.mgrid[-3:4, -3:4]
    window = np.exp(-(x**2 + y**2) / 2) * ((x + y) % 2 == 0)
    window /= window.sum()
    mean = scipy.ndimage.convolve(error, window, mode="mirror")
    logs = np.log(scipy.ndimage.convolve(error**2, window, mode="mirror") - mean**2 + 1 / 12)
    even = np.indices(green.shape).sum(axis=0) % 2 == 0
    for row, line in enumerate(green_variance_ratio(green)):
        for column, ours in enumerate(line):
            block = np.s_[BLOCK * row : BLOCK * row + BLOCK, BLOCK * column : BLOCK * column + BLOCK]
            theirs = logs[block][even[block]].mean() - logs[block][~even[block]].mean()
            assert ours == pytest.approx(theirs, abs=1e-4)


def test_changing_sides_changes_the_sign(photo):
    assert np.nanmean(green_variance_ratio(_demosaiced(photo, 0)[..., 1])) > 2
    assert np.nanmean(green_variance_ratio(_demosaiced(photo, 1)[..., 1])) < -2


def test_one_choice_for_a_tall_image(photo):
    """Strips of the ratio are joined before anything is chosen."""
    tall = np.concatenate([_demosaiced(photo)] * 5)
    whole = green_variance_ratio(tall[..., 1])

    def enlarged(green):
        return green_variance_ratio(green).repeat(BLOCK, 0).repeat(BLOCK, 1)[: len(green)]

    strips = in_strips(enlarged, np.ascontiguousarray(tall[..., 1]))[::BLOCK, ::BLOCK]
    np.testing.assert_allclose(strips, whole, atol=1e-3)
    np.testing.assert_array_equal(LOOKED["cfa"].whole(tall), cfa_map(tall))


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**16), st.sampled_from([2, 40, 256]))
@settings(max_examples=40, deadline=None)
def test_any_size(height, width, seed, levels):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    for image in (pixels, _demosaiced(pixels)):
        values = cfa_map(image)
        assert values.shape == (height, width)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert 0 <= values.min() <= values.max() <= 1
