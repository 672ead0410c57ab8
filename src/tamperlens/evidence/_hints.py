"""What the pixels look like, and which channel the file may have come through."""

from collections.abc import Iterator

from tamperlens.evidence._channel import UNKNOWN, channel, fits_name, largest
from tamperlens.evidence._channel_files import ChannelProfile, ChannelWay
from tamperlens.evidence._fact import Fact, Weight
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._scope import Scope
from tamperlens.evidence._signature_files import Signatures

_FREE = "Names, sizes and metadata can be set freely: the file is compatible with this, no more."


def hint_facts(evidence: Evidence, signatures: Signatures, found: Scope) -> Iterator[Fact]:
    """Hints, each with its reason; none is a verdict."""
    if found.kind != "photograph":
        caution = (
            "" if found.assessable else "The traces are made for photographs; on anything else they mislead."
        )
        weight: Weight = "neutral" if found.clearable else "notable"
        yield Fact("scope", f"The pixels look like: {found.kind}. {found.reason}", weight, "pixels", caution)
    last = channel(evidence, signatures)
    if last.name != UNKNOWN:
        plain = {"camera", "scanner"} & {last.name} or not last.certain
        yield Fact("way", last.reason, "neutral" if plain else "notable", "channel", _FREE)
    for profile in signatures.channels:
        for way in profile.ways:
            yield from _name_facts(evidence, profile, way)


def _name_facts(evidence: Evidence, profile: ChannelProfile, way: ChannelWay) -> Iterator[Fact]:
    """That the name fits a channel, but the size exceeds what the channel delivers."""
    if not fits_name(way, evidence.name):
        return
    source = f"{way.source} ({way.certainty})"
    yield Fact("way", f"The name is one that {profile.title} gives.", "notable", source, _FREE)
    longest = largest(way)
    if longest and max(evidence.width, evidence.height) > longest:
        yield Fact(
            "way",
            f"The image is larger than the {longest} pixels that {profile.title} delivers.",
            "notable",
            source,
            "Most messengers also send files unchanged when asked to.",
        )
