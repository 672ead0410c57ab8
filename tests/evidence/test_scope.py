"""Scope: photographs are photographs, and what is drawn, written, tiny or blank is not."""

import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._scope import judge, measure, scope

PHOTOGRAPHS = ["astronaut", "coffee", "chelsea", "rocket", "hubble_deep_field", "camera", "coins", "moon"]


def _kind(pixels, quality=95):
    return scope(load_evidence(encode_jpeg(np.ascontiguousarray(pixels), quality))).kind


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("quality", [95, 50])
def test_photographs(name, quality):
    try:
        pixels = getattr(skimage.data, name)()
    except (ConnectionError, ImportError, OSError, ValueError):
        pytest.skip("this scikit-image does not bring the photograph")
    assert _kind(pixels, quality) == "photograph"


def _page():
    page = Image.new("RGB", (600, 800), (252, 250, 246))
    draw = ImageDraw.Draw(page)
    for line in range(40, 760, 24):
        draw.text(
            (50, line), "The quick brown fox jumps over it " * 2, (25, 25, 30), ImageFont.load_default(15)
        )
    return np.asarray(page)


def _drawing():
    canvas = Image.new("RGB", (640, 480), (90, 160, 220))
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((100, 100, 300, 300), (240, 200, 60), outline=(0, 0, 0), width=4)
    draw.rectangle((340, 260, 600, 440), (60, 140, 70))
    draw.polygon([(340, 260), (470, 120), (600, 260)], (180, 40, 40))
    return np.asarray(canvas)


@pytest.mark.parametrize("quality", [95, 75])
def test_pages_and_drawings(quality):
    assert _kind(_page(), quality) == "document"
    assert _kind(_drawing(), quality) == "drawing or screenshot"


def test_tiny_and_blank():
    assert _kind(np.zeros((63, 200, 3), np.uint8)) == "tiny"
    assert _kind(np.full((200, 200, 3), 77, np.uint8)) == "blank"


def test_statistics_of_a_known_image():
    """Half of the blocks black, a quarter of one gray, a quarter spanning 100 levels."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, 32:48] = 120
    pixels[:, 48:64] = 50
    pixels[::2, 48:64] = 150
    found = measure(pixels)
    assert (found.clipped, found.flat, found.busy_range, found.soft) == (0.5, 0.25, 100, 0)
    assert (found.paper, found.paper_level, found.ink, found.colour) == (0.5, 0, 0, 0)


@given(st.integers(8, 200), st.integers(8, 200), st.integers(1, 256), st.integers(0, 2**16))
@settings(max_examples=60, deadline=None)
def test_any_size(height, width, levels, seed):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    assert judge(measure(pixels)).reason.isprintable()


def test_large_images_are_sampled():
    large = np.tile(_drawing(), (10, 10, 1))
    assert judge(measure(large)).kind == "drawing or screenshot"
