"""How far the scan of a JPEG file reaches: rows without data, and data without rows."""

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evidence._decoder import DECODER_ERRORS, decoder
from tamperlens.evidence._jpeg_stream import DHT, DRI, Frame, JpegStream, Segment

_END = b"\xff\xd9"
# Stand-ins for missing data, longer than a decoder's look-ahead: if any bit is missing, the two give
# different pictures; if none is, they change nothing.
_ONE, _OTHER = (
    bytes((89 * i * i + 13 * i) % 251 for i in range(64)),
    bytes((37 * i * i + 5) % 241 for i in range(64)),
)
# Most bytes past the scan's own data that are searched.
_MOST_SURPLUS = 1 << 20
# Bytes of padding that encoders leave there.
_FILLING = 3
# Most bytes that a decoder looks ahead.
_LOOKAHEAD = 16
# This many zeros occur only in plain surfaces, and only if a block ends in a code of zeros.
_STRETCH, _RESTART = re.compile(rb"\x00{64}"), re.compile(rb"\xff([\xd0-\xd7])")
# Largest picture, in pixels, that is compared pixel by pixel; larger ones are compared block by block.
_FULLY = 12_500_000
# The decoder reduces each side to an eighth: one pixel per block.
_BLOCK = 8


@dataclass(frozen=True)
class ScanEnd:
    """How the data of a picture's only scan ends.

    Attributes:
        rows: rows of the picture that the data reaches; all of them if it is whole.
        whole: whether no bit is missing.
        surplus: bytes at its end that no part of the picture needs.
        broken_from: row from which zeros or a lost restart marker spoil it; None if nothing does.
    """

    rows: int
    whole: bool
    surplus: int
    broken_from: int | None


def scan_end(data: bytes, stream: JpegStream) -> ScanEnd | None:
    """Compare what the decoder shows with and without the end of the picture's data.

    Args:
        data: the file.
        stream: its markers.

    Returns:
        None if the picture has several scans, which refine each other, or does not decode.
    """
    if len(stream.scans) != 1 or stream.frame is None or stream.progressive:
        return None
    start, end = stream.scans[0].header.end, stream.scans[0].end
    scan = _Scan(data, start, end, stream.frame)
    shown = scan.small(end, _END)
    if shown is None:
        return None
    rows = scan.rows(end, shown)
    unread = rows >= stream.frame.height
    # A decoder that looks ahead stops before the last row of units, even if its data is there.
    unit = _BLOCK * max(one.vertical for one in stream.frame.components)
    whole = unread or (rows + unit >= stream.frame.height and scan.is_whole(stream.ended))
    surplus = scan.surplus(shown) if whole and (unread or not stream.ended) else 0
    surplus = surplus if surplus > _FILLING else 0
    stretch = scan.broken_from(shown) if not whole or surplus or not _zeros_are_plain(data, stream) else None
    broken = [row for row in (stretch, _lost_restart(data, stream)) if row is not None]
    return ScanEnd(stream.frame.height if whole else rows, whole, surplus, min(broken, default=None))


def _zeros_are_plain(data: bytes, stream: JpegStream) -> bool:
    """Whether blocks end in a code of zeros: then plain surfaces are runs of zeros."""
    for segment in stream.segments:
        payload = data[segment.start : segment.end] if segment.marker == DHT else b""
        while len(payload) > 17:
            if payload[0] >> 4 and payload[17] == 0:
                return True
            payload = payload[17 + sum(payload[1:17]) :]
    return False


