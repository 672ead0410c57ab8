"""The marker walk against Pillow, and what reaches the coefficient reader: nothing that it can trip over."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._jpeg import read_coefficients
from tamperlens.evidence._jpeg_copy import coefficient_copy
from tamperlens.evidence._jpeg_stream import MAX_SCANS, SOS, read_stream

PIXELS = np.asarray(Image.radial_gradient("L").resize((72, 56)).convert("RGB"))
AREA = 72 * 56


def _saved(mode="RGB", **options):
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).convert(mode).save(buffer, "JPEG", **options)
    return buffer.getvalue()


PLAIN = _saved(quality=85)
KINDS = {
    "baseline": PLAIN,
    "gray": encode_jpeg(PIXELS[..., 0], 70),
    "progressive": _saved(progressive=True, quality=60),
    "restart": _saved(restart_marker_blocks=2),
    "cmyk": _saved("CMYK"),
}


def _segment(marker, payload=b""):
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def _with(data, *segments, at=2):
    return data[:at] + b"".join(segments) + data[at:]


def _same(ours, theirs):
    for one, other in zip(ours.components, theirs.components, strict=True):
        np.testing.assert_array_equal(one, other)


# What made jpeglib write past its own buffers, and what decoders pass over.
INSERTED = {
    "empty comment": (_segment(0xFE), _segment(0xE5, b"A" * 300)),
    "empty APPn of each number": tuple(_segment(0xE0 + i) for i in range(16)),
    "sixty APPn": tuple(_segment(0xE0 + i % 16, b"x" * i) for i in range(60)),
    "two hundred comments": (_segment(0xFE),) * 200,
    "fill bytes": (b"\xff" * 9, _segment(0xFE, b"a"), b"\xff\xff\xff"),
    "foreign bytes": (b"\x00\x01\x02", _segment(0xFE, b"a"), b"between"),
    "a number of lines": (_segment(0xDC, b"\x00\x38"),),
    "bare markers": (b"\xff\x01\xff\xd3",),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inserted", INSERTED)
def test_segments_that_coefficients_do_not_need_change_nothing(kind, inserted):
    plain = read_coefficients(KINDS[kind], AREA)
    _same(read_coefficients(_with(KINDS[kind], *INSERTED[inserted]), AREA), plain)


@pytest.mark.parametrize("kind", ["progressive", "baseline"])
def test_segments_between_and_behind_scans_change_nothing(kind):
    data = KINDS[kind]
    stream = read_stream(data)
    places = [scan.end for scan in stream.scans]
    for place in reversed(places):
        data = _with(data, _segment(0xFE), _segment(0xEE, b"Adobe"), at=place)
    _same(read_coefficients(data, AREA), read_coefficients(KINDS[kind], AREA))


@pytest.mark.parametrize("kind", KINDS)
def test_the_copy_holds_tables_frame_and_scans_alone(kind):
    copy = coefficient_copy(_with(KINDS[kind], *INSERTED["sixty APPn"]), AREA)
    assert {one.marker for one in read_stream(copy).segments} <= {0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
    assert coefficient_copy(copy, AREA) == copy
    ours, theirs = (np.asarray(Image.open(io.BytesIO(d)).convert("L")) for d in (copy, KINDS[kind]))
    if kind != "cmyk":  # whose colours the Adobe segment tells
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_walk_is_pillows(kind):
    stream, image = read_stream(KINDS[kind]), Image.open(io.BytesIO(KINDS[kind]))
    assert (stream.frame.width, stream.frame.height) == image.size
    assert [(c.number, c.horizontal, c.vertical, c.table) for c in stream.frame.components] == image.layer
    assert stream.progressive == bool(image.info.get("progressive"))
    assert (stream.ended, stream.end, stream.foreign) == (True, len(KINDS[kind]), 0)
    assert len(stream.scans) == (10 if stream.progressive else 1)


def test_sixty_segments_drop_no_trace(photo):
    data = encode_jpeg(photo, 90)
    evidence = load_evidence(_with(data, *INSERTED["sixty APPn"]))
    _same(evidence.coefficients(), load_evidence(data).coefficients())


def _with_components(data, count):
    """The frame header replaced by one of so many components."""
    at = data.index(b"\xff\xc0")
    head = data[at + 4 : at + 9] + bytes([count])
    return (
        data[:at]
        + _segment(0xC0, head + b"".join(bytes([i, 0x11, 0]) for i in range(count)))
        + data[at + 19 :]
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.replace(b"\xff\xc0", b"\xff\xc9", 1), "arithmetic-coded is not supported"),
        (lambda d: d.replace(b"\xff\xc0", b"\xff\xc3", 1), "lossless is not supported"),
        (lambda d: d.replace(b"\xff\xc0", b"\xff\xc5", 1), "hierarchical is not supported"),
        (lambda d: d.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c", 1), "12 bits a sample is not"),
        (lambda d: _with_components(d, 5), "5 components"),
        (lambda d: _with_components(d, 2), "2 components"),
        (lambda d: d[:2] + _segment(0xC0, d[d.index(b"\xff\xc0") + 4 :][:15]) + d[2:], "two frame headers"),
        (lambda d: d[: d.index(b"\xff\xc0")] + b"\xff\xd9", "no frame header"),
        (lambda d: d[:2] + b"\xff\xfe\x00\x01" + d[2:], "segment FE declares 1 bytes"),
        (lambda d: d[:2] + _segment(0xDD, b"\x00") + d[2:], "restart interval"),
        (lambda d: d[:2] + _segment(0xDB, b"\x07" + bytes(64)) + d[2:], "quantisation table"),
        (lambda d: d[:2] + _segment(0xC4, b"\x00" + b"\xff" * 16) + d[2:], "Huffman table"),
        (lambda d: d[:2] + b"\xff\xd8" + d[2:], "second picture"),
    ],
)
def test_what_is_refused_is_named(change, words):
    with pytest.raises(DamagedImageError, match=words):
        read_coefficients(change(PLAIN), AREA)


def test_another_size_than_was_checked_is_refused():
    with pytest.raises(DamagedImageError, match="a different size"):
        read_coefficients(PLAIN, AREA + 1)


def test_scans_without_end_are_refused():
    stream = read_stream(KINDS["progressive"])
    last = KINDS["progressive"][stream.scans[-1].header.at : stream.scans[-1].end]
    with pytest.raises(DamagedImageError, match="scans have no end"):
        coefficient_copy(_with(KINDS["progressive"], *[last] * MAX_SCANS, at=stream.scans[-1].end), AREA)


def _mutated(data, changes, cut):
    out = bytearray(data)
    for place, byte, kind in changes:
        at = min(int(place * len(out)), len(out) - 1)
        match kind:
            case 0:
                out[at] = byte
            case 1:
                out[at:at] = _segment(byte)
            case 2:
                out[at:at] = bytes([0xFF, byte])
            case _:
                del out[at : at + byte % 9]
    return bytes(out[: max(2, int(cut * len(out)))])


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255), st.integers(0, 3)), max_size=6),
    st.floats(0.1, 1),
)
def test_damaged_streams_are_read_or_one_sentence(kind, changes, cut):
    data = _mutated(KINDS[kind], changes, cut)
    stream = read_stream(data)
    assert stream.end <= len(data)
    assert all(0 <= one.at < one.start <= one.end + 2 for one in stream.segments)
    try:
        copy = coefficient_copy(data, AREA)
    except DamagedImageError as error:
        said = str(error)
    else:
        said = _read_copy(data, copy)
    assert "/" not in said
    assert said.isprintable()


def _read_copy(data, copy):
    """Read what was let through; what the reader says of it."""
    again = read_stream(copy)
    assert again.ended
    assert not again.fault
    assert {one.marker for one in again.segments} <= {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, SOS}
    try:
        read_coefficients(data, AREA)
    except DamagedImageError as error:
        return str(error)
    return ""


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3))
def test_any_bytes_are_walked(data, start):
    stream = read_stream(b"\xff\xd8" + data, start)
    assert stream.end <= len(data) + 2
