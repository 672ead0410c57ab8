"""A map as a veil, read back by Pillow."""

import io

import numpy as np
from PIL import Image

from tamperlens.report import paint
from tamperlens.service.web._veil import veiled


def as_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_low_value_is_clear_and_a_high_one_hides_the_photograph():
    levels = np.tile(np.arange(256, dtype=np.uint8), (2, 1))
    whole = as_png(paint(levels))
    veil = np.asarray(Image.open(io.BytesIO(veiled(whole))).convert("RGBA"))
    assert np.array_equal(veil[..., :3], np.asarray(Image.open(io.BytesIO(whole)).convert("RGB")))
    assert veil[0, [0, 100, 255], 3].tolist() == [0, 120, 255]


def test_a_small_palette_and_a_picture_without_one_stay_readable():
    few = Image.new("P", (3, 2))
    few.putpalette([0, 0, 0, 9, 9, 9])
    assert Image.open(io.BytesIO(veiled(as_png(few)))).convert("RGBA").size == (3, 2)
    plain = as_png(Image.new("RGB", (3, 2)))
    assert veiled(plain) == plain
    assert veiled(b"no picture") == b"no picture"
