"""One file → one `Evidence`, or one clear sentence why not."""

import hashlib
import io
import stat
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import (
    DamagedImageError,
    ImageTooLargeError,
    UnknownFormatError,
    UnreadableFileError,
)
from tamperlens.evidence.jpeg import JpegCoefficients, JpegStructure, read_coefficients, read_structure
from tamperlens.evidence.metadata import printable, read_metadata
from tamperlens.evidence.pixels import read_orientation, to_upright_rgb
from tamperlens.evidence.sniff import EXTENSIONS, Format, sniff, webp_canvas

# What Pillow's and pi-heif's parsers raise on damaged content, as found by benchmarks/hostile_files.py.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    RuntimeError,
    EOFError,
    MemoryError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_DECODING = threading.Lock()
# Bytes that a process holds before it decodes, and those that decoding takes for each pixel: four in the
# decoder, three as the traces read it.
_IDLE, _A_PIXEL = 200 << 20, 7


@dataclass(frozen=True)
class Limits:
    """What a file may declare before it is refused undecoded.

    Attributes:
        max_pixels: width × height at most; 100 Mpx by default.
        max_side: width and height at most; 65,500 by default, what a JPEG can hold, for every image is
            re-saved as one.
        max_bytes: file size at most; 1 GiB by default.
        max_memory: bytes that decoding may take, what the process holds anyway included; None
            for any.
    """

    max_pixels: int = 100_000_000
    max_side: int = 65_500
    max_bytes: int = 1 << 30
    max_memory: int | None = None


@dataclass(frozen=True)
class Evidence:
    """A file as found, and the pixels all traces read.

    Attributes:
        name: file name without folder, printable characters only.
        data: the untouched bytes.
        sha256: SHA-256 of those bytes, hexadecimal.
        format: what the content is, whatever the name says.
        pixels: (H, W, 3) uint8 RGB, upright.
        orientation: EXIF orientation 1..8 that was applied.
        stored_mode: Pillow mode of the stored image, such as "RGB", "L", "CMYK", "I;16".
        metadata: `Group:Tag` → printable text.
        jpeg: structure of a JPEG file, None for other formats.
        frames: number of frames or pages; only the first is examined.
        steps: what was done to reach `pixels`, a sentence each.
        warnings: what the decoder or the name gives reason to doubt, a sentence each.
    """

    name: str
    data: bytes = field(repr=False)
    sha256: str
    format: Format
    pixels: NDArray[np.uint8] = field(repr=False)
    orientation: int
    stored_mode: str
    metadata: Mapping[str, str] = field(repr=False)
    jpeg: JpegStructure | None
    frames: int
    steps: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def width(self) -> int:
        """Width in pixels, upright."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels, upright."""
        return int(self.pixels.shape[0])

    def coefficients(self) -> JpegCoefficients | None:
        """Quantised DCT coefficients, read anew at each call; None when the file is no JPEG.

        Raises:
            DamagedImageError: the pixels decode, but the coefficients cannot be read.
        """
        return read_coefficients(self.data, self.width * self.height) if self.format == "JPEG" else None


def load_evidence(source: Path | bytes, limits: Limits | None = None, name: str = "") -> Evidence:
    """Read, check and decode one image.

    Args:
        source: path of a file, or its bytes.
        limits: what may be declared; the defaults of `Limits` when None.
        name: name to report for bytes; for a path the file's own.

    Raises:
        UnreadableFileError: missing, a directory, not permitted or not a regular file.
        UnknownFormatError: empty, or not an image of a supported format.
        ImageTooLargeError: over a limit; nothing was decoded.
        DamagedImageError: truncated or otherwise undecodable.
    """
    limits = limits or Limits()
    data = source if isinstance(source, bytes) else read_file(source, limits)
    name = printable(name or (source.name if isinstance(source, Path) else ""))
    kind = sniff(data)
    if kind is None:
        raise UnknownFormatError(_describe_unknown(data))
    return _decode(data, kind, name, limits)


