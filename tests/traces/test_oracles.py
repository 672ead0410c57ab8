"""Each trace against a foreign implementation."""

import io

import numpy as np
import pytest
import scipy.fft
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageChops
from skimage.feature import local_binary_pattern

from tamperlens.evidence import to_gray
from tamperlens.traces import LOOKED
from tamperlens.traces._blocks import block_dct
from tamperlens.traces._strips import in_strips
from tamperlens.traces.jpeg._ela import ela_map, error_level
from tamperlens.traces.noise._srm import KERNELS, srm_residual
from tamperlens.traces.texture._dct_svd import dct_svd
from tamperlens.traces.texture._lbp import lbp

SIZES = [(1, 1), (3, 7), (8, 8), (65, 33), (256, 384)]
images = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def _noise(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("quality", [75, 85, 95])
def test_ela_equals_pillow_done_by_hand(photo, quality):
    buffer = io.BytesIO()
    image = Image.fromarray(photo)
    image.save(buffer, "JPEG", quality=quality)
    difference = ImageChops.difference(image, Image.open(buffer))
    np.testing.assert_array_equal(error_level(photo, quality), np.asarray(difference))
    amplified = np.minimum(np.asarray(difference).max(axis=2) * 15.0 / 255, 1)
    np.testing.assert_allclose(ela_map(photo, quality, 15.0), amplified, atol=1e-6)


@pytest.mark.parametrize("shape", SIZES)
def test_lbp_equals_scikit_image(shape):
    gray = _noise(shape)
    np.testing.assert_array_equal(lbp(gray), local_binary_pattern(gray, 8, 1, "uniform"))


def test_lbp_equals_scikit_image_on_a_photograph(photo):
    gray = to_gray(photo)
    differing = (lbp(gray) != local_binary_pattern(gray, 8, 1, "uniform")).mean()
    assert differing < 1e-3  # exact ties, which scikit-image decides by rounding


def test_lbp_of_a_flat_image_is_all_neighbours():
    assert set(lbp(np.full((9, 9), 200, np.uint8))[1:-1, 1:-1].ravel()) == {8}


@pytest.mark.parametrize("shape", SIZES)
def test_dct_svd_equals_scipy_and_lapack(shape):
    gray = _noise(shape, 1)
    height, width = (-(-side // 8) for side in shape)
    padded = np.pad(gray, ((0, -shape[0] % 8), (0, -shape[1] % 8)), mode="edge").astype(float)
    for row in range(min(height, 3)):
        for column in range(min(width, 3)):
            block = padded[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
            transformed = scipy.fft.dctn(block, norm="ortho")
            np.testing.assert_allclose(block_dct(gray)[row, column], transformed, atol=1e-3)
            largest = np.linalg.svd(transformed, compute_uv=False)[0]
            np.testing.assert_allclose(dct_svd(gray)[row, column], largest, rtol=5e-4)


def test_dct_svd_where_singular_values_coincide():
    """An orthogonal block has eight equal singular values: the worst case of the power method."""
    hadamard = 1 - 2 * np.array([[(i & j).bit_count() % 2 for j in range(8)] for i in range(8)])
    gray = (128 + 100 * hadamard).astype(np.uint8)
    largest = np.linalg.svd(gray.astype(float), compute_uv=False)[0]
    np.testing.assert_allclose(dct_svd(gray)[0, 0], largest, rtol=1e-3)
    assert dct_svd(np.zeros((8, 8), np.uint8))[0, 0] == 0


@pytest.mark.parametrize("kernel", range(len(KERNELS)))
@pytest.mark.parametrize("shape", SIZES[1:])
def test_srm_equals_scipy(kernel, shape):
    gray = _noise(shape, 2)
    expected = scipy.ndimage.correlate(gray.astype(float), KERNELS[kernel], mode="reflect")
    np.testing.assert_allclose(srm_residual(gray, kernel), expected, atol=1e-3)


def test_srm_kernels_predict_flat_and_sloped_content():
    slope = np.tile(np.arange(64, dtype=np.uint8) * 2, (32, 1))
    for kernel in range(len(KERNELS)):
        assert np.abs(srm_residual(slope, kernel)[4:-4, 4:-4]).max() < 1e-4


@pytest.mark.parametrize("name", LOOKED)
class TestEveryTrace:
    """The contract of the dict."""

    @pytest.mark.parametrize("shape", [(1, 1, 3), (7, 9, 3), (130, 67, 3)])
    def test_map_of_any_size(self, name, shape):
        values = LOOKED[name].compute(_noise(shape, 3))
        assert values.shape == shape[:2]
        assert values.dtype == np.float32
        assert 0 <= values.min() <= values.max() <= 1

    def test_pure(self, name, photo):
        before = photo.copy()
        first, second = LOOKED[name].compute(photo), LOOKED[name].compute(photo)
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(photo, before)

    def test_strips_equal_the_whole(self, name):
        pixels = _noise((1300, 40, 3), 4)
        whole = LOOKED[name].compute(pixels)
        np.testing.assert_allclose(in_strips(LOOKED[name].compute, pixels), whole, atol=1e-6)

    def test_says_what_it_is(self, name):
        trace = LOOKED[name]
        assert trace.title
        assert trace.measures.endswith(".")
        assert len(trace.reading) > 80


@given(images)
@settings(max_examples=60, deadline=None)
def test_lbp_codes_are_in_range_whatever_the_image(gray):
    codes = lbp(gray)
    assert codes.shape == gray.shape
    assert codes.max() <= 9
