"""Everything a file carries beside its pixels, read once for all that compare it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tamperlens.evidence.container import Part, read_parts
from tamperlens.evidence.exif_block import ExifBlock, find_exif, read_exif
from tamperlens.evidence.load import Evidence
from tamperlens.evidence.metadata import printable
from tamperlens.evidence.photoshop_irb import ImageResources, read_image_resources
from tamperlens.evidence.xmp import Xmp, find_xmp, read_xmp


@dataclass(frozen=True)
class Embedded:
    """The parts of a file and the blocks of metadata among them.

    Attributes:
        parts: segments, chunks or boxes in file order.
        exif: its EXIF block, None without one.
        xmp: its XMP packet, None without one.
        resources: Photoshop's image resources, None without them.
        texts: keyword of each PNG text chunk, in file order.
    """

    parts: tuple[Part, ...] = field(repr=False)
    exif: ExifBlock | None
    xmp: Xmp | None
    resources: ImageResources | None
    texts: tuple[str, ...]

    @property
    def xmp_values(self) -> Mapping[str, str]:
        """The XMP packet's values, empty without one."""
        return self.xmp.values if self.xmp else {}


def read_embedded(evidence: Evidence) -> Embedded:
    """Read what a file carries beside its pixels; damaged parts read as absent."""
    data, kind = evidence.data, evidence.format
    parts = read_parts(data, kind)
    found = (read_image_resources(p.payload(data)) for p in parts if p.name == "APP13")
    return Embedded(
        parts=parts,
        exif=read_exif(find_exif(data, kind, parts)),
        xmp=read_xmp(find_xmp(data, kind, parts)),
        resources=next((resources for resources in found if resources), None),
        texts=tuple(_keyword(p.payload(data)) for p in parts if p.name in {"tEXt", "zTXt", "iTXt"}),
    )


def _keyword(payload: bytes) -> str:
    return printable(payload[:80].split(b"\x00")[0], 79)
