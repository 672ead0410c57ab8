"""What lies behind and beside a picture: declared parts are neutral and named, undeclared ones are said."""

import io
import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import encode_jpeg, file_facts, load_evidence
from tamperlens.evidence._behind import Declared, pieces_behind
from tamperlens.evidence._iso_items import read_items
from tamperlens.evidence._mpf import read_pictures

TINY = encode_jpeg(np.asarray(Image.radial_gradient("L").resize((64, 64))), 80)


def _segment(marker, payload):
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def _xmp(body, spaces="", bare=False):
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"<rdf:Description {spaces}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return packet.encode() if bare else _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet.encode())


HDRGM = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'
CAMERA = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
CONTAINER = (
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
)


def _container(*items):
    listed = "".join(
        f'<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="x/y" Item:Semantic="{semantic}" '
        f'Item:Length="{length}"/></rdf:li>'
        for semantic, length in (("Primary", 0), *items)
    )
    return f"<Container:Directory><rdf:Seq>{listed}</rdf:Seq></Container:Directory>"


def _with_mpf(base, others, order=">"):
    """A picture, its multi-picture index, and further pictures of given types behind it."""
    size = 4 + 8 + 2 + 36 + 4 + 16 * (len(others) + 1) + 4
    total = len(base) + size
    entries, offset = struct.pack(order + "IIIHH", 0x030000, total, 0, 0, 0), total
    for kind, data in others:
        entries += struct.pack(order + "IIIHH", kind, len(data), offset - 10, 0, 0)
        offset += len(data)
    ifd = struct.pack(order + "HHI4s", 0xB000, 7, 4, b"0100")
    ifd += struct.pack(order + "HHII", 0xB001, 4, 1, len(others) + 1)
    ifd += struct.pack(order + "HHII", 0xB002, 7, len(entries), 50)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    payload = b"MPF\0" + head + struct.pack(order + "H", 3) + ifd + struct.pack(order + "I", 0) + entries
    segment = _segment(0xE2, payload)
    # Offsets count from the header inside the segment, which stands ten bytes into the file.
    assert len(segment) == size
    return base[:2] + segment + base[2:] + b"".join(data for _, data in others)


def _layout(data):
    return {
        (f.weight, f.statement) for f in file_facts(load_evidence(data)) if f.topic in {"layout", "thumbnail"}
    }


@pytest.fixture
def base(photo):
    return encode_jpeg(photo, 90)


@pytest.mark.parametrize("order", [">", "<"])
def test_the_index_of_pictures_is_pillows(base, order):
    data = _with_mpf(base, [(0, TINY), (0x020002, base)], order)
    theirs = Image.open(io.BytesIO(data))
    assert (theirs.format, theirs.n_frames) == ("MPO", 3)
    from tamperlens.evidence._container import read_parts

    ours = read_pictures(data, read_parts(data, "JPEG"))
    assert [data[one.start : one.end] for one in ours] == [TINY, base]


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (
            [(0, _segment(0xE1, b"")[:0] + TINY[:2] + _xmp("", HDRGM) + TINY[2:])],
            "a gain map, declared by MPF",
        ),
        ([(0x050000, TINY)], "a gain map, declared by MPF"),
        ([(0x020002, TINY)], "the other picture of a stereo pair, declared by MPF"),
        ([(0x020001, TINY)], "a part of a panorama, declared by MPF"),
        ([(0, TINY)], "a further picture, declared by MPF"),
    ],
)
def test_declared_pictures_are_neutral_and_named(base, others, words):
    said = _layout(_with_mpf(base, others))
    assert {weight for weight, _ in said} == {"neutral"}
    assert any(words in statement for _, statement in said)


def test_a_gain_map_that_the_picture_states_is_one(base):
    plain = _layout(_with_mpf(base[:2] + base[2:], [(0, TINY)]))
    assert not any("gain map" in statement for _, statement in plain)
    data = _with_mpf(base, [(0, TINY)])
    stated = data[:2] + _segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0") + data[2:]
    # The segment in front moves the index, from which all offsets count, and the pictures alike.
    assert any("a gain map, declared by MPF" in statement for _, statement in _layout(stated))


