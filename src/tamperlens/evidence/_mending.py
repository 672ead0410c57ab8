"""A damaged file reduced to what its picture needs, because decoders stop at the first unknown part."""

import zlib
from collections.abc import Iterator

from tamperlens.evidence._container import read_parts
from tamperlens.evidence._jpeg_copy import scan_fault, table_fault
from tamperlens.evidence._jpeg_stream import COM, DHT, DQT, DRI, SOS, Frame, Segment, read_stream
from tamperlens.evidence._sniff import Format

_JPEG = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA, DHT, 0xCC, DQT, DRI, SOS, COM, *range(0xE0, 0xF0)})
# Most scans that are left out to find those that decode.
_MOST_TRIED = 12
_PNG = ("IHDR", "PLTE", "tRNS", "IDAT")


def mended(data: bytes, kind: Format) -> bytes:
    """The picture's own parts up to the damage, properly closed.

    Args:
        data: the file.
        kind: its format; formats other than JPEG and PNG are returned unchanged.
    """
    if kind == "JPEG":
        return _mended_jpeg(data)
    return _mended_png(data) if kind == "PNG" else data


def without_last_scans(copy: bytes, kind: Format) -> Iterator[bytes]:
    """A mended JPEG stored in several scans, with one more scan left out each time."""
    if kind == "JPEG":
        for scan in read_stream(copy).scans[:-1][: -_MOST_TRIED - 1 : -1]:
            yield copy[: scan.end] + b"\xff\xd9"


def _mended_jpeg(data: bytes) -> bytes:
    """Known segments and scans up to the first damaged one, and an end marker."""
    stream = read_stream(data)
    ends = {scan.header.at: scan.end for scan in stream.scans}
    out = [b"\xff\xd8"]
    for segment in stream.segments:
        if segment.marker not in _JPEG:
            continue
        if _is_damaged(data, segment, stream.frame):
            break
        out.append(data[segment.at : segment.end])
        if segment.at in ends:
            out.append(data[segment.end : ends[segment.at]].rstrip(b"\xff"))
    return b"".join([*out, b"\xff\xd9"])


def _is_damaged(data: bytes, segment: Segment, frame: Frame | None) -> bool:
    length = int.from_bytes(data[segment.start - 2 : segment.start], "big")
    if segment.start - 2 + length != segment.end or table_fault(data, segment):
        return True
    return segment.marker == SOS and (frame is None or bool(scan_fault(data, segment, frame)))


def _mended_png(data: bytes) -> bytes:
    """The chunks that the pixels need, with correct checksums."""
    out = [data[:8]]
    for part in read_parts(data, "PNG"):
        if part.name in _PNG:
            name, payload = part.name.encode("latin-1"), part.payload(data)
            checked = zlib.crc32(name + payload).to_bytes(4, "big")
            out.append(len(payload).to_bytes(4, "big") + name + payload + checked)
    return b"".join([*out, bytes(4) + b"IEND\xae\x42\x60\x82"])
