"""Any file becomes evidence or one clear sentence; nothing else."""

import hashlib
import io
import os
import re
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tamperlens.errors import (
    DamagedImageError,
    EvidenceError,
    ImageTooLargeError,
    UnknownFormatError,
    UnreadableFileError,
)
from tamperlens.evidence import Limits, encode_jpeg, load_evidence

LOSSLESS = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "BMP": {}}
LOSSY = {"JPEG": {"quality": 95}, "WEBP": {"quality": 95}, "AVIF": {"quality": 95}}
HEIC = Path(__file__).parent.parent / "files" / "ramp.heic"


@pytest.mark.parametrize("kind", LOSSLESS)
def test_lossless_formats_keep_every_pixel(encode, photo, kind):
    evidence = load_evidence(encode(kind, **LOSSLESS[kind]))
    assert evidence.format == kind
    np.testing.assert_array_equal(evidence.pixels, photo)
    assert evidence.steps == ()


@pytest.mark.parametrize("kind", LOSSY)
def test_lossy_formats_stay_near(encode, photo, kind):
    evidence = load_evidence(encode(kind, **LOSSY[kind]))
    assert evidence.format == kind
    assert np.abs(evidence.pixels.astype(int) - photo).mean() < 4


def test_heic():
    evidence = load_evidence(HEIC)
    assert (evidence.format, evidence.width, evidence.height) == ("HEIF", 96, 64)
    ramp = np.linspace(0, 255, 96)
    assert np.abs(evidence.pixels[..., 1].mean(axis=0) - ramp).max() < 6


def test_gif_gives_its_first_frame(encode):
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "lime", "blue")]
    evidence = load_evidence(encode("GIF", frames[0], save_all=True, append_images=frames[1:]))
    assert evidence.frames == 3
    assert evidence.pixels[5, 5].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"),
     ("I;16", "TIFF"), ("F", "TIFF"), ("I", "TIFF"), ("CMYK", "TIFF"), ("CMYK", "JPEG"), ("L", "JPEG"),
     ("LAB", "TIFF"), ("YCbCr", "TIFF"), ("P", "GIF"), ("RGBA", "WEBP")],
)  # fmt: skip
def test_every_mode_becomes_rgb(encode, mode, kind):
    gray = Image.fromarray(np.tile(np.linspace(0, 255, 64, dtype=np.uint8), (32, 1)))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    elif mode == "LAB":
        image = ImageCms.profileToProfile(
            gray.convert("RGB"),
            ImageCms.createProfile("sRGB"),
            ImageCms.createProfile("LAB"),
            outputMode="LAB",
        )
    else:
        image = gray.convert(mode) if mode == "P" else gray.convert("RGB").convert(mode)
    evidence = load_evidence(encode(kind, image))
    assert evidence.pixels.shape == (32, 64, 3)
    assert evidence.pixels.dtype == np.uint8
    tolerance = 255 if mode == "1" else 12
    assert np.abs(evidence.pixels[..., 0].astype(int) - np.asarray(gray)).max() <= tolerance


def test_sixteen_bit_colour_is_reduced(tmp_path):
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">HHH", 256 * x, 32768, 65535) for x in range(64)) for _ in range(8)
    )
    evidence = load_evidence(_png(64, 8, bit_depth=16, colour_type=2, body=rows))
    np.testing.assert_allclose(evidence.pixels[0, :, 0], np.arange(64), atol=1)
    assert evidence.pixels[0, 0].tolist() == [0, 128, 255]


