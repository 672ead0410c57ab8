"""What a report says, ready to be printed: made once from a finding, for terminal, HTML, PDF and the pages.

A view holds every row and sentence. Who prints it chooses places, sizes and colours, and no words.
"""

import msgspec

from tamperlens.evidence.fact import Fact
from tamperlens.evidence.metadata import printable
from tamperlens.examine import (
    EXPLAINER,
    SYSTEMS,
    FindingDocument,
    MarkedRegion,
    Outcome,
    map_words,
    title,
)
from tamperlens.report import words
from tamperlens.report.file_rows import Row, command, file_rows
from tamperlens.traces import MEASURED, TRACES


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """The score between its thresholds.

    Attributes:
        score: 0…1, null where none may be given.
        text: the same with two digits, "–" likewise.
        thresholds: places of the two marks.
        low: what the left end means.
        high: what the right end means.
        note: how to read it, or why there is no score.
    """

    score: float | None
    text: str
    thresholds: tuple[float, float] | None
    low: str = words.LOW
    high: str = words.HIGH
    note: str


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under a head.

    Attributes:
        head: of the columns.
        rows: a cell for each column.
        intro: what stands above it.
        note: what stands below it.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    intro: str = ""
    note: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the most suspicious parts.

    Attributes:
        text: where it is.
        score: with two digits.
        region: the same in pixels.
    """

    text: str
    score: str
    region: MarkedRegion


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where the image may have been altered.

    Attributes:
        sentence: how much is marked; "" without a mask.
        parts: the most suspicious ones.
        note: what they are, or that there are none.
        three_points: how far error levels and mask agree.
    """

    sentence: str
    parts: tuple[Part, ...]
    note: str
    three_points: str


class KindRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the checklist of kinds.

    Attributes:
        name: of the kind, for programs.
        title: for a person.
        meaning: what was done.
        probability: given that the marked region was altered.
        percent: the same for a person.
        ticked: whether it is the most probable one, and more probable than not.
        said: what each classifier says, in the order of the head; "–" where it does not tell this kind.
    """

    name: str
    title: str
    meaning: str
    probability: float
    percent: str
    ticked: bool
    said: tuple[str, ...]


class Kinds(msgspec.Struct, frozen=True, kw_only=True):
    """How the marked region was altered.

    Attributes:
        sentence: the likeliest kind, or why none is named.
        systems: titles of the classifiers.
        rows: the most probable kind first; empty when no kind is told.
        note: what all of it supposes.
    """

    sentence: str
    systems: tuple[str, ...] = ()
    rows: tuple[KindRow, ...] = ()
    note: str = words.KINDS


class OpinionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of opinions.

    Attributes:
        name: of system or trace, for programs.
        title: for a person.
        alone: its probability taken alone, "–" when void.
        adds: what it adds to log₁₀ of the likelihood ratio, "–" when void or not fused.
        bar: the same in −1…1 for a bar, full at a hundredfold; 0 when void.
        says: its own outcome in words.
        void: whether it has no say.
        reason: what it rests on, or why it is void.
    """

    name: str
    title: str
    alone: str
    adds: str
    bar: float
    says: str
    void: bool
    reason: str


