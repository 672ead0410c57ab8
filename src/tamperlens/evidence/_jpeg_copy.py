"""A JPEG file reduced to what its coefficients need, each part checked before foreign code reads it.

jpeglib copies every APPn and COM segment into its own buffer and overruns it when a segment is empty or
there are over fifty. Coefficients need none of them.
"""

from tamperlens.errors import DamagedImageError
from tamperlens.evidence._jpeg_stream import (
    DHT,
    DQT,
    DRI,
    EOI,
    SOI,
    SOS,
    Frame,
    JpegStream,
    Segment,
    read_stream,
)

_READ = frozenset({0xC0, 0xC1, 0xC2})
_KEPT = frozenset({*_READ, DQT, DHT, DRI, SOS})
_MOST_COMPONENTS = 4
# Sampling factors go from 1 to 4, and table numbers of each sort from 0 to 3.
_MOST_SAMPLING, _MOST_TABLES = 4, 4


def coefficient_copy(data: bytes, pixels: int) -> bytes:
    """The tables, the frame header and the scans of a JPEG file, and nothing else.

    Args:
        data: the file.
        pixels: width × height that were checked before; another size is refused.

    Raises:
        DamagedImageError: its coding is not supported, or its markers do not follow the standard.
    """
    stream = read_stream(data)
    frame = stream.frame
    if frame is None:
        raise DamagedImageError(_cannot(stream.fault or "there is no frame header"))
    if frame.unsupported:
        raise DamagedImageError(
            f"a JPEG that is {frame.unsupported} is not supported by the coefficient reader"
        )
    # A truncated file is read as far as it goes.
    fault = "" if stream.fault.endswith("is cut off") and stream.scans else stream.fault
    fault = fault or _frame_fault(frame, pixels) or _scans_fault(data, stream, frame)
    if fault:
        raise DamagedImageError(_cannot(fault))
    return _reduced(data, stream)


def _cannot(fault: str) -> str:
    return f"the JPEG coefficients cannot be read: {fault}"


def _reduced(data: bytes, stream: JpegStream) -> bytes:
    ends = {scan.header.at: scan.end for scan in stream.scans}
    out = [bytes([0xFF, SOI])]
    for segment in stream.segments:
        if segment.marker in _KEPT and (segment.marker != SOS or segment.at in ends):
            length = (segment.end - segment.start + 2).to_bytes(2, "big")
            out += [bytes([0xFF, segment.marker]), length, data[segment.start : segment.end]]
            out.append(data[segment.end : ends.get(segment.at, segment.end)])
    return b"".join([*out, bytes([0xFF, EOI])])


def _frame_fault(frame: Frame, pixels: int) -> str:
    count = len(frame.components)
    if count not in {1, 3, _MOST_COMPONENTS}:
        return f"{count} components are not supported"
    if frame.width * frame.height != pixels:
        return "the frame header declares a different size from the decoded one"
    if len({one.number for one in frame.components}) != count:
        return "two components have the same number"
    if any(one.table >= _MOST_TABLES for one in frame.components):
        return "a component names an impossible quantisation table"
    factors = [factor for one in frame.components for factor in (one.horizontal, one.vertical)]
    return (
        "" if all(1 <= factor <= _MOST_SAMPLING for factor in factors) else "a sampling factor is impossible"
    )


def _scans_fault(data: bytes, stream: JpegStream, frame: Frame) -> str:
    """What is wrong with tables and scans; "" if nothing."""
    if not stream.scans:
        return "there is no scan"
    faults = [table_fault(data, segment) for segment in stream.segments]
    faults += [scan_fault(data, scan.header, frame) for scan in stream.scans]
    return next((fault for fault in faults if fault), "")


def table_fault(data: bytes, segment: Segment) -> str:
    """What is wrong with a segment that holds tables or a restart interval; "" if nothing."""
    check = {DQT: _dqt_fault, DHT: _dht_fault, DRI: _dri_fault}.get(segment.marker)
    return check(data[segment.start : segment.end]) if check is not None else ""


def _dqt_fault(payload: bytes) -> str:
    while payload:
        precision, number = payload[0] >> 4, payload[0] & 15
        size = 1 + 64 * (precision + 1)
        if precision > 1 or number >= _MOST_TABLES or len(payload) < size:
            return "a quantisation table is damaged"
        payload = payload[size:]
    return ""


def _dht_fault(payload: bytes) -> str:
    while payload:
        kind, number = payload[0] >> 4, payload[0] & 15
        count = sum(payload[1:17])
        if kind > 1 or number >= _MOST_TABLES or count > 256 or len(payload) < 17 + count:
            return "a Huffman table is damaged"
        payload = payload[17 + count :]
    return ""


def _dri_fault(payload: bytes) -> str:
    return "" if len(payload) == 2 else "the restart interval is damaged"


def scan_fault(data: bytes, header: Segment, frame: Frame) -> str:
    """What is wrong with the header of a scan; "" if nothing."""
    payload = data[header.start : header.end]
    count = payload[0] if payload else 0
    if not 1 <= count <= _MOST_COMPONENTS or len(payload) != 2 * count + 4:
        return "a scan header is damaged"
    named, tables = payload[1 : 1 + 2 * count : 2], payload[2 : 2 + 2 * count : 2]
    if len(set(named)) != count or not set(named) <= {one.number for one in frame.components}:
        return "a scan names a component twice, or a missing one"
    if any(both >> 4 >= _MOST_TABLES or both & 15 >= _MOST_TABLES for both in tables):
        return "a scan names an impossible Huffman table"
    return _progression_fault(count, *payload[-3:]) if frame.marker == 0xC2 else ""


def _progression_fault(count: int, first: int, last: int, bits: int) -> str:
    in_range = first <= last <= 63 and (first > 0) == (last > 0) and bits >> 4 <= 13 and bits & 15 <= 13
    return (
        "" if in_range and (first == 0 or count == 1) else "a scan refines coefficients in an impossible way"
    )
