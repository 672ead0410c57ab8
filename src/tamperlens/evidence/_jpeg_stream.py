"""The markers of a JPEG file, walked the way decoders walk them; nothing is decoded."""

import re
from dataclasses import dataclass
from typing import NamedTuple

SOI, EOI, SOS, DQT, DHT, DRI, DNL, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xDC, 0xFE
# Most segments of one file, and most scans of one picture. Encoders write a few dozen scans at most, and
# each costs as much as a picture.
MAX_SEGMENTS, MAX_SCANS = 20_000, 300
TOO_MANY_SCANS = "scans have no end"
_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
# Markers with a payload that the standards define.
MEANINGFUL = _FRAMES | {0xC4, 0xC8, 0xCC, *range(0xDA, 0xF0), 0xF8, COM}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
# Within entropy-coded data a marker is one or more FF, then neither a stuffed zero nor a restart.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
# Between segments a marker is one or more FF, then anything but zero.
_NEXT = re.compile(rb"\xff+([^\x00\xff])")
# Codings whose coefficients no decoder here reads, by frame marker.
_CODINGS = {
    0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical and lossless",
    0xC9: "arithmetic-coded", 0xCA: "arithmetic-coded", 0xCB: "lossless and arithmetic-coded",
    0xCD: "hierarchical and arithmetic-coded", 0xCE: "hierarchical and arithmetic-coded",
    0xCF: "hierarchical, lossless and arithmetic-coded", 0xF7: "coded as JPEG-LS",
}  # fmt: skip


class Segment(NamedTuple):
    """A marker with its payload.

    Attributes:
        marker: second byte of the marker.
        at: offset of the FF before it.
        start: offset of the payload, after the length.
        end: offset just past the payload, never beyond the file.
    """

    marker: int
    at: int
    start: int
    end: int


class Scan(NamedTuple):
    """Entropy-coded data.

    Attributes:
        header: its SOS segment.
        end: offset of the marker that ends it, or the end of the file.
    """

    header: Segment
    end: int


class Component(NamedTuple):
    """One component of a frame: its number, sampling factors and number of its quantisation table."""

    number: int
    horizontal: int
    vertical: int
    table: int


@dataclass(frozen=True)
class Frame:
    """What the frame header declares.

    Attributes:
        marker: its marker, C0 for baseline.
        precision: bits per sample.
        width: in pixels.
        height: in pixels; 0 if it is given after the first scan.
        components: in most files one each for Y, Cb and Cr.
    """

    marker: int
    precision: int
    width: int
    height: int
    components: tuple[Component, ...]

    @property
    def unsupported(self) -> str:
        """How the picture is coded, in words, if its coefficients cannot be read; "" if they can."""
        if self.marker in _CODINGS:
            return _CODINGS[self.marker]
        if self.precision != 8:
            return f"of {self.precision} bits a sample"
        if self.height == 0:
            return "without a height in its header"
        return ""


@dataclass(frozen=True)
class JpegStream:
    """The markers of the first picture of a file.

    Attributes:
        segments: with their payloads, in file order.
        scans: its scans.
        frame: its frame header; None if none can be read.
        end: offset just past its end marker; the length of the file if there is none.
        ended: whether there is an end marker.
        foreign: bytes between segments that belong to none.
        fault: why the walk ended early; "" if it did not.
    """

    segments: tuple[Segment, ...]
    scans: tuple[Scan, ...]
    frame: Frame | None
    end: int
    ended: bool
    foreign: int
    fault: str

    @property
    def progressive(self) -> bool:
        """Whether its scans refine each other."""
        return self.frame is not None and self.frame.marker in {0xC2, 0xC6, 0xCA, 0xCE}


def read_stream(data: bytes, start: int = 0) -> JpegStream:
    """Walk the markers of a JPEG picture.

    Like decoders, it skips fill bytes and anything else between segments; a scan goes on to the next marker
    that is not a restart.

    Args:
        data: the file.
        start: offset of the picture in it.

    Reference: ITU-T T.81 (1992), annex B.
    """
    return _Walk(data, start).stream()


class _Walk:
    """Collects segments and scans."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.position = data, start + 2
        self.segments: list[Segment] = []
        self.scans: list[Scan] = []
        self.frame: Frame | None = None
        self.foreign, self.fault, self.ended = 0, "", False
        if data[start : start + 2] != b"\xff\xd8":
            self.fault = "there is no start marker"

    def stream(self) -> JpegStream:
        while not self.fault and not self.ended and (match := _NEXT.search(self.data, self.position)):
            self.foreign += match.start() - self.position
            self.position = match.end()
            self._take(match[1][0], match.end() - 2)
        end = self.position if self.ended else len(self.data)
        return JpegStream(
            tuple(self.segments), tuple(self.scans), self.frame, end, self.ended, self.foreign, self.fault
        )

    def _take(self, marker: int, at: int) -> None:
        if marker == EOI:
            self.ended = True
        elif marker == SOI:
            self.fault = "a second picture begins before the first one has ended"
        elif marker not in _BARE:
            self._segment(marker, at)

    def _segment(self, marker: int, at: int) -> None:
        length = int.from_bytes(self.data[self.position : self.position + 2], "big")
        end = self.position + length
        if length < 2 or len(self.segments) >= MAX_SEGMENTS:
            self.fault = (
                f"segment {marker:02X} declares {length} bytes" if length < 2 else "segments have no end"
            )
            return
        segment = Segment(marker, at, self.position + 2, min(end, len(self.data)))
        self.segments.append(segment)
        self.position = segment.end
        if end > len(self.data):
            self.fault = f"segment {marker:02X} is cut off"
        elif marker in _FRAMES:
            self._begin_frame(marker, segment)
        elif marker == SOS:
            self._pass_scan(segment)

    def _begin_frame(self, marker: int, segment: Segment) -> None:
        frame = _read_frame(marker, self.data[segment.start : segment.end])
        if self.frame is not None:
            self.fault = "there are two frame headers"
        elif frame is None:
            self.fault = "the frame header is damaged"
        self.frame = self.frame or frame

    def _pass_scan(self, segment: Segment) -> None:
        if self.frame is None or len(self.scans) >= MAX_SCANS:
            self.fault = "a scan comes before the frame header" if self.frame is None else TOO_MANY_SCANS
            return
        match = _MARKER.search(self.data, segment.end)
        self.position = match.start() if match else len(self.data)
        self.scans.append(Scan(segment, self.position))


def _read_frame(marker: int, payload: bytes) -> Frame | None:
    """A frame header; None if its length or its numbers are impossible."""
    if len(payload) < 6 or len(payload) != 6 + 3 * payload[5]:
        return None
    height, width = (int.from_bytes(payload[i : i + 2], "big") for i in (1, 3))
    components = tuple(
        Component(payload[i], payload[i + 1] >> 4, payload[i + 1] & 15, payload[i + 2])
        for i in range(6, len(payload), 3)
    )
    return Frame(marker, payload[0], width, height, components)
