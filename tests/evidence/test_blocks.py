"""Parts, EXIF block, XMP and image resources: against Pillow, and any bytes."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from tamperlens.evidence._container import AFTER_THE_END, MAX_PARTS, read_parts
from tamperlens.evidence._exif_block import find_exif, read_exif
from tamperlens.evidence._photoshop_irb import read_image_resources
from tamperlens.evidence._xmp import find_xmp, read_xmp

KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "GIF", "BMP"]


def _saved(kind, **options):
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_parts_are_pillows(progressive):
    data = _saved("JPEG", progressive=progressive, comment=b"hello", exif=Image.Exif(), icc_profile=b"x" * 99)
    ours = [(p.name, p.payload(data)) for p in read_parts(data, "JPEG")]
    theirs = [(name, payload) for name, payload in Image.open(io.BytesIO(data)).applist]
    assert [(n, p) for n, p in ours if n.startswith("APP") or n == "COM"] == theirs
    assert ours[-1] == ("EOI", b"")
    assert sum(name == "SOS" for name, _ in ours) == (10 if progressive else 1)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("PNG", ["IHDR", "IDAT", "IEND"]),
        ("WEBP", ["VP8 "]),
        ("AVIF", ["ftyp", "meta", "mdat"]),
    ],
)
def test_parts_of_other_formats(kind, names):
    data = _saved(kind)
    assert [p.name for p in read_parts(data, kind)] == names
    trailed = [p.name for p in read_parts(data + b"more", kind)]
    assert trailed[-1] == AFTER_THE_END or kind == "AVIF"


def test_parts_are_bounded():
    data = b"\xff\xd8" + b"\xff\xfe\x00\x02" * (2 * MAX_PARTS)
    assert len(read_parts(data, "JPEG")) == MAX_PARTS


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_directories_are_pillows(order):
    exif = Image.Exif()
    exif.endian = order
    exif.update({0x010F: "Maker", 0x0132: "2026:01:01 00:00:00"})
    exif.get_ifd(ExifTags.IFD.Exif).update({0x9003: "2026:01:01 00:00:00", 0x927C: b"N" * 77, 0xA002: 64})
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (1.0, 2.0, 3.0)})
    data = _saved("JPEG", exif=exif)
    block = find_exif(data, "JPEG", read_parts(data, "JPEG"))
    ours, theirs = read_exif(block), Image.open(io.BytesIO(data)).getexif()
    assert block[:2] == (b"II" if order == "<" else b"MM")
    assert ours.tags["image"] == set(theirs)
    assert ours.tags["exif"] == set(theirs.get_ifd(ExifTags.IFD.Exif))
    assert ours.tags["gps"] == set(theirs.get_ifd(ExifTags.IFD.GPSInfo))
    assert (ours.maker_note, ours.thumbnail, ours.bitmap) == (77, b"", None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_found_in_every_format(kind):
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    data = _saved(kind, exif=exif)
    found = read_exif(find_exif(data, kind, read_parts(data, kind)))
    assert 0x010F in found.tags["image"]


def test_an_uncompressed_thumbnail():
    pixels = np.arange(4 * 2 * 3, dtype=np.uint8)
    fields = [(0x100, 4), (0x101, 2), (0x103, 1), (0x111, 14 + 66), (0x117, 24)]
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00" + value.to_bytes(4, "little")
        for tag, value in fields
    )
    block = (
        b"II*\x00\x08\x00\x00\x00\x00\x00\x0e\x00\x00\x00"
        + b"\x05\x00"
        + entries
        + bytes(4)
        + pixels.tobytes()
    )
    assert read_exif(block).bitmap == (4, 2, pixels.tobytes())
    assert read_exif(block[:-1]).bitmap is None


def test_xmp_values_wherever_they_stand():
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmp:CreatorTool="by attribute"><xmp:Label>by element</xmp:Label>'
        b"<xmp:Identifier><rdf:Bag><rdf:li>by list</rdf:li></rdf:Bag></xmp:Identifier></rdf:Description>"
        b"</x:xmpmeta>"
    )
    found = read_xmp(packet)
    assert found.whole
    assert dict(found.values) == {
        "xmp:CreatorTool": "by attribute",
        "xmp:Label": "by element",
        "xmp:Identifier": "by list",
    }
    assert not read_xmp(packet[:-20]).whole
    assert read_xmp(packet[:-20]).values["xmp:Label"] == "by element"
    assert find_xmp(b"..." + packet + b"...", "TIFF", ()) == packet


@pytest.mark.parametrize(
    "start",
    [
        b'<!DOCTYPE a [<!ENTITY e "expanded">]>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_entities_are_never_expanded(start):
    found = read_xmp(start + b'<a xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:Label>&e;</xmp:Label></a>')
    assert not found.whole
    assert not found.values


def test_nesting_is_bounded():
    assert not read_xmp(b"<a>" * 100_000).whole


@given(st.sampled_from(KINDS), st.binary(max_size=400))
@settings(max_examples=400, deadline=None)
def test_any_bytes(kind, data):
    heads = {"JPEG": b"\xff\xd8", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF\xff\xff\x00\x00WEBP"}
    data = heads.get(kind, b"") + data
    for part in read_parts(data, kind):
        assert 0 <= part.start <= part.end <= len(data)
    read_xmp(find_xmp(data, kind, read_parts(data, kind)))
    read_xmp(data)


@given(st.sampled_from([b"II*\x00", b"MM\x00*"]), st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_exif_block(head, data):
    found = read_exif(head + data)
    assert found is None or len(found.thumbnail) <= len(data)


@given(st.binary(max_size=200), st.integers(0, 12))
@settings(max_examples=300, deadline=None)
def test_any_image_resources(data, cut):
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + data
    found = read_image_resources(block[: len(block) - cut])
    assert found is None or all(text.isprintable() for text in found.iptc.values())