def test_a_declared_picture_that_is_gone_is_said(base):
    data = _with_mpf(base, [(0x050000, TINY)])
    said = _layout(data[: -len(TINY) // 2])
    assert any("declares a gain map after the image, but it is missing" in text for weight, text in said)
    assert ("notable") in {weight for weight, _ in said}


def test_a_preview_is_compared_as_a_thumbnail(base, photo):
    small = np.asarray(Image.fromarray(photo).resize((192, 128), Image.Resampling.BOX))
    good = _layout(_with_mpf(base, [(0x010001, encode_jpeg(small, 80))]))
    assert any(weight == "neutral" and "The preview shows the same" in text for weight, text in good)
    bad = _layout(_with_mpf(base, [(0x010001, encode_jpeg(np.ascontiguousarray(small[::-1, ::-1]), 80))]))
    assert any("It fits the image only when turned by 180" in text for weight, text in bad)


def _samsung(blocks, from_head=True):
    bodies = [struct.pack("<HHI", 0, 0x0A01 + i, len(n)) + n + d for i, (n, d) in enumerate(blocks)]
    whole = b"".join(bodies)
    index, passed = b"", 0
    for i, body in enumerate(bodies):
        away = len(whole) - passed
        shown = len(body) if from_head else len(body) - 8
        index += struct.pack("<HHII", 0, 0x0A01 + i, away if from_head else away - 8, shown)
        passed += len(body)
    head = b"SEFH" + struct.pack("<II", 107, len(blocks)) + index
    return whole + head + struct.pack("<I", len(head)) + b"SEFT"


@pytest.mark.parametrize("from_head", [True, False])
@pytest.mark.parametrize(
    "blocks",
    [
        [(b"Image_UTC_Data", b"1527150000000")],
        [(b"MotionPhoto_Data", b"\0\0\0\x18ftypmp42" + bytes(200)), (b"Image_UTC_Data", b"1")],
        [(b"DualShot_DepthMap_1", bytes(500)), (b"DualShot_1", TINY)],
    ],
)
def test_samsungs_block_is_neutral_and_its_parts_are_named(base, blocks, from_head):
    trailer = _samsung(blocks, from_head)
    said = _layout(base + trailer)
    names = ", ".join(name.decode() for name, _ in blocks)
    assert said == {
        (
            "neutral",
            f"After the image the file holds Samsung's own data ({names}), declared by SEFH "
            f"({len(trailer):,} bytes).",
        )
    }


def test_googles_container_is_neutral_and_named(base):
    video = b"\0\0\0\x18ftypmp42" + bytes(300)
    data = base + TINY + video
    items = _container(("GainMap", len(TINY)), ("MotionPhoto", len(video)))
    said = _layout(data[:2] + _xmp(items, CONTAINER) + data[2:])
    assert said == {
        ("neutral", f"After the image the file holds a gain map, declared by XMP ({len(TINY)} bytes)."),
        (
            "neutral",
            "After the image the file holds the short video of a motion photo, declared by XMP "
            f"({len(video)} bytes).",
        ),
    }


def test_an_old_motion_photo_is_neutral_and_named(base):
    video = b"\0\0\0\x18ftypmp42" + bytes(300)
    data = base[:2] + _xmp("", f'{CAMERA} GCamera:MicroVideoOffset="{len(video)}"') + base[2:] + video
    assert [weight for weight, text in _layout(data) if "motion photo, declared by XMP" in text] == [
        "neutral"
    ]


@pytest.mark.parametrize("hidden", [b"PK\x03\x04" + bytes(20), b"secret" * 5, TINY])
def test_what_nobody_declared_is_said_beside_what_is_declared(base, hidden):
    said = _layout(base + hidden + _samsung([(b"Image_UTC_Data", b"1")]))
    assert len(said) == 2
    assert [
        text
        for weight, text in said
        if weight == "notable" and f"{len(hidden)} bytes" in text.replace(",", "")
    ]


def test_depth_inside_an_extended_packet_is_named(base):
    body = "A" * 90_000
    space = 'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"'
    packet = _xmp("", f'{space} GDepth:Data="{body}"', bare=True)
    name, pieces = b"0123456789ABCDEF" * 2, []
    for at in range(0, len(packet), 60_000):
        head = b"http://ns.adobe.com/xmp/extension/\0" + name + struct.pack(">II", len(packet), at)
        pieces.append(_segment(0xE1, head + packet[at : at + 60_000]))
    note = f'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{name.decode()}"'
    front = _xmp("", note)
    for order in (pieces, pieces[::-1]):
        said = _layout(base[:2] + front + b"".join(order) + base[2:])
        assert said == {("neutral", "The file holds a depth map inside its XMP.")}
    other = _xmp("", note.replace("0123", "9876"))
    assert not _layout(base[:2] + other + b"".join(pieces) + base[2:])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d[:-2], ["The file has no end marker."]),
        (
            lambda d: d[:-2] + b"\x12\x34\x56\x78\x9a\xbc\xde\xf0",
            ["The file has no end marker.", "8 bytes at the end"],
        ),
        (lambda d: d[:-2] + b"camera-4711-frame" * 3 + d[-2:], ["51 bytes at the end of the picture's data"]),
        (lambda d: d[:20] + b"\x01\x02\x03" + d[20:], ["3 bytes between its segments"]),
    ],
)
def test_the_end_of_the_picture_is_said(base, change, words):
    said = {text for weight, text in _layout(change(base)) if weight == "notable"}
    assert len(said) == len(words)
    assert all(any(text.startswith(word) for text in said) for word in words)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_zeroed_stretch_is_said_with_its_row(photo, share):
    data = encode_jpeg(photo, 95)
    at = int(len(data) * share)
    said = " ".join(text for _, text in _layout(data[:at] + bytes(300) + data[at + 300 :]))
    row = int(said.split("damaged from about row ")[1].split(" of 256")[0])
    assert abs(row - share * 256) < 64


