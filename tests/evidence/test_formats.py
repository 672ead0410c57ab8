"""What is known but not examined is named; pages are pages, and a coding that is not read is no damage."""

import io
import struct

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.errors import EvidenceError, UnsupportedImageError
from tamperlens.evidence import load_evidence, read_statements
from tamperlens.evidence._iso_items import boxes, read_items
from tamperlens.evidence._known_formats import known_format
from tamperlens.evidence._tiff import Tiff, raw_name, unsupported_coding
from tamperlens.video import clip_format

PIXELS = np.asarray(Image.radial_gradient("L").resize((80, 60)).convert("RGB"))

KNOWN = {
    "JPEG XL": [
        b"\xff\x0a" + bytes(40),
        b"\x00\x00\x00\x0cJXL \r\n\x87\n\x00\x00\x00\x14ftypjxl " + bytes(8),
    ],
    "JPEG 2000": [
        b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 " + bytes(8),
        b"\xff\x4f\xff\x51" + bytes(40),
    ],
    "JPEG XR": [b"II\xbc\x01" + bytes(40)],
    "Photoshop's PSD": [b"8BPS\x00\x01" + bytes(40)],
    "PDF": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"],
    "SVG": [
        b'<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"\xef\xbb\xbf <svg width='3'></svg>",
    ],
    "PostScript": [b"%!PS-Adobe-3.0"],
    "OpenEXR": [b"\x76\x2f\x31\x01" + bytes(40)],
    "DICOM": [bytes(128) + b"DICM" + bytes(40)],
    "Netpbm": [b"P6\n2 2\n255\n" + bytes(12)],
    "RAW (Canon CR3)": [b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom" + bytes(64)],
    "RAW (Fujifilm RAF)": [b"FUJIFILMCCD-RAW 0201" + bytes(40)],
    "RAW (Panasonic RW2)": [b"IIU\x00" + bytes(40)],
    "RAW (Olympus ORF)": [b"IIRO\x08\x00\x00\x00" + bytes(40)],
    "RAW (Canon CRW)": [b"II\x1a\x00\x00\x00HEAPCCDR" + bytes(40)],
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [(name, one) for name, all_of in KNOWN.items() for one in all_of])
def test_known_formats_are_named_and_never_clips(name, data, tmp_path):
    with pytest.raises(UnsupportedImageError, match="nothing was examined") as refused:
        load_evidence(data)
    assert name in str(refused.value)
    path = tmp_path / "file.mp4"
    path.write_bytes(data)
    assert clip_format(path) is None


def test_other_bytes_have_no_name():
    assert known_format(b"") is None
    assert known_format(b"<?xml version='1.0'?><plist/>") is None
    assert known_format(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom") is None


def _tiff(*directories, order="<"):
    """A TIFF file of directories, each a dict of tag → whole numbers or bytes; one under 330 lies within."""
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8))

    def put(tags, following):
        inner = {tag: value for tag, value in tags.items() if isinstance(value, dict)}
        at, entries, tail = len(out), sorted(tags), bytearray()
        size = 2 + 12 * len(entries) + 4
        out.extend(bytes(size))
        places = {}
        for tag, value in inner.items():
            places[tag] = len(out)
            put(value, False)
        packed = struct.pack(order + "H", len(entries))
        for tag in entries:
            value = (places[tag],) if tag in places else tags[tag]
            kind, raw = (
                (2, value) if isinstance(value, bytes) else (4, struct.pack(f"{order}{len(value)}I", *value))
            )
            count = len(value)
            if len(raw) > 4:
                offset = len(out) + len(tail)
                tail.extend(raw)
                raw = struct.pack(order + "I", offset)
            packed += struct.pack(order + "HHI", tag, kind, count) + raw.ljust(4, b"\0")
        out.extend(tail)
        out[at : at + size] = packed + struct.pack(order + "I", len(out) if following else 0)

    for i, tags in enumerate(directories):
        put(tags, i + 1 < len(directories))
    return bytes(out)


