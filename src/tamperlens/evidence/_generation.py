"""Whether the file itself declares that its picture was generated. Pixels are not asked."""

from collections.abc import Iterable

from tamperlens.evidence._fact import Fact

# The topic of facts in which a file declares its picture, or parts of it, to be generated.
GENERATION = "generation"
_NOT_CHECKED = "whether that is so was not checked"


def declared_generated(facts: Iterable[Fact]) -> str:
    """One sentence on who declares that the picture was generated; "" where nothing does.

    Args:
        facts: of `read_statements`; those of the topic "generation" count: content credentials, IPTC's
            digital source type and AI system, settings and names of generators, watermarks that are named.
            The surest comes first.
    """
    declaring = sorted((fact for fact in facts if fact.topic == GENERATION), key=_rank)
    if not declaring:
        return ""
    first = declaring[0]
    more = {fact.source for fact in declaring[1:]} - {first.source}
    also = f", as do its statements in {', '.join(sorted(more))}" if more else ""
    checked = f"; {_NOT_CHECKED}" if first.caution or not first.source.startswith("C2PA") else ""
    return f"{first.statement.removesuffix('.')} ({first.source}){also}{checked}."


def _rank(fact: Fact) -> tuple[bool, bool, bool]:
    """Signed statements first, then declared sources, then names and settings."""
    return (
        bool(fact.caution) or not fact.source.startswith("C2PA"),
        not fact.source.startswith(("C2PA", "XMP:Iptc4xmpExt")),
        bool(fact.caution),
    )
