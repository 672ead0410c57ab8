"""How much a decoder shows of a file that ends too early or is damaged inside."""

import zlib

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._container import read_parts
from tamperlens.evidence._jpeg_end import scan_end
from tamperlens.evidence._jpeg_stream import read_stream
from tamperlens.evidence._sniff import Format
from tamperlens.evidence._tiff import Tiff

# Samples per pixel for each PNG colour type.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PACKED_AT_ONCE, _UNPACKED_AT_ONCE = 256, 1 << 20


def what_is_missing(data: bytes, copy: bytes, kind: Format, stored: NDArray[np.uint8]) -> tuple[int, str]:
    """How many rows of a picture decode, and what is missing.

    Args:
        data: the file.
        copy: what was decoded: the file itself, or its sound parts.
        kind: its format.
        stored: (H, W, 3) or (H, W), the pixels as stored.

    Returns:
        Rows that decode, and a clause; "" if nothing is missing or only an end marker is.
    """
    if kind == "JPEG":
        return _missing_of_jpeg(data, copy, stored)
    rows = _png_rows(copy) if kind == "PNG" else None
    if rows is None:
        rows = _rows_that_show(stored[::-1] if kind == "BMP" else stored)
    count, whole = missing_bytes(data, kind), len(stored)
    lacking = f", {count:,} bytes are missing" if count else ""
    why = "ends before its picture does" if count else "is damaged within its picture"
    return rows, f"the file {why}: {_share(rows, whole)}{lacking}" if rows < whole or count else ""


def missing_bytes(data: bytes, kind: Format) -> int:
    """Bytes that a file declares but does not hold; 0 when none are missing or the format does not tell."""
    if kind == "BMP":
        return max(0, int.from_bytes(data[2:6], "little") - len(data))
    if kind == "WEBP":
        return max(0, int.from_bytes(data[4:8], "little") + 8 - len(data))
    if kind == "TIFF":
        tiff = Tiff(data)
        return max((tiff.missing(page) for page in tiff.pages[:1]), default=0)
    if kind in {"PNG", "AVIF", "HEIF"}:
        return _missing_of_last(data, kind)
    return 0


def _missing_of_last(data: bytes, kind: Format) -> int:
    """Missing bytes by what the last chunk or box declares."""
    parts = read_parts(data, kind)
    if not parts:
        return 0
    last = parts[-1]
    if kind == "PNG":
        declared = int.from_bytes(data[last.start - 8 : last.start - 4], "big")
        behind = 0 if last.name == "IEND" else 16  # the checksum, and the final IEND chunk
        return max(0, last.start + declared + behind - len(data)) if last.name != "after the end" else 0
    declared = int.from_bytes(data[last.start - 8 : last.start - 4], "big")
    return max(0, last.start - 8 + declared - len(data)) if declared > 1 else 0


def _missing_of_jpeg(data: bytes, copy: bytes, stored: NDArray[np.uint8]) -> tuple[int, str]:
    stream, shown = read_stream(data), read_stream(copy)
    end, height = scan_end(copy, shown), len(stored)
    why = "is damaged within its picture" if stream.ended else "ends before its picture does"
    if end is not None:
        rows = end.rows or _rows_that_show(stored)  # a decoder returns a row of units once the next has begun
        return rows, "" if end.whole else f"the file {why}: {_share(rows, height)}"
    rows = _rows_that_show(stored)
    all_shown = copy != data and len(shown.scans) == len(stream.scans)
    if stream.ended and not stream.fault and all_shown and rows == height:
        return rows, ""
    lacking = "" if rows < height else ", all of them without the detail of what is missing"
    where = "is damaged behind" if stream.ended or stream.fault else "ends within"
    within = f"{where} scan {len(shown.scans)} of a picture that is stored in several"
    return rows, f"the file {within}: {rows} of its {height} rows decode{lacking}"


def _share(rows: int, height: int) -> str:
    if rows == height:
        return f"something of all {height} rows decodes, not all of each"
    return f"{rows} of its {height} rows decode, {(height - rows) / height:.0%} of it is missing"


def _rows_that_show(stored: NDArray[np.uint8]) -> int:
    """Rows before the single-valued ones at the end, which a decoder leaves where it found no data."""
    flat = stored.reshape(len(stored), -1, stored.shape[2] if stored.ndim == 3 else 1)
    showing = np.flatnonzero((flat != flat[-1, -1]).any(axis=(1, 2)))
    return int(showing[-1]) + 1 if showing.size else 0


def _png_rows(data: bytes) -> int | None:
    """Rows whose compressed data is there; None for an interlaced picture."""
    width, bits, colour, interlaced = int.from_bytes(data[16:20], "big"), data[24], data[25], data[28]
    if interlaced or colour not in _SAMPLES:
        return None
    unpacker, length = zlib.decompressobj(), 0
    packed = b"".join(part.payload(data) for part in read_parts(data, "PNG") if part.name == "IDAT")
    try:
        # In small pieces, because a damaged piece yields nothing, not even what came before the damage.
        for start in range(0, len(packed), _PACKED_AT_ONCE):
            length += _unpacked_length(unpacker, packed[start : start + _PACKED_AT_ONCE])
    except zlib.error:
        pass  # damaged from here on
    return min(length // (1 + -(-width * bits * _SAMPLES[colour] // 8)), int.from_bytes(data[20:24], "big"))


def _unpacked_length(unpacker: "zlib._Decompress", packed: bytes) -> int:
    length = 0
    while packed:
        length += len(unpacker.decompress(packed, _UNPACKED_AT_ONCE))
        packed = unpacker.unconsumed_tail
    return length
