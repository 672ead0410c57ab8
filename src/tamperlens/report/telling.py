"""A finding in words: every row and sentence of its report, made once from its document."""

from tamperlens.evidence import printable
from tamperlens.examine import EXPLAINER, SYSTEMS, FindingDocument, map_words, title
from tamperlens.report import paper_words, words
from tamperlens.report.answer import answer_card
from tamperlens.report.file_rows import Row, command, file_rows
from tamperlens.report.view import (
    Card,
    Facts,
    Gauge,
    KindRow,
    Kinds,
    Layer,
    OpinionRow,
    Opinions,
    Part,
    Repeat,
    ReportView,
    Table,
    TracePage,
    Where,
)
from tamperlens.traces import LOOKED, MEASURED


def report_view(document: FindingDocument) -> ReportView:
    """Put everything in a finding's document into words."""
    told = words.meaning(document), words.support(document), words.places(document)
    kind = (words.kind(document),) if document.kind else ()
    return ReportView(
        name=printable(document.file.replace("\\", "/").rpartition("/")[2], 255) or "image",
        outcome=document.outcome,
        headline=words.HEADLINES[document.outcome],
        answer=answer_card(document),
        meaning=told[0],
        support=told[1],
        summary=(*(sentence for sentence in told if sentence), *kind),
        titles=dict(words.TITLES),
        gauge=_gauge(document),
        where=_where(document),
        copies=_copies(document),
        pairs=_pairs(document),
        agreements=_agreements(document),
        kinds=_kinds(document),
        explanations=document.explanations,
        explained=words.EXPLANATIONS if document.explanations else "",
        counter_tests=_counter_tests(document),
        opinions=_opinions(document),
        history=document.history,
        facts=Facts(
            marked=tuple(fact for fact in document.facts if fact.weight != "neutral"), all=document.facts
        ),
        layers=tuple(_layer(name) for name in document.maps),
        traces=_traces(document),
        method=paper_words.method(document),
        references=paper_words.REFERENCES,
        limits=document.limits,
        file=file_rows(document),
        repeat=_repeat(document),
    )


def score_text(score: float | None) -> str:
    """A probability as text.

    >>> score_text(0.904), score_text(None)
    ('0.90', '–')
    """
    return "–" if score is None else f"{score:.2f}"


def _gauge(document: FindingDocument) -> Gauge:
    return Gauge(
        score=document.score,
        text=score_text(document.score),
        thresholds=document.thresholds,
        note=words.score_note(document),
    )


def _where(document: FindingDocument) -> Where:
    parts = tuple(
        Part(
            text=f"Part {number}: {r.width} × {r.height} px, {r.left} from the left, {r.top} from the top",
            score=f"{r.score:.2f}",
            region=r,
        )
        for number, r in enumerate(document.regions, start=1)
    )
    note = words.PARTS if parts else "No part of the image stands out."
    return Where(
        sentence=words.where(document), parts=parts, note=note, three_points=words.three_points(document)
    )


def _copies(document: FindingDocument) -> Table | None:
    if not document.copies:
        return None
    return Table(
        head=("Pair", "Scale", "Turned", "Mirrored", "Matches", "Significance"),
        rows=tuple(
            (
                str(number),
                f"{pair.scale:.2f}",
                f"{round(pair.angle)}°",
                "yes" if pair.mirrored else "no",
                str(pair.matches or "–"),
                f"{pair.significance:.1f}",
            )
            for number, pair in enumerate(document.copies, start=1)
        ),
        note=words.COPIES,
    )


def _pairs(document: FindingDocument) -> tuple[str, ...]:
    return tuple(
        f"Pair {number}: scale {pair.scale:.2f}, turned {round(pair.angle)}°"
        f"{', mirrored' if pair.mirrored else ''}, significance {pair.significance:.1f}"
        for number, pair in enumerate(document.copies, start=1)
    )


def _agreements(document: FindingDocument) -> Table | None:
    if not document.agreements:
        return None
    return Table(
        head=("Map", "Share of the mask it marks too", "By chance", "Masked cell is brighter"),
        rows=tuple(
            (title(one.name), words.percent(one.overlap), words.percent(one.chance), f"{one.auc:.2f}")
            for one in document.agreements
        ),
        note=words.AGREEMENTS,
    )