def _lost_restart(data: bytes, stream: JpegStream) -> int | None:
    """Row of the picture at which the restart markers get out of step; None if they do not."""
    interval = max((_interval(data, one) for one in stream.segments if one.marker == DRI), default=0)
    frame, scan = stream.frame, stream.scans[0]
    if not interval or frame is None or data[scan.header.start] != len(frame.components):
        return None
    wide = max(one.horizontal for one in frame.components)
    high = max(one.vertical for one in frame.components)
    if len(frame.components) == 1:
        wide = high = 1
    across, down = -(-frame.width // (_BLOCK * wide)), -(-frame.height // (_BLOCK * high))
    numbers = [match[1][0] & 7 for match in _RESTART.finditer(data, scan.header.end, scan.end)]
    expected = -(-across * down // interval) - 1
    wrong = next((i for i, number in enumerate(numbers) if number != i % 8), len(numbers))
    if wrong >= expected:
        return None
    return min(wrong * interval // across * _BLOCK * high, frame.height)


def _interval(data: bytes, segment: Segment) -> int:
    return int.from_bytes(data[segment.start : segment.end], "big")


class _Scan:
    """Decodes truncated copies of one picture."""

    def __init__(self, data: bytes, start: int, end: int, frame: Frame) -> None:
        self.data, self.start, self.end, self.height = data, start, end, frame.height
        self.pixels = frame.width * frame.height

    def small(self, end: int, ending: bytes) -> NDArray[np.uint8] | None:
        """One gray value per block; what is not reached stays 0 unless `ending` closes the picture."""
        return self._decode(end, ending, "L", _BLOCK)

    def full(self, end: int, ending: bytes) -> NDArray[np.uint8] | None:
        """The picture, with every pixel unless it is so large that this would cost too much."""
        return self._decode(end, ending, "", 1) if self.pixels <= _FULLY else self.small(end, ending)

    def _decode(self, end: int, ending: bytes, mode: str, reduce: int) -> NDArray[np.uint8] | None:
        with decoder(partial=True), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they were reported when the file was decoded
            try:
                image = Image.open(io.BytesIO(self.data[:end] + ending), formats=["JPEG"])
                if mode:
                    image.draft(mode, (max(image.width // reduce, 1), max(image.height // reduce, 1)))
                # Pillow's own reader would complete a truncated picture.
                image.load_read = image.fp.read  # type: ignore[attr-defined, union-attr]
                image.load()
            except DECODER_ERRORS:
                return None
            return np.asarray(image)

    def rows(self, end: int, shown: NDArray[np.uint8]) -> int:
        """Rows of the picture that the data up to an offset reaches."""
        part = self.small(end, b"")
        if part is None or part.shape != shown.shape:
            return 0
        unlike = np.flatnonzero((part != shown).any(axis=1))
        return self.height if not unlike.size else int(unlike[0]) * self.height // len(shown)

    def is_whole(self, ended: bool) -> bool:
        """Whether what follows changes nothing; with an end marker, one value per block is compared."""
        decode = self.small if ended else self.full
        one, other = decode(self.end, _ONE + _END), decode(self.end, _OTHER + _END)
        return one is not None and other is not None and bool((one == other).all())

    def surplus(self, shown: NDArray[np.uint8]) -> int:
        """Bytes that can be cut from the end without changing the picture."""
        most = min(_MOST_SURPLUS, self.end - self.start)
        # A decoder that returns all rows has looked some bytes further than it needed.
        sure = _last_true(lambda count: self.rows(self.end - count, shown) >= self.height, 0, most)
        picture = self.full(self.end, _END)

        def is_spare(count: int) -> bool:
            again = self.full(self.end - count, _END)
            return picture is not None and again is not None and bool((again == picture).all())

        least = max(sure, _FILLING + 1)
        if least > most or not is_spare(least):
            return sure
        return _last_true(is_spare, least, min(sure + _LOOKAHEAD + 1, most))

    def broken_from(self, shown: NDArray[np.uint8]) -> int | None:
        found = _STRETCH.search(self.data, self.start, self.end)
        return self.rows(found.start(), shown) if found else None


def _last_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The largest number within the limits for which `holds` is true, if it is true for all smaller ones."""
    step = 1
    while low + step < high and holds(low + step):
        low, step = low + step, 2 * step
    high = min(low + step, high + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
