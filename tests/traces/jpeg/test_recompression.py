"""Histories that are known, read from files and from pixels alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence, recompress, to_gray
from tamperlens.evidence._jpeg import ijg_table
from tamperlens.traces.jpeg._decompressed import pixel_quality, pixel_steps, requantised
from tamperlens.traces.jpeg._recompression import compression_history


def _of_file(file):
    evidence = load_evidence(file)
    return compression_history(evidence.pixels, evidence.coefficients())


def test_a_file_compressed_twice(photo):
    history = _of_file(encode_jpeg(recompress(photo, 70), 90))
    assert (history.compressions, history.last_quality) == (2, 90)
    assert abs(history.earlier_quality - 70) <= 1
    assert history.compressions_confidence > 0.6
    assert history.shifted_origin is None
    assert history.resize_factors == ()


def test_a_file_compressed_once(photo):
    history = _of_file(encode_jpeg(photo, 85))
    assert (history.compressions, history.last_quality, history.earlier_quality) == (1, 85, None)
    assert history.grid_origin == (0, 0)
    assert history.compressions_confidence > 0.6


def test_a_cropped_jpeg_saved_again(photo):
    history = _of_file(encode_jpeg(np.ascontiguousarray(recompress(photo, 70)[3:, 6:]), 92))
    assert history.shifted_origin == (5, 2)
    assert history.shifted_step == ijg_table(70)[0, 0]
    assert history.shifted_confidence > 0.5


@pytest.mark.parametrize("quality", [70, 85, 92])
def test_pixels_that_were_a_jpeg(photo, quality):
    history = compression_history(np.ascontiguousarray(recompress(photo, quality)[2:, 1:]))
    assert history.compressions >= 1
    assert history.grid_origin == (6, 7)
    assert abs(history.last_quality - quality) <= 1


def test_pixels_that_never_were(photo):
    history = compression_history(photo)
    assert (history.compressions, history.grid_origin, history.last_quality) == (0, None, None)
    assert history.shifted_origin is None


def test_an_enlarged_image(photo):
    large = np.asarray(Image.fromarray(photo).resize((691, 461), Image.Resampling.BICUBIC))
    history = _of_file(encode_jpeg(large, 92))
    assert any(abs(factor - 1.8) < 0.03 for factor in history.resize_factors)
    assert history.resize_confidence > 0.5


def test_a_turned_photograph_keeps_its_grid(photo):
    """The stored grid begins at the other end once a file is turned upright, and may be cut there."""
    stored = np.ascontiguousarray(photo[:251, :379])
    image = Image.fromarray(stored)
    exif = Image.Exif()
    exif[0x0112] = 3
    import io

    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85, exif=exif)
    assert _of_file(buffer.getvalue()).grid_origin == (251 % 8, 379 % 8)


@pytest.mark.parametrize("quality", [60, 75, 90])
def test_steps_read_from_pixels_are_the_files(photo, quality):
    steps = pixel_steps(to_gray(recompress(photo, quality)), (0, 0))
    known = steps > 0
    assert known.sum() >= 6
    assert (steps[known] == ijg_table(quality)[known]).mean() > 0.85
    assert abs(pixel_quality(steps) - quality) <= 1


def test_requantised_pixels_give_back_the_files_coefficients(photo):
    evidence = load_evidence(encode_jpeg(np.repeat(to_gray(photo)[..., None], 3, axis=2), 80))
    stored = evidence.coefficients()
    ours = requantised(to_gray(evidence.pixels), (0, 0), stored.tables[0], 80)
    assert (ours.components[0] == stored.components[0]).mean() > 0.999


@given(
    st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**16), st.sampled_from([1, 3, 256]), st.booleans()
)
@settings(max_examples=15, deadline=None)
def test_any_size(height, width, seed, levels, as_file):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    history = _of_file(encode_jpeg(pixels, 80)) if as_file else compression_history(pixels)
    confidences = history.compressions_confidence, history.shifted_confidence, history.resize_confidence
    assert all(0 <= each <= 1 for each in confidences)
