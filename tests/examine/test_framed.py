"""A photograph in a frame: the same answer as without the frame, at its place in the picture."""

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence, scope
from tamperlens.examine import Examiner

WIDE = 16  # pixels of the frame, two blocks: the grid of the save stays the same


def framed(pixels, wide=WIDE):
    return np.pad(pixels, ((wide, wide), (wide, wide), (0, 0)), constant_values=255)


@pytest.fixture(scope="module")
def pixels():
    """A photograph in which a part repeats another, never compressed, of a size in whole blocks."""
    scene = np.ascontiguousarray(skimage.data.coffee())[:384, :592].copy()
    scene[64:192, 400:528] = scene[200:328, 120:248]
    return scene


@pytest.fixture(scope="module")
def examiner():
    return Examiner(threads=1, kinds=False)


@pytest.fixture(scope="module")
def bare(examiner, pixels):
    return examiner.examine(load_evidence(encode_jpeg(pixels, 90)))


@pytest.fixture(scope="module")
def found(examiner, pixels):
    return examiner.examine(load_evidence(encode_jpeg(framed(pixels), 90)))


def test_the_frame_changes_nothing(bare, found):
    assert found.history.scope.kind == "framed photograph"
    assert (found.outcome, found.mask_threshold) == (bare.outcome, bare.mask_threshold)
    assert found.log10_lr == pytest.approx(bare.log10_lr, abs=1e-3)
    for one, other in zip(found.opinions, bare.opinions, strict=True):
        assert (one.system, one.applicable) == (other.system, other.applicable)
        assert one.log10_lr == pytest.approx(other.log10_lr, abs=1e-3)
    assert any(limit.startswith("The frame was left out") for limit in found.limits)
    assert not any("frame" in limit for limit in bare.limits)


def test_maps_lie_where_the_photograph_lies(bare, found):
    height, width = bare.mask.shape
    assert found.mask.shape == (height + 2 * WIDE, width + 2 * WIDE)
    inside = found.mask[WIDE:-WIDE, WIDE:-WIDE]
    # The decoder smooths colour across the photograph's edge.
    np.testing.assert_allclose(inside, bare.mask, atol=0.02)
    assert found.mask.sum() == pytest.approx(float(inside.sum()))
    for name in ("copy-move", "double-jpeg", "trace-localizer"):
        values = found.maps[name]
        assert values.shape == found.mask.shape
        assert not values[:WIDE].any()


def test_copies_and_regions_are_told_in_pixels_of_the_picture(bare, found):
    assert bare.copies
    for one, other in zip(found.document.copies, bare.document.copies, strict=True):
        for box, before in ((one.source, other.source), (one.target, other.target)):
            assert (box.left, box.top) == (before.left + WIDE, before.top + WIDE)
            assert (box.width, box.height) == (before.width, before.height)
    for copy in found.copies:
        middle = np.array([copy.source.left, copy.source.top, 1.0])
        went = copy.transform @ middle
        assert np.abs(went - [copy.target.left, copy.target.top]).max() < 4
    marked = found.mask >= found.mask_threshold
    assert found.document.marked_share == pytest.approx(float(marked.mean()))


def test_a_part_has_the_coefficients_of_its_blocks(pixels):
    whole = load_evidence(encode_jpeg(framed(pixels), 90))
    part = whole.part((WIDE - 5, WIDE, 300, 203))
    assert part.box == (WIDE, WIDE, 288, 192)
    np.testing.assert_array_equal(part.pixels, whole.pixels[WIDE : WIDE + 192, WIDE : WIDE + 288])
    for one, all_ in zip(part.coefficients().components, whole.coefficients().components, strict=True):
        ratio = 8 * round(whole.height / 8 / all_.shape[0])
        first = WIDE // ratio
        expected = all_[first : first + 192 // ratio, first : first + 288 // ratio]
        np.testing.assert_array_equal(one, expected)
    assert part.data == whole.data
    assert part.sha256 == whole.sha256


def test_a_turned_file_is_examined_whole(pixels, tmp_path):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(framed(pixels)).save(path, quality=90, exif=exif)
    evidence = load_evidence(path)
    kind = scope(evidence)
    assert kind.box is not None
    assert evidence.part(kind.box) is evidence
