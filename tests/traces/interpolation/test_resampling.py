"""Resampling: peaks where theory puts them, parts of known place, dark where nothing was resampled."""

import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import roc_auc_score

from tamperlens.evidence import recompress
from tamperlens.traces import LOOKED
from tamperlens.traces.interpolation import _resampling as resampling
from tamperlens.traces.interpolation._resampling import WINDOW, periods, resampling_map

PART = np.s_[90:330, 130:400]
BICUBIC = Image.Resampling.BICUBIC


@pytest.fixture(scope="module")
def scene():
    """A photograph, 400 × 600, without a period of its own."""
    return np.ascontiguousarray(skimage.data.coffee())


@pytest.fixture(scope="module")
def other(scene):
    return np.ascontiguousarray(scene[::-1, ::-1])


def _scaled(pixels, factor, kernel=BICUBIC):
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(Image.fromarray(pixels).resize(size, kernel))


def _turned(pixels, degrees):
    return np.asarray(Image.fromarray(pixels).rotate(degrees, BICUBIC))


def _with_part(scene, changed):
    pixels, mask = scene.copy(), np.zeros(scene.shape[:2], bool)
    mask[PART] = True
    pixels[PART] = changed[PART]
    return pixels, mask


def _noise(shape, seed=0):
    return np.random.default_rng(seed).integers(60, 196, shape, np.uint8)


@pytest.mark.parametrize("factor", [1.1, 1.25, 1.5])
def test_a_scaled_part_has_the_period_of_its_factor(scene, other, factor):
    pixels, mask = _with_part(scene, _scaled(other, factor))
    strongest = periods(pixels)[0]
    frequency = min(1 / factor, 1 - 1 / factor)
    assert (strongest.down, strongest.across) == pytest.approx((0, frequency), abs=1.5 / WINDOW)
    values = resampling_map(pixels)
    assert roc_auc_score(mask.ravel(), values.ravel()) > 0.9
    assert values[mask].mean() > 0.35
    assert values[~mask].mean() < 0.2


@pytest.mark.parametrize("degrees", [10, 20, 40])
def test_a_turned_part_has_the_period_of_its_angle(degrees, monkeypatch):
    """Four directions of one lattice, aliased into half a cycle, of which one lies in the quadrant."""
    monkeypatch.setattr(resampling, "MIN_PEAK", 4.5)  # noise has no texture that a turn would show best in
    pixels, mask = _with_part(_noise((400, 600, 3)), _turned(_noise((600, 600, 3), 1), degrees))
    turn = np.exp(1j * np.radians(degrees))
    lattice = [turn * quarter for quarter in (1, 1j, -1, -1j)]
    aliased = [(each.real - round(each.real), each.imag - round(each.imag)) for each in lattice]
    strongest = periods(pixels)[0]
    found = strongest.across, strongest.down
    assert min(np.abs(np.subtract(found, np.abs(each))).max() for each in aliased) < 1.5 / WINDOW
    assert np.corrcoef(mask.ravel(), resampling_map(pixels).ravel())[0, 1] > 0.3


def test_of_linear_interpolation_the_error_of_prediction_vanishes_with_the_known_period():
    """Doubled noise: at even rows and columns stand the samples, the rest lies between them."""
    small = _noise((200, 200, 3))
    doubled = np.zeros((399, 399, 3), np.float64)
    doubled[::2, ::2] = small
    doubled[1::2] = (doubled[:-1:2] + doubled[2::2]) / 2
    doubled[:, 1::2] = (doubled[:, :-1:2] + doubled[:, 2::2]) / 2
    error = resampling._error(np.rint(doubled).astype(np.uint8), 0, 399)
    assert error[::2, ::2].mean() > 2 * error[1::2, ::2].mean()


def test_all_dark_where_nothing_was_resampled(scene, photo):
    for pixels in (scene, photo, _noise((300, 400, 3))):
        assert resampling_map(pixels).max() == 0
        for quality in (95, 75):
            assert resampling_map(recompress(pixels, quality)).max() == 0


def test_what_the_whole_image_has_is_taken_off():
    """Noise enlarged as a whole is not a part of anything."""
    whole = _scaled(_noise((300, 400, 3)), 1.5)
    assert all(abs(each.across - 1 / 3) > 0.02 for each in periods(whole))


def test_a_part_pasted_as_it_is_is_not_seen(scene, other):
    pixels, _ = _with_part(scene, other)
    assert resampling_map(pixels).max() == 0


def test_nothing_depends_on_how_many_rows_are_worked_on(scene, other, monkeypatch):
    pixels, _ = _with_part(scene, _scaled(other, 1.25))
    values = resampling_map(pixels)
    monkeypatch.setattr(resampling, "_ROWS", 3)
    np.testing.assert_allclose(resampling_map(pixels), values, atol=1e-4)
    np.testing.assert_array_equal(LOOKED["resampling"].whole(pixels), values)


def test_spectrum_is_whitened_as_numpy_does_it_by_hand():
    window = np.random.default_rng(0).normal(size=(WINDOW, WINDOW))
    full = np.abs(np.fft.fft2(window))
    ours = resampling._whitened(np.abs(np.fft.rfft2(window)).astype(np.float32)[None])[0]
    for row, column in ((0, 0), (3, 64), (127, 1), (60, 30)):
        around = [full[(row + y) % WINDOW, (column + x) % WINDOW] for y in range(-4, 5) for x in range(-4, 5)]
        assert ours[row, column] == pytest.approx(
            full[row, column] ** 2 / np.mean(around) ** 2 * np.pi / 4, 1e-3
        )
    assert ours.mean() == pytest.approx(1, abs=0.1)


def test_a_large_image_has_about_as_many_windows_from_border_to_border():
    tops, lefts = resampling._places(10000, 10000)
    assert len(tops) * len(lefts) < 2200
    assert (tops[0], tops[-1], lefts[-1]) == (0, 10000 - WINDOW, 10000 - WINDOW)
    assert np.diff(tops).max() < 230


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 2**16), st.sampled_from([1, 2, 40, 256]))
@settings(max_examples=15, deadline=None)
def test_any_size(height, width, seed, levels):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    values = resampling_map(pixels)
    assert values.shape == (height, width)
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert 0 <= values.min() <= values.max() <= 1