def test_a_marker_inside_the_data_ends_the_picture(photo):
    data = encode_jpeg(photo, 95)
    at = len(data) // 2
    said = " ".join(text for _, text in _layout(data[:at] + b"\xff\x03" + data[at + 2 :]))
    assert "ends before" in said or "is damaged within its picture" in said or "ends early" in said


def test_lost_restart_markers_are_said(encode, photo):
    data = encode("JPEG", quality=90, restart_marker_blocks=8)
    at = data.index(b"\xff\xd3", len(data) // 2)
    said = " ".join(text for _, text in _layout(data[: at - 60] + data[at + 60 :]))
    assert "damaged from about row" in said
    assert not _layout(data)


@pytest.mark.parametrize(
    "options",
    [
        {"quality": 50},
        {"quality": 97, "subsampling": 0},
        {"progressive": True},
        {"optimize": True},
        {"restart_marker_blocks": 1},
        {"restart_marker_rows": 1},
    ],
)
@pytest.mark.parametrize("size", [(384, 256), (131, 97), (16, 16), (1, 1), (640, 8)])
def test_a_whole_picture_has_nothing_to_say(encode, photo, options, size):
    data = encode("JPEG", Image.fromarray(photo).resize(size), **options)
    assert not [text for _, text in _layout(data) if "thumbnail" not in text]


def test_plain_surfaces_are_no_damage(encode):
    for optimize in (False, True):
        plain = Image.new("RGB", (800, 600), (120, 130, 140))
        assert not _layout(encode("JPEG", plain, optimize=optimize))


def test_a_heic_thumbnail_and_gain_map_are_read(photo):
    """An AVIF file whose second item is made the first one's thumbnail by hand."""
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "AVIF")
    items = read_items(buffer.getvalue())
    assert (items.primary, items.kinds[items.primary]) == (1, "av01")
    assert items.sizes[1] == (384, 256)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 400), max_size=6), st.integers(0, 500))
def test_any_trailer_is_covered_once(data, lengths, video):
    items = tuple({"Semantic": "X", "Length": str(length)} for length in lengths)
    pieces = pieces_behind(data + b"SEFT", 0, len(data) + 4, Declared((), items, video, gain_map=False))
    places = [(piece.start, piece.end) for piece in pieces]
    assert places == sorted(places)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "WEBP", "JPEG"])
@pytest.mark.parametrize("frames", [1, 3])
def test_bytes_behind_any_format_are_said(encode, photo, kind, frames):
    image = Image.fromarray(photo[:64, :64])
    several = {"save_all": True, "append_images": [image.rotate(90), image.rotate(45)]}
    data = encode(kind, image, **(several if frames > 1 and kind in {"GIF", "WEBP", "PNG"} else {}))
    assert not [text for weight, text in _layout(data) if weight == "notable"]
    assert ("notable", "13 bytes of unknown data follow the image.") in _layout(data + b"nothing of it")


def test_transparency_of_an_avif_is_no_secret(encode, photo):
    alpha = np.dstack([photo, np.tile(np.arange(384, dtype=np.uint8), (256, 1))])
    said = _layout(encode("AVIF", Image.fromarray(alpha)))
    assert said == {("neutral", "The file holds a map of transparency besides its picture.")}
