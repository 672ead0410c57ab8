"""Resizing: factors of images enlarged by Pillow, and none where nothing was interpolated."""

import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import recompress, to_gray
from tamperlens.traces.interpolation._resizing import MIN_PEAK, resizing


@pytest.fixture(scope="module")
def scene():
    return np.ascontiguousarray(skimage.data.astronaut())


def _resized(pixels, factor, method=Image.Resampling.BICUBIC):
    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    return np.asarray(Image.fromarray(pixels).resize(size, method))


@pytest.mark.parametrize(
    ("factor", "quality"),
    [(1.2, None), (1.5, None), (1.8, None), (2.5, None), (1.5, 90), (1.8, 90), (2.5, 90)],
)
def test_the_factor_of_an_enlarged_image_is_among_the_named_ones(scene, factor, quality):
    pixels = _resized(scene, factor)
    found = resizing(to_gray(pixels if quality is None else recompress(pixels, quality)))
    assert found.peak > MIN_PEAK
    assert any(abs(each - factor) < 0.02 * factor for each in found.factors)


def test_the_frequency_is_that_of_the_interpolation():
    """Linear interpolation of white noise by 1.6: the variance has the period 1.6, alias 1 − 1/1.6."""
    rng = np.random.default_rng(0)
    noise = rng.integers(60, 196, (320, 320)).astype(np.uint8)
    found = resizing(np.asarray(Image.fromarray(noise).resize((544, 544), Image.Resampling.BILINEAR)))
    assert found.frequency == pytest.approx(1 - 320 / 544, abs=0.002)
    assert found.peak > 10


@pytest.mark.parametrize("quality", [None, 95, 80, 60])
def test_none_in_what_was_not_resized(photo, quality):
    for pixels in (skimage.data.rocket(), skimage.data.chelsea(), photo):
        found = resizing(to_gray(pixels if quality is None else recompress(pixels, quality)))
        assert found.peak < MIN_PEAK
        assert found.factors == ()


@given(st.integers(1, 150), st.integers(1, 150), st.integers(0, 2**16), st.sampled_from([1, 2, 256]))
@settings(max_examples=25, deadline=None)
def test_any_size(height, width, seed, levels):
    found = resizing(np.random.default_rng(seed).integers(0, levels, (height, width), np.uint8))
    assert np.isfinite([found.frequency, found.peak]).all()
    assert 0 <= found.frequency <= 0.5
