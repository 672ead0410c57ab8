"""Everything a file carries besides its pixels, read once for all comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tamperlens.evidence._container import Part, read_parts
from tamperlens.evidence._exif_block import ExifBlock, find_exif, read_exif
from tamperlens.evidence._iso_items import Items, read_items
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._mpf import Picture, read_pictures
from tamperlens.evidence._photoshop_irb import ImageResources, read_image_resources
from tamperlens.evidence._texts import read_texts
from tamperlens.evidence._xmp import Xmp, find_extension, find_xmp, read_xmp


@dataclass(frozen=True)
class Embedded:
    """The parts of a file, and its blocks of metadata.

    Attributes:
        parts: segments, chunks or boxes in file order.
        exif: its EXIF block; None without one.
        xmp: its XMP packet; None without one.
        resources: Photoshop's image resources; None without them.
        texts: keyword of each PNG text chunk, in file order.
        pictures: further pictures that a JPEG file declares.
        items: item table of a HEIF or AVIF file; None for others.
        long_texts: where → text that may hold a program's settings, much longer than a value in `metadata`.
    """

    parts: tuple[Part, ...] = field(repr=False)
    exif: ExifBlock | None
    xmp: Xmp | None
    resources: ImageResources | None
    texts: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    items: Items | None = None
    long_texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def xmp_values(self) -> Mapping[str, str]:
        """The XMP packet's values; empty without one."""
        return self.xmp.values if self.xmp else {}


def read_embedded(evidence: Evidence) -> Embedded:
    """Read what a file carries besides its pixels; damaged parts count as absent."""
    data, kind = evidence.data, evidence.format
    parts = read_parts(data, kind)
    exif, packet = find_exif(data, kind, parts), find_xmp(data, kind, parts)
    found = (read_image_resources(p.payload(data)) for p in parts if p.name == "APP13")
    return Embedded(
        parts=parts,
        exif=read_exif(exif, of_tiff=kind == "TIFF"),
        xmp=read_xmp(packet, find_extension(data, parts, packet) if kind == "JPEG" else b""),
        resources=next((resources for resources in found if resources), None),
        texts=tuple(_keyword(p.payload(data)) for p in parts if p.name in {"tEXt", "zTXt", "iTXt"}),
        pictures=read_pictures(data, parts) if kind == "JPEG" else (),
        items=read_items(data) if kind in {"HEIF", "AVIF"} else None,
        long_texts=read_texts(data, parts, exif, packet),
    )


def _keyword(payload: bytes) -> str:
    return printable(payload[:80].split(b"\x00")[0], 79)
