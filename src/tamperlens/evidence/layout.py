"""How a file is put together: order of segments, foreign segments, and what follows the image."""

from collections.abc import Iterator

from tamperlens.evidence.container import AFTER_THE_END
from tamperlens.evidence.embedded import Embedded
from tamperlens.evidence.fact import Fact, Weight
from tamperlens.evidence.load import Evidence

# First bytes of what is found behind images.
_TRAILERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "another JPEG image"),
    (4, b"ftyp", "a video or another ISO media file"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x89PNG", "a PNG image"),
)
# Bytes behind an image that are looked at.
_LOOK = 1 << 16


def layout_facts(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    """Facts on the order of a file's parts and on what follows its image."""
    if evidence.format == "JPEG":
        yield from _jpeg_facts(evidence, embedded)
    if evidence.frames > 1:
        yield Fact(
            "layout", f"The file holds {evidence.frames} images; the first is examined.", "neutral", "file"
        )
    for part in embedded.parts:
        if part.name == AFTER_THE_END:
            yield _trailer(evidence, part.start, part.end)


def _jpeg_facts(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    data = evidence.data
    heads = [(part.name, data[part.start : part.start + 12]) for part in embedded.parts]
    jfif = next((i for i, (name, head) in enumerate(heads) if name == "APP0" and head[:4] == b"JFIF"), None)
    exif = next((i for i, (name, head) in enumerate(heads) if name == "APP1" and head[:4] == b"Exif"), None)
    if jfif is not None and exif is not None and evidence.metadata.get("EXIF:Make"):
        yield Fact(
            "layout",
            "A JFIF segment accompanies the EXIF of a camera, as programs write it.",
            "notable",
            "APP0",
            "Files of cameras by the DCF standard begin with EXIF, but some phones write both.",
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


def _trailer(evidence: Evidence, start: int, end: int) -> Fact:
    head = evidence.data[start : min(end, start + _LOOK)]
    size = f"{end - start:,} bytes"
    content = head.lstrip(b"\x00")
    if not content.strip(b"\xff"):
        return Fact("layout", f"{size} of filling follow the image.", "neutral", "end of file")
    for offset, magic, what in _TRAILERS:
        if content[offset : offset + len(magic)] == magic or head[offset : offset + len(magic)] == magic:
            declared = evidence.frames > 1 and magic == b"\xff\xd8\xff"
            weight: Weight = "neutral" if declared or magic == b"ftyp" else "notable"
            return Fact("layout", f"Behind the image lies {what} ({size}).", weight, "end of file", _MORE)
    return Fact("layout", f"{size} of unknown data follow the image.", "notable", "end of file", _MORE)


_MORE = "Phones append previews, depth maps and short videos; old cameras left remains of their memory there."
