"""Bytes of a known format → upright pixels: the whole picture, or as much as a damaged file gives."""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import DamagedImageError, ImageTooLargeError, UnsupportedImageError
from tamperlens.evidence._cut import missing_bytes, what_is_missing
from tamperlens.evidence._declared import Limits, check_size
from tamperlens.evidence._decoder import DECODER_ERRORS, decoder, reason, stable
from tamperlens.evidence._deep_colour import in_used_range
from tamperlens.evidence._iso_items import read_items
from tamperlens.evidence._jpeg import JpegStructure, read_structure
from tamperlens.evidence._jpeg_stream import DNL, TOO_MANY_SCANS, read_stream
from tamperlens.evidence._known_formats import not_examined
from tamperlens.evidence._mending import mended, without_last_scans
from tamperlens.evidence._metadata import read_metadata
from tamperlens.evidence._pixels import read_orientation, to_upright_rgb
from tamperlens.evidence._sniff import Format, webp_canvas
from tamperlens.evidence._tiff import Tiff, raw_name, unsupported_coding

# Python's warnings about programs, not about files.
_OF_PROGRAMS = (ResourceWarning, DeprecationWarning, PendingDeprecationWarning, ImportWarning)

# Scans that are always decoded, and the most scans × pixels beyond that: 160 scans of 12 Mpx.
_MANY, _MOST_SCANNED = 20, 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """What a decoder made of a file; attributes as in `Evidence`."""

    pixels: NDArray[np.uint8] = field(repr=False)
    orientation: int
    stored_mode: str
    metadata: Mapping[str, str] = field(repr=False)
    jpeg: JpegStructure | None
    frames: int
    steps: tuple[str, ...]
    warnings: tuple[str, ...]
    incomplete: str = ""


