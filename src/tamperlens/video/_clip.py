"""Frames of a clip, decoded by FFmpeg through PyAV and kept as PNG files."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import DamagedImageError, ImageTooLargeError, UnknownFormatError, UnreadableFileError
from tamperlens.evidence import Limits, known_format, open_regular, printable, sniff

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Least seconds between frames, and the gap in seconds that is skipped by seeking instead of decoded.
_LEAST_STEP, _LEAP = 0.25, 5.0
# FFmpeg's readers by the start of the file. No other reader is tried: playlists name files and addresses.
_READERS = {b"\x1aE\xdf\xa3": "matroska", b"RIFF": "avi", b"FLV\x01": "flv"}
_READER_OF_ISO = "mp4"


@dataclass(frozen=True)
class Frame:
    """One sampled frame.

    Attributes:
        number: index among the sampled frames, from 0.
        time: seconds from the beginning.
        key: whether it is stored as a whole, intra-coded frame.
        data: the frame as a PNG file, upright.
    """

    number: int
    time: float
    key: bool
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Clip:
    """A clip as found.

    Attributes:
        name: file name without folder, printable characters only.
        sha256: of the file, hexadecimal.
        container: FFmpeg's name for it.
        codec: of its first video stream.
        width: in pixels, upright.
        height: likewise.
        seconds: declared duration; 0 if none is declared.
        rate: average frames per second; 0 if unknown.
        turned: degrees by which the frames were turned upright.
        frames: the sampled frames.
    """

    name: str
    sha256: str
    container: str
    codec: str
    width: int
    height: int
    seconds: float
    rate: float
    turned: int
    frames: tuple[Frame, ...]


def clip_format(path: Path) -> str | None:
    """FFmpeg's reader for a file, by its first bytes; None if it is not a clip, such as an image."""
    try:
        with open_regular(path) as file:
            head = file.read(512)
    except (OSError, ValueError, UnreadableFileError):
        return None
    if sniff(head) is not None or known_format(head) is not None:
        return None
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}:
        return _READER_OF_ISO
    if head[:4] == b"RIFF" and head[8:11] != b"AVI":
        return None
    return next((name for magic, name in _READERS.items() if head.startswith(magic)), None)


def read_clip(path: Path, count: int = 24, limits: Limits | None = None) -> Clip:
    """Sample frames evenly over a clip.

    Args:
        path: the file.
        count: maximum number of frames; a short clip gives fewer, four per second.
        limits: what the file may declare, as for an image.

    Raises:
        UnreadableFileError: the file cannot be opened.
        UnknownFormatError: it is not a clip, or has no pictures.
        ImageTooLargeError: its frames exceed a limit; none was decoded.
        DamagedImageError: no frame decodes.
    """
    import av  # noqa: PLC0415 - belongs to the extra `video`

    limits, reader = limits or Limits(), clip_format(path)
    if reader is None:
        raise UnknownFormatError(
            "this is not a clip in a supported format (MP4, MOV, Matroska, WebM, AVI, FLV)"
        )
    try:
        with open_regular(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            # A file object and a fixed reader: nothing in the clip can name another file or an address.
            with av.open(file, mode="r", format=reader, options={"protocol_whitelist": ""}) as container:
                return _read(container, printable(path.name), digest, count, limits)
    except av.FFmpegError as error:
        raise DamagedImageError(
            f"the clip is damaged and does not decode: {printable(error.strerror or error)}"
        ) from error
    except OSError as error:
        raise UnreadableFileError(f"the clip cannot be read: {error.strerror or error}") from error


def _read(container: "InputContainer", name: str, digest: str, count: int, limits: Limits) -> Clip:
    if not container.streams.video:
        raise UnknownFormatError("the file contains no pictures: it has no video stream")
    stream = container.streams.video[0]
    context = stream.codec_context
    _check(context.width, context.height, limits)
    stream.thread_type = "SLICE"  # threads by frame swallow the errors of a damaged end
    seconds = _seconds(container, stream)
    frames: list[Frame] = []
    turned = 0
    for frame in _sampled(container, stream, seconds, count):
        _check(frame.width, frame.height, limits)
        turned = round(frame.rotation) % 360
        pixels = _upright(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), turned)
        frames.append(
            Frame(len(frames), max(float(frame.time or 0), 0.0), bool(frame.key_frame), _png(pixels))
        )
    if not frames:
        raise DamagedImageError("no frame of the clip can be decoded")
    side = context.height, context.width
    width, height = side if turned in {90, 270} else side[::-1]
    return Clip(
        name, digest, container.format.name, context.name, width, height, seconds,
        float(stream.average_rate or 0), turned, tuple(frames),
    )  # fmt: skip


def _check(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.max_pixels or max(width, height) > limits.max_side:
        raise ImageTooLargeError(
            f"the clip declares frames of {width}×{height} pixels; the limit is {limits.max_pixels / 1e6:g} "
            f"Mpx and {limits.max_side:,} a side (examine --max-mpx sets another)"
        )


def _seconds(container: "InputContainer", stream: "VideoStream") -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return float(container.duration or 0) / 1_000_000


def _sampled(
    container: "InputContainer", stream: "VideoStream", seconds: float, count: int
) -> Iterator["VideoFrame"]:
    """Frames at even steps; in long gaps it seeks to the key frame before the next wanted time."""
    import av  # noqa: PLC0415

    step = max(_LEAST_STEP, seconds / count)
    wanted, frames = 0.0, container.decode(stream)
    for _ in range(count):
        frame = _next_from(frames, wanted)
        if frame is None:
            return
        yield frame
        wanted = max(wanted + step, float(frame.time or 0) + step / 2)
        if step > _LEAP and stream.time_base:
            try:
                container.seek(int(wanted / stream.time_base), stream=stream)
            except av.FFmpegError:
                return
            frames = container.decode(stream)


def _next_from(frames: Iterator["VideoFrame"], wanted: float) -> "VideoFrame | None":
    """The next frame at or after a time; None at the end, or if the rest is damaged."""
    import av  # noqa: PLC0415

    while True:
        try:
            frame = next(frames, None)
        except (av.error.EOFError, av.error.InvalidDataError):
            return None
        if frame is None or float(frame.time or 0) >= wanted - 1e-6:
            return frame


def _upright(pixels: NDArray[np.uint8], turned: int) -> NDArray[np.uint8]:
    """Rotated anticlockwise by what the clip states."""
    return np.ascontiguousarray(np.rot90(pixels, turned // 90))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
