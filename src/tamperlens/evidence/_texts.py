"""The long texts of a file, where image generators store their settings."""

import re
import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tamperlens.evidence._container import Part
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._tiff import Tiff

# Longest text in bytes, and most texts.
MAX_TEXT, MAX_TEXTS = 1 << 16, 64
# Tags of the image and EXIF directories that hold free text.
_IMAGE_TAGS = {0x010E: "EXIF:ImageDescription", 0x010F: "EXIF:Make", 0x0110: "EXIF:Model",
               0x0131: "EXIF:Software", 0x9C9C: "EXIF:XPComment"}  # fmt: skip
_LINES = re.compile(r"[\r\n\t]+")
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286


def read_texts(data: bytes, parts: tuple[Part, ...], exif: bytes, packet: bytes) -> Mapping[str, str]:
    """Where → text, at most `MAX_TEXT` characters each.

    Args:
        data: the file.
        parts: its parts.
        exif: its EXIF block, from the TIFF header on.
        packet: its XMP packet.
    """
    found: dict[str, str] = {}
    for where, raw in _raw(data, parts, exif, packet):
        if len(found) == MAX_TEXTS:
            break
        text = _decoded(raw[:MAX_TEXT])
        if text and where not in found:
            found[where] = text
    return MappingProxyType(found)


def _raw(data: bytes, parts: tuple[Part, ...], exif: bytes, packet: bytes) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        if part.name == "COM":
            yield "JPEG:comment", part.payload(data)
        elif part.name in {"tEXt", "zTXt", "iTXt"}:
            keyword, _, rest = part.payload(data)[: 4 * MAX_TEXT].partition(b"\x00")
            yield f"PNG:{printable(keyword, 79)}", _chunk_text(part.name, rest)
    if exif:
        yield from _of_exif(exif)
    if packet:
        yield "XMP", packet


def _chunk_text(name: str, rest: bytes) -> bytes:
    """The text of a PNG text chunk, after its keyword."""
    compressed = name == "zTXt" or (name == "iTXt" and rest[:1] == b"\x01")
    text = rest[1:] if name == "zTXt" else rest[2:].split(b"\x00", 2)[-1] if name == "iTXt" else rest
    if not compressed:
        return text
    try:
        return zlib.decompressobj().decompress(text, MAX_TEXT)
    except zlib.error:
        return b""


def _of_exif(block: bytes) -> Iterator[tuple[str, bytes]]:
    tiff = Tiff(block)
    for directory in tiff.directories[:1]:
        for tag, where in _IMAGE_TAGS.items():
            yield where, tiff.raw(directory, tag)
        inner = tiff.inner(directory, _EXIF_IFD)
        if inner is not None:
            yield "Exif:UserComment", tiff.raw(inner, _USER_COMMENT)


def _decoded(raw: bytes) -> str:
    """Text in whatever encoding it has; a user comment names it in its first eight bytes."""
    for head in (b"ASCII\x00\x00\x00", b"UNICODE\x00", bytes(8)):
        raw = raw.removeprefix(head)
    if raw[:400].count(0) * 3 > len(raw[:400]):
        order = "utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"
        text = raw.decode(order, "replace")
    else:
        text = raw.decode("utf-8", "replace")
    return printable(_LINES.sub(" ", text), MAX_TEXT)  # keeps the last word of a line apart from the next