class Opinions(msgspec.Struct, frozen=True, kw_only=True):
    """What each system and trace says, and what it comes to.

    Attributes:
        fused: whether their parts were added up.
        rows: void ones last.
        total: the sum, null when nothing was fused.
        note: how the columns are read.
    """

    fused: bool
    rows: tuple[OpinionRow, ...]
    total: OpinionRow | None
    note: str


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A map that can be laid over the photograph.

    Attributes:
        name: of the map.
        title: for a person.
        measures: what the value at a pixel is.
        reading: what is normal, what stands out, and when it misleads.
    """

    name: str
    title: str
    measures: str
    reading: str


class TracePage(msgspec.Struct, frozen=True, kw_only=True):
    """What one trace measures, and what it shows in this image.

    Attributes:
        name: of the trace and of its map.
        title: for a person.
        measures: what is measured.
        normal: what an untouched photograph looks like.
        misleads: when it deceives.
        shows: what was found in this image, "" for a trace that is only looked at.
        void: why it is void, "" where it is not.
    """

    name: str
    title: str
    measures: str
    normal: str
    misleads: str
    shows: str
    void: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the file states about itself.

    Attributes:
        marked: what is worth a look.
        all: everything.
        note: how far to trust it.
    """

    marked: tuple[Fact, ...]
    all: tuple[Fact, ...]
    note: str = words.FACTS


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A model card that the finding rests on.

    Attributes:
        name: of its file.
        title: of what it describes.
    """

    name: str
    title: str


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """How to come to the same finding again.

    Attributes:
        sentence: what holds.
        command: that repeats it.
        versions: name and version of everything that it depends on.
        cards: of the systems.
    """

    sentence: str
    command: str
    versions: tuple[Row, ...]
    cards: tuple[Card, ...]


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report says.

    Attributes:
        name: of the file.
        outcome: for colours.
        headline: the outcome in words.
        meaning: what the outcome says.
        support: the likelihood ratio in words, "" without one.
        summary: the finding in a few sentences.
        titles: of the sections.
        gauge: the score.
        where: what is marked.
        copies: pairs of regions that repeat each other; null without any.
        pairs: the same, a sentence each.
        agreements: whether other maps mark the same place; null without any.
        kinds: how it was altered.
        explanations: names of the layers of a network that only explains.
        explained: what those layers are, "" without any.
        counter_tests: null without any.
        opinions: what each system and trace says.
        history: what happened to the file, a sentence each.
        facts: what the file states.
        layers: maps that can be laid over the photograph, the mask's first.
        traces: every trace, with what it shows here.
        limits: what the finding cannot tell, a sentence each.
        file: name and value of what the file is.
        repeat: how to come to the same finding again.
    """

    name: str
    outcome: Outcome
    headline: str
    meaning: str
    support: str
    summary: tuple[str, ...]
    titles: dict[str, str]
    gauge: Gauge
    where: Where
    copies: Table | None
    pairs: tuple[str, ...]
    agreements: Table | None
    kinds: Kinds
    explanations: tuple[str, ...]
    explained: str
    counter_tests: Table | None
    opinions: Opinions
    history: tuple[str, ...]
    facts: Facts
    layers: tuple[Layer, ...]
    traces: tuple[TracePage, ...]
    limits: tuple[str, ...]
    file: tuple[Row, ...]
    repeat: Repeat


def report_view(document: FindingDocument) -> ReportView:
    """Say everything that a finding's document holds."""
    told = words.meaning(document), words.support(document), words.places(document)
    kind = (words.kind(document),) if document.kind else ()
    return ReportView(
        name=printable(document.file.replace("\\", "/").rpartition("/")[2], 255) or "image",
        outcome=document.outcome,
        headline=words.HEADLINES[document.outcome],
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
        limits=document.limits,
        file=file_rows(document),
        repeat=_repeat(document),
    )


def score_text(score: float | None) -> str:
    """A probability for a person.

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
        head=("Map", "Of the mask, also brightest here", "By chance", "Masked cell brighter"),
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
        ticked=name == document.kind and probability >= words.SURE_KIND,
        said=tuple("–" if share is None else words.percent(share) for share in said),
    )


def _counter_tests(document: FindingDocument) -> Table | None:
    if not document.counter_tests:
        return None
    first = ("as it came", document.outcome, score_text(document.score), "–")
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
        reason=f"the sum of what each adds, and a constant of {document.log10_lr_constant or 0:+.2f}",
    )


def _layer(name: str) -> Layer:
    about = map_words(name)
    return Layer(name=name, title=about.title, measures=about.measures, reading=about.reading)


def _traces(document: FindingDocument) -> tuple[TracePage, ...]:
    """The measured traces, then those that are only looked at."""
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
        for name, trace in TRACES.items()
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
