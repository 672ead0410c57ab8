"""Tell a file's format from its first bytes; its name is never trusted."""

import struct
from typing import Literal

Format = Literal["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "AVIF", "HEIF"]

EXTENSIONS: dict[Format, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png",),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "AVIF": (".avif",),
    "HEIF": (".heic", ".heif", ".hif"),
}

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def sniff(data: bytes) -> Format | None:
    r"""Name the image format of `data`; None if it is not a supported one.

    >>> sniff(b"\xff\xd8\xff\xe0")
    'JPEG'
    >>> sniff(b"Dear Sir or Madam") is None
    True
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _sniff_iso_media(data)
    return None


def _sniff_iso_media(data: bytes) -> Format | None:
    """The first of a file's brands that is an image format."""
    found = brands(data)
    if any(brand in _AVIF_BRANDS for brand in found):
        return "AVIF"
    if any(brand in _HEIF_BRANDS for brand in found):
        return "HEIF"
    return None


def brands(data: bytes) -> list[bytes]:
    """The brands of an ISO base media file: the major one, then the compatible ones."""
    box_length = min(int.from_bytes(data[:4], "big"), 256)
    return [data[8:12]] + [data[i : i + 4] for i in range(16, box_length - 3, 4)]


def webp_canvas(data: bytes) -> tuple[int, int] | None:
    """Read the (width, height) declared by a WebP file.

    The other formats' sizes come from Pillow's `open`, which reads only headers; for WebP that call
    already allocates the canvas, so a bomb must be caught here.

    Reference: RFC 9649, WebP Image Format (2024).
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None
