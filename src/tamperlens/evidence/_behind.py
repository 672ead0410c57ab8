"""What follows the picture in a file: what the file declares, what makers append, what nothing declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamperlens.evidence._metadata import printable
from tamperlens.evidence._mpf import OTHER, Picture

FILLING, UNKNOWN, CLIP = "filling", "unknown data", "a video or another ISO media file"
# A further picture says what it is in this many of its first bytes.
_HEAD = 1 << 16
_GAIN_MAPS = (
    b"urn:iso:std:iso:ts:21496",
    b"http://ns.adobe.com/hdr-gain-map/",
    b"http://ns.apple.com/HDRGainMap/",
)
# Google's names for what a container holds.
_SEMANTICS = {
    "GainMap": "a gain map",
    "MotionPhoto": "the short video of a motion photo",
    "Depth": "a depth map",
    "Original": "the picture before it was worked on in the camera",
    "ConfidenceMap": "the confidence of a depth map",
    "Segmentation": "a map of people and background",
}
# First bytes → what makers and programs append.
_KNOWN = (
    (b"CANON OPTIONAL DATA\x00", "Canon's editing recipe"),
    (b"vivo{", "settings of a vivo phone"),
    (b"cbipcbbl", "settings of Photo Mechanic"),
    (b"NIKON APP", "settings of Nikon's program"),
    (b"MMIMETA", "settings of a Xiaomi phone"),
)
_AT_THE_END = (
    (b"cbipcbbl", "settings of Photo Mechanic"),
    (b"\xa1\xb2\xc3\xd4", "settings of FotoStation"),
    (b"8db42d694ccc418790edff439fe026bf", "settings of an Insta360 camera"),
)
_UNDECLARED = (
    (0, b"\xff\xd8\xff", "another JPEG image"),
    (4, b"ftyp", CLIP),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x89PNG", "a PNG image"),
)
# Most of Samsung's blocks that are named, and longest name in characters.
_MAX_BLOCKS, _MAX_NAME = 24, 64


@dataclass(frozen=True)
class Piece:
    """A stretch of bytes after the picture.

    Attributes:
        what: a noun with its article.
        start: offset of its first byte.
        end: offset just past its last byte.
        by: what declares it; "" when nothing does.
    """

    what: str
    start: int
    end: int
    by: str


@dataclass(frozen=True)
class Declared:
    """What a file declares after its picture.

    Attributes:
        pictures: from the multi-picture index.
        items: from Google's container, each `Semantic`, `Length` and so on → text.
        video: where XMP says a short video begins, in bytes before the end of the file; 0 without one.
        gain_map: whether the picture says it has a gain map, wherever that is.
    """

    pictures: tuple[Picture, ...]
    items: tuple[Mapping[str, str], ...]
    video: int
    gain_map: bool


def pieces_behind(data: bytes, start: int, end: int, declared: Declared) -> list[Piece]:
    """Everything between two offsets after a picture, in file order.

    Args:
        data: the file.
        start: where the picture ends.
        end: where the file ends.
        declared: what the file declares there.
    """
    found = [*_samsung(data, start, end), *_pictures(data, start, end, declared)]
    if not any(piece.by == "MPF" for piece in found):
        found += _container(start, end, declared.items)
    if 0 < declared.video <= end - start:
        found.append(Piece(_SEMANTICS["MotionPhoto"], end - declared.video, end, "XMP"))
    taken: list[Piece] = []
    position = start
    for piece in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if piece.start >= position:
            taken += _undeclared(data, position, piece.start)
            taken.append(piece)
        position = max(position, piece.end)
    taken += _undeclared(data, position, end)
    return taken if len(taken) == 1 else [piece for piece in taken if piece.what != FILLING]


def _pictures(data: bytes, start: int, end: int, declared: Declared) -> Iterator[Piece]:
    for picture in declared.pictures:
        if start <= picture.start < picture.end <= end:
            head = data[picture.start : min(picture.end, picture.start + _HEAD)]
            gain = any(mark in head for mark in _GAIN_MAPS)
            gain = gain or (declared.gain_map and picture.what == OTHER)
            yield Piece("a gain map" if gain else picture.what, picture.start, picture.end, "MPF")


def _container(start: int, end: int, items: tuple[Mapping[str, str], ...]) -> Iterator[Piece]:
    """Items follow the picture one after another, and the last one ends with the file."""
    lengths = [_whole(item.get("Length", "")) for item in items[1:]]
    position = max(start, end - sum(lengths))
    for item, length in zip(items[1:], lengths, strict=True):
        if 0 < length <= end - position:
            semantic = item.get("Semantic", "")
            what = _SEMANTICS.get(semantic, f"'{printable(semantic, 40)}'")
            yield Piece(what, position, position + length, "XMP")
            position += length


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _samsung(data: bytes, start: int, end: int) -> Iterator[Piece]:
    """Samsung's block, which has its index at its end."""
    if data[end - 4 : end] != b"SEFT" or end - start < 20:
        return
    index = end - 8 - int.from_bytes(data[end - 8 : end - 4], "little")
    if index < start or data[index : index + 4] != b"SEFH":
        return
    names, first = [], index
    for i in range(min(int.from_bytes(data[index + 8 : index + 12], "little"), _MAX_BLOCKS)):
        entry = data[index + 12 + 12 * i : index + 24 + 12 * i]
        at = index - int.from_bytes(entry[4:8], "little")
        # Some writers count from after a block's eight-byte header.
        for head in (at, at - 8):
            if start <= head < index and (name := _block_name(data, head, index)):
                names.append(name)
                first = min(first, head)
                break
    listed = f" ({', '.join(dict.fromkeys(names))})" if names else ""
    yield Piece(f"Samsung's own data{listed}", first, end, "SEFH")


def _block_name(data: bytes, at: int, end: int) -> str:
    """Name of one of Samsung's blocks; "" where none begins."""
    length = int.from_bytes(data[at + 4 : at + 8], "little")
    name = data[at + 8 : at + 8 + length] if length <= _MAX_NAME else b""
    sound = data[at : at + 2] == b"\x00\x00" and at + 8 + length <= end and name.isascii()
    return printable(name, _MAX_NAME) if sound else ""


def _undeclared(data: bytes, start: int, end: int) -> list[Piece]:
    """What nothing declares between two offsets, named by its first or last bytes if they are known."""
    if start >= end:
        return []
    if not data[start:end].strip(b"\x00\xff"):
        return [Piece(FILLING, start, end, "")]
    head, tail = data[start : min(end, start + _HEAD)], data[max(start, end - 64) : end]
    shown = head.lstrip(b"\x00")
    known = [(what, "its first bytes") for magic, what in _KNOWN if shown.startswith(magic)]
    known += [(what, "its last bytes") for magic, what in _AT_THE_END if tail.endswith(magic)]
    known += [
        (what, "")
        for offset, magic, what in _UNDECLARED
        if magic in (head[offset : offset + len(magic)], shown[offset : offset + len(magic)])
    ]
    what, by = next(iter(known), (UNKNOWN, ""))
    return [Piece(what, start, end, by)]
