"""Small files that are hostile by structure: bombs, polyglots, cycles, lying sizes, hostile metadata."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

# What a report must never show as anything but text.
MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\x1b[31m\u202e\x07'
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="{}"/></rdf:RDF></x:xmpmeta>'
)
# Entities that grow a thousandfold each step.
_ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><x>&i;</x>"
)


def _picture() -> Image.Image:
    rng = np.random.default_rng(1)
    return Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8)).resize(
        (96, 72), Image.Resampling.BICUBIC
    )


def _saved(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    _picture().save(buffer, kind, **options)
    return buffer.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _chunk(b"IEND", b"")


def _deflated(count: int) -> bytes:
    """So many zeros in a thousandth of their size."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(count >> 20)) + packer.flush()


def _segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def _jpeg_with(*segments: bytes) -> bytes:
    plain = _saved("JPEG", quality=85)
    return plain[:2] + b"".join(segments) + plain[2:]


def _exif(*entries: tuple[int, int, int, int], next_ifd: int = 0, tail: bytes = b"") -> bytes:
    """An EXIF segment of one directory: (tag, type, count, value), where the next lies, what follows."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    directory = struct.pack("<H", len(entries)) + packed + struct.pack("<I", next_ifd)
    return _segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + directory + tail)


def _tiff(next_ifd: int, *entries: tuple[int, int, int, int]) -> bytes:
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + struct.pack("<I", next_ifd)


def _boxes(brand: bytes, size: int) -> bytes:
    """An ISO file whose meta box claims any size."""
    return struct.pack(">I", 20) + b"ftyp" + brand + bytes(4) + brand + struct.pack(">I", size) + b"meta"


def _metadata() -> dict[str, bytes]:
    texts = PngInfo()
    texts.add_text("Software", MARKUP, zip=True)
    exif = Image.Exif()
    exif.update({0x010F: MARKUP, 0x0131: MARKUP, 0x9286: MARKUP, 0x0132: "9999:99:99 99:99:99"})
    packet = b"http://ns.adobe.com/xap/1.0/\0"
    return {
        "markup-exif": _saved("JPEG", exif=exif),
        "markup-xmp": _jpeg_with(_segment(0xE1, packet + _XMP.format("&lt;script&gt;alert(1)").encode())),
        "broken-xmp": _jpeg_with(_segment(0xE1, packet + _XMP.format(MARKUP).encode())),
        "entities-xmp": _jpeg_with(_segment(0xE1, packet + _ENTITIES.encode())),
        "markup-png": _saved("PNG", pnginfo=texts),
        "markup-comment": _jpeg_with(_segment(0xFE, MARKUP.encode("utf-8"))),
        "bomb-text": _png(8, 8, _chunk(b"zTXt", b"Software\0\0" + _deflated(64 << 20))),
        "exif-cycle": _jpeg_with(_exif((0x8769, 4, 1, 8), (0x0100, 3, 1, 1), next_ifd=8)),
        "exif-long-count": _jpeg_with(_exif((0x010F, 2, 0xFFFFFFFF, 8), (0x9286, 7, 0x7FFFFFFF, 0xFFFFFFF0))),
        "thumbnail-huge": _jpeg_with(_exif(
            (0x0100, 4, 1, 60000), (0x0101, 4, 1, 60000), (0x0201, 4, 1, 60), (0x0202, 4, 1, 0xFFFFFFF0),
            next_ifd=8, tail=_saved("JPEG"),
        )),
    }  # fmt: skip


def _profiles() -> dict[str, bytes]:
    profile = bytearray(Image.new("RGB", (1, 1)).tobytes() * 44)
    profile[36:40] = b"acsp"
    profile[:4] = struct.pack(">I", 0xFFFFFFFF)
    profile[128:132] = struct.pack(">I", 0x7FFFFFFF)
    return {
        "icc-lying": _saved("JPEG", icc_profile=bytes(profile)),
        "icc-short": _saved("JPEG", icc_profile=b"\0\0\0\x01"),
        "icc-bomb": _png(8, 8, _chunk(b"iCCP", b"p\0\0" + _deflated(64 << 20))),
    }


def _sizes() -> dict[str, bytes]:
    jpeg = bytearray(_saved("JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = b"\xff\xdc\xff\xdc"
    small = _saved("TIFF")
    return {
        "png-bomb": _png(9000, 9000, _chunk(b"IDAT", _deflated(256 << 20))),
        "png-declared": _png(2_000_000_000, 2_000_000_000, _chunk(b"IDAT", zlib.compress(b"\0"))),
        "jpeg-declared": bytes(jpeg),
        "tiff-cycle": _tiff(8, (256, 4, 1, 8), (257, 4, 1, 8)),
        "tiff-strips": _tiff(0, (256, 4, 1, 4000), (257, 4, 1, 4000), (273, 4, 0x7FFFFFFF, 0x7FFFFFF0)),
        "tiff-cut": small[: len(small) // 2],
        "heic-huge-box": _boxes(b"heic", 0x7FFFFFFF),
        "heic-zero-box": _boxes(b"heic", 0) + bytes(64),
        "avif-huge-box": _boxes(b"avif", 0xFFFFFFFF),
    }


def _polyglots() -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("zeros"), bytes(16 << 20), zipfile.ZIP_DEFLATED)  # without the date
    page = b"<html><script>alert(1)</script></html>"
    return {
        "jpeg-zip": _saved("JPEG") + archive.getvalue(),
        "jpeg-html": _jpeg_with(_segment(0xFE, b"-->" + page)) + page,
        "html-jpeg": page + _saved("JPEG"),
        "gif-js": b"GIF89a/*" + _saved("GIF")[8:] + b"*/=alert(1)",
        "png-jpeg": _saved("PNG") + _saved("JPEG"),
        "mpo": _saved("MPO", save_all=True, append_images=[_picture().rotate(90)]),
    }


def structured() -> dict[str, bytes]:
    """Name → bytes."""
    return _metadata() | _profiles() | _sizes() | _polyglots()
