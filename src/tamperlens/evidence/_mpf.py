"""The further pictures that a JPEG file declares in its multi-picture index (MPF)."""

from collections.abc import Iterator
from typing import NamedTuple

from tamperlens.evidence._container import Part
from tamperlens.evidence._tiff import Tiff

# Most pictures read from one file.
MAX_PICTURES = 64
# Type undefined, as for most pictures that accompany another.
OTHER = "a further picture"
_HEADER = b"MPF\x00"
_ENTRIES, _ENTRY = 0xB002, 16
# By the lower 24 bits of an entry's attributes.
_TYPES = {
    0x010001: "a preview",
    0x010002: "a preview",
    0x010003: "a preview",
    0x010004: "a preview",
    0x010005: "a preview",
    0x020001: "a part of a panorama",
    0x020002: "the other picture of a stereo pair",
    0x020003: "a picture from another angle",
    0x040000: "the original of a picture that was worked on in the camera",
    0x050000: "a gain map",
}


class Picture(NamedTuple):
    """A declared picture: what it is, and its offsets, which may lie beyond the file's end."""

    what: str
    start: int
    end: int


def read_pictures(data: bytes, parts: tuple[Part, ...]) -> tuple[Picture, ...]:
    """The pictures besides the first that a file's index declares, in index order.

    Reference: CIPA DC-007, Multi-Picture Format (2009).
    """
    for part in parts:
        if part.name == "APP2" and data[part.start : part.start + 4] == _HEADER:
            return tuple(_entries(data, part.start + 4, part.end))
    return ()


def _entries(data: bytes, start: int, end: int) -> Iterator[Picture]:
    index = Tiff(data[start:end])
    for directory in index.directories[:1]:
        entry = directory.entries.get(_ENTRIES)
        if entry is None:
            return
        for i in range(min(entry.values // _ENTRY, MAX_PICTURES)):
            fields = index.data[entry.offset + i * _ENTRY :][:_ENTRY]
            if len(fields) < _ENTRY:
                return
            kind, size, offset = (int.from_bytes(fields[j : j + 4], index.order) for j in (0, 4, 8))
            if offset and size:  # the first picture's offset is 0
                what = _TYPES.get(kind & 0xFFFFFF, OTHER)
                yield Picture(what, start + offset, start + offset + size)
