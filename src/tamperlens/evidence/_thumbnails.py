"""Every small copy of its picture that a file carries, compared with the picture."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import EvidenceError
from tamperlens.evidence._declared import Limits
from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._exif_block import ExifBlock
from tamperlens.evidence._fact import Fact, Weight
from tamperlens.evidence._iso_items import with_primary
from tamperlens.evidence._load import Evidence, load_evidence
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._pixels import TRANSPOSE
from tamperlens.evidence._thumbnail import Thumbnail, compare_thumbnail

# The standard's thumbnail is 160 × 120 pixels, some are 640 × 480; previews are up to 1920 × 1080.
_LIMITS = Limits(max_pixels=1_000_000, max_side=2048, max_bytes=1 << 20)
_PREVIEWS = Limits(max_pixels=4_000_000, max_side=4096)
# Most previews and thumbnails of one sort that are compared.
_MOST = 2
# Share of a thumbnail that must differ to count as a contradiction: less may be due to its making.
_CLEARLY = 0.05
_NAMES = {
    "Exif thumbnail": "The thumbnail",
    "Photoshop's thumbnail": "Photoshop's thumbnail",
    "item table": "The thumbnail of the item table",
    "MPF preview": "The preview",
}
_KEPT = (
    "A program that edits a picture and keeps its old thumbnail causes this; the rest must show which edit."
)
_MAKING = "Thumbnails that skip pixels instead of averaging them differ in fine regular texture."


def read_thumbnails(evidence: Evidence, embedded: Embedded) -> tuple[Thumbnail | None, tuple[Fact, ...]]:
    """The first thumbnail of a file compared with its image, and facts on all; damage is also a fact."""
    first: Thumbnail | None = None
    facts: list[Fact] = []
    for where, data, limits, turn in _stored(evidence, embedded):
        try:
            found = replace(_compared(data, limits, turn, evidence), where=where)
        except EvidenceError as error:
            statement = f"{_NAMES[where]} cannot be read: {printable(error)}."
            facts.append(Fact("thumbnail", statement, "notable", where))
            continue
        first = first or found
        facts += _facts(found)
    return first, tuple(facts)


def _stored(
    evidence: Evidence, embedded: Embedded
) -> Iterator[tuple[str, bytes | NDArray[np.uint8], Limits, int]]:
    """What holds it, its file or its pixels, its limits, and the orientation to undo."""
    exif = embedded.exif
    if exif is not None and (exif.bitmap or exif.thumbnail):
        yield "Exif thumbnail", _exif_thumbnail(exif), _LIMITS, evidence.orientation
    if embedded.resources and embedded.resources.thumbnail:
        yield "Photoshop's thumbnail", embedded.resources.thumbnail, _LIMITS, evidence.orientation
    if (items := embedded.items) is not None:
        for item in items.of_picture("thmb")[:_MOST]:
            yield "item table", with_primary(evidence.data, items, item), _LIMITS, 1
    previews = [one for one in embedded.pictures if one.what == "a preview" and one.end <= len(evidence.data)]
    for picture in previews[:_MOST]:
        yield "MPF preview", evidence.data[picture.start : picture.end], _PREVIEWS, evidence.orientation


def _exif_thumbnail(exif: ExifBlock) -> bytes | NDArray[np.uint8]:
    if exif.bitmap:
        width, height, data = exif.bitmap
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)
    return exif.thumbnail


def _compared(
    data: bytes | NDArray[np.uint8], limits: Limits, orientation: int, evidence: Evidence
) -> Thumbnail:
    """Decode one and compare it.

    Raises:
        EvidenceError: it does not decode, or declares too many pixels.
    """
    pixels = load_evidence(data, limits).pixels if isinstance(data, bytes) else data
    if orientation in TRANSPOSE:
        pixels = np.asarray(Image.fromarray(pixels).transpose(TRANSPOSE[orientation]))
    return compare_thumbnail(pixels, evidence.pixels)


def _facts(thumbnail: Thumbnail) -> Iterator[Fact]:
    height, width = thumbnail.pixels.shape[:2]
    statement, weight, caution = _comparison(thumbnail, _NAMES[thumbnail.where])
    measured = f"{width}×{height} pixels, correlation {thumbnail.correlation:.2f}"
    yield Fact("thumbnail", f"{statement} ({measured}).", weight, thumbnail.where, caution)
    if thumbnail.colour != "alike":
        other = "image" if thumbnail.colour == "only in the thumbnail" else "thumbnail"
        statement = f"Colour is {thumbnail.colour}; the {other} is gray."
        yield Fact("thumbnail", statement, "notable", thumbnail.where, _FILTER)
    if thumbnail.turned and thumbnail.relation in {"same", "part differs", "cropped"}:
        yield Fact(
            "thumbnail",
            f"It fits the image only when {thumbnail.turned}.",
            "notable",
            thumbnail.where,
            "Programs that turn a picture upright often leave its thumbnail as it was.",
        )


_FILTER = "Black-and-white filters of phones and programs that keep the old thumbnail cause this."


def _comparison(thumbnail: Thumbnail, name: str) -> tuple[str, Weight, str]:
    if thumbnail.relation == "same":
        return f"{name} shows the same as the image", "neutral", ""
    if thumbnail.relation == "too flat to compare":
        return f"{name} shows too little to compare", "neutral", ""
    if thumbnail.relation == "another picture":
        return f"{name} shows a different picture from the image", "contradiction", _KEPT
    if thumbnail.relation == "cropped":
        left, top, right, bottom = thumbnail.covered
        area = (right - left) * (bottom - top)
        shows = f"{name[0].lower()}{name[1:]}" if name.startswith("The ") else name
        return f"The image is only {area:.0%} of what {shows} shows", "contradiction", _KEPT
    weight: Weight = "contradiction" if thumbnail.differing > _CLEARLY else "notable"
    what = "the thumbnail" if name == "The thumbnail" else f"{name[0].lower()}{name[1:]}"
    what = name if name.startswith("Photoshop") else what
    return f"{thumbnail.differing:.1%} of {what} differs from the image", weight, _MAKING
