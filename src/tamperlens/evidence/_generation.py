"""Whether the file itself declares that its picture was generated. Pixels are not looked at."""

from collections.abc import Iterable

from tamperlens.evidence._fact import Fact

# Topic of the facts that say the picture, or parts of it, were generated.
GENERATION = "generation"
_NOT_CHECKED = "whether that is so was not checked"


def declared_generated(facts: Iterable[Fact]) -> str:
    """One sentence on who declares the picture generated, most reliable first; "" if nothing does.

    Args:
        facts: from `read_statements`; only the topic "generation" counts: content credentials, IPTC's
            digital source type and AI system, generators' settings and names, declared watermarks.
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