def _kinds(document: FindingDocument) -> Kinds:
    ranked = sorted(document.kinds.items(), key=lambda item: -item[1])
    return Kinds(
        sentence=words.kind(document),
        systems=tuple(title(opinion.system) for opinion in document.kind_opinions),
        rows=tuple(_kind_row(document, name, probability) for name, probability in ranked),
    )


def _kind_row(document: FindingDocument, name: str, probability: float) -> KindRow:
    called, meaning = words.KIND_WORDS[name]
    said = (opinion.kinds.get(name) for opinion in document.kind_opinions)
    return KindRow(
        name=name,
        title=called,
        meaning=meaning,
        probability=probability,
        percent=words.percent(probability),
        ticked=name == document.kind,
        said=tuple("–" if share is None else words.percent(share) for share in said),
    )


def _counter_tests(document: FindingDocument) -> Table | None:
    if not document.counter_tests:
        return None
    first = ("as received", document.outcome, score_text(document.score), "–")
    again = ((t.name, t.outcome, score_text(t.score), score_text(t.overlap)) for t in document.counter_tests)
    return Table(
        head=("Examined again", "Outcome", "Score", "Overlap of the masks"),
        rows=(first, *again),
        intro=words.COUNTER_TESTS,
    )


def _opinions(document: FindingDocument) -> Opinions:
    rows = [_opinion_row(document, number) for number in range(len(document.opinions))]
    fused = document.log10_lr is not None
    return Opinions(
        fused=fused,
        rows=tuple(sorted(rows, key=lambda row: row.void)),
        total=_total(document) if fused else None,
        note=words.OPINIONS + (words.ADDS if fused else "") + words.GRAY,
    )


def _opinion_row(document: FindingDocument, number: int) -> OpinionRow:
    opinion = document.opinions[number]
    void = not opinion.applicable
    adds = None if void else opinion.log10_lr
    return OpinionRow(
        name=opinion.system,
        title=title(opinion.system),
        alone="–" if void else score_text(opinion.score),
        adds="–" if adds is None else f"{adds:+.2f}",
        bar=0.0 if adds is None else max(-1.0, min(1.0, adds / 2)),
        says=words.NO_SAY if void else words.ALONE[opinion.outcome],
        void=void,
        reason=opinion.reason,
    )


def _total(document: FindingDocument) -> OpinionRow:
    return OpinionRow(
        name="",
        title="All together",
        alone=score_text(document.score),
        adds=f"{document.log10_lr or 0:+.2f}",
        bar=0.0,
        says=document.outcome,
        void=False,
        reason=f"the sum of what each adds, plus a constant of {document.log10_lr_constant or 0:+.2f}",
    )


def _layer(name: str) -> Layer:
    about = map_words(name)
    return Layer(name=name, title=about.title, measures=about.measures, reading=about.reading)


def _traces(document: FindingDocument) -> tuple[TracePage, ...]:
    """The measured traces, then those that are only for viewing."""
    said = {opinion.system: opinion for opinion in document.opinions}
    measured = (
        TracePage(
            name=name,
            title=trace.title,
            measures=trace.measures,
            normal=trace.normal,
            misleads=trace.misleads,
            shows=said[name].reason if said[name].applicable else "",
            void="" if said[name].applicable else said[name].reason,
        )
        for name, trace in MEASURED.items()
        if name in said
    )
    looked = (
        TracePage(
            name=name,
            title=trace.title,
            measures=trace.measures,
            normal=trace.reading,
            misleads="",
            shows="",
            void=document.void_maps.get(name, ""),
        )
        for name, trace in LOOKED.items()
    )
    return (*measured, *looked)


def _repeat(document: FindingDocument) -> Repeat:
    fused = document.log10_lr is not None
    asked = [*(o.system for o in document.opinions), *(o.system for o in document.kind_opinions)]
    names = [name for name in asked if name in SYSTEMS]
    names += [EXPLAINER] if document.explanations else []
    names += ["fusion"] if fused else []
    return Repeat(
        sentence=words.REPEAT,
        command=command(document),
        versions=tuple(Row(name, value) for name, value in document.versions.items()),
        cards=tuple(Card(name=name, title=title(name)) for name in dict.fromkeys(names)),
    )
