"""What the document says about the file itself, and about copied regions in it."""

from typing import Any

from tamperlens.evidence import Evidence, JpegStructure
from tamperlens.examine._document import Box, CopiedPair, FileFacts, JpegFacts
from tamperlens.traces.copies import Copy, Region


def about_file(evidence: Evidence) -> dict[str, Any]:
    """Fields of the document that depend on the file alone."""
    return {
        "file": evidence.name,
        "sha256": evidence.sha256,
        "width": evidence.width,
        "height": evidence.height,
        "evidence": _file_facts(evidence),
    }


def _file_facts(evidence: Evidence) -> FileFacts:
    """What the document says about the file."""
    return FileFacts(
        format=evidence.format,
        bytes=len(evidence.data),
        stored_mode=evidence.stored_mode,
        orientation=evidence.orientation,
        frames=evidence.frames,
        steps=tuple(evidence.steps),
        warnings=tuple(evidence.warnings),
        metadata=dict(evidence.metadata),
        jpeg=_jpeg_facts(evidence.jpeg) if evidence.jpeg else None,
    )


def _jpeg_facts(jpeg: JpegStructure) -> JpegFacts:
    return JpegFacts(
        quality=jpeg.quality,
        quality_is_exact=jpeg.quality_is_exact,
        subsampling=jpeg.subsampling,
        progressive=jpeg.progressive,
        tables=tuple(tuple(tuple(map(int, row)) for row in table) for table in jpeg.tables),
    )


def copied_pair(copy: Copy) -> CopiedPair:
    """A pair of regions, given by their bounding boxes."""
    first, second = (tuple(map(float, row)) for row in copy.transform)
    return CopiedPair(
        source=_box(copy.source),
        target=_box(copy.target),
        direction=float(copy.direction),
        scale=float(copy.scale),
        angle=float(copy.angle),
        mirrored=bool(copy.mirrored),
        matches=int(copy.matches),
        significance=float(copy.significance),
        transform=((first[0], first[1], first[2]), (second[0], second[1], second[2])),
    )


def _box(region: Region) -> Box:
    height, width = region.mask.shape
    return Box(int(region.left), int(region.top), int(width), int(height))
