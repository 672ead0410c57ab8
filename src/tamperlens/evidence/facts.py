"""Everything a file states about itself, compared with itself: one list of facts and the pieces behind it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tamperlens.errors import EvidenceError
from tamperlens.evidence.camera import camera_facts
from tamperlens.evidence.dates import date_facts
from tamperlens.evidence.embedded import Embedded, read_embedded
from tamperlens.evidence.fact import Fact, Weight
from tamperlens.evidence.hints import hint_facts
from tamperlens.evidence.jpeg_signatures import SignatureMatch, match_signatures
from tamperlens.evidence.layout import layout_facts
from tamperlens.evidence.load import Evidence
from tamperlens.evidence.metadata import printable
from tamperlens.evidence.provenance import Provenance, provenance_facts, read_provenance
from tamperlens.evidence.scope import Scope, scope
from tamperlens.evidence.signature_files import load_signatures
from tamperlens.evidence.software import software_facts
from tamperlens.evidence.thumbnail import Thumbnail, read_thumbnail

_ORDER: tuple[Weight, ...] = ("contradiction", "notable", "neutral")
# Share of a thumbnail that must differ before it counts as a contradiction: less may be its making.
_CLEARLY = 0.05


@dataclass(frozen=True)
class Statements:
    """What a file states about itself.

    Attributes:
        facts: all facts, contradictions first, then what is notable.
        scope: what kind of picture it is.
        signatures: known writers of its JPEG tables.
        thumbnail: its EXIF thumbnail compared with it, None without one.
        provenance: its content credentials.
    """

    facts: tuple[Fact, ...]
    scope: Scope
    signatures: tuple[SignatureMatch, ...]
    thumbnail: Thumbnail | None
    provenance: Provenance


def read_statements(
    evidence: Evidence, signature_folder: Path | None = None, anchors: str = ""
) -> Statements:
    """Read and compare all that a file states about itself. Nothing is fetched from a network.

    Args:
        evidence: the file.
        signature_folder: folder of further signature files, see `load_signatures`.
        anchors: PEM certificates that are trusted to vouch for signers of content credentials.

    Raises:
        SignatureFileError: a signature file is unreadable.
    """
    signatures = load_signatures(signature_folder)
    embedded = read_embedded(evidence)
    provenance = read_provenance(evidence, embedded, anchors)
    matches = match_signatures(evidence.jpeg, signatures) if evidence.jpeg else ()
    found = scope(evidence)
    thumbnail, thumbnail_facts = _read_thumbnail(evidence, embedded)
    facts = [
        *provenance_facts(provenance),
        *thumbnail_facts,
        *camera_facts(evidence, embedded),
        *date_facts(evidence),
        *software_facts(evidence, embedded, signatures),
        *layout_facts(evidence, embedded),
        *_signature_facts(matches),
        *hint_facts(evidence, embedded, signatures, found),
    ]
    facts.sort(key=lambda fact: _ORDER.index(fact.weight))
    return Statements(tuple(facts), found, matches, thumbnail, provenance)


def _read_thumbnail(evidence: Evidence, embedded: Embedded) -> tuple[Thumbnail | None, tuple[Fact, ...]]:
    """The thumbnail and the facts on it; a damaged one is a fact as well."""
    try:
        thumbnail = read_thumbnail(evidence, embedded)
    except EvidenceError as error:
        statement = f"The thumbnail cannot be read: {printable(error)}."
        return None, (Fact("thumbnail", statement, "notable", "Exif thumbnail"),)
    return thumbnail, tuple(_thumbnail_facts(thumbnail)) if thumbnail else ()


def file_facts(evidence: Evidence) -> tuple[Fact, ...]:
    """The facts of `read_statements` alone."""
    return read_statements(evidence).facts


def _thumbnail_facts(thumbnail: Thumbnail) -> Iterator[Fact]:
    height, width = thumbnail.pixels.shape[:2]
    statement, weight, caution = _comparison(thumbnail)
    measured = f"{width}×{height} pixels, correlation {thumbnail.correlation:.2f}"
    yield Fact("thumbnail", f"{statement} ({measured}).", weight, "Exif thumbnail", caution)
    if thumbnail.turned and thumbnail.relation in {"same", "part differs", "cropped"}:
        yield Fact(
            "thumbnail",
            f"It fits the image only when {thumbnail.turned}.",
            "notable",
            "Exif thumbnail",
            "Programs that turn a picture upright often leave its thumbnail as it was.",
        )


def _comparison(thumbnail: Thumbnail) -> tuple[str, Weight, str]:
    if thumbnail.relation == "same":
        return "The thumbnail shows the same as the image", "neutral", ""
    if thumbnail.relation == "too flat to compare":
        return "The thumbnail shows too little to compare", "neutral", ""
    if thumbnail.relation == "another picture":
        return "The thumbnail shows another picture than the image", "contradiction", _KEPT
    if thumbnail.relation == "cropped":
        left, top, right, bottom = thumbnail.covered
        area = (right - left) * (bottom - top)
        return f"The image is only {area:.0%} of what the thumbnail shows", "contradiction", _KEPT
    weight: Weight = "contradiction" if thumbnail.differing > _CLEARLY else "notable"
    return f"{thumbnail.differing:.1%} of the thumbnail differs from the image", weight, _MAKING


_KEPT = (
    "A program that edits a picture and keeps its old thumbnail leaves this; which edit, the rest must show."
)
_MAKING = "Thumbnails that skip pixels instead of averaging them differ in fine regular texture."


def _signature_facts(matches: tuple[SignatureMatch, ...]) -> Iterator[Fact]:
    exact = [match for match in matches if match.exact]
    if exact:
        names = "; or ".join(f"{match.writer}, {match.setting}" for match in exact[:3])
        weight: Weight = "notable" if any("Photoshop" in match.writer for match in exact) else "neutral"
        sure = "" if exact[0].certainty == "certain" else "by their sums, probably "
        sources = "; ".join(dict.fromkeys(match.source for match in exact[:3]))
        yield Fact("tables", f"The quantisation tables are {sure}those of {names}.", weight, sources)
    for match in matches:
        if not match.exact and math.isfinite(match.distance):
            yield Fact(
                "tables",
                "The quantisation tables are of no known writer; nearest is "
                f"{match.writer}, {match.setting}, {match.distance:.1f} steps away on average.",
                "neutral",
                match.source,
                "Most cameras and phones have tables of their own.",
            )
