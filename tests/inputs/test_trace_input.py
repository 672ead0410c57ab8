"""What the trace localizer reads of a file."""

import io

import numpy as np
import pytest
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.inputs._trace_input import (
    FREQUENCIES,
    LEVELS,
    MAPS,
    READ_TRACES,
    coefficient_input,
    measured_maps,
)


def stored(pixels, orientation):
    """A JPEG whose EXIF says how it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=80, exif=exif)
    return buffer.getvalue()


def read(data):
    evidence = load_evidence(data)
    return evidence, coefficient_input(
        evidence.coefficients(), evidence.height, evidence.width, evidence.orientation
    )


def test_levels_are_the_files_own(photo):
    evidence, given = read(encode_jpeg(photo, 80))
    luma = evidence.coefficients().components[0]
    for number, (u, v) in enumerate(FREQUENCIES):
        np.testing.assert_array_equal(given.levels[number], np.minimum(abs(luma[:, :, u, v]), LEVELS - 1))
    assert given.exist
    np.testing.assert_allclose(2**given.steps, [evidence.jpeg.tables[0][f] for f in FREQUENCIES], rtol=1e-5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_levels_are_upright_as_the_pixels_are(photo, orientation):
    # The blocks of the upright pixels, transformed anew, have the levels of the stored ones.
    evidence, given = read(stored(photo, orientation))
    _, again = read(encode_jpeg(evidence.pixels, 80))
    assert given.levels.shape == again.levels.shape
    # The second save quantises with a table that is not turned, so only most levels are the same.
    same = float((given.levels == again.levels).mean())
    wrong = float((given.levels == np.roll(again.levels, 3, axis=2)).mean())
    assert same > wrong + 0.15


@pytest.mark.parametrize("size", [(131, 200), (128, 129)])
def test_sides_that_are_no_multiple_of_eight(photo, size):
    evidence, given = read(encode_jpeg(np.ascontiguousarray(photo[: size[0], : size[1]]), 90))
    expected = (-(-size[0] // 8), -(-size[1] // 8))
    assert given.levels.shape == (20, *expected)
    assert measured_maps(evidence, frozenset({"copy-move"})).values.shape == (len(MAPS), *expected)


def test_histogram_is_the_share_of_each_level(photo):
    _, given = read(encode_jpeg(photo, 70))
    np.testing.assert_allclose(given.histogram().sum(axis=1), 1, rtol=1e-5)
    assert given.histogram()[4, 0] == pytest.approx((given.levels[4] == 0).mean())


def test_other_formats_have_no_coefficients(encode):
    _, given = read(encode("PNG"))
    assert not given.exist
    assert not given.levels.any()


def test_a_copy_fills_target_and_source(photo):
    forged = photo.copy()
    forged[40:120, 200:300] = photo[130:210, 60:160]
    maps = measured_maps(load_evidence(encode_jpeg(forged, 95)))
    target, source = maps.values[-2], maps.values[-1]
    inside = (slice(6, 14), slice(26, 36)), (slice(17, 25), slice(9, 19))
    either = np.maximum(target, source)
    assert all(either[place].mean() > 80 for place in inside)
    assert target[inside[0]].mean() != source[inside[0]].mean()
    assert maps.valid == (True,) * len(READ_TRACES)


def test_what_is_skipped_is_void(photo_evidence):
    maps = measured_maps(photo_evidence, frozenset({"copy-move", "grid"}))
    assert maps.valid == tuple(name not in {"copy-move", "grid"} for name in READ_TRACES)
    assert not maps.values[READ_TRACES.index("grid")].any()


def test_double_quantisation_needs_a_jpeg(encode):
    maps = measured_maps(load_evidence(encode("PNG")), frozenset({"copy-move"}))
    assert not maps.valid[READ_TRACES.index("double-jpeg")]
