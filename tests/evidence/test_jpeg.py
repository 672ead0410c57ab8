"""JPEG structure against Pillow's encoder and SciPy's cosine transform."""

import numpy as np
import pytest
import scipy.fft

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._jpeg import read_coefficients


@pytest.mark.parametrize("quality", range(1, 101))
def test_quality_is_read_back(quality):
    evidence = load_evidence(encode_jpeg(np.zeros((16, 16, 3), np.uint8), quality))
    assert (evidence.jpeg.quality, evidence.jpeg.quality_is_exact) == (quality, True)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_subsampling(photo, subsampling):
    assert load_evidence(encode_jpeg(photo, 90, subsampling)).jpeg.subsampling == subsampling


def test_gray_and_progressive(encode, photo):
    assert load_evidence(encode_jpeg(photo[..., 0], 90)).jpeg.subsampling == "gray"
    assert not load_evidence(encode("JPEG")).jpeg.progressive
    assert load_evidence(encode("JPEG", progressive=True)).jpeg.progressive


def test_foreign_tables_are_not_called_exact(encode):
    table = list(range(1, 65))
    evidence = load_evidence(encode("JPEG", qtables=[table, table]))
    assert not evidence.jpeg.quality_is_exact
    assert evidence.jpeg.tables[0].shape == (8, 8)


def test_coefficients_are_those_of_the_pixels(photo):
    """Dequantised and transformed back by SciPy they give the decoded gray image."""
    evidence = load_evidence(encode_jpeg(photo[..., 1], 80))
    read = evidence.coefficients()
    np.testing.assert_array_equal(read.tables[0], evidence.jpeg.tables[0])
    blocks = scipy.fft.idctn(read.components[0] * read.tables[0], axes=(-2, -1), norm="ortho") + 128
    rebuilt = blocks.swapaxes(1, 2).reshape(photo.shape[:2])
    assert np.abs(np.clip(rebuilt, 0, 255) - evidence.pixels[..., 0]).max() <= 1.5


def test_coefficients_of_subsampled_colour(photo):
    read = read_coefficients(encode_jpeg(photo, 75, "4:2:0"), 384 * 256)
    assert [c.shape for c in read.components] == [(32, 48, 8, 8), (16, 24, 8, 8), (16, 24, 8, 8)]
    assert read.components[0].dtype == np.int16


def test_no_coefficients_in_other_formats_or_nonsense(encode):
    assert load_evidence(encode("PNG")).coefficients() is None
    with pytest.raises(DamagedImageError, match="coefficients"):
        read_coefficients(b"\xff\xd8\xff\xe0 nonsense", 1)
