"""Known writers' tables: against the libraries themselves, and files of a person's own."""

import io

import jpeglib
import numpy as np
import pytest
from PIL import Image, JpegPresets

from tamperlens.errors import SignatureFileError
from tamperlens.evidence import load_evidence
from tamperlens.evidence._jpeg_signatures import match_signatures
from tamperlens.evidence._signature_files import ENVIRONMENT, load_signatures

SMALL = Image.linear_gradient("L").resize((48, 32)).convert("RGB")


def _match(**options):
    buffer = io.BytesIO()
    SMALL.save(buffer, "JPEG", **options)
    return match_signatures(load_evidence(buffer.getvalue()).jpeg)


@pytest.mark.parametrize("quality", range(1, 100))
def test_libjpeg_is_named_with_its_quality(quality):
    found = _match(quality=quality)
    assert [m.setting for m in found if "Independent" in m.writer] == [f"quality {quality}"]
    assert all(m.exact and m.distance == 0 for m in found)


def test_mozjpeg_is_named_with_its_quality(tmp_path):
    path = tmp_path / "moz.jpg"
    with jpeglib.version("mozjpeg403"):
        image = jpeglib.from_spatial(np.asarray(SMALL))
        image.write_spatial(str(path), qt=83)
    found = match_signatures(load_evidence(path).jpeg)
    assert [(m.writer, m.setting, m.exact) for m in found] == [("mozjpeg", "quality 83", True)]


@pytest.mark.parametrize(
    ("preset", "setting"),
    [
        ("low", "Save As, quality 3"),
        ("medium", "Save As, quality 5"),
        ("high", "Save As, quality 8"),
        ("maximum", "Save As, quality 10"),
        ("web_low", "Save for Web, quality 10"),
        ("web_maximum", "Save for Web, quality 100"),
    ],
)
def test_photoshop_is_named_with_its_setting(preset, setting):
    assert preset in JpegPresets.presets
    found = _match(quality=preset)
    assert [(m.writer, m.setting, m.exact) for m in found] == [("Adobe Photoshop", setting, True)]


def test_sums_alone_are_only_likely():
    known = next(s for s in load_signatures().jpeg if s.setting == "Save As, quality 12")
    assert known.luma is None
    luma, chroma = [1] * 63 + [known.sums[0] - 63], [1] * 63 + [known.sums[1] - 63]
    found = _match(qtables=[luma, chroma], subsampling="4:4:4")
    assert [(m.setting, m.exact, m.certainty) for m in found] == [(known.setting, True, "likely")]
    assert np.isnan(found[0].distance)
    assert not any(m.exact for m in _match(qtables=[luma, chroma], subsampling="4:2:0"))


def test_the_nearest_is_named_when_none_fits():
    luma, chroma = (np.array(table) for table in JpegPresets.presets["high"]["quantization"])
    luma[5] += 32
    found = _match(qtables=[luma.tolist(), chroma.tolist()], subsampling="4:4:4")
    assert [(m.writer, m.setting, m.exact) for m in found] == [
        ("Adobe Photoshop", "Save As, quality 8", False)
    ]
    # Cb and Cr share a table: one of three tables is off by 32 in one of 64 places.
    assert found[0].distance == pytest.approx(32 / 64 / 3)


def test_gray_files_have_no_chroma_to_compare():
    buffer = io.BytesIO()
    SMALL.convert("L").save(buffer, "JPEG", quality=77)
    found = match_signatures(load_evidence(buffer.getvalue()).jpeg)
    assert [m.setting for m in found] == ["quality 77"]


def test_every_shipped_entry_names_its_source():
    known = load_signatures()
    assert len(known.jpeg) > 220
    assert all(s.source and s.certainty in {"certain", "likely", "reported"} for s in known.jpeg)
    ways = [way for profile in known.channels for way in profile.ways]
    assert len(ways) > 15
    assert all(way.source and way.certainty in {"certain", "likely", "reported"} for way in ways)


OWN = """
[[signature]]
writer = "My camera"
setting = "fine"
sampling = "4:2:0"
luma = {luma}
chroma = {luma}
certainty = "certain"
source = "measured by me"
"""
CHANNEL = """
[[channel]]
name = "x"
title = "X"
recompresses = true
removes = "everything"

[[channel.way]]
file_name = 'x-.*'
certainty = "reported"
source = "seen"
"""


def test_a_folder_of_ones_own_is_read(tmp_path, monkeypatch):
    luma = list(range(2, 66))
    (tmp_path / "mine.toml").write_text(OWN.format(luma=luma))
    assert not _match(qtables=[luma, luma], subsampling="4:2:0")[0].exact
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert [m.writer for m in _match(qtables=[luma, luma], subsampling="4:2:0")] == ["My camera"]


@pytest.mark.parametrize(
    "content",
    [
        "signature = 1",
        "[[signature]]\nwriter = 'x'",
        "[[signature",
        OWN.format(luma=[1, 2, 3]),
        OWN.format(luma=[1] * 64).replace('"certain"', '"sure"'),
        OWN.format(luma=[1] * 64).replace("source", "origin"),
        "[[platform]]\nplatform = 'x'",
        CHANNEL.replace("'x-.*'", "'('"),
        CHANNEL.replace("file_name", "filename"),
        CHANNEL + "has = ['a camera']",
        "[[software]]\nkind = 'virus'\nwords = ['x']",
    ],
)
def test_a_faulty_file_is_named(tmp_path, content):
    (tmp_path / "faulty.toml").write_text(content)
    with pytest.raises(SignatureFileError, match=r"faulty\.toml"):
        load_signatures(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(SignatureFileError, match="no signature file or folder"):
        load_signatures(tmp_path / "nowhere")
