"""The container: a zip archive with exactly one possible form, so that every byte is checked.

Members are stored uncompressed, in order of their names, dated 1980, with nothing before, between or after
them. Any program can unpack it; `unpack` builds it again and compares. So there is no room for compression
bombs, duplicate names, comments or hidden bytes.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamperlens.errors import CustodyError

MOST_BYTES = 1 << 30
_MOST_MEMBERS = 20_000
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Version 2.0, no flags, stored, 00:00 on 1 January 1980.
_FIXED = struct.pack("<HHHHH", 20, 0, 0, 0, 0x21)
_HEAD = struct.Struct("<4s10sIIIHH")
_NAME = re.compile(rb"[a-z0-9][a-z0-9._/-]{0,199}")
# Unix, a regular file that its owner may write and everyone may read.
_MADE_BY, _MODE = 0x0314, 0o100644 << 16


@dataclass(frozen=True)
class Unpacked:
    """What a container holds.

    Attributes:
        members: name → content.
        is_exact: whether these members give exactly these bytes.
    """

    members: Mapping[str, bytes]
    is_exact: bool


def pack(members: Mapping[str, bytes]) -> bytes:
    """The archive of these members.

    Raises:
        CustodyError: together they exceed `MOST_BYTES`.
    """
    total = sum(map(len, members.values()))
    if total > MOST_BYTES or len(members) > _MOST_MEMBERS:
        raise CustodyError(
            f"{len(members):,} files of {total:,} bytes together are too many for one bundle; "
            f"{_MOST_MEMBERS:,} files and {MOST_BYTES:,} bytes fit"
        )
    return b"".join(_pieces(members))


def _pieces(members: Mapping[str, bytes]) -> Iterator[bytes]:
    """The archive from start to end; contents are yielded as they are."""
    directory, place = bytearray(), 0
    for name, content in sorted(members.items()):
        spelt = name.encode("ascii")
        sizes = struct.pack("<III", zlib.crc32(content), len(content), len(content))
        lengths = struct.pack("<HH", len(spelt), 0)
        directory += _CENTRAL + struct.pack("<H", _MADE_BY) + _FIXED + sizes + lengths
        directory += struct.pack("<HHHII", 0, 0, 0, _MODE, place) + spelt
        head = _LOCAL + _FIXED + sizes + lengths + spelt
        place += len(head) + len(content)
        yield head
        yield content
    yield bytes(directory)
    yield _END + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), place, 0)


def _is_spelt(members: Mapping[str, bytes], data: bytes) -> bool:
    """Whether the archive of these members has exactly these bytes; nothing is copied."""
    view, place = memoryview(data), 0
    for piece in _pieces(members):
        if view[place : place + len(piece)] != piece:
            return False
        place += len(piece)
    return place == len(data)


def unpack(data: bytes) -> Unpacked:
    """Read the members without trusting any number in the archive.

    Raises:
        CustodyError: it is not a bundle at all.
    """
    if len(data) > 2 * MOST_BYTES:
        raise CustodyError(f"the bundle has {len(data):,} bytes; at most {2 * MOST_BYTES:,} are read")
    members: dict[str, bytes] = {}
    place = 0
    while data[place : place + 4] == _LOCAL:
        name, content, place = _member(data, place)
        if name in members:
            raise CustodyError(f"the bundle holds '{name}' twice")
        if len(members) == 2 * _MOST_MEMBERS:
            raise CustodyError(f"the bundle holds more than {_MOST_MEMBERS:,} files")
        members[name] = content
    if not members:
        raise CustodyError("this is not a bundle: expected a zip archive written by 'tamperlens bundle'")
    return Unpacked(members, len(members) <= _MOST_MEMBERS and _is_spelt(members, data))


def _member(data: bytes, place: int) -> tuple[str, bytes, int]:
    """Name and content of the member at `place`, and the offset of the next."""
    try:
        _magic, _fixed, _crc, size, _full, length, extra = _HEAD.unpack_from(data, place)
    except struct.error:
        raise CustodyError("the bundle is cut off") from None
    start = place + _HEAD.size + length + extra
    name = data[place + _HEAD.size : place + _HEAD.size + length]
    if not _NAME.fullmatch(name):
        raise CustodyError("a file in the bundle has a name that bundles do not use")
    if start + size > len(data):
        raise CustodyError(f"the bundle is cut off within '{name.decode()}'")
    return name.decode(), data[start : start + size], start + size