def decode(data: bytes, kind: Format, limits: Limits) -> Decoded:
    """Decode the first picture of a file.

    Raises:
        UnsupportedImageError: it is sound, but its coding is not supported.
        ImageTooLargeError: over a limit, or too many scans; nothing was decoded.
        DamagedImageError: nothing decodes.
    """
    _refuse_raw(data, kind)
    _refuse_jpeg(data, kind)
    with decoder(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found, _ = _decode(data, kind, limits)
        except DECODER_ERRORS as error:
            found = _decode_part(data, kind, limits, error)
    said = [stable(one.message) for one in caught if not issubclass(one.category, _OF_PROGRAMS)]
    return replace(found, warnings=tuple(dict.fromkeys(said)))


def _refuse_raw(data: bytes, kind: Format) -> None:
    if kind == "TIFF" and (name := raw_name(data)):
        raise UnsupportedImageError(not_examined(name, "RAW"))


def _refuse_jpeg(data: bytes, kind: Format) -> None:
    """Refuse codings that no decoder here reads, and JPEGs whose many scans each cost a full decoding."""
    stream = read_stream(data) if kind == "JPEG" else None
    if stream is None or stream.frame is None:
        return
    if stream.frame.height == 0 and any(segment.marker == DNL for segment in stream.segments):
        why = "a JPEG whose height is given after its first scan"
        raise UnsupportedImageError(f"the file is {why}; this coding is not supported")
    if len(stream.scans) < _MANY:
        return
    each = stream.frame.width * stream.frame.height
    if stream.fault == TOO_MANY_SCANS or len(stream.scans) * each > _MOST_SCANNED:
        many = f"{len(stream.scans)} scans or more of {each / 1e6:.1f} Mpx each"
        raise ImageTooLargeError(f"the JPEG declares {many}; that is more than is decoded")


def _decode_part(data: bytes, kind: Format, limits: Limits, error: BaseException) -> Decoded:
    """Decode as much as possible of a damaged file."""
    if coding := _unsupported(data, kind):
        raise UnsupportedImageError(f"the file is {coding}; this coding is not supported") from error
    rows, missing, found = _best_attempt(data, kind, limits)
    if found is None or not rows:
        count = missing_bytes(data, kind)
        lacking = missing or (f"{count:,} bytes are missing" if count else "")
        why = f"{reason(error)}; {lacking}" if lacking else reason(error)
        raise DamagedImageError(f"the {kind} content is damaged and does not decode: {why}") from error
    if not missing and kind != "JPEG":  # `layout` describes the end of a JPEG
        warnings.warn(f"the {kind} decodes, though not without an error: {reason(error)}", stacklevel=2)
    return replace(found, incomplete=missing)


def _best_attempt(data: bytes, kind: Format, limits: Limits) -> tuple[int, str, Decoded | None]:
    """As much as can be decoded of a file, or of its sound parts."""
    copy = mended(data, kind)
    attempts = [one for part in dict.fromkeys((copy, data)) if (one := _attempt(part, data, kind, limits))]
    best = max(attempts, key=lambda one: one[0], default=None)
    if best is None or not best[0]:
        shorter = (_attempt(part, data, kind, limits) for part in without_last_scans(copy, kind))
        best = next((one for one in shorter if one and one[0]), best)
    return best or (0, "", None)


def _attempt(copy: bytes, data: bytes, kind: Format, limits: Limits) -> tuple[int, str, Decoded] | None:
    """Rows that a copy of a file shows, what is missing, and what was decoded; None if nothing was."""
    try:
        with decoder(partial=True):
            found, image = _decode(copy, kind, limits)
            return *what_is_missing(data, copy, kind, _as_stored(image)), found
    except DECODER_ERRORS:
        return None


def _as_stored(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image.convert("RGB") if image.mode in {"P", "PA", "CMYK"} else image)


def _unsupported(data: bytes, kind: Format) -> str:
    """How a file is coded, if that is why it does not decode; "" otherwise."""
    if kind == "TIFF":
        coding = unsupported_coding(data)
        return f"a TIFF, {coding}" if coding else ""
    if kind == "JPEG":
        frame = read_stream(data).frame
        return f"a JPEG that is {frame.unsupported}" if frame and frame.unsupported else ""
    return ""


def _decode(data: bytes, kind: Format, limits: Limits) -> tuple[Decoded, Image.Image]:
    """What was decoded, and the image as stored."""
    image = _open(data, kind, limits)
    structure = read_structure(image) if kind == "JPEG" else None
    metadata = read_metadata(image)
    frames, first = _frames(image, data, kind)
    # Before loading: Pillow turns TIFF upright by itself while loading, and drops the tag.
    image.seek(first)
    check_size(image.size, limits)
    mode, stored_size, orientation = image.mode, image.size, read_orientation(image)
    image.load()
    turned = image.size != stored_size or read_orientation(image) != orientation
    how = f"EXIF orientation {orientation}"
    if kind in {"HEIF", "AVIF"}:
        orientation, turned, how = _turn_of_items(data, kind, orientation)
    shown, scaled = in_used_range(image, data, kind) if not first else (image, "")
    page = f"page {first + 1} examined: those before it are declared reduced copies" if first else ""
    pixels, steps = to_upright_rgb(shown, orientation, already_upright=turned, how=how)
    steps = (*(step for step in (page, scaled) if step), *steps)
    decoded = Decoded(
        pixels=pixels, orientation=orientation, stored_mode=mode, metadata=metadata, jpeg=structure,
        frames=frames, steps=steps, warnings=(),
    )  # fmt: skip
    return decoded, image


def _turn_of_items(data: bytes, kind: Format, orientation: int) -> tuple[int, bool, str]:
    """The rotation stated by the picture's own properties; HEIF decoders apply it, and EXIF repeats it."""
    items = read_items(data)
    own = items.orientation if items else 1
    how = "the file's own turn (irot, imir)"
    return (own, True, how) if kind == "HEIF" else (orientation, False, how)


def _frames(image: Image.Image, data: bytes, kind: Format) -> tuple[int, int]:
    """How many pictures a file holds, and the index of the first that is not a reduced copy."""
    count = int(getattr(image, "n_frames", 1))
    if kind != "TIFF":
        return count, 0
    tiff = Tiff(data)
    own = [i for i, page in enumerate(tiff.pages[:count]) if not tiff.is_reduced(page)]
    return (len(own), own[0]) if own else (count, 0)


def _open(data: bytes, kind: Format, limits: Limits) -> Image.Image:
    """Read the headers of `data`; no pixel is decoded."""
    if kind == "HEIF":
        import pi_heif  # noqa: PLC0415 - 40 ms that only HEIC files pay

        pi_heif.register_heif_opener(thumbnails=False)
    if kind == "WEBP" and (canvas := webp_canvas(data)):
        check_size(canvas, limits)
    image = Image.open(io.BytesIO(data), formats=[kind])
    check_size(image.size, limits)
    return image
