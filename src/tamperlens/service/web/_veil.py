"""A map as a veil over the photograph: clear where its value is low, so that the photograph is seen there."""

import struct
import zlib

_START = 8  # of a PNG's first chunk, which is its header
# Value → opacity, both 0..255: as the printed report lays maps over the photograph.
_OPACITY = bytes(min(255, round(1.2 * value)) for value in range(256))


def veiled(picture: bytes) -> bytes:
    """Give each colour of a map's palette an opacity; the pixels stay as they are.

    Args:
        picture: a PNG whose pixels are indices 0..255 into its palette, as maps are kept. One without a
            palette is returned as it is.
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
