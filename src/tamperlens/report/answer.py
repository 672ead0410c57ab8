"""The answer card: what, where, why, what next; and the evidence chain behind each reason."""

import msgspec

from tamperlens.evidence import declared_generated, printable
from tamperlens.examine import DEFAULT_LOCALIZER, MASK, SYSTEMS, FindingDocument, Opinion, title
from tamperlens.report import answer_words as words
from tamperlens.report.words import meaning, percent, score_note, support
from tamperlens.report.words import where as how_much
from tamperlens.traces import MEASURED

# The opinions of the fused map count as one reason.
_FUSED, _FUSED_TITLE = ("fused-map", "fused-map-64", "fused-place"), "All traces together"
# Least that a reason must add to log10 of the likelihood ratio, and most reasons named.
_LEAST, _MOST = 0.05, 3
# A witness marks at least this many times as much of the marked area as chance, and at least this share.
_TIMES, _SHARE = 3.0, 0.2
# Maps that were made from the traces' maps. Networks do not count as witnesses: they look at the same pixels.
_READ_THE_TRACES = (MASK, DEFAULT_LOCALIZER)
_INDEPENDENT = frozenset({"ela", "srm"})


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One of the strongest reasons, and its step in the evidence chain.

    Attributes:
        name: name of the opinion, for programs.
        title: title of the opinion, for people.
        layer: name of the map that shows it; "" for none.
        altered: whether it points to an alteration; otherwise to an original.
        towards: the same in words.
        adds: what it adds to log₁₀ of the likelihood ratio, "–" when nothing was fused.
        bar: the same in −1…1 for a bar, which is full at a ratio of 100.
        here: what was measured in this image.
        rest: what is normal.
        witness: which other map marks the same place, or that none does.
        harmless: harmless causes of the same.
        refute: what would show that it misleads.
    """

    name: str
    title: str
    layer: str
    altered: bool
    towards: str
    adds: str
    bar: float
    here: str
    rest: str
    witness: str
    harmless: str
    refute: str


class AnswerCard(msgspec.Struct, frozen=True, kw_only=True):
    """What a person reads first.

    Attributes:
        labels: labels of the lines and of the parts of each step.
        declared: who declares that the picture was generated; "" if nobody does.
        what: the outcome in plain words.
        how: the kind of alteration; "" if none stands out.
        because: why nothing can be concluded; "" if something can.
        where: where the marked places are.
        reasons: the strongest ones, at most three.
        why: the same in one line, or that no reason carries much weight.
        short: the reasons in a few words, for a table of many files.
        next: what to do, the most useful first.
        request: message to whoever sent the file; "" if the file can be judged or is not a photograph.
        sure: how sure this is, one sentence each.
        outlined: whether the outcome is an alteration, so that it is outlined; otherwise a tint shows
            suspicion.
    """

    labels: dict[str, str]
    declared: str
    what: str
    how: str
    because: str
    where: str
    reasons: tuple[Reason, ...]
    why: str
    short: str
    next: tuple[str, ...]
    request: str
    sure: tuple[str, ...]
    outlined: bool


def answer_card(document: FindingDocument) -> AnswerCard:
    """Put the finding into four lines, and each reason into a step of evidence."""
    reasons = tuple(_reason(document, one, adds) for one, adds in _strongest(document))
    powers = words.powers(document)
    sure = (meaning(document), support(document), *powers, score_note(document), how_much(document))
    return AnswerCard(
        labels=dict(words.LABELS),
        declared=declared_generated(document.facts),
        what=words.what(document),
        how=words.how(document),
        because=words.because(document),
        where=words.where(document),
        reasons=reasons,
        why=", ".join(f"{one.title} ({one.towards})" for one in reasons) or words.NO_REASON,
        short=_short(document, reasons),
        next=words.next_steps(document),
        request=words.request(document),
        sure=tuple(sentence for sentence in sure if sentence),
        outlined=document.outcome == "inconsistent",
    )


def _short(document: FindingDocument, reasons: tuple[Reason, ...]) -> str:
    """The strongest reasons by name; if there is no score, why not."""
    if document.score is None or not reasons:
        return words.because(document).split(": ")[0] or words.NO_REASON
    return ", ".join(f"{one.title} {one.adds}" for one in reasons)


def _strongest(document: FindingDocument) -> list[tuple[Opinion, float]]:
    """The weightiest opinions, and what each adds; if there is an outcome, only those that support it."""
    if document.log10_lr is None:
        return [(one, (one.score or 0.5) - 0.5) for one in document.opinions if one.applicable][:_MOST]
    added: dict[str, tuple[Opinion, float]] = {}
    for one in document.opinions:
        name = _FUSED[0] if one.system in _FUSED else one.system
        first, before = added.get(name, (one, 0.0))
        added[name] = first, before + (one.log10_lr or 0.0 if one.applicable else 0.0)
    side = {"inconsistent": 1, "consistent": -1}.get(document.outcome, 0)
    weighed = [(one, adds) for one, adds in added.values() if abs(adds) >= _LEAST and adds * side >= 0]
    return sorted(weighed, key=lambda pair: -abs(pair[1]))[:_MOST]


def _reason(document: FindingDocument, opinion: Opinion, adds: float) -> Reason:
    said, trace = words.chain_words(opinion.system), MEASURED.get(opinion.system)
    altered, fused = adds > 0, document.log10_lr is not None
    layer = said.layer if said.layer in document.maps else ""
    return Reason(
        name=opinion.system,
        title=_FUSED_TITLE if opinion.system in _FUSED else title(opinion.system),
        layer=layer,
        altered=altered,
        towards=words.TOWARDS[altered],
        adds=f"{adds:+.2f}" if fused else "–",
        bar=max(-1.0, min(1.0, adds / 2)) if fused else 0.0,
        here=_here(document, opinion, altered),
        rest=trace.normal if trace else said.rest,
        witness=_witness(document, layer),
        harmless=words.harmless(said, trace.misleads if trace else "", altered),
        refute=words.refute(said, altered),
    )


def _here(document: FindingDocument, opinion: Opinion, altered: bool) -> str:
    """What was measured in this image."""
    if opinion.system in _FUSED:
        return words.strongest(document, altered)
    if document.alone and document.alone.trace == opinion.system:
        return words.alone(document.alone)
    return _sentence(opinion.reason)


def _witness(document: FindingDocument, layer: str) -> str:
    """Other maps that mark the same area clearly more than chance; independent ones if made from traces."""
    if not document.marked_share:
        return words.NO_PLACE
    seen = [
        f"{title(one.name)} marks {percent(one.overlap)} of the same place (chance would give "
        f"{percent(one.chance)})"
        for one in document.agreements
        if one.name not in (layer, *SYSTEMS)
        and (layer not in _READ_THE_TRACES or one.name in _INDEPENDENT)
        and one.overlap >= max(_SHARE, _TIMES * one.chance)
    ]
    return f"{'; '.join(seen)}." if seen else words.NO_WITNESS


def _sentence(reason: str) -> str:
    text = printable(reason).strip()
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