PREVIEW = {254: (1,), 256: (160,), 257: (120,), 258: (8,), 259: (1,), 262: (2,), 277: (3,)}
SENSOR = {254: (0,), 256: (800,), 257: (600,), 258: (16,), 259: (1,), 262: (32803,), 277: (1,)}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("directories", "name"),
    [
        ([{**PREVIEW, 271: b"NIKON CORPORATION\0", 330: SENSOR}], "RAW (Nikon NEF)"),
        ([{**PREVIEW, 271: b"SONY\0", 330: SENSOR}], "RAW (Sony ARW)"),
        ([{**PREVIEW, 271: b"Google\0", 50706: b"\1\4\0\0", 330: SENSOR}], "RAW (DNG)"),
        ([{**SENSOR, 271: b"PENTAX\0"}], "RAW (Pentax PEF)"),
        ([{**PREVIEW, 271: b"NIKON\0", 330: {**SENSOR, 262: (1,), 259: (34713,)}}], "RAW (Nikon NEF)"),
        ([PREVIEW, {**SENSOR, 262: (34892,)}], "RAW"),
    ],
)
def test_raw_layouts_are_named_and_their_preview_is_not_judged(directories, name, order):
    data = _tiff(*directories, order=order)
    assert raw_name(data) == name
    with pytest.raises(UnsupportedImageError, match="no finished picture"):
        load_evidence(data)


def test_a_canon_raw_is_named():
    data = b"II*\0\x10\0\0\0CR\x02\0" + bytes(4) + _tiff(PREVIEW)[8:]
    with pytest.raises(UnsupportedImageError, match="Canon CR2"):
        load_evidence(data)


