"""The items of a HEIF or AVIF file: which is the picture, how it is rotated, what belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

# Most boxes of one level, items and associations that are read.
MAX_BOXES, MAX_ITEMS = 4096, 4096
# Anticlockwise quarter turns (irot) and mirror axis (imir) → EXIF orientation. An item is rotated first, then
# mirrored (ISO/IEC 23008-12); axis 0 swaps top and bottom in the 2022 edition, which is how Apple and libheif
# read it.
_ORIENTATIONS = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip


class Box(NamedTuple):
    """A box: its type and its payload's offsets."""

    kind: bytes
    start: int
    end: int


@dataclass(frozen=True)
class Items:
    """What the item table says.

    Attributes:
        primary: number of the item that is the picture; 0 without one.
        primary_at: offset of that number in the file, and its size in bytes: 2 or 4.
        orientation: EXIF orientation 1..8 equal to the picture's own rotation and mirroring.
        kinds: item → its type, such as "hvc1", "grid", "Exif", "tmap".
        sizes: item → (width, height) as stored, before rotation.
        auxiliary: item → URN of what the auxiliary picture is.
        references: (type, from, to) of each reference.
        references_at: start and end offset of the references in the file.
    """

    primary: int
    primary_at: tuple[int, int]
    orientation: int
    kinds: "MappingProxyType[int, str]"
    sizes: "MappingProxyType[int, tuple[int, int]]"
    auxiliary: "MappingProxyType[int, str]"
    references: tuple[tuple[str, int, int], ...]
    references_at: tuple[int, int] = (0, 0)

    def of_picture(self, reference: str) -> list[int]:
        """Items that refer to the picture with a type, such as "thmb" or "auxl"."""
        return [one for kind, one, to in self.references if kind == reference and to == self.primary]


def read_items(data: bytes) -> Items | None:
    """Read the item table; None if the file has none.

    Reference: ISO/IEC 14496-12 (2022), 8.11; ISO/IEC 23008-12 (2022).
    """
    meta = next((box for box in boxes(data, 0, len(data)) if box.kind == b"meta"), None)
    if meta is None:
        return None
    inner = {box.kind: box for box in boxes(data, meta.start + 4, meta.end)}
    primary, place = _primary(data, inner.get(b"pitm"))
    properties = _properties(data, inner.get(b"iprp"))
    mine = properties.get(primary, [])
    sizes = {item: size for item, of in properties.items() if (size := _size(data, of))}
    roles = {item: role for item, of in properties.items() if (role := _role(data, of))}
    return Items(
        primary=primary,
        primary_at=place,
        orientation=_orientation(data, mine),
        kinds=MappingProxyType(dict(_kinds(data, inner.get(b"iinf")))),
        sizes=MappingProxyType(sizes),
        auxiliary=MappingProxyType(roles),
        references=tuple(_references(data, inner.get(b"iref"))),
        references_at=inner[b"iref"][1:] if b"iref" in inner else (0, 0),
    )


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Consecutive boxes, as far as they lie within the file."""
    end = min(end, len(data))
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, body = _number(data, start, 4), start + 8
        if size == 1:
            size, body = _number(data, body, 8), body + 8
        stop = min(start + size, end) if size else end
        if stop < body:
            return
        yield Box(data[start + 4 : start + 8], body, stop)
        start = stop


def _number(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "big")


def _primary(data: bytes, box: Box | None) -> tuple[int, tuple[int, int]]:
    if box is None:
        return 0, (0, 0)
    size = 4 if _number(data, box.start, 1) else 2
    return _number(data, box.start + 4, size), (box.start + 4, size)


def _properties(data: bytes, box: Box | None) -> dict[int, list[Box]]:
    """Item → its properties, in the order they apply."""
    if box is None:
        return {}
    known: list[Box] = []
    found: dict[int, list[Box]] = {}
    for inner in boxes(data, box.start, box.end):
        if inner.kind == b"ipco":
            known = list(boxes(data, inner.start, inner.end))
        elif inner.kind == b"ipma":
            for item, index in _associations(data, inner):
                if 0 < index <= len(known):
                    found.setdefault(item, []).append(known[index - 1])
    return found


def _associations(data: bytes, box: Box) -> Iterator[tuple[int, int]]:
    wide_item, wide_index = _number(data, box.start, 1) > 0, _number(data, box.start + 1, 3) & 1
    at = box.start + 8
    for _ in range(min(_number(data, box.start + 4, 4), MAX_ITEMS)):
        size = 4 if wide_item else 2
        item, count = _number(data, at, size), _number(data, at + size, 1)
        at += size + 1
        for _ in range(count):
            if at >= box.end:
                return
            step = 2 if wide_index else 1
            yield item, _number(data, at, step) & (0x7FFF if wide_index else 0x7F)
            at += step


def _orientation(data: bytes, properties: list[Box]) -> int:
    turns, axis = 0, None
    for box in properties:
        if box.kind == b"irot":
            turns = _number(data, box.start, 1) & 3
        elif box.kind == b"imir":
            axis = _number(data, box.start, 1) & 1
    return _ORIENTATIONS[turns, axis]


def _size(data: bytes, properties: list[Box]) -> tuple[int, int] | None:
    box = next((box for box in properties if box.kind == b"ispe"), None)
    return (_number(data, box.start + 4, 4), _number(data, box.start + 8, 4)) if box else None


def _role(data: bytes, properties: list[Box]) -> str:
    box = next((box for box in properties if box.kind == b"auxC"), None)
    if box is None:
        return ""
    return data[box.start + 4 : min(box.end, box.start + 104)].split(b"\x00")[0].decode("latin-1")


def _kinds(data: bytes, box: Box | None) -> Iterator[tuple[int, str]]:
    if box is None:
        return
    wide = _number(data, box.start, 1) > 0
    for inner in boxes(data, box.start + (8 if wide else 6), box.end):
        if inner.kind == b"infe" and _number(data, inner.start, 1) >= 2:
            size = 4 if _number(data, inner.start, 1) == 3 else 2
            at = inner.start + 4
            yield _number(data, at, size), data[at + size + 2 : at + size + 6].decode("latin-1")


def _references(data: bytes, box: Box | None) -> Iterator[tuple[str, int, int]]:
    if box is None:
        return
    size = 4 if _number(data, box.start, 1) else 2
    for inner in boxes(data, box.start + 4, box.end):
        source, count = _number(data, inner.start, size), _number(data, inner.start + size, 2)
        for i in range(min(count, MAX_ITEMS, (inner.end - inner.start) // size)):
            yield inner.kind.decode("latin-1"), source, _number(data, inner.start + size + 2 + i * size, size)


def with_primary(data: bytes, items: Items, item: int) -> bytes:
    """The file with another item as its picture, because decoders read only that one.

    Its thumbnail reference is removed, because decoders do not accept a thumbnail as the picture.
    """
    at, size = items.primary_at
    start, end = items.references_at
    changed = bytearray(data)
    changed[start:end] = data[start:end].replace(b"thmb", b"free")
    changed[at : at + size] = (item % (1 << 8 * size)).to_bytes(size, "big")
    return bytes(changed)
