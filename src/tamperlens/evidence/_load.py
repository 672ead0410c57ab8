"""One file → one `Evidence`, or one clear sentence why not."""

import hashlib
import io
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tamperlens.errors import (
    ImageTooLargeError,
    UnknownFormatError,
    UnreadableFileError,
    UnsupportedImageError,
)
from tamperlens.evidence._declared import Limits
from tamperlens.evidence._decode import Decoded, decode
from tamperlens.evidence._jpeg import JpegCoefficients, read_coefficients
from tamperlens.evidence._known_formats import known_format, not_examined
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._sniff import EXTENSIONS, Format, sniff

__all__ = ["Evidence", "Limits", "load_evidence", "open_regular", "read_file"]

# Pixels of the largest unit of blocks that is usual in JPEG files.
_MCU = 16


@dataclass(frozen=True, kw_only=True)
class Evidence(Decoded):
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
        jpeg: structure of a JPEG file; None for other formats.
        frames: number of frames or pages; only the first is examined.
        steps: what was done to obtain `pixels`, one sentence each.
        warnings: doubts raised by the decoder or the name, one sentence each.
        incomplete: what is missing of its picture, a clause; "" when it is whole.
        box: left, top, width and height in pixels of the part of `whole` that `pixels` holds; None for all.
        whole: the file as found, where this is a part of its picture.
    """

    name: str
    data: bytes = field(repr=False)
    sha256: str
    format: Format
    box: tuple[int, int, int, int] | None = None
    whole: "Evidence | None" = field(default=None, repr=False)

    @property
    def width(self) -> int:
        """Width in pixels, upright."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels, upright."""
        return int(self.pixels.shape[0])

    def coefficients(self) -> JpegCoefficients | None:
        """Quantised DCT coefficients, read again on every call; None if the file is not a JPEG.

        Raises:
            DamagedImageError: the pixels decode, but the coefficients cannot be read.
        """
        if self.whole and self.box:
            found = self.whole.coefficients()
            return found.part(self.box) if found else None
        return read_coefficients(self.data, self.width * self.height) if self.format == "JPEG" else None

    def part(self, box: tuple[int, int, int, int]) -> "Evidence":
        """The same file, of which a part is looked at; the file itself if its pixels were turned upright.

        Args:
            box: left, top, width and height in pixels; it is narrowed to whole blocks of the file.
        """
        if self.orientation != 1:
            return self
        left, top = (-(-side // _MCU) * _MCU for side in box[:2])
        right, bottom = (
            end if end == side else end // _MCU * _MCU
            for end, side in ((box[0] + box[2], self.width), (box[1] + box[3], self.height))
        )
        pixels = np.ascontiguousarray(self.pixels[top:bottom, left:right])
        return replace(self, pixels=pixels, box=(left, top, right - left, bottom - top), whole=self)


def load_evidence(source: Path | bytes, limits: Limits | None = None, name: str = "") -> Evidence:
    """Read, check and decode one image.

    Args:
        source: path of a file, or its bytes.
        limits: what the file may declare; the defaults of `Limits` when None.
        name: name to report for bytes; a path has its own.

    Raises:
        UnreadableFileError: missing, a directory, not permitted or not a regular file.
        UnknownFormatError: empty, or not an image of a supported format.
        UnsupportedImageError: a RAW file, or another known format or coding that is not examined.
        ImageTooLargeError: over a limit; nothing was decoded.
        DamagedImageError: nothing decodes; a truncated file is read as far as it goes.
    """
    limits = limits or Limits()
    data = source if isinstance(source, bytes) else read_file(source, limits)
    name = printable(name or (source.name if isinstance(source, Path) else ""))
    kind = sniff(data)
    if kind is None:
        known = known_format(data)
        if known:
            raise UnsupportedImageError(not_examined(*known))
        raise UnknownFormatError(_describe_unknown(data))
    found = decode(data, kind, limits)
    return Evidence(
        name=name,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        format=kind,
        **vars(found) | {"warnings": (*_doubt_name(name, kind), *found.warnings)},
    )


def read_file(path: Path, limits: Limits) -> bytes:
    """Read a regular file within the size limit; devices and pipes would never end.

    Raises:
        UnreadableFileError: missing, a directory, not permitted or not a regular file.
        ImageTooLargeError: the file is larger than the limit.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limits.max_bytes:
                raise ImageTooLargeError(
                    f"the file has {size:,} bytes; at most {limits.max_bytes:,} are read"
                )
            return file.read()
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except PermissionError:
        raise UnreadableFileError("there is no permission to read this file") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = getattr(error, "strerror", None) or "its name is not valid on this system"
        raise UnreadableFileError(f"the file cannot be read: {reason}") from error


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading, and nothing else: a pipe would block for ever, a device may react.

    Raises:
        UnreadableFileError: it is a directory, a pipe, a device or the like; it was not opened.
        OSError: there is no such file, or it may not be read.
    """
    _refuse_irregular(path.stat().st_mode)
    # It may have become a pipe in the meantime.
    at_once = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, os.O_RDONLY | at_once), "rb")
    try:
        _refuse_irregular(os.fstat(file.fileno()).st_mode)
    except UnreadableFileError:
        file.close()
        raise
    return file


def _refuse_irregular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableFileError("this is a directory; name the files in it")
    if not stat.S_ISREG(mode):
        raise UnreadableFileError("this is not a regular file")


def _describe_unknown(data: bytes) -> str:
    supported = "JPEG, PNG, TIFF, WebP, BMP, GIF, AVIF or HEIC"
    if not data:
        return f"the file is empty; expected an image ({supported})"
    head = data[:512].decode("utf-8", "ignore")
    is_text = len(head.encode()) >= len(data[:512]) - 3 and all(c.isprintable() or c.isspace() for c in head)
    what = "looks like text" if is_text else "is of an unknown kind"
    return f"the content {what}, not an image in a supported format ({supported})"


def _doubt_name(name: str, kind: Format) -> tuple[str, ...]:
    suffix = Path(name).suffix.lower()
    if not suffix or suffix in EXTENSIONS[kind]:
        return ()
    return (f"the name ends in '{printable(suffix)[:20]}', but the content is {kind}",)
