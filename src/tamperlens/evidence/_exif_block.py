"""The EXIF block itself: directories, maker note and thumbnail, which Pillow's tag texts leave out."""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamperlens.evidence._container import Part
from tamperlens.evidence._sniff import Format

# Most entries read from one directory; cameras write under a hundred.
MAX_ENTRIES = 512
# Largest thumbnail in bytes; EXIF in a JPEG segment cannot even hold 64 KiB.
MAX_THUMBNAIL = 1 << 20
_SUBFILE = 0x00FE
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_MAKER_NOTE, _JPEG_OFFSET, _JPEG_LENGTH = 0x927C, 0x0201, 0x0202
_WIDTH, _HEIGHT, _COMPRESSION, _STRIP_OFFSET, _STRIP_LENGTH = 0x0100, 0x0101, 0x0103, 0x0111, 0x0117
# Bytes per value of each TIFF type.
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_HEADER = b"Exif\x00\x00"
_ITEM = re.compile(_HEADER + rb"(?=II\*\x00|MM\x00\*)")


@dataclass(frozen=True)
class ExifBlock:
    """What an EXIF block holds besides the tags shown in `Evidence.metadata`.

    Attributes:
        tags: tag numbers of each directory: "image", "exif", "gps", "thumbnail".
        maker_note: length of the maker note in bytes; 0 without one.
        thumbnail: JPEG bytes of the thumbnail; empty without one.
        bitmap: uncompressed thumbnail as (width, height, RGB bytes); None without one.
    """

    tags: Mapping[str, frozenset[int]]
    maker_note: int
    thumbnail: bytes = field(repr=False)
    bitmap: tuple[int, int, bytes] | None = field(repr=False)


def find_exif(data: bytes, kind: Format, parts: tuple[Part, ...]) -> bytes:
    """The EXIF block of a file, from its TIFF header on; empty if there is none.

    Args:
        data: the file.
        kind: its format.
        parts: its parts, by `read_parts`.
    """
    if kind == "TIFF":
        return data
    if kind in {"HEIF", "AVIF"}:  # an item: finding its place would take the whole item table
        match = _ITEM.search(data)
        return data[match.end() : match.end() + MAX_THUMBNAIL] if match else b""
    for part in parts:
        if part.name in {"APP1", "eXIf", "EXIF"}:
            payload = part.payload(data)
            if part.name != "APP1" or payload.startswith(_HEADER):
                return payload.removeprefix(_HEADER)
    return b""


def read_exif(block: bytes, of_tiff: bool = False) -> ExifBlock | None:
    """Read the directories of an EXIF block; None if it does not start like one.

    Offsets and counts are trusted only as far as the block reaches; nothing is followed twice.

    Args:
        block: from its TIFF header on.
        of_tiff: whether it is a TIFF file, whose second directory is a page unless declared a reduced copy.

    Reference: CIPA DC-008 / JEITA CP-3451, Exif 2.32 (2019).
    """
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return None
    first, following = _directory(block, _number(block, 4, 4, order), order)
    exif, _ = _directory(block, _value(block, first, _EXIF_IFD, order), order)
    gps, _ = _directory(block, _value(block, first, _GPS_IFD, order), order)
    second, _ = _directory(block, following, order)
    if of_tiff and not _value(block, second, _SUBFILE, order) & 1:
        second = {}
    named = {"image": first, "exif": exif, "gps": gps, "thumbnail": second}
    return ExifBlock(
        tags=MappingProxyType({name: frozenset(entries) for name, entries in named.items()}),
        maker_note=exif[_MAKER_NOTE][1] if _MAKER_NOTE in exif else 0,
        thumbnail=_jpeg_thumbnail(block, second, order),
        bitmap=_bitmap(block, second, order),
    )


def _directory(block: bytes, offset: int, order: str) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Entries as tag → (type, size in bytes, offset of the value), and the next directory's offset."""
    if not 8 <= offset <= len(block) - 2:
        return {}, 0
    count = min(_number(block, offset, 2, order), MAX_ENTRIES)
    entries: dict[int, tuple[int, int, int]] = {}
    for i in range(count):
        at = offset + 2 + 12 * i
        if at + 12 > len(block):
            return entries, 0
        tag, kind, values = struct.unpack_from(f"{order}HHI", block, at)
        size = values * _TYPE_BYTES.get(kind, 1)
        entries[tag] = (kind, size, at + 8 if size <= 4 else _number(block, at + 8, 4, order))
    return entries, _number(block, offset + 2 + 12 * count, 4, order)


def _number(block: bytes, offset: int, size: int, order: str) -> int:
    return int.from_bytes(block[offset : offset + size], "little" if order == "<" else "big")


def _value(block: bytes, entries: Mapping[int, tuple[int, int, int]], tag: int, order: str) -> int:
    """The first number of an entry; 0 when it is absent or not a whole number."""
    kind, size, offset = entries.get(tag, (0, 0, 0))
    width = {3: 2, 4: 4}.get(kind, 0)
    return _number(block, offset, width, order) if size >= width > 0 else 0


def _jpeg_thumbnail(block: bytes, entries: Mapping[int, tuple[int, int, int]], order: str) -> bytes:
    start, length = (_value(block, entries, tag, order) for tag in (_JPEG_OFFSET, _JPEG_LENGTH))
    found = block[start : start + min(length, MAX_THUMBNAIL)]
    return found if start and found.startswith(b"\xff\xd8") else b""


def _bitmap(
    block: bytes, entries: Mapping[int, tuple[int, int, int]], order: str
) -> tuple[int, int, bytes] | None:
    """An uncompressed RGB thumbnail in one strip, the only kind besides JPEG that old cameras wrote."""
    if _value(block, entries, _COMPRESSION, order) != 1:
        return None
    width, height, start, length = (
        _value(block, entries, tag, order) for tag in (_WIDTH, _HEIGHT, _STRIP_OFFSET, _STRIP_LENGTH)
    )
    found = block[start : start + min(length, MAX_THUMBNAIL)]
    return (width, height, found) if 0 < width * height * 3 == len(found) else None
