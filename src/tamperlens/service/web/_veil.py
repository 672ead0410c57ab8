"""A map as a veil over the photograph: transparent where its value is low, so that the photograph shows."""

import struct
import zlib

_START = 8  # offset of a PNG's first chunk, the header
# Value → opacity, both 0..255; the same as for overlays in the printed report.
_OPACITY = bytes(min(255, round(1.2 * value)) for value in range(256))


def veiled(picture: bytes) -> bytes:
    """Give each colour of a map's palette an opacity; the pixels stay as they are.

    Args:
        picture: a PNG whose pixels are indices 0..255 into its palette, which is how maps are stored. One
            without a palette is returned unchanged.
    """
    at = _START
    while at + 8 <= len(picture):
        (length,), kind = struct.unpack(">I", picture[at : at + 4]), picture[at + 4 : at + 8]
        at += 12 + length
        if kind == b"PLTE":
            return picture[:at] + _chunk(b"tRNS", _OPACITY[: length // 3]) + picture[at:]
        if kind == b"IDAT":
            break
    return picture


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
