"""Noise level against PyWavelets, scikit-image and noise whose strength is known."""

import numpy as np
import pytest
import pywt
from skimage.restoration import estimate_sigma

from tamperlens.traces import LOOKED
from tamperlens.traces.noise._noise import BLOCK, noise_level, noise_map


def _noisy(sigma, shape=(256, 256), seed=0):
    """A smooth scene with Gaussian noise; `sigma` may be an array."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    scene = 120 + 40 * np.sin(x / 40) + 30 * np.cos(y / 55)
    noise = np.random.default_rng(seed).normal(0, 1, shape) * sigma
    return np.clip(np.rint(scene + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("pair", [(2, 5), (4, 12), (8, 3)])
def test_both_halves_of_a_made_image_give_their_sigma(pair):
    left, right = pair
    gray = _noisy(np.where(np.arange(256) < 128, left, right))
    levels = noise_level(gray)
    columns = 128 // BLOCK
    assert np.median(levels[:, :columns]) == pytest.approx(left, rel=0.15)
    assert np.median(levels[:, columns:]) == pytest.approx(right, rel=0.15)


@pytest.mark.parametrize("sigma", [3, 6, 10])
def test_agrees_with_scikit_image(sigma):
    gray = _noisy(sigma, seed=sigma)
    assert np.median(noise_level(gray)) == pytest.approx(estimate_sigma(gray.astype(float)), rel=0.1)


@pytest.mark.parametrize("shape", [(64, 96), (40, 56)])
def test_equals_pywavelets_block_by_block(shape):
    gray = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    _, (_, _, diagonal) = pywt.dwt2(gray.astype(float), "haar")
    half = BLOCK // 2
    levels = noise_level(gray)
    for row in range(shape[0] // BLOCK):
        for column in range(shape[1] // BLOCK):
            block = diagonal[half * row : half * row + half, half * column : half * column + half]
            assert levels[row, column] == pytest.approx(np.median(np.abs(block)) / 0.6745, rel=1e-5)


def test_map_is_the_level_at_block_centres_and_linear_between():
    gray = _noisy(np.where(np.arange(64) < 32, 2.0, 6.0), (64, 64))
    expected = np.minimum(noise_level(gray) / 16, 1)
    values = noise_map(np.repeat(gray[..., None], 3, axis=2))
    middle = (values[7::16, 7::16] + values[8::16, 8::16] + values[7::16, 8::16] + values[8::16, 7::16]) / 4
    # The mean of the four pixels about a centre is off by 1/32 of the step to each neighbour.
    np.testing.assert_allclose(middle, expected, atol=0.02)
    between = (expected[:, :-1] + expected[:, 1:]) / 2
    np.testing.assert_allclose((values[8::16, 15:63:16] + values[8::16, 16:64:16]) / 2, between, atol=0.02)


def test_measured_strip_by_strip():
    pixels = np.random.default_rng(3).integers(0, 256, (1100, 40, 3), np.uint8)
    np.testing.assert_allclose(LOOKED["noise"].whole(pixels), noise_map(pixels), atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (17, 31), (130, 67)])
def test_any_size(shape):
    values = noise_map(np.random.default_rng(2).integers(0, 256, (*shape, 3), np.uint8))
    assert values.shape == shape
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    assert 0 <= values.min() <= values.max() <= 1
