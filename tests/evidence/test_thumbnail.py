"""The thumbnail against its image: made files of known truth, and the correlation against OpenCV's."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import load_evidence
from tamperlens.evidence._embedded import read_embedded
from tamperlens.evidence._registration import PARTS, WHOLE, correlation_surface, find_place
from tamperlens.evidence._thumbnail import compare_thumbnail
from tamperlens.evidence._thumbnails import read_thumbnails


def _shrunk(pixels, size=(160, 120), quality=70, how=Image.Resampling.BOX):
    """As cameras make it: reduced, between black bars where the shape differs, saved strongly compressed."""
    image = Image.fromarray(pixels)
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = image.resize((round(image.width * scale), round(image.height * scale)), how)
    canvas = Image.new("RGB", size)
    canvas.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


@pytest.mark.parametrize("how", [Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS])
@pytest.mark.parametrize("size", [(160, 120), (120, 90), (80, 60), (320, 240)])
def test_an_own_thumbnail_shows_the_same(photo, how, size):
    found = compare_thumbnail(_shrunk(photo, size, how=how), photo)
    assert (found.relation, found.turned, found.barred) == ("same", "", True)
    assert found.correlation > 0.95
    # 3 : 2 within 4 : 3 leaves bars of a ninth in all.
    assert found.covered == pytest.approx((0, 1 / 18, 1, 17 / 18), abs=0.02)


@pytest.mark.parametrize("area", [0.03, 0.1])
def test_a_pasted_part_is_found_where_it_is(photo, area):
    thumbnail = _shrunk(photo)
    side = int((area * photo.shape[0] * photo.shape[1]) ** 0.5)
    forged = photo.copy()
    forged[60 : 60 + side, 200 : 200 + side] = np.roll(photo, (130, 90), axis=(0, 1))[:side, :side]
    found = compare_thumbnail(thumbnail, forged)
    assert found.relation == "part differs"
    assert area / 5 < found.differing < 3 * area
    rows, columns = np.nonzero(found.difference >= 0.5)
    # From pixels of the photograph to those of the thumbnail: 384 wide to 160, bars of 7 above.
    scale = 160 / 384
    margin = 3
    assert rows.min() > 60 * scale + 6 - margin
    assert rows.max() < (60 + side) * scale + 7 + margin
    assert columns.min() > 200 * scale - margin
    assert columns.max() < (200 + side) * scale + margin


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
def test_a_crop_is_found_with_its_place(photo, share):
    height, width = (int(side * share) for side in photo.shape[:2])
    top, left = photo.shape[0] - height - 5, 9
    found = compare_thumbnail(_shrunk(photo), photo[top : top + height, left : left + width])
    assert found.relation == "cropped"
    x0, y0, x1, y1 = found.covered
    bars = 120 / (160 * 2 / 3)
    assert (x0, x1) == pytest.approx((left / 384, (left + width) / 384), abs=0.03)
    assert (y1 - y0) * bars == pytest.approx(height / 256, abs=0.04)


@pytest.mark.parametrize(
    ("turn", "named"),
    [
        (Image.Transpose.ROTATE_90, "turned by 90° anticlockwise"),
        (Image.Transpose.ROTATE_270, "turned by 90° clockwise"),
        (Image.Transpose.ROTATE_180, "turned by 180°"),
        (Image.Transpose.FLIP_LEFT_RIGHT, "mirrored"),
    ],
)
def test_turned_images_are_named(photo, turn, named):
    turned = np.asarray(Image.fromarray(photo).transpose(turn))
    found = compare_thumbnail(_shrunk(photo), turned)
    assert (found.relation, found.turned) == ("same", named)


def test_another_picture_is_another(photo, photo_folder):
    others = [np.asarray(Image.open(path)) for path in sorted((photo_folder / "images").iterdir())[1:3]]
    assert [compare_thumbnail(_shrunk(photo), other).relation for other in others] == ["another picture"] * 2


def test_nothing_is_claimed_of_a_flat_thumbnail(photo):
    flat = np.full((120, 160, 3), 128, np.uint8)
    assert compare_thumbnail(flat, photo).relation == "too flat to compare"


def _with_exif(pixels, thumbnail, orientation=1):
    """A JPEG whose EXIF block, written by hand, holds a thumbnail."""
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00" + bytes([orientation, 0, 0, 0])
    second = 8 + 2 + 12 + 4
    start = second + 2 + 24 + 4
    block = b"II*\x00\x08\x00\x00\x00" + b"\x01\x00" + entry + second.to_bytes(4, "little")
    block += b"\x02\x00" + b"\x01\x02\x04\x00\x01\x00\x00\x00" + start.to_bytes(4, "little")
    block += b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(thumbnail).to_bytes(4, "little") + bytes(4)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90, exif=b"Exif\x00\x00" + block + thumbnail)
    return buffer.getvalue()


def _jpeg(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=75)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_thumbnail_turns_with_the_file(photo, orientation):
    evidence = load_evidence(_with_exif(photo, _jpeg(_shrunk(photo)), orientation))
    found, _ = read_thumbnails(evidence, read_embedded(evidence))
    assert (found.relation, found.turned) == ("same", "")


@pytest.mark.parametrize("thumbnail", [b"\xff\xd8\xff\xe0 no image", b"\xff\xd8" + bytes(40)])
def test_a_damaged_thumbnail_is_named(photo, thumbnail):
    evidence = load_evidence(_with_exif(photo, thumbnail))
    found, facts = read_thumbnails(evidence, read_embedded(evidence))
    assert found is None
    assert [fact.statement.startswith("The thumbnail cannot be read: ") for fact in facts] == [True]


def test_a_huge_thumbnail_is_refused(photo):
    bomb = bytearray(_jpeg(_shrunk(photo)))
    frame = bomb.index(b"\xff\xc0")
    bomb[frame + 5 : frame + 9] = b"\xff\x00\xff\x00"
    evidence = load_evidence(_with_exif(photo, bytes(bomb)))
    _, facts = read_thumbnails(evidence, read_embedded(evidence))
    assert "65280" in facts[0].statement


def test_correlation_equals_opencv():
    rng = np.random.default_rng(0)
    search = rng.integers(0, 256, (60, 80)).astype(np.uint8)
    template = rng.integers(0, 256, (21, 34)).astype(np.uint8)
    ours = correlation_surface(search.astype(float), template.astype(float))
    theirs = cv2.matchTemplate(search, template, cv2.TM_CCOEFF_NORMED)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_part_is_placed_to_the_pixel(photo):
    gray = Image.fromarray(photo).convert("L")
    search = np.asarray(gray.resize((192, 128), Image.Resampling.LANCZOS))
    place = find_place(search, gray.crop((96, 64, 96 + 192, 64 + 128)), WHOLE + PARTS)
    assert place.correlation > 0.95
    assert (place.left, place.top, place.width, place.height) == pytest.approx((48, 32, 96, 64), abs=2)


@given(
    st.integers(1, 70), st.integers(1, 70), st.integers(1, 200), st.integers(1, 200), st.integers(0, 2**16)
)
@settings(max_examples=40, deadline=None)
def test_any_size(height, width, rows, columns, seed):
    rng = np.random.default_rng(seed)
    thumbnail = rng.integers(0, 256, (height, width, 3), np.uint8)
    found = compare_thumbnail(thumbnail, rng.integers(0, 256, (rows, columns, 3), np.uint8))
    assert found.difference.dtype == np.float32
    assert np.isfinite(found.difference).all()
    assert 0 <= found.difference.min() <= found.difference.max() <= 1
    assert sorted(found.difference.shape) == sorted((height, width))
    assert -1 <= found.correlation <= 1


def _gray(pixels):
    return np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))


def test_a_filter_that_left_the_thumbnail_in_colour_is_told(photo):
    found = compare_thumbnail(_shrunk(photo), _gray(photo))
    assert (found.relation, found.colour) == ("same", "only in the thumbnail")
    found = compare_thumbnail(_shrunk(_gray(photo)), photo)
    assert (found.relation, found.colour) == ("same", "only in the image")
    assert compare_thumbnail(_shrunk(_gray(photo)), _gray(photo)).colour == "alike"


def test_a_part_of_another_colour_differs(photo):
    """The same luma, another colour: the gray levels alone would not tell."""
    ycc = np.asarray(Image.fromarray(photo).convert("YCbCr")).copy()
    ycc[60:180, 150:300, 1:] = 255 - ycc[60:180, 150:300, 1:]
    ycc[60:180, 150:300, 1] = np.clip(ycc[60:180, 150:300, 1].astype(int) + 50, 0, 255)
    recoloured = np.asarray(Image.fromarray(ycc, "YCbCr").convert("RGB"))
    assert compare_thumbnail(_shrunk(photo), photo).differing < 0.015
    found = compare_thumbnail(_shrunk(photo), recoloured)
    assert found.relation == "part differs"
    rows, columns = np.nonzero(found.difference >= 0.5)
    scale = 160 / 384
    assert abs(rows.mean() - (120 * scale + 6)) < 12
    assert abs(columns.mean() - 225 * scale) < 12


@pytest.mark.parametrize("gains", [(1.1, 1.0, 0.9), (0.85, 1.0, 1.15), (0.9, 0.9, 0.9)])
def test_another_white_balance_is_no_difference(photo, gains):
    graded = (photo * np.array(gains)).clip(0, 255).astype(np.uint8)
    found = compare_thumbnail(_shrunk(photo), graded)
    assert (found.relation, found.colour) == ("same", "alike")


def test_photoshops_thumbnail_is_compared(photo):
    small = _jpeg(np.asarray(Image.fromarray(photo).resize((160, 107), Image.Resampling.BOX)))
    body = b"\x00\x00\x00\x01" + bytes(24) + small
    resources = b"Photoshop 3.0\x008BIM\x04\x0c\x00\x00" + len(body).to_bytes(4, "big") + body
    segment = b"\xff\xed" + (len(resources) + 2).to_bytes(2, "big") + resources
    for pixels, weight in (
        (photo, "neutral"),
        (np.ascontiguousarray(photo[:170, :260]), "contradiction"),
    ):
        data = _jpeg(pixels)
        evidence = load_evidence(data[:2] + segment + data[2:])
        found, facts = read_thumbnails(evidence, read_embedded(evidence))
        assert found.where == "Photoshop's thumbnail"
        assert [fact.weight for fact in facts] == [weight]
        assert "Photoshop's thumbnail" in facts[0].statement