def read_file(path: Path, limits: Limits) -> bytes:
    """Read a regular file within the size limit; devices and pipes would never end.

    Raises:
        UnreadableFileError: missing, a directory, not permitted or not a regular file.
        ImageTooLargeError: it has more bytes than are read.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFileError("this is a directory; name the files in it")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError("this is not a regular file")
        if status.st_size > limits.max_bytes:
            raise ImageTooLargeError(
                f"the file has {status.st_size:,} bytes; {limits.max_bytes:,} are the most that is read"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except PermissionError:
        raise UnreadableFileError("reading this file is not permitted") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise UnreadableFileError(f"the file cannot be read: {error}") from error


def _describe_unknown(data: bytes) -> str:
    supported = "JPEG, PNG, TIFF, WebP, BMP, GIF, AVIF or HEIC"
    if not data:
        return f"the file is empty; expected an image ({supported})"
    head = data[:512].decode("utf-8", "ignore")
    is_text = len(head.encode()) >= len(data[:512]) - 3 and all(c.isprintable() or c.isspace() for c in head)
    what = "looks like text" if is_text else "is of an unknown kind"
    return f"the content {what}, not an image in a supported format ({supported})"


def _decode(data: bytes, kind: Format, name: str, limits: Limits) -> Evidence:
    with _pillow_without_limit(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            image = _open(data, kind, limits)
            structure = read_structure(image) if kind == "JPEG" else None
            metadata = read_metadata(image)
            frames, mode = getattr(image, "n_frames", 1), image.mode
            # Before loading: Pillow turns TIFF upright itself while it loads, and drops the tag.
            stored_size, orientation = image.size, read_orientation(image)
            image.seek(0)
            image.load()
            turned = image.size != stored_size or read_orientation(image) != orientation
            pixels, steps = to_upright_rgb(image, orientation, already_upright=turned)
        except _DECODER_ERRORS as error:
            reason = printable(error) or type(error).__name__
            raise DamagedImageError(f"the {kind} content is damaged and does not decode: {reason}") from error
    return Evidence(
        name=name,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        format=kind,
        pixels=pixels,
        orientation=orientation,
        stored_mode=mode,
        metadata=metadata,
        jpeg=structure,
        frames=int(frames),
        steps=steps,
        warnings=(*_doubt_name(name, kind), *dict.fromkeys(printable(w.message) for w in caught)),
    )


@contextmanager
def _pillow_without_limit() -> Iterator[None]:
    """Lift Pillow's own global pixel limit, because `Limits` replaces it; one decoding at a time.

    The lock also covers `warnings.catch_warnings`, which is not safe between threads.
    """
    with _DECODING:
        previous, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = previous


def _open(data: bytes, kind: Format, limits: Limits) -> Image.Image:
    """Read the headers of `data`; no pixel is decoded here."""
    if kind == "HEIF":
        import pi_heif  # noqa: PLC0415 - 40 ms that only HEIC files pay

        pi_heif.register_heif_opener(thumbnails=False)
    if kind == "WEBP" and (canvas := webp_canvas(data)):
        _check_size(canvas, limits)
    image = Image.open(io.BytesIO(data), formats=[kind])
    _check_size(image.size, limits)
    return image


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if max(width, height) > limits.max_side:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} pixels; a side may have {limits.max_side:,} at most"
        )
    if width < 1 or height < 1:
        raise DamagedImageError(f"the image declares {width}×{height} pixels; there is nothing to examine")
    if width * height > limits.max_pixels:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} = {width * height / 1e6:.0f} Mpx; "
            f"the limit is {limits.max_pixels / 1e6:g} Mpx (examine --max-mpx sets another)"
        )
    if limits.max_memory is not None and _IDLE + _A_PIXEL * width * height > limits.max_memory:
        raise ImageTooLargeError(
            f"the image declares {width}×{height} = {width * height / 1e6:.1f} Mpx, whose decoding alone "
            f"needs more than the {limits.max_memory / 2**30:.2f} GiB of memory that it may take (examine "
            "--max-memory sets another)"
        )


def _doubt_name(name: str, kind: Format) -> tuple[str, ...]:
    suffix = Path(name).suffix.lower()
    if not suffix or suffix in EXTENSIONS[kind]:
        return ()
    return (f"the name ends in '{printable(suffix)[:20]}', but the content is {kind}",)