def _tifffile(pixels, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("pixels", "options", "words"),
    [
        (PIXELS.astype(np.float32) / 255, {"photometric": "rgb"}, "3 × 32-bit floating-point samples"),
        (PIXELS.astype(np.float16), {"photometric": "rgb"}, "3 × 16-bit floating-point samples"),
        (PIXELS.astype(np.float64)[..., 0], {"photometric": "minisblack"}, "1 × 64-bit floating-point"),
        (PIXELS.astype(np.uint32), {"photometric": "rgb"}, "3 × 32-bit samples"),
    ],
)
def test_a_coding_that_is_not_read_is_named_and_not_called_damaged(pixels, options, words):
    data = _tifffile(pixels, **options)
    with pytest.raises(UnsupportedImageError, match=words) as refused:
        load_evidence(data)
    assert "damaged" not in str(refused.value)
    assert unsupported_coding(data[: len(data) // 2]) == ""


def test_a_cmyk_tiff_with_a_predictor_is_read_or_named():
    data = _tifffile(
        np.dstack([PIXELS, PIXELS[..., :1]]), photometric="separated", compression="zlib", predictor=2
    )
    assert "CMYK of 4 × 8-bit samples, deflate with predictor 2" in unsupported_coding(data)
    try:
        assert load_evidence(data).stored_mode == "CMYK"
    except UnsupportedImageError as refused:
        assert "predictor 2" in str(refused)  # noqa: PT017 - either is right, and depends on libtiff


@pytest.mark.parametrize(
    ("marker", "words"), [(0xC3, "lossless"), (0xC5, "hierarchical"), (0xCB, "lossless")]
)
def test_a_jpeg_coding_that_is_not_read_is_named(encode, marker, words):
    data = encode("JPEG").replace(b"\xff\xc0", bytes([0xFF, marker]), 1)
    with pytest.raises(UnsupportedImageError, match=f"a JPEG that is {words}"):
        load_evidence(data)


def test_a_jpeg_of_twelve_bits_is_named(encode):
    data = encode("JPEG").replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c", 1)
    with pytest.raises(UnsupportedImageError, match="12 bits a sample"):
        load_evidence(data)


@pytest.mark.parametrize("count", [2, 5])
def test_pages_are_pages_and_no_thumbnails(photo, count):
    pages = np.stack([np.roll(photo, 60 * i, axis=0) for i in range(count)])
    evidence = load_evidence(_tifffile(pages, photometric="rgb"))
    statements = read_statements(evidence)
    assert evidence.frames == count
    assert statements.thumbnail is None
    assert [f.statement for f in statements.facts if f.topic == "layout"] == [
        f"The file holds {count} pages; the first is examined."
    ]


def _pyramid(photo, reduced_first):
    buffer = io.BytesIO()
    pages = [(photo, 0), (np.ascontiguousarray(photo[::3, ::3]), 1)]
    with tifffile.TiffWriter(buffer) as writer:
        for pixels, subfile in pages[::-1] if reduced_first else pages:
            writer.write(pixels, photometric="rgb", subfiletype=subfile, metadata=None)
    return buffer.getvalue()


def test_a_reduced_copy_is_the_thumbnail_and_no_page(photo):
    evidence = load_evidence(_pyramid(photo, reduced_first=False))
    assert (evidence.frames, evidence.width) == (1, photo.shape[1])
    assert read_statements(evidence).thumbnail.relation == "same"


def test_a_reduced_copy_in_front_is_not_examined(photo):
    evidence = load_evidence(_pyramid(photo, reduced_first=True))
    np.testing.assert_array_equal(evidence.pixels, photo)
    assert evidence.steps == ("page 2 examined: those before it are declared reduced copies",)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
def test_values_of_fewer_bits_fill_the_range(photo, bits, colour, kind):
    pixels = (photo if colour else photo[..., 1]).astype(np.float64)
    deep = np.round(pixels / pixels.max() * (2**bits - 1)).astype(np.uint16)
    if kind == "TIFF":
        data = _tifffile(deep, photometric="rgb" if colour else "minisblack")
    else:
        import cv2

        data = cv2.imencode(".png", deep[..., ::-1] if colour else deep)[1].tobytes()
    evidence = load_evidence(data)
    expected = np.floor(deep / (2**bits - 1) * 255)
    shown = evidence.pixels if colour else evidence.pixels[..., 0]
    assert np.abs(shown - expected).max() <= 1
    said = [step for step in evidence.steps if f"use {bits} bits" in step]
    assert len(said) == (bits != 16)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_of_an_avif_is_pillows(photo, orientation):
    """Pillow writes an EXIF orientation as irot and imir."""
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    Image.fromarray(photo).save(buffer, "AVIF", exif=exif)
    assert read_items(buffer.getvalue()).orientation == orientation
    assert load_evidence(buffer.getvalue()).orientation == orientation


@given(
    st.binary(max_size=300),
    st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0"]),
)
@settings(max_examples=300, deadline=None)
def test_any_directories_are_walked(data, head):
    tiff = Tiff(head + data)
    for one in tiff.directories:
        assert tiff.missing(one) >= 0
        tiff.is_sound(one)
    assert raw_name(head + data).startswith(("", "RAW"))
    assert unsupported_coding(head + data).isprintable()


def test_directories_that_run_in_a_circle_end():
    data = bytearray(_tiff(PREVIEW, SENSOR))
    second = Tiff(bytes(data)).directories
    assert len(second) == 2
    data[-4:] = struct.pack("<I", 8)
    assert len(Tiff(bytes(data)).directories) <= 2


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_item_table_is_read(data):
    head = struct.pack(">I", 16) + b"ftypavif" + bytes(4)
    for inner in (b"pitm", b"iprp", b"iinf", b"iref"):
        box = struct.pack(">I", len(data) + 8) + inner + data
        read_items(head + struct.pack(">I", len(box) + 12) + b"meta" + bytes(4) + box)
        try:
            load_evidence(head + data)
        except EvidenceError as error:
            assert "0x" not in str(error)  # noqa: PT017


def _full(kind, payload, version=0):
    return struct.pack(">I", len(payload) + 12) + kind + bytes([version, 0, 0, 0]) + payload


def _plain(kind, payload):
    return struct.pack(">I", len(payload) + 8) + kind + payload


def _avif(pixels):
    """Properties and coded bytes of a picture that Pillow saved."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "AVIF", quality=90)
    data = buffer.getvalue()
    meta = next(box for box in boxes(data, 0, len(data)) if box.kind == b"meta")
    inner = {box.kind: box for box in boxes(data, meta.start + 4, meta.end)}
    known = next(box for box in boxes(data, inner[b"iprp"].start, inner[b"iprp"].end) if box.kind == b"ipco")
    wanted = [
        box for box in boxes(data, known.start, known.end) if box.kind in {b"ispe", b"pixi", b"av1C", b"colr"}
    ]
    coded = next(box for box in boxes(data, 0, len(data)) if box.kind == b"mdat")
    return [data[box.start - 8 : box.end] for box in wanted], data[coded.start : coded.end]


def _with_thumbnail(picture, thumbnail, turned=0):
    """An AVIF file put together by hand: item 1 is the picture, item 2 its thumbnail; both are turned."""
    (own, coded), (small, tiny) = _avif(picture), _avif(thumbnail)
    turn = [_plain(b"irot", bytes([turned]))] if turned else []
    properties = [*own, *turn, *small]
    of_first = range(1, len(own) + len(turn) + 1)
    of_second = [*range(len(own) + len(turn) + 1, len(properties) + 1), *([len(own) + 1] if turned else [])]
    links = b"".join(
        struct.pack(">HB", item, len(list(of))) + bytes(index | 0x80 for index in of)
        for item, of in ((1, of_first), (2, of_second))
    )
    assigned = _full(b"ipma", struct.pack(">I", 2) + links)
    names = b"".join(_full(b"infe", struct.pack(">HH", item, 0) + b"av01\0", 2) for item in (1, 2))
    head = _plain(b"ftyp", b"avif" + bytes(4) + b"avifmif1miaf")

    def meta(start):
        places = b"".join(
            struct.pack(">HHHII", item, 0, 1, at, size)
            for item, at, size in ((1, start, len(coded)), (2, start + len(coded), len(tiny)))
        )
        return _full(
            b"meta",
            _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + _full(b"pitm", struct.pack(">H", 1))
            + _full(b"iloc", b"\x44\x00" + struct.pack(">H", 2) + places)
            + _full(b"iinf", struct.pack(">H", 2) + names)
            + _full(b"iref", _plain(b"thmb", struct.pack(">HHH", 2, 1, 1)))
            + _plain(b"iprp", _plain(b"ipco", b"".join(properties)) + assigned),
        )

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + _plain(b"mdat", coded + tiny)


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_a_thumbnail_of_the_item_table_is_compared(photo, turned):
    small = np.asarray(Image.fromarray(photo).resize((192, 128), Image.Resampling.BOX))
    evidence = load_evidence(_with_thumbnail(photo, small, turned))
    assert evidence.orientation == {0: 1, 1: 8, 2: 3, 3: 6}[turned]
    found = read_statements(evidence).thumbnail
    assert (found.where, found.relation, found.turned) == ("item table", "same", "")
    other = np.ascontiguousarray(np.roll(small, 70, axis=1)[::-1])
    changed = read_statements(load_evidence(_with_thumbnail(photo, other, turned)))
    assert any(f.topic == "thumbnail" and f.weight != "neutral" for f in changed.facts)


def test_a_height_behind_the_first_scan_is_named(encode):
    data = bytearray(encode("JPEG"))
    frame = data.index(b"\xff\xc0")
    height = bytes(data[frame + 5 : frame + 7])
    data[frame + 5 : frame + 7] = b"\0\0"
    with pytest.raises(UnsupportedImageError, match="height is given after its first scan"):
        load_evidence(bytes(data[:-2]) + b"\xff\xdc\x00\x04" + height + b"\xff\xd9")