def test_transparency_is_laid_on_white(encode):
    evidence = load_evidence(encode("PNG", Image.new("RGBA", (8, 8), (0, 0, 0, 0))))
    assert evidence.pixels.min() == 255
    assert "white" in evidence.steps[0]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_and_recorded(encode, photo, orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    evidence = load_evidence(encode(kind, exif=exif, **LOSSLESS[kind]))
    assert evidence.orientation == orientation
    assert len(evidence.steps) == (orientation != 1)
    turned = {
        1: photo, 2: photo[:, ::-1], 3: photo[::-1, ::-1], 4: photo[::-1], 5: photo.swapaxes(0, 1),
        6: np.rot90(photo, -1), 7: np.rot90(photo, 2).swapaxes(0, 1), 8: np.rot90(photo),
    }  # fmt: skip
    np.testing.assert_array_equal(evidence.pixels, turned[orientation])


def test_a_foreign_colour_profile_is_converted_and_srgb_is_left_alone(encode, photo):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    evidence = load_evidence(encode("PNG", icc_profile=srgb))
    np.testing.assert_array_equal(evidence.pixels, photo)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    evidence = load_evidence(encode("PNG", icc_profile=lab))
    assert "ignored" in evidence.steps[0]


def test_hash_is_of_the_file(tmp_path, encode):
    data = encode("PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert load_evidence(path).sha256 == hashlib.sha256(data).hexdigest()


def test_a_wrong_extension_is_read_by_content_and_reported(tmp_path, encode):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(encode("PNG"))
    evidence = load_evidence(path)
    assert evidence.format == "PNG"
    assert evidence.warnings == ("the name ends in '.jpg', but the content is PNG",)


def test_metadata_is_short_printable_text(encode):
    exif = Image.Exif()
    exif[0x010F] = "<script>alert(1)</script>\x00\x1b[31m" + "x" * 5000
    metadata = load_evidence(encode("JPEG", exif=exif)).metadata
    assert metadata["EXIF:Make"].startswith("<script>")
    assert len(metadata["EXIF:Make"]) == 300
    assert all(value.isprintable() for value in metadata.values())


# Bad files: each gives one sentence that names what was found.


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", UnknownFormatError, "empty"),
        (b"Dear Sir or Madam,\n", UnknownFormatError, "looks like text"),
        ("Sehr geehrte Damen und Herren, schöne Grüße …".encode(), UnknownFormatError, "looks like text"),
        (bytes(range(256)), UnknownFormatError, "unknown kind"),
        (b"\xff\xd8\xff", DamagedImageError, "JPEG content is damaged"),
        (b"RIFF\x00\x00\x00\x00WEBP", DamagedImageError, "WEBP content is damaged"),
    ],
)
def test_bad_content(tmp_path, content, error, words):
    path = tmp_path / "bad.jpg"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        load_evidence(path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("share", [0.5, 0.67, 0.9])
def test_a_download_that_was_cut_off_is_examined_as_far_as_it_decodes(encode, kind, share):
    data = encode(kind, **({"interlace": 0} if kind == "GIF" else {}))
    whole = load_evidence(data).pixels
    cut = load_evidence(data[: int(len(data) * share)])
    said = re.search(
        r"(\d+) of its 256 rows decode, (\d+) % of it is missing", cut.incomplete.replace("%", " %")
    )
    rows = int(said[1])
    assert abs(rows - 256 * share) < 80
    shown = slice(256 - rows + 24, None) if kind == "BMP" else slice(0, max(rows - 24, 1))
    np.testing.assert_array_equal(cut.pixels[shown], whole[shown])
    assert load_evidence(data).incomplete == ""


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_what_does_not_decode_in_part_says_what_is_missing(encode, kind):
    data = encode(kind)
    with pytest.raises(DamagedImageError, match=f"{len(data) - len(data) * 2 // 3:,} bytes are missing"):
        load_evidence(data[: len(data) * 2 // 3])


def test_a_progressive_download_says_within_which_scan_it_ends(encode):
    data = encode("JPEG", progressive=True)
    cut = load_evidence(data[: len(data) * 2 // 3])
    assert re.search(r"ends within scan \d+ of a picture that is stored in several", cut.incomplete)


def test_a_missing_end_marker_alone_makes_no_picture_incomplete(encode, photo):
    data = encode("JPEG")
    assert data.endswith(b"\xff\xd9")
    cut = load_evidence(data[:-2])
    assert cut.incomplete == ""
    np.testing.assert_array_equal(cut.pixels, load_evidence(data).pixels)


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        load_evidence(tmp_path / "missing.jpg")
    with pytest.raises(UnreadableFileError, match="directory"):
        load_evidence(tmp_path)
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        load_evidence(Path(os.devnull))
    with pytest.raises(UnreadableFileError):
        load_evidence(Path("a\0b"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_not_permitted(tmp_path, encode):
    path = tmp_path / "secret.png"
    path.write_bytes(encode("PNG"))
    path.chmod(0)
    with pytest.raises(UnreadableFileError, match="no permission"):
        load_evidence(path)


def test_zero_size():
    with pytest.raises(DamagedImageError):
        load_evidence(_png(0, 0, body=b""))
    with pytest.raises(DamagedImageError):
        load_evidence(b"GIF89a" + bytes(7) + b";")


def _bomb(kind: str) -> bytes:
    """A small file that declares 60,000 × 60,000 pixels (WebP: its largest, 16,384 × 16,384)."""
    if kind == "PNG":
        return _png(60_000, 60_000, body=b"\0" * 100)
    if kind == "JPEG":
        data = encode_jpeg(np.zeros((16, 16, 3), np.uint8), 90)
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + struct.pack(">HH", 60_000, 60_000) + data[at + 4 :]
    if kind == "GIF":
        buffer = io.BytesIO()
        Image.new("P", (8, 8)).save(buffer, "GIF")
        return b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + buffer.getvalue()[10:]
    if kind == "BMP":
        header = struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
        return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header
    if kind == "WEBP":
        canvas = (16_383).to_bytes(3, "little") * 2
        body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "TIFF")
    data = bytearray(buffer.getvalue())
    offset = struct.unpack("<I", data[4:8])[0]
    for entry in range(struct.unpack("<H", data[offset : offset + 2])[0]):
        at = offset + 2 + 12 * entry
        if struct.unpack("<H", data[at : at + 2])[0] in (256, 257):
            data[at + 2 : at + 12] = struct.pack("<HII", 4, 1, 60_000)
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_bombs_are_refused_undecoded(kind, monkeypatch):
    def no_decoding(*_args, **_kwargs):
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", no_decoding)
    with pytest.raises(ImageTooLargeError, match="limit is 100 Mpx"):
        load_evidence(_bomb(kind))


def test_a_side_no_jpeg_can_hold_is_refused(encode):
    with pytest.raises(ImageTooLargeError, match="a side may have at most 65,500"):
        load_evidence(encode("PNG", Image.new("L", (70_000, 8))))


def test_limits_are_the_callers(encode, tmp_path):
    with pytest.raises(ImageTooLargeError, match=r"384×256"):
        load_evidence(encode("PNG"), Limits(max_pixels=384 * 256 - 1))
    assert load_evidence(encode("PNG"), Limits(max_pixels=384 * 256)).width == 384
    path = tmp_path / "a.png"
    path.write_bytes(encode("PNG"))
    with pytest.raises(ImageTooLargeError, match="bytes"):
        load_evidence(path, Limits(max_bytes=100))


SEEDS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "AVIF")


MAGIC = [
    b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"GIF89a", b"BM", b"RIFF....WEBP",
    b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypheic",
]  # fmt: skip


@given(data=st.binary(max_size=400), prefix=st.sampled_from(MAGIC))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_evidence_or_a_sentence(data, prefix):
    _evidence_or_sentence(prefix + data)


@given(
    kind=st.sampled_from(SEEDS),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
    cut=st.floats(0.2, 1.0),
)
@settings(max_examples=300, deadline=None)
def test_damaged_files_are_evidence_or_a_sentence(kind, flips, cut):
    data = bytearray(_small_file(kind))
    for place, value in flips:
        data[int(place * len(data))] = value
    _evidence_or_sentence(bytes(data[: max(1, int(cut * len(data)))]))


def _evidence_or_sentence(data: bytes) -> None:
    try:
        evidence = load_evidence(data, Limits(max_pixels=1_000_000))
    except EvidenceError as error:
        sentence = str(error)
        assert sentence.isprintable()
    else:
        assert evidence.pixels.shape[2] == 3
        assert evidence.pixels.size > 0


_FILES: dict[str, bytes] = {}


def _small_file(kind: str) -> bytes:
    if kind not in _FILES:
        buffer = io.BytesIO()
        noise = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)
        exif = Image.Exif()
        exif[0x010F] = "Maker"
        options = {} if kind in {"BMP", "GIF"} else {"exif": exif}
        Image.fromarray(noise).save(buffer, kind, **options)
        _FILES[kind] = buffer.getvalue()
    return _FILES[kind]


def _png(width: int, height: int, bit_depth: int = 8, colour_type: int = 0, body: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def test_memory_that_does_not_hold_the_decoded_image_is_refused_before_decoding(encode):
    limits = Limits(max_memory=1 << 20)
    with pytest.raises(ImageTooLargeError, match=r"384×256 = 0\.1 Mpx, whose decoding alone needs more than"):
        load_evidence(encode("JPEG"), limits)
    assert load_evidence(encode("JPEG"), Limits(max_memory=1 << 30)).width == 384


def test_a_progressive_download_is_shown_wherever_it_is_cut_off(encode, photo):
    """Also within a table between two scans, where a decoder would wait for its end."""
    data = encode("JPEG", progressive=True, quality=90)
    rough = [load_evidence(data[:cut]) for cut in range(len(data) // 3, len(data) - 2, len(data) // 40)]
    assert all(one.incomplete for one in rough)
    assert all(np.abs(one.pixels.astype(int) - photo).mean() < 20 for one in rough)


def test_a_picture_of_a_thousand_scans_is_refused(encode):
    data = encode("JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageTooLargeError, match="scans or more"):
        load_evidence(data[:-2] + last * 1000 + data[-2:])
    assert load_evidence(data[:-2] + last * 20 + data[-2:]).pixels.shape == (256, 384, 3)


def test_a_broken_text_chunk_hides_no_picture(encode, photo):
    """Browsers show it too."""
    data = encode("PNG")
    chunk = b"zTXt" + b"Comment\x00\xdfnot compressed"
    bad = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    evidence = load_evidence(data[:33] + bad + data[33:])
    np.testing.assert_array_equal(evidence.pixels, photo)
    assert evidence.incomplete == ""
    assert "decodes, though not without an error" in evidence.warnings[0]
