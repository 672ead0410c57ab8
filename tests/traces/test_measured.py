"""The traces that give a number: their contract, and what the simple ones measure."""

import cv2
import numpy as np
import pytest

from tamperlens.evidence import encode_jpeg, load_evidence, to_gray
from tamperlens.traces import MEASURED, full_size
from tamperlens.traces.noise._deviation import deviation, deviation_map, deviation_score
from tamperlens.traces.noise._noise_inconsistency import block_mean, noise_deviation
from tamperlens.traces.noise._sharpness import sharpness, sharpness_deviation


@pytest.mark.parametrize("name", MEASURED)
class TestEveryMeasuredTrace:
    """The contract of the dict."""

    @pytest.mark.parametrize("shape", [(1, 1, 3), (9, 70, 3), (131, 150, 3)])
    def test_any_size(self, name, shape):
        pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        found = MEASURED[name].measure(load_evidence(encode_jpeg(pixels, 88)))
        assert found.values.dtype == np.float32
        assert found.values.ndim == 2
        assert 0 <= found.values.min() <= found.values.max() <= 1
        assert np.isfinite(found.score)
        assert found.score >= 0

    def test_pure_and_repeatable(self, name, photo_evidence):
        before = photo_evidence.pixels.copy()
        first, second = (MEASURED[name].measure(photo_evidence) for _ in range(2))
        assert first.score == second.score
        np.testing.assert_array_equal(first.values, second.values)
        np.testing.assert_array_equal(photo_evidence.pixels, before)

    def test_flat_images_say_nothing(self, name):
        flat = np.full((256, 256, 3), 120, np.uint8)
        assert MEASURED[name].measure(load_evidence(encode_jpeg(flat, 90))).score < 0.5

    def test_explains_itself(self, name):
        trace = MEASURED[name]
        for words in (trace.measures, trace.normal, trace.misleads):
            assert words.endswith(".")
            assert len(words) > 60


def test_orientation_turns_the_coefficients_map(photo, encode):
    from PIL import Image

    forged = load_evidence(encode_jpeg(photo, 70)).pixels.copy()
    forged[64:160, 64:192] = photo[64:160, 64:192]
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = load_evidence(encode("JPEG", Image.fromarray(forged), quality=92))
    turned = load_evidence(encode("JPEG", Image.fromarray(forged), quality=92, exif=exif))
    assert turned.pixels.shape[:2] == plain.pixels.shape[1::-1]
    first, second = (MEASURED["double-jpeg"].measure(e) for e in (plain, turned))
    np.testing.assert_array_equal(np.rot90(first.values, -1), second.values)


def test_full_size_repeats_each_value():
    values = np.array([[0, 1], [0.5, 0.25]], np.float32)
    large = full_size(values, 4, 6)
    np.testing.assert_array_equal(large, values.repeat(2, 0).repeat(3, 1))


def test_deviation_is_of_blocks_with_like_companion():
    rng = np.random.default_rng(0)
    companion = np.linspace(0, 1, 400, dtype=np.float32).reshape(20, 20)
    levels = (5 * companion + rng.normal(0, 0.4, (20, 20))).astype(np.float32)
    ordinary = deviation(levels, companion)
    levels[4:9, 4:9] += 6
    odd = deviation(levels, companion)
    assert odd[6, 6] > 6
    assert ordinary[6, 6] < 2
    assert deviation_score(odd) > 2 * deviation_score(ordinary)
    assert deviation_map(odd).max() == 1
    assert deviation(np.full((20, 20), np.nan, np.float32), companion).max() == 0


def _photo(side=512):
    import skimage.data

    return np.ascontiguousarray(skimage.data.astronaut()[:side, :side])


def test_added_grain_stands_out():
    pixels = cv2.GaussianBlur(_photo(), (0, 0), 0.8)
    pixels = np.clip(pixels + np.random.default_rng(0).normal(0, 2, pixels.shape), 0, 255).astype(np.uint8)
    grainy = pixels.astype(float)
    grainy[160:320, 160:320] += np.random.default_rng(1).normal(0, 12, (160, 160, 3))
    z = noise_deviation(np.clip(grainy, 0, 255).astype(np.uint8))
    assert np.median(z[11:19, 11:19]) > 3 * np.median(z)


def test_sharpness_falls_with_blur_and_not_with_contrast():
    pixels = _photo()
    gray = to_gray(pixels)
    sharp, contrast = sharpness(gray)
    soft, _ = sharpness(np.asarray(cv2.GaussianBlur(gray, (0, 0), 2.0)))
    both = np.isfinite(sharp) & np.isfinite(soft)
    assert (soft[both] < sharp[both]).mean() > 0.95
    halved, lower = sharpness((gray // 2).astype(np.uint8))
    both = np.isfinite(sharp) & np.isfinite(halved)
    assert np.abs(halved[both] - sharp[both]).mean() < 0.25
    assert np.median(contrast - lower) == pytest.approx(1, abs=0.15)


def test_a_blurred_part_stands_out_in_sharpness():
    pixels = _photo()
    part = np.s_[256:416, 64:224]
    pixels[part] = cv2.GaussianBlur(pixels[part], (0, 0), 2.5)
    z = sharpness_deviation(pixels)
    judged = z > 0
    inside = np.zeros_like(judged)
    inside[17:25, 5:13] = True
    assert np.median(z[inside & judged]) > 2 * np.median(z[~inside & judged])


def test_block_mean_is_the_mean():
    gray = np.arange(32 * 48, dtype=np.uint16).reshape(32, 48).astype(np.uint8)
    expected = gray.reshape(2, 16, 3, 16).mean(axis=(1, 3))
    np.testing.assert_allclose(block_mean(gray), expected)
