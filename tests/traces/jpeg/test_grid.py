"""JPEG grids in pixels: counts against SciPy, false alarms against the binomial, made histories."""

import numpy as np
import pytest
import scipy.fft
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tamperlens.evidence import recompress, to_gray
from tamperlens.traces.jpeg._grid import MAX_LOG_NFA, grid_cells, grid_map, jpeg_grid, log10_nfa
from tamperlens.traces.jpeg._grid_votes import grid_votes

PATCH = np.s_[72:184, 120:260]


def _shifted(photo, quality, row, column):
    """Compressed on the grid that begins at (row, column)."""
    moved = np.roll(photo, (-row, -column), (0, 1))
    return np.roll(recompress(np.ascontiguousarray(moved), quality), (row, column), (0, 1))


def _mask(pixels):
    mask = np.zeros(pixels.shape[:2], bool)
    mask[PATCH] = True
    return mask


@pytest.mark.parametrize("quality", [60, 80, 90, 95, 98])
def test_origin_after_a_crop(photo, quality):
    grid = jpeg_grid(np.ascontiguousarray(recompress(photo, quality)[3:, 6:]))
    assert grid.origin == (5, 2)
    assert grid.log_nfa < -20
    assert not grid.foreign


@pytest.mark.parametrize("quality", [60, 80, 95])
def test_an_untouched_jpeg_is_dark(photo, quality):
    grid = jpeg_grid(recompress(photo, quality))
    assert grid.origin == (0, 0)
    assert (grid.values > 0.5).mean() < 0.05
    assert grid.score < 5


def test_noise_and_enlarged_photographs_have_none(photo):
    noise = np.random.default_rng(0).integers(0, 256, (256, 384, 3), np.uint8)
    for pixels in (noise, photo[::-1, ::-1].copy(), np.full((64, 64, 3), 80, np.uint8)):
        grid = jpeg_grid(pixels)
        assert grid.origin is None
        assert grid.log_nfa > MAX_LOG_NFA
        assert not grid.foreign


@pytest.mark.parametrize("inside", ["never compressed", "another grid"])
def test_a_patch_off_the_grid_is_found(photo, inside):
    pixels, mask = recompress(photo, 85).copy(), _mask(photo)
    other = photo if inside == "never compressed" else _shifted(photo, 85, 3, 6)
    pixels[PATCH] = other[PATCH]
    grid = jpeg_grid(pixels)
    values = grid_map(grid, *mask.shape)
    assert roc_auc_score(mask.ravel(), values.ravel()) > 0.9
    called = values > 0.5
    assert 2 * (called & mask).sum() / (called.sum() + mask.sum()) > 0.7
    assert grid.score > 6
    assert {window.origin for window in grid.foreign} == (set() if inside == "never compressed" else {(3, 6)})


def test_cells_are_the_means_of_the_map(photo):
    pixels = recompress(photo[:160, :208], 85).copy()
    pixels[40:104, 56:120] = photo[40:104, 56:120]
    grid = jpeg_grid(pixels)
    assert grid.values.max() > 0.5
    blocks = grid_map(grid, 160, 208).reshape(20, 8, 26, 8)
    assert np.allclose(grid_cells(grid, 160, 208), blocks.mean(axis=(1, 3)), atol=1e-6)


def test_a_compressed_patch_in_an_uncompressed_image(photo):
    pixels, mask = photo.copy(), _mask(photo)
    pixels[PATCH] = _shifted(photo, 80, 2, 5)[PATCH]
    grid = jpeg_grid(pixels)
    assert grid.origin is None
    assert {window.origin for window in grid.foreign} == {(2, 5)}
    assert roc_auc_score(mask.ravel(), grid_map(grid, *mask.shape).ravel()) > 0.8


def test_votes_are_the_uniquely_largest_counts_of_scipy(photo):
    gray = to_gray(recompress(photo, 90))[:71, :63]
    windows = np.lib.stride_tricks.sliding_window_view(gray.astype(float), (8, 8))
    zeros = (np.abs(scipy.fft.dctn(windows, axes=(2, 3), norm="ortho")) < 0.5).sum(axis=(2, 3))
    votes = grid_votes(gray)
    assert votes.position.shape == (8, 7)
    assert (votes.position >= 0).sum() > 20
    for row, column in np.argwhere(votes.position >= 0):
        cell = zeros[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
        # Coefficients at exactly ±½ may fall to either side.
        assert cell.ravel()[votes.position[row, column]] >= cell.max() - 2
        assert abs(int(votes.zeros[row, column]) - cell.max()) <= 2


@pytest.mark.parametrize(("votes", "total"), [(6, 64), (5, 40), (12, 30), (40, 400), (20, 20)])
def test_number_of_false_alarms_bounds_the_binomial(votes, total):
    exact = scipy.stats.binom.logsf(votes - 1, total, 1 / 64) / np.log(10)
    ours = float(log10_nfa(np.array(votes), np.array(total), 1))
    assert exact <= ours + 1e-9
    assert ours < exact * 0.6 + 0.3


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**16), st.sampled_from([1, 2, 40, 256]))
@settings(max_examples=40, deadline=None)
def test_any_size(height, width, seed, levels):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    grid = jpeg_grid(pixels)
    values = grid_map(grid, height, width)
    assert values.shape == (height, width)
    assert values.dtype == np.float32
    assert np.isfinite([*values.ravel(), grid.score, grid.log_nfa]).all()
    assert 0 <= values.min() <= values.max() <= 1
