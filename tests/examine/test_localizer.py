"""Tiles, pooling and patches: what stands between a network and a finding."""

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.examine import load_weight
from tamperlens.examine._pooling import POOLINGS, overlapping_means
from tamperlens.examine._regions import suspicious_regions
from tamperlens.examine.networks._localizer import PixelLocalizer
from tamperlens.examine.networks._tiling import tiled_map


def red(pixels):
    return pixels[:, :, 0].astype(np.float32) / 255


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([64, 96]), st.sampled_from([0, 16, 40]))
@settings(max_examples=60, deadline=None)
def test_tiles_of_a_pixelwise_prediction_give_it_back(height, width, tile, overlap):
    pixels = np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, 3), np.uint8)
    np.testing.assert_allclose(tiled_map(red, pixels, tile, overlap), red(pixels), atol=1e-6)


def test_every_tile_begins_on_the_jpeg_grid_and_fits_the_network():
    seen = []

    def predict(part):
        seen.append((int(part[0, 0, 0]), int(part[0, 0, 1]), part.shape))
        return np.zeros(part.shape[:2], np.float32)

    rows, columns = np.indices((203, 181))
    tiled_map(predict, np.stack([rows, columns, rows], 2).astype(np.uint8), 64, 16)
    assert len(seen) > 9
    assert all(
        top % 8 == 0 and left % 8 == 0 and h % 32 == 0 and w % 32 == 0 for top, left, (h, w, _) in seen
    )


def test_neighbouring_tiles_cross_fade():
    """Tiles that disagree leave no seam: no step between neighbouring pixels."""
    answers = iter(np.linspace(0, 1, 40))

    def predict(part):
        return np.full(part.shape[:2], next(answers), np.float32)

    result = tiled_map(predict, np.zeros((64, 600, 3), np.uint8), 64, 32)
    assert np.abs(np.diff(result, axis=1)).max() < 0.02


def test_memory_beside_image_and_result_does_not_grow():
    def beside(side):
        pixels = np.zeros((side, side, 3), np.uint8)
        tracemalloc.start()
        tiled_map(red, pixels, 128, 32)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak - 4 * side * side

    assert beside(2000) < beside(500) + 500_000


@pytest.mark.parametrize("name", POOLINGS)
@given(st.integers(1, 90), st.integers(1, 90), st.floats(0, 1, width=32))
@settings(max_examples=25, deadline=None)
def test_pooling_of_a_constant_is_that_constant(name, height, width, value):
    pooled = POOLINGS[name](np.full((height, width), value, np.float32))
    assert 0 < pooled < 1
    assert pooled == pytest.approx(value, abs=2e-6)


@pytest.mark.parametrize("name", POOLINGS)
def test_pooling_needs_an_area_not_a_pixel(name):
    lone, region = np.zeros((256, 256), np.float32), np.zeros((256, 256), np.float32)
    lone[100, 100] = 1
    region[96:160, 96:160] = 1
    assert POOLINGS[name](lone) < 0.05
    assert POOLINGS[name](region) >= 0.25


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_patches_lie_in_the_image_worst_first(height, width, seed):
    values = np.random.default_rng(seed).random((height, width), np.float32) ** 3
    patches = suspicious_regions(values, 0.2, count=5)
    for patch in patches:
        assert patch.left + patch.width <= width
        assert patch.top + patch.height <= height
    scores = [patch.score for patch in patches]
    assert scores == sorted(scores, reverse=True)
    assert suspicious_regions(values, 1.1) == ()


@given(st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=40, deadline=None)
def test_overlapping_means_are_those_of_each_block(height, width):
    values = np.random.default_rng(height * 100 + width).random((height, width), np.float32)
    means = overlapping_means(values, 16)
    for row, column in np.ndindex(means.shape):
        block = values[8 * row : 8 * row + 16, 8 * column : 8 * column + 16]
        assert means[row, column] == pytest.approx(block.mean(), abs=1e-5)


@pytest.mark.parametrize("offset", range(16))
def test_a_region_is_found_wherever_it_lies(offset):
    """On a fixed grid one across four blocks would count a quarter in each."""
    values = np.zeros((300, 320), np.float32)
    values[100 + offset : 116 + offset, 160 - offset : 176 - offset] = 1
    (patch,) = suspicious_regions(values, 9 / 16)
    assert patch.top <= 100 + offset <= patch.top + patch.height - 16
    assert patch.left <= 160 - offset <= patch.left + patch.width - 16


class _Session:
    """Answers with one map: log-odds +4 in a square of 16 pixels, −4 elsewhere."""

    def run(self, _names, inputs):
        logits = np.full((1, 1, *inputs["features"].shape[2:]), -4, np.float32)
        logits[..., 48:64, 48:64] = 4
        return [logits]


def test_an_image_whose_mask_marks_a_part_is_not_cleared(photo_evidence, monkeypatch):
    detector = PixelLocalizer(load_weight("unet-localizer"))
    monkeypatch.setattr(detector, "_session", _Session())
    always = dataclasses.replace(detector.weight.calibration, consistent_below=1.0, inconsistent_above=1.0)
    detector.weight = dataclasses.replace(detector.weight, calibration=always)
    assert detector.answer(photo_evidence).opinion.outcome == "inconclusive"
    monkeypatch.setattr(detector, "mask_threshold", lambda _: 0.999)
    assert detector.answer(photo_evidence).opinion.outcome == "consistent"
