"""The XMP packet: history, origin and declared source of a picture, read without trusting its XML."""

import re
import xml.parsers.expat
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamperlens.evidence._container import Part
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._sniff import Format

# Largest packet in bytes, most entries and deepest element that are read.
MAX_PACKET, MAX_ENTRIES, MAX_DEPTH = 1 << 20, 2000, 64
# Largest extension in bytes: it may hold whole pictures as text.
MAX_EXTENSION = 8 << 20
_JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENSION_HEADER = b"http://ns.adobe.com/xmp/extension/\x00"
_PNG_KEYWORD = b"XML:com.adobe.xmp\x00"
_PACKET = re.compile(rb"<x:xmpmeta[\s>]")
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://purl.org/dc/terms/": "dcterms",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
    "http://ns.google.com/photos/1.0/depthmap/": "GDepth",
    "http://ns.google.com/photos/1.0/image/": "GImage",
    "http://ns.google.com/photos/dd/1.0/device/": "Device",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
    "http://ns.apple.com/depthData/1.0/": "depthData",
}

# RDF's own names and unknown vocabularies say nothing here.
_UNREAD = ("rdf:", "other:")


@dataclass(frozen=True)
class Xmp:
    """What an XMP packet states.

    Attributes:
        values: `prefix:Name` → first printable text of that property anywhere in the packet.
        history: the steps of `xmpMM:History`, each `action`, `softwareAgent`, `when` and so on → text.
        items: what Google's container declares, each `Semantic`, `Length` and so on → text.
        whole: whether the packet was well formed and within the limits; if not, only part of it was read.
    """

    values: Mapping[str, str]
    history: tuple[Mapping[str, str], ...]
    items: tuple[Mapping[str, str], ...]
    whole: bool


def find_xmp(data: bytes, kind: Format, parts: tuple[Part, ...]) -> bytes:
    """The XMP packet of a file; empty if there is none.

    JPEG, PNG and WebP say where it is. In other formats the first packet found by its root element is used.
    """
    if kind not in {"JPEG", "PNG", "WEBP"}:
        return _scan(data)
    for part in parts:
        if part.name in {"APP1", "iTXt", "XMP "}:
            payload = part.payload(data)
            if part.name == "XMP ":
                return payload[:MAX_PACKET]
            if part.name == "APP1" and payload.startswith(_JPEG_HEADER):
                return payload[len(_JPEG_HEADER) :]
            if part.name == "iTXt" and payload.startswith(_PNG_KEYWORD):
                return _international_text(payload[len(_PNG_KEYWORD) :])
    return b""


def find_extension(data: bytes, parts: tuple[Part, ...], packet: bytes) -> bytes:
    """The extension of a JPEG file's packet, joined from its segments; empty if there is none.

    Args:
        data: the file.
        parts: its parts.
        packet: names the extension that belongs to it.

    Reference: Adobe, XMP Specification Part 3 (2020), 1.1.3.1.
    """
    pieces: dict[int, bytes] = {}
    size = 0
    for part in parts:
        head = data[part.start : part.start + len(_EXTENSION_HEADER) + 40] if part.name == "APP1" else b""
        if head.startswith(_EXTENSION_HEADER) and size < MAX_EXTENSION:
            about = head[len(_EXTENSION_HEADER) :]
            if about[:32] in packet and len(about) == 40:
                piece = data[part.start + len(head) : part.end]
                pieces.setdefault(int.from_bytes(about[36:40], "big"), piece)
                size += len(piece)
    return b"".join(pieces[offset] for offset in sorted(pieces))


def read_xmp(packet: bytes, extension: bytes = b"") -> Xmp | None:
    """Read a packet; None if it is empty.

    Entities are never expanded: a packet that declares a document type is not read beyond that.

    Args:
        packet: its first `MAX_PACKET` bytes are read.
        extension: read after it; if both state something, the packet wins.

    Reference: ISO 16684-1, XMP (2019).
    """
    if not packet:
        return None
    reader = _Reader()
    whole = _parse(reader, packet[:MAX_PACKET]) and len(packet) <= MAX_PACKET
    if extension:
        whole = _parse(reader, extension[:MAX_EXTENSION]) and whole
    steps, items = (
        tuple(MappingProxyType(one) for one in all_of) for all_of in (reader.history, reader.items)
    )
    return Xmp(MappingProxyType(reader.values), steps, items, whole)


def _parse(reader: "_Reader", packet: bytes) -> bool:
    """Let a reader walk through a packet; True if it is well formed and within the limits."""
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    reader.begin()
    try:
        parser.Parse(packet.rstrip(b"\x00"), True)
    except (xml.parsers.expat.ExpatError, _RefusedError, ValueError):
        return False
    return True


class _RefusedError(Exception):
    """Stops the parser; never leaves this file."""


class _Reader:
    """Collects properties while expat walks through the packet."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.history: list[dict[str, str]] = []
        self.items: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text = ""

    def begin(self) -> None:
        """Start at the root of a packet."""
        self._path, self._text = [], ""

    def refuse(self, *_: object) -> None:
        raise _RefusedError

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_prefixed(name))
        self._text = ""
        if (
            len(self._path) > MAX_DEPTH
            or len(self.values) + len(self.history) + len(self.items) > MAX_ENTRIES
        ):
            raise _RefusedError
        if self._path[-1] == "rdf:li" and "xmpMM:History" in self._path:
            self.history.append({})
        if self._path[-1] == "Container:Item":
            self.items.append({})
        for key, value in attributes.items():
            self._keep(_prefixed(key), value)

    def end(self, name: str) -> None:
        if self._text.strip():
            name = _prefixed(name)
            self._keep(self._path[-2] if name == "rdf:li" and len(self._path) > 3 else name, self._text)
            if name == "rdf:li" and len(self._path) > 3:
                self._keep(self._path[-3], self._text)
        elif not self._path[-1].startswith(_UNREAD):
            self.values.setdefault(self._path[-1], "")
        self._path.pop()
        self._text = ""

    def text(self, text: str) -> None:
        if len(self._text) < 4096:
            self._text += text

    def _keep(self, name: str, value: str) -> None:
        if name.startswith("stEvt:") and self.history:
            self.history[-1].setdefault(name.removeprefix("stEvt:"), printable(value))
        elif name.startswith("Item:") and self.items:
            self.items[-1].setdefault(name.removeprefix("Item:"), printable(value))
        elif not name.startswith(_UNREAD) and not self.values.get(name):
            self.values[printable(name)] = printable(value)


def _prefixed(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{_PREFIXES.get(space, 'other')}:{local}"


def _scan(data: bytes) -> bytes:
    match = _PACKET.search(data)
    if match is None:
        return b""
    end = data.find(b"</x:xmpmeta>", match.start(), match.start() + MAX_PACKET)
    return data[match.start() : end + 12] if end >= 0 else b""


def _international_text(payload: bytes) -> bytes:
    """The text of a PNG iTXt chunk after its keyword; compressed text is unpacked up to the limit."""
    compressed, rest = payload[:1] == b"\x01", payload[2:]
    text = rest.split(b"\x00", 2)[-1]
    if not compressed:
        return text
    try:
        return zlib.decompressobj().decompress(text, MAX_PACKET)
    except zlib.error:
        return b""
