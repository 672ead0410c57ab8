"""Photoshop's image resources in a JPEG file (APP13), and the IPTC record among them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamperlens.evidence._metadata import printable

MAX_RESOURCES = 256
_HEADER = b"Photoshop 3.0\x00"
# The thumbnail since version 5: a 28-byte header, whose first four bytes give the format, then a JPEG.
_IPTC, _THUMBNAIL, _THUMBNAIL_HEAD, _AS_JPEG = 0x0404, 0x040C, 28, b"\x00\x00\x00\x01"
# IPTC-IIM datasets of record 2 that say who made, changed or passed on a picture.
_IPTC_NAMES = {
    5: "ObjectName",
    40: "SpecialInstructions",
    55: "DateCreated",
    65: "OriginatingProgram",
    80: "By-line",
    103: "OriginalTransmissionReference",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    120: "Caption",
}


@dataclass(frozen=True)
class ImageResources:
    """Photoshop's image resource block.

    Attributes:
        ids: number of each resource in file order.
        iptc: name of an IPTC dataset → printable text.
        thumbnail: JPEG bytes of Photoshop's thumbnail; empty without one.
    """

    ids: tuple[int, ...]
    iptc: Mapping[str, str]
    thumbnail: bytes = field(default=b"", repr=False)


def read_image_resources(payload: bytes) -> ImageResources | None:
    """Read an APP13 payload; None if it is not Photoshop's.

    Args:
        payload: bytes of the segment after its length.

    Reference: Adobe Photoshop File Formats Specification (2019); IPTC-NAA Information Interchange Model 4.2.
    """
    if not payload.startswith(_HEADER):
        return None
    ids: list[int] = []
    iptc: dict[str, str] = {}
    thumbnail = b""
    for number, body in _resources(payload[len(_HEADER) :]):
        ids.append(number)
        if number == _IPTC:
            iptc.update(_datasets(body))
        elif number == _THUMBNAIL and body[:4] == _AS_JPEG:
            thumbnail = body[_THUMBNAIL_HEAD:]
    return ImageResources(tuple(ids), MappingProxyType(iptc), thumbnail)


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    for _ in range(MAX_RESOURCES):
        if block[position : position + 4] != b"8BIM" or position + 12 > len(block):
            return
        number = int.from_bytes(block[position + 4 : position + 6], "big")
        name = block[position + 6] + 1
        at = position + 6 + name + name % 2
        length = int.from_bytes(block[at : at + 4], "big")
        yield number, block[at + 4 : at + 4 + length]
        position = at + 4 + length + length % 2


def _datasets(body: bytes) -> Iterator[tuple[str, str]]:
    position = 0
    for _ in range(MAX_RESOURCES):
        if body[position : position + 1] != b"\x1c" or position + 5 > len(body):
            return
        record, dataset = body[position + 1], body[position + 2]
        length = int.from_bytes(body[position + 3 : position + 5], "big")
        if record == 2 and dataset in _IPTC_NAMES:
            yield _IPTC_NAMES[dataset], printable(body[position + 5 : position + 5 + length])
        position += 5 + length
