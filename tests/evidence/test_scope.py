"""Scope: photographs are photographs, and what is drawn, written, printed, framed or noise is not."""

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._scope import KINDS, judge, measure, scope, ways
from tamperlens.evidence._scope_blocks import block_signs

PHOTOGRAPHS = ["astronaut", "coffee", "chelsea", "rocket", "hubble_deep_field", "camera", "coins", "moon"]


def _scope(pixels, quality=95):
    return scope(load_evidence(encode_jpeg(np.ascontiguousarray(pixels), quality)))


def _kind(pixels, quality=95):
    return _scope(pixels, quality).kind


@pytest.mark.parametrize("name", PHOTOGRAPHS)
@pytest.mark.parametrize("quality", [95, 50])
def test_photographs(name, quality):
    try:
        pixels = getattr(skimage.data, name)()
    except (ConnectionError, ImportError, OSError, ValueError):
        pytest.skip("this scikit-image does not bring the photograph")
    found = _scope(pixels, quality)
    assert (found.kind, found.assessable, found.clearable, found.box) == ("photograph", True, True, None)


def _page(size=(600, 800), lines=30):
    page = Image.new("RGB", size, (252, 250, 246))
    draw = ImageDraw.Draw(page)
    for line in range(40, 40 + 24 * lines, 24):
        draw.text(
            (50, line), "The quick brown fox jumps over it " * 2, (25, 25, 30), ImageFont.load_default(15)
        )
    return np.asarray(page)


def _drawing():
    canvas = Image.new("RGB", (640, 480), (90, 160, 220))
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((100, 100, 300, 300), (240, 200, 60), outline=(0, 0, 0), width=4)
    draw.rectangle((340, 260, 600, 440), (60, 140, 70), outline=(0, 0, 0), width=4)
    draw.polygon([(340, 260), (470, 120), (600, 260)], (180, 40, 40), outline=(0, 0, 0), width=4)
    return np.asarray(canvas)


def _photographed(sheet, rng):
    """In perspective on a dark table, in uneven light, with noise."""
    height, width = sheet.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    goal = corners + np.float32([[30, 25], [-20, 8], [-6, -30], [12, -10]])
    warp = cv2.getPerspectiveTransform(corners, goal)
    scene = cv2.warpPerspective(sheet, warp, (width, height), borderValue=(60, 45, 40)).astype(np.float32)
    light = np.linspace(1, 0.7, width)[None, :, None]
    return (scene * light + rng.normal(0, 3, scene.shape)).clip(0, 255).astype(np.uint8)


def _receipt():
    paper = Image.new("RGB", (420, 640), (236, 234, 228))
    draw = ImageDraw.Draw(paper)
    for row, item in enumerate(
        ["KIOSK SUD", "04/06/2025 18:20", "", "2 Bread", "1 Cheese", "4 Apples", "1 Juice", "TOTAL"]
    ):
        draw.text((40, 40 + 62 * row), item, (30, 30, 35), ImageFont.load_default(26))
        if item[:1].isdigit() or item == "TOTAL":
            draw.text((280, 40 + 62 * row), f"{row * 3}.{row}0", (30, 30, 35), ImageFont.load_default(26))
    return np.asarray(paper)


def _feed(photo):
    view = Image.new("RGB", (600, 1100), (252, 252, 253))
    draw = ImageDraw.Draw(view)
    draw.text((30, 40), "Ada L.", (10, 10, 15), ImageFont.load_default(28))
    draw.text((30, 80), "5 h ago, Lisbon", (120, 120, 125), ImageFont.load_default(20))
    view.paste(Image.fromarray(photo).resize((600, 600)), (0, 140))
    for row, text in enumerate(["312 likes", "Morning light over the old town", "Read all 12 comments"]):
        draw.text((30, 780 + 50 * row), text, (10, 10, 15), ImageFont.load_default(24))
    for x in range(60, 600, 120):
        draw.ellipse((x, 1030, x + 36, 1066), outline=(20, 20, 20), width=4)
    return np.asarray(view)


