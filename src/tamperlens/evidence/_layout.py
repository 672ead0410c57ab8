"""How a file is put together: order of segments, what it declares besides its picture, what follows."""

from collections.abc import Iterator

from tamperlens.evidence._behind import CLIP, FILLING, UNKNOWN, Declared, Piece, pieces_behind
from tamperlens.evidence._container import AFTER_THE_END
from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact
from tamperlens.evidence._jpeg_end import scan_end
from tamperlens.evidence._jpeg_stream import MEANINGFUL, JpegStream, read_stream
from tamperlens.evidence._load import Evidence

# Auxiliary pictures in HEIF and AVIF, by a part of their URN.
_AUXILIARY = {
    "hdrgainmap": "a gain map",
    "auxid:2": "a depth map",
    "auxiliary:depth": "a depth map",
    "disparity": "a depth map",
    "matte": "a map of people and background",
    "auxid:1": "a map of transparency",
    "auxiliary:alpha": "a map of transparency",
}
# What XMP declares with a property of its own.
_IN_XMP = {
    "GDepth:Data": "a depth map inside its XMP",
    "GImage:Data": "the picture before it was blurred, inside its XMP",
    "Device:Container": "a depth map by Google's dynamic depth",
}


def layout_facts(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    """Facts on the order of a file's parts, and on what it holds besides its picture."""
    if evidence.incomplete:
        statement = f"{evidence.incomplete[0].upper()}{evidence.incomplete[1:]}."
        yield Fact("layout", statement, "notable", "file", _CUT)
    if evidence.format == "JPEG":
        yield from _jpeg_facts(evidence, embedded)
        yield from _stream_facts(evidence)
    if evidence.frames > 1:
        what = "pages" if evidence.format == "TIFF" else "images"
        statement = f"The file holds {evidence.frames} {what}; the first is examined."
        yield Fact("layout", statement, "neutral", "file")
    yield from _declared_facts(embedded)
    for part in embedded.parts:
        if part.name == AFTER_THE_END:
            yield from _behind_facts(evidence, embedded, part.start, part.end)


_CUT = "An interrupted download or a damaged card has the same effect; what is missing cannot be examined."


def _jpeg_facts(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    data = evidence.data
    heads = [(part.name, data[part.start : part.start + 12]) for part in embedded.parts]
    jfif = next((i for i, (name, head) in enumerate(heads) if name == "APP0" and head[:4] == b"JFIF"), None)
    exif = next((i for i, (name, head) in enumerate(heads) if name == "APP1" and head[:4] == b"Exif"), None)
    if jfif is not None and exif is not None and evidence.metadata.get("EXIF:Make"):
        yield Fact(
            "layout",
            "A JFIF segment accompanies a camera's EXIF data, as programs write it.",
            "notable",
            "APP0",
            "Camera files that follow the DCF standard begin with EXIF, but some phones write both.",
        )
    if embedded.resources:
        yield Fact(
            "layout",
            f"The file holds {len(embedded.resources.ids)} of Photoshop's image resources.",
            "notable",
            "APP13",
            "Other programs and agencies use this block for IPTC captions alone.",
        )
    if any(name == "APP14" and head[:5] == b"Adobe" for name, head in heads):
        yield Fact("layout", "The file holds Adobe's segment, which its programs write.", "neutral", "APP14")


def _stream_facts(evidence: Evidence) -> Iterator[Fact]:
    """Facts on markers and on the picture's data."""
    stream = read_stream(evidence.data)
    if stream.frame is not None and stream.frame.unsupported:
        statement = f"The JPEG is {stream.frame.unsupported}, which hardly any program writes."
        yield Fact("layout", statement, "notable", "SOF", "Its coefficients are not read here.")
    if not stream.ended and stream.scans:
        yield Fact("layout", "The file has no end marker.", "notable", "end of file", _NO_END)
    if stream.foreign:
        statement = f"{stream.foreign:,} bytes between its segments belong to none of them."
        yield Fact("layout", statement, "notable", "JPEG markers", "Some cameras pad their segments.")
    strange = sum(segment.marker not in MEANINGFUL for segment in stream.segments)
    if strange:
        statement = f"{strange} of its segments have an undefined marker."
        yield Fact("layout", statement, "notable", "JPEG markers")
    if not evidence.incomplete:
        yield from _scan_facts(evidence, stream)


def _scan_facts(evidence: Evidence, stream: JpegStream) -> Iterator[Fact]:
    end = scan_end(evidence.data, stream)
    height = stream.frame.height if stream.frame else 0
    if end is None:
        return
    if not end.whole:
        statement = (
            f"The picture's data ends early: of {height} rows, those from about row {end.rows} on are empty."
        )
        yield Fact("layout", statement, "notable", "scan", _DAMAGE)
    elif end.surplus:
        statement = f"{end.surplus:,} bytes at the end of the picture's data belong to no part of it."
        yield Fact("layout", statement, "notable", "scan", _DAMAGE)
    if end.broken_from is not None:
        statement = f"The picture's data is damaged from about row {end.broken_from} of {height} on."
        yield Fact("layout", statement, "notable", "scan", _DAMAGE)


_NO_END = "Some network cameras write none, and interrupted downloads lack it."
_DAMAGE = "Storage and transfer faults cause this; rows after it may show what was never photographed."


def _declared_facts(embedded: Embedded) -> Iterator[Fact]:
    """Maps and clips inside the file that belong to the picture."""
    for name, what in _IN_XMP.items():
        if name in embedded.xmp_values:
            yield Fact("layout", f"The file holds {what}.", "neutral", f"XMP:{name}")
    items = embedded.items
    if items is not None:
        roles = [
            what for role in items.auxiliary.values() for word, what in _AUXILIARY.items() if word in role
        ]
        roles += ["a gain map"] if "tmap" in items.kinds.values() else []
        for what in dict.fromkeys(roles):
            yield Fact("layout", f"The file holds {what} besides its picture.", "neutral", "item table")
    if any(part.name == "mpvd" for part in embedded.parts):
        yield Fact("layout", "The file holds the short video of a motion photo.", "neutral", "mpvd")


def _behind_facts(evidence: Evidence, embedded: Embedded, start: int, end: int) -> Iterator[Fact]:
    offset = embedded.xmp_values.get("GCamera:MicroVideoOffset", "")
    video = int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 16 else 0
    items = embedded.xmp.items if embedded.xmp else ()
    declared = Declared(embedded.pictures, items, video, _has_gain_map(evidence, embedded))
    pieces = pieces_behind(evidence.data, start, end, declared)
    for piece in pieces:
        yield _piece_fact(piece)
    gone = [one for one in embedded.pictures if one.end > end]
    if gone:
        statement = f"The file declares {gone[0].what} after the image, but it is missing or incomplete."
        yield Fact("layout", statement, "notable", "MPF", _GONE)


def _has_gain_map(evidence: Evidence, embedded: Embedded) -> bool:
    """Whether the picture says in XMP, or by ISO 21496, that it has a gain map."""
    heads = (
        evidence.data[part.start : part.start + len(_ISO)] for part in embedded.parts if part.name == "APP2"
    )
    return any(name.startswith(("hdrgm:", "HDRGainMap:")) for name in embedded.xmp_values) or _ISO in heads


_ISO = b"urn:iso:std:iso:ts:21496"
_GONE = (
    "Programs that re-save a picture and keep its segments, and services that cut files short, cause this."
)
_MORE = "Phones append previews, depth maps and short videos; old cameras left remains of their memory there."


def _piece_fact(piece: Piece) -> Fact:
    size = f"{piece.end - piece.start:,} bytes"
    if piece.what == FILLING:
        return Fact("layout", f"{size} of padding follow the image.", "neutral", "end of file")
    if piece.by:
        statement = f"After the image the file holds {piece.what}, declared by {piece.by} ({size})."
        return Fact("layout", statement, "neutral", piece.by)
    if piece.what == UNKNOWN:
        return Fact("layout", f"{size} of unknown data follow the image.", "notable", "end of file", _MORE)
    statement = f"After the image the file holds {piece.what}, which nothing in the file declares ({size})."
    return Fact("layout", statement, "neutral" if piece.what == CLIP else "notable", "end of file", _MORE)
