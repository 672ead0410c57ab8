"""JPEG ghosts: the difference against Pillow's own re-saves, the ghost of parts with known quality."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import roc_auc_score

from tamperlens.evidence import recompress
from tamperlens.traces._blocks import dct_matrix
from tamperlens.traces.jpeg._jpeg_ghost import QUALITIES, jpeg_ghost, resave_differences

PATCH = np.s_[64:176, 120:256]


def _mask():
    mask = np.zeros((32, 48), bool)
    mask[8:22, 15:32] = True
    return mask


@pytest.mark.parametrize(("earlier", "last"), [(60, 95), (70, 90), (50, 80)])
def test_a_part_saved_before_at_a_lower_quality(photo, earlier, last):
    pixels = photo.copy()
    pixels[PATCH] = recompress(photo, earlier)[PATCH]
    ghost = jpeg_ghost(recompress(pixels, last), last)
    assert abs(ghost.quality - earlier) <= 2
    assert not ghost.missing
    assert roc_auc_score(_mask().ravel(), ghost.values.ravel()) > 0.9
    assert ghost.score > 0.6


def test_a_part_that_was_not_saved_before(photo):
    pixels = recompress(photo, 60).copy()
    pixels[PATCH] = photo[PATCH]
    ghost = jpeg_ghost(recompress(pixels, 95), 95)
    assert ghost.missing
    assert abs(ghost.quality - 60) <= 2
    assert roc_auc_score(_mask().ravel(), ghost.values.ravel()) > 0.9


def test_darker_without_a_ghost(photo):
    pixels = photo.copy()
    pixels[PATCH] = recompress(photo, 60)[PATCH]
    plain, forged = jpeg_ghost(recompress(photo, 95), 95), jpeg_ghost(recompress(pixels, 95), 95)
    assert plain.score < forged.score / 2
    assert (plain.values > 0.5).mean() < 0.05 < (forged.values > 0.5).mean()


def test_the_grid_can_begin_elsewhere(photo):
    pixels = photo.copy()
    pixels[PATCH] = recompress(photo, 60)[PATCH]
    cut = np.ascontiguousarray(pixels[5:, 2:])
    assert jpeg_ghost(cut, origin=(3, 6)).score > 2 * jpeg_ghost(cut).score


@pytest.mark.parametrize("quality", [40, 70, 96])
def test_differences_equal_a_resave_by_pillow(quality):
    """An image of low frequencies only, so that nothing else differs."""
    rng = np.random.default_rng(quality)
    coefficients = np.zeros((8, 12, 8, 8))
    coefficients[..., :4, :4] = rng.normal(0, 25, (8, 12, 4, 4))
    blocks = dct_matrix().T @ coefficients @ dct_matrix() + 128
    gray = np.rint(blocks.clip(0, 255)).astype(np.uint8).swapaxes(1, 2).reshape(64, 96)
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "JPEG", quality=quality)
    change = np.asarray(Image.open(buffer)).astype(float) - gray
    theirs = (change.reshape(8, 8, 12, 8) ** 2).mean(axis=(1, 3))
    # Pillow rounds the result to whole levels, which adds up to 1/12, and rounding adds high frequencies.
    np.testing.assert_allclose(
        resave_differences(gray)[QUALITIES.index(quality)], theirs, atol=0.25, rtol=0.05
    )


def test_strips_join():
    gray = np.random.default_rng(0).integers(0, 256, (1100, 40), np.uint8)
    whole = np.concatenate([resave_differences(gray[top : top + 8]) for top in range(0, 1100, 8)], axis=1)
    np.testing.assert_allclose(resave_differences(gray), whole, rtol=1e-4)


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(0, 2**16),
    st.sampled_from([1, 2, 256]),
    st.sampled_from([None, 1, 50, 90, 100]),
)
@settings(max_examples=30, deadline=None)
def test_any_size(height, width, seed, levels, last):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    ghost = jpeg_ghost(pixels, last)
    assert ghost.values.shape == (-(-height // 8), -(-width // 8))
    assert ghost.values.dtype == np.float32
    assert np.isfinite([*ghost.values.ravel(), ghost.score]).all()
    assert 0 <= ghost.values.min() <= ghost.values.max() <= 1
