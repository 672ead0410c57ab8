"""A shifted earlier grid: combs against a closed form, crops with known origin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.evidence import recompress, to_gray
from tamperlens.evidence._jpeg import ijg_table
from tamperlens.traces.jpeg._shifted_grid import MIN_LEAD, shifted_grid


@pytest.mark.parametrize(("first", "last", "cut"), [(60, 85, (3, 5)), (70, 90, (1, 0)), (80, 95, (4, 4))])
def test_the_origin_and_step_of_a_cropped_jpeg(photo, first, last, cut):
    cropped = np.ascontiguousarray(recompress(photo, first)[cut[0] :, cut[1] :])
    grid = shifted_grid(to_gray(recompress(cropped, last)), known=(0, 0))
    assert grid.origin == (-cut[0] % 8, -cut[1] % 8)
    assert grid.step == ijg_table(first)[0, 0]


@pytest.mark.parametrize("qualities", [(90,), (75,), (60, 90), (90, 90)])
def test_none_without_a_shift(photo, qualities):
    pixels = photo
    for quality in qualities:
        pixels = recompress(pixels, quality)
    grid = shifted_grid(to_gray(pixels), known=(0, 0))
    assert grid.origin is None
    assert grid.step == 0
    assert grid.lead < MIN_LEAD


def test_the_known_grid_is_found_when_not_left_out(photo):
    assert shifted_grid(to_gray(recompress(photo, 70))).origin == (0, 0)


def test_made_blocks_whose_means_are_multiples_of_a_step():
    rng = np.random.default_rng(0)
    means = (
        5 * rng.integers(2, 30, (40, 50)) / 8 * 8
    )  # DC = 8 · (mean − 128): mean steps of 5 are DC steps of 40
    noise = rng.normal(0, 6, (40, 8, 50, 8))
    noise -= noise.mean(axis=(1, 3), keepdims=True)
    gray = np.rint(means[:, None, :, None] + noise).clip(0, 255).astype(np.uint8).reshape(320, 400)
    grid = shifted_grid(np.ascontiguousarray(gray[2:, 7:]))
    assert grid.origin == (6, 1)
    assert 40 % grid.step == 0
    assert grid.step > 8


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**16), st.sampled_from([1, 2, 256]))
@settings(max_examples=15, deadline=None)
def test_any_size(height, width, seed, levels):
    gray = np.random.default_rng(seed).integers(0, levels, (height, width), np.uint8)
    grid = shifted_grid(gray, (0, 0))
    assert np.isfinite([grid.ratio, grid.lead]).all()


def test_strips_join(photo, monkeypatch):
    gray = to_gray(np.ascontiguousarray(recompress(photo, 70)[3:, 5:]))
    whole = shifted_grid(gray)
    monkeypatch.setattr("tamperlens.traces.jpeg._shifted_grid._STRIP", 40 * gray.shape[1])
    assert shifted_grid(gray) == whole
