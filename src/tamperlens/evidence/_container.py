"""The parts that make up a file, found by their declared lengths; nothing is decoded."""

from collections.abc import Iterator
from dataclasses import dataclass

from tamperlens.evidence._jpeg_stream import read_stream
from tamperlens.evidence._sniff import Format

# Most parts read from one file; the rest of a longer list is ignored.
MAX_PARTS = 4096
_BMP_HEADER = 14
_NAMED = {0xDA: "SOS", 0xDB: "DQT", 0xC4: "DHT", 0xDC: "DNL", 0xDD: "DRI", 0xFE: "COM"}


@dataclass(frozen=True)
class Part:
    """A segment, chunk or box of a file.

    Attributes:
        name: in JPEG "APP1", "SOS", "EOI" and so on; elsewhere the chunk or box type; "after the end" for
            what follows the image.
        start: offset of the payload in bytes.
        end: offset just past the payload, never beyond the file.
    """

    name: str
    start: int
    end: int

    def payload(self, data: bytes) -> bytes:
        """The part's payload, taken from the file's bytes."""
        return data[self.start : self.end]


AFTER_THE_END = "after the end"


def read_parts(data: bytes, kind: Format) -> tuple[Part, ...]:
    """List the parts of a file in file order, at most `MAX_PARTS`.

    Args:
        data: the file; a damaged one gives the parts up to the damage.
        kind: its format; TIFF has no such parts and gives none.
    """
    walk = {
        "JPEG": _jpeg,
        "PNG": _png,
        "WEBP": _riff,
        "AVIF": _boxes,
        "HEIF": _boxes,
        "GIF": _gif,
        "BMP": _bmp,
    }.get(kind)
    found: list[Part] = []
    for part in walk(data) if walk else ():
        found.append(part)
        if len(found) == MAX_PARTS:
            break
    return tuple(found)


def _jpeg(data: bytes) -> Iterator[Part]:
    """Segments up to the end of the first image, then whatever follows it."""
    stream = read_stream(data)
    for segment in stream.segments:
        yield Part(_jpeg_name(segment.marker), min(segment.start, len(data)), segment.end)
    if stream.ended:
        yield Part("EOI", stream.end, stream.end)
        yield from _rest(data, stream.end)


def _jpeg_name(marker: int) -> str:
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    return _NAMED.get(marker, f"SOF{marker - 0xC0}" if 0xC0 <= marker <= 0xCF else f"{marker:02X}")


def _png(data: bytes) -> Iterator[Part]:
    position = 8
    while position + 8 <= len(data):
        name = data[position + 4 : position + 8].decode("latin-1")
        start = position + 8
        end = start + int.from_bytes(data[position : position + 4], "big")
        yield Part(name, start, min(end, len(data)))
        position = end + 4
        if name == "IEND":
            yield from _rest(data, position)
            return


def _riff(data: bytes) -> Iterator[Part]:
    whole = min(8 + int.from_bytes(data[4:8], "little"), len(data))
    position = 12
    while position + 8 <= whole:
        start = position + 8
        end = start + int.from_bytes(data[position + 4 : start], "little")
        yield Part(data[position : position + 4].decode("latin-1"), start, min(end, whole))
        position = end + end % 2
    yield from _rest(data, whole)


def _boxes(data: bytes) -> Iterator[Part]:
    """Top-level boxes of an ISO base media file."""
    position = 0
    while position + 8 <= len(data):
        size, start = int.from_bytes(data[position : position + 4], "big"), position + 8
        if size == 1:
            size, start = int.from_bytes(data[start : start + 8], "big"), start + 8
        end = position + size if size else len(data)
        name = data[position + 4 : position + 8].decode("latin-1")
        yield Part(name, start, max(min(end, len(data)), start))
        if end <= position + 7:
            return
        position = end


def _gif(data: bytes) -> Iterator[Part]:
    """Frames and extensions up to the trailer, then whatever follows it."""
    position = 13 + _colour_table(data[10:11])
    while data[position : position + 1] in {b"\x2c", b"\x21"}:
        name = "frame" if data[position] == 0x2C else "extension"
        start = position + 2
        if name == "frame":
            start = position + 11 + _colour_table(data[position + 9 : position + 10])
        position = _behind_blocks(data, start)
        yield Part(name, min(start, len(data)), position)
    if data[position : position + 1] == b"\x3b":
        yield from _rest(data, position + 1)


def _colour_table(flags: bytes) -> int:
    """Size in bytes of the colour table announced by the flags."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _behind_blocks(data: bytes, position: int) -> int:
    while position < len(data) and data[position]:
        position += data[position] + 1
    return min(position + 1, len(data))


def _bmp(data: bytes) -> Iterator[Part]:
    """Everything within the declared size, then whatever follows; some programs declare no size."""
    size = int.from_bytes(data[2:6], "little")
    if min(size, len(data)) > _BMP_HEADER:
        yield Part("bitmap", _BMP_HEADER, min(size, len(data)))
        yield from _rest(data, size)


def _rest(data: bytes, position: int) -> Iterator[Part]:
    if position < len(data):
        yield Part(AFTER_THE_END, position, len(data))
