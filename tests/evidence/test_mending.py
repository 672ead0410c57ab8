"""What of a damaged file is sound is shown, as browsers show it."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import file_facts, load_evidence
from tamperlens.evidence._decoder import stable
from tamperlens.evidence._jpeg_stream import read_stream
from tamperlens.evidence._mending import mended, without_last_scans


def _progressive(photo):
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "JPEG", progressive=True, quality=90)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda d, scan: d[: scan.end] + b"\xff\xc4\x00\x05\x99\x01\x02" + d[scan.end :],  # a bad table
        lambda d, scan: d[: scan.end] + b"\xff\xc5" + d[scan.end + 2 :],  # another frame for a table
        lambda d, scan: d[: scan.end] + b"\xff\xda\x00\x08\x01\x09\x00\x3f\x00\x00" + d[scan.end :],
        lambda d, scan: d[: scan.end],
        lambda d, scan: d[: scan.end + 7],
    ],
)
@pytest.mark.parametrize("number", [2, 5, 8])
def test_scans_before_the_damage_are_shown(photo, damage, number):
    data = _progressive(photo)
    evidence = load_evidence(damage(data, read_stream(data).scans[number]))
    assert np.abs(evidence.pixels.astype(int) - photo).mean() < 20
    assert "stored in several" in evidence.incomplete


def test_a_marker_of_no_meaning_hides_nothing(photo):
    data = _progressive(photo)
    end = read_stream(data).scans[4].end
    evidence = load_evidence(data[:end] + b"\xff\x05\x00\x08junk.." + data[end:])
    np.testing.assert_array_equal(evidence.pixels, load_evidence(data).pixels)
    assert evidence.incomplete == ""
    assert any("undefined marker" in fact.statement for fact in file_facts(evidence))


def test_a_sound_file_is_mended_to_the_same_picture(photo, encode):
    for data in (_progressive(photo), encode("JPEG", comment=b"x", icc_profile=b"y" * 99), encode("PNG")):
        kind = "PNG" if data[1:4] == b"PNG" else "JPEG"
        copy = mended(data, kind)
        assert mended(copy, kind) == copy
        np.testing.assert_array_equal(Image.open(io.BytesIO(copy)), Image.open(io.BytesIO(data)))


@given(
    st.sampled_from([("JPEG", b"\xff\xd8\xff"), ("PNG", b"\x89PNG\r\n\x1a\n"), ("GIF", b"GIF89a")]),
    st.binary(max_size=300),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_mended(kind, data):
    name, head = kind
    copy = mended(head + data, name)
    assert mended(copy, name) == copy
    assert all(read_stream(one).ended for one in without_last_scans(copy, name))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("cannot identify image file <_io.BytesIO object at 0x7f00aa>", "cannot identify image file …"),
        ("reading info of /tmp/tamperlens-x1/image.jpg failed", "reading info of … failed"),
        ("no such file: 'C:\\Users\\a\\b.jpg'", "no such file: …"),
        ("unclosed file <_io.BufferedReader name='/var/x/y'>", "unclosed file …"),
        ("tag 0x112 of 3/4 and image/jpeg", "tag 0x112 of 3/4 and image/jpeg"),
    ],
)
def test_what_a_library_says_is_the_same_in_every_run(said, kept):
    assert stable(said) == kept