@pytest.mark.parametrize("quality", [95, 75])
def test_pages_and_drawings(quality):
    found = _scope(_page(), quality)
    assert (found.kind, found.assessable, found.clearable) == ("document", False, False)
    assert _kind(_drawing(), quality) == "drawing"


@pytest.mark.parametrize("quality", [92, 80])
def test_a_photographed_receipt_may_be_called_but_never_cleared(quality):
    found = _scope(_photographed(_receipt(), np.random.default_rng(0)), quality)
    assert (found.kind, found.assessable, found.clearable) == ("document", True, False)


@pytest.mark.parametrize("quality", [92, 75])
def test_a_post_is_a_screenshot_and_its_photograph_is_found(quality):
    found = _scope(_feed(skimage.data.coffee()), quality)
    assert (found.kind, found.assessable, found.clearable) == ("screenshot", False, False)


@pytest.mark.parametrize("quality", [95, 70])
def test_a_frame_is_left_out(quality):
    photo = skimage.data.astronaut()
    canvas = np.full((612, 692, 3), 255, np.uint8)
    canvas[40:552, 60:572] = photo
    found = _scope(canvas, quality)
    assert (found.kind, found.assessable, found.clearable) == ("framed photograph", True, True)
    assert np.abs(np.array(found.box) - (60, 40, 512, 512)).max() <= 3


def test_a_framed_page_is_no_photograph():
    canvas = np.zeros((900, 700, 3), np.uint8)
    canvas[50:850, 50:650] = _page()
    found = _scope(canvas)
    assert found.kind == "document"
    assert not found.clearable


def test_photographs_side_by_side_are_a_collage():
    photo = skimage.data.astronaut()
    canvas = np.full((532, 1064, 3), 255, np.uint8)
    canvas[10:522, 10:522] = photo
    canvas[10:522, 542:1054] = photo[:, ::-1]
    found = _scope(canvas)
    assert (found.kind, found.assessable, found.clearable) == ("collage", False, False)
    assert np.abs(np.array(found.box[1:]) - (10, 512, 512)).max() <= 3


@pytest.mark.parametrize("quality", [95, 60])
def test_noise(quality):
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    assert _kind(noise, quality) == "noise"


def test_tiny_and_blank():
    assert _kind(np.zeros((63, 200, 3), np.uint8)) == "tiny"
    assert _kind(np.full((200, 200, 3), 77, np.uint8)) == "blank"


def test_signs_of_a_known_image():
    """Half of the blocks black, a quarter of one gray, a quarter spanning 100 levels."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, 32:48] = 120
    pixels[:, 48:64] = 50
    pixels[::2, 48:64] = 150
    found = block_signs(pixels)
    assert [found[name] for name in ("clipped", "flat", "busy_range", "soft")] == [0.5, 0.25, 100, 0]
    assert [found[name] for name in ("paper", "paper_level", "ink", "colour")] == [0.5, 0, 0, 0]


def test_independent_pixels_have_independent_blocks():
    noise = np.random.default_rng(1).integers(0, 256, (400, 400, 1), np.uint8).repeat(3, axis=2)
    assert block_signs(noise)["whiteness"] == pytest.approx(1, abs=0.1)


def test_every_way_is_of_a_kind_and_of_known_signs():
    signs, _ = measure(skimage.data.astronaut())
    assert {kind for kind, _ in ways()} <= set(KINDS)
    assert all(conditions and {sign for sign, _, _ in conditions} <= set(signs) for _, conditions in ways())


@given(st.integers(64, 200), st.integers(64, 200), st.integers(1, 256), st.integers(0, 2**16))
@settings(max_examples=40, deadline=None)
def test_any_size(height, width, levels, seed):
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    found = judge(pixels)
    assert found.reason.isprintable()
    assert not found.clearable or found.assessable


def test_large_images_are_sampled():
    large = np.tile(_drawing(), (10, 10, 1))
    assert judge(large).kind == "drawing"
