"""Everything a file states about itself, checked for consistency: the facts and what they rest on."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tamperlens.evidence._camera import camera_facts
from tamperlens.evidence._dates import date_facts
from tamperlens.evidence._embedded import read_embedded
from tamperlens.evidence._fact import Fact, Weight
from tamperlens.evidence._hints import hint_facts
from tamperlens.evidence._jpeg_signatures import SignatureMatch, match_signatures
from tamperlens.evidence._layout import layout_facts
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._provenance import Provenance, provenance_facts, read_provenance
from tamperlens.evidence._scope import Scope, scope
from tamperlens.evidence._signature_files import load_signatures
from tamperlens.evidence._software import software_facts
from tamperlens.evidence._thumbnail import Thumbnail
from tamperlens.evidence._thumbnails import read_thumbnails

_ORDER: tuple[Weight, ...] = ("contradiction", "notable", "neutral")


@dataclass(frozen=True)
class Statements:
    """What a file states about itself.

    Attributes:
        facts: all facts, contradictions first, then notable ones.
        scope: what kind of picture it is.
        signatures: known writers of its JPEG tables.
        thumbnail: its first thumbnail compared with it; None without one.
        provenance: its content credentials.
    """

    facts: tuple[Fact, ...]
    scope: Scope
    signatures: tuple[SignatureMatch, ...]
    thumbnail: Thumbnail | None
    provenance: Provenance


def read_statements(
    evidence: Evidence,
    signature_folder: Path | None = None,
    anchors: str = "",
    kind: Scope | None = None,
) -> Statements:
    """Read and compare everything a file states about itself. Nothing is fetched from a network.

    Args:
        evidence: the file.
        signature_folder: folder of further signature files, see `load_signatures`.
        anchors: PEM certificates trusted to vouch for signers of content credentials.
        kind: `scope(evidence)` if already known.

    Raises:
        SignatureFileError: a signature file is unreadable.
    """
    signatures = load_signatures(signature_folder)
    embedded = read_embedded(evidence)
    provenance = read_provenance(evidence, embedded, anchors)
    matches = match_signatures(evidence.jpeg, signatures) if evidence.jpeg else ()
    found = kind or scope(evidence)
    thumbnail, thumbnail_facts = read_thumbnails(evidence, embedded)
    facts = [
        *provenance_facts(provenance, signatures.software),
        *thumbnail_facts,
        *camera_facts(evidence, embedded),
        *date_facts(evidence, embedded),
        *software_facts(evidence, embedded, signatures),
        *layout_facts(evidence, embedded),
        *_signature_facts(matches),
        *hint_facts(evidence, signatures, found),
    ]
    facts.sort(key=lambda fact: _ORDER.index(fact.weight))
    return Statements(tuple(facts), found, matches, thumbnail, provenance)


def file_facts(evidence: Evidence) -> tuple[Fact, ...]:
    """The facts of `read_statements` alone."""
    return read_statements(evidence).facts


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
