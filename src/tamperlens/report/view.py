"""The structure of a report: rows and sentences, printed by terminal, HTML, PDF and the pages.

Code that prints a view chooses places, sizes and colours, but no words.
"""

import msgspec

from tamperlens.evidence import Fact
from tamperlens.examine import MarkedRegion, Outcome
from tamperlens.report import words
from tamperlens.report.answer import AnswerCard
from tamperlens.report.file_rows import Row


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """The score between its thresholds.

    Attributes:
        score: 0…1; null if none may be given.
        text: the score with two decimals; "–" if none may be given.
        thresholds: positions of the two marks.
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
        head: titles of the columns.
        rows: the rows, with one cell for each column.
        intro: text above the table.
        note: text below the table.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    intro: str = ""
    note: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the most suspicious parts.

    Attributes:
        text: where it is, in words.
        score: its score with two decimals.
        region: where it is, in pixels.
    """

    text: str
    score: str
    region: MarkedRegion


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where the image may have been altered.

    Attributes:
        sentence: how much is marked; "" without a mask.
        parts: the most suspicious parts.
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
        name: name of the kind, for programs.
        title: name of the kind, for people.
        meaning: what was done.
        probability: its probability, 0…1, given that the marked region was altered.
        percent: the probability as text.
        ticked: whether it is the most probable one, and more probable than not.
        said: what each classifier says, in the order of the head; "–" if it does not know this kind.
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
        rows: the most probable kind first; empty if no kind is given.
        note: what all of this assumes.
    """

    sentence: str
    systems: tuple[str, ...] = ()
    rows: tuple[KindRow, ...] = ()
    note: str = words.KINDS


class OpinionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of opinions.

    Attributes:
        name: name of the system or trace, for programs.
        title: title of the system or trace, for people.
        alone: its probability taken alone; "–" if void.
        adds: what it adds to log₁₀ of the likelihood ratio; "–" if void or not fused.
        bar: the same in −1…1 for a bar, which is full at a ratio of 100; 0 if void.
        says: its own outcome in words.
        void: whether it does not count.
        reason: what it is based on, or why it is void.
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
    """What each system and trace says, and the sum.

    Attributes:
        fused: whether their parts were added up.
        rows: one row per opinion, void ones last.
        total: the sum; null if nothing was fused.
        note: how to read the columns.
    """

    fused: bool
    rows: tuple[OpinionRow, ...]
    total: OpinionRow | None
    note: str


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A map that can be laid over the photograph.

    Attributes:
        name: name of the map.
        title: title of the map, for people.
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
        name: name of the trace and of its map.
        title: title of the trace, for people.
        measures: what is measured.
        normal: what an untouched photograph looks like.
        misleads: when it misleads.
        shows: what was found in this image; "" for a trace that is only for viewing.
        void: why it is void; "" if it is not.
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
        marked: statements that are worth a look.
        all: all statements.
        note: how far to trust them.
    """

    marked: tuple[Fact, ...]
    all: tuple[Fact, ...]
    note: str = words.FACTS


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A model card that the finding is based on.

    Attributes:
        name: name of its file.
        title: title of what it describes.
    """

    name: str
    title: str


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """How to get the same finding again.

    Attributes:
        sentence: what is guaranteed.
        command: the command that repeats it.
        versions: name and version of everything that it depends on.
        cards: model cards of the systems.
    """

    sentence: str
    command: str
    versions: tuple[Row, ...]
    cards: tuple[Card, ...]


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report says.

    Attributes:
        name: name of the file.
        outcome: the outcome, for colours.
        headline: the outcome in words.
        answer: what, where, why, what next; with the evidence behind each reason.
        meaning: what the outcome says.
        support: the likelihood ratio in words; "" without one.
        summary: the finding in a few sentences.
        titles: titles of the sections.
        gauge: the score.
        where: what is marked.
        copies: pairs of regions that repeat each other; null without any.
        pairs: the same, one sentence each.
        agreements: whether other maps mark the same place; null without any.
        kinds: how it was altered.
        explanations: names of the layers of a network that only explains.
        explained: what those layers are; "" without any.
        counter_tests: results of counter-tests; null without any.
        opinions: what each system and trace says.
        history: what happened to the file, one sentence each.
        facts: what the file states about itself.
        layers: maps that can be laid over the photograph, the mask's first.
        traces: every trace, with what it shows here.
        method: how the finding was made, one paragraph each.
        references: publications that the method follows.
        limits: what the finding cannot tell, one sentence each.
        file: properties of the file, as names and values.
        repeat: how to get the same finding again.
    """

    name: str
    outcome: Outcome
    headline: str
    answer: AnswerCard
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
    method: tuple[str, ...]
    references: tuple[str, ...]
    limits: tuple[str, ...]
    file: tuple[Row, ...]
    repeat: Repeat
