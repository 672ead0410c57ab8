"""What every report says, whatever it is printed on: sentences and rows made from a finding."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tamperlens.examine import Finding, Opinion
from tamperlens.examine.history import void_reason
from tamperlens.examine.multi_fusion import MAPS
from tamperlens.report.pictures import paint, preview_map, resize_map
from tamperlens.traces import MEASURED, TRACES

# The rate of `--strict`.
STRICT_RATE = 0.01

HEADLINES = {
    "inconsistent": "Inconsistent with an original",
    "consistent": "Consistent with an original",
    "inconclusive": "Inconclusive",
}
_MEANINGS = {
    "inconsistent": "What was measured is rare among untouched photographs: about {alarms:.0%} of the "
    "authentic images that the thresholds were frozen on reach this far. What it did on test images stands "
    "in the cards.",
    "consistent": "What was measured is rare among altered photographs: about 5 % of the altered images that "
    "the thresholds were frozen on stay this low. Nothing was found; that is not the same as nothing was "
    "done.",
    "inconclusive": "What was measured does not support either proposition enough. Treat the image as not "
    "examined, not as cleared.",
}
FUSED_MEASURES = (
    "The probability, pixel by pixel, that the network and all applicable traces together give to an "
    "alteration."
)
FUSED_READING = (
    "The outline of the mask is drawn from this map. A compact bright shape says more than a veil over all."
)
# Lower bound of log10 of the likelihood ratio → words; ENFSI guideline for evaluative reporting (2015).
_SUPPORT = (
    (4.0, "very strong support"),
    (3.0, "strong support"),
    (2.0, "moderately strong support"),
    (1.0, "moderate support"),
    (math.log10(2), "weak support"),
)
_ALONE = {
    "inconsistent": "unusual for an original",
    "consistent": "usual for an original",
    "inconclusive": "–",
}
TITLES = {
    "unet-localizer": "Localizer network (U-Net)",
    "lightweight-cnn": "Lightweight CNN",
    "kind-classifier": "Patch classifier",
    "dual-module": "Mask-conditioned classifier",
    "multi-fusion": "MultiFusion network",
    "fused-map": "All maps together, smallest region",
    "fused-map-64": "All maps together, larger region",
}


# Kind → what a person calls it, and what was done.
KIND_WORDS = {
    "splicing": ("Splicing", "a part of another photograph was pasted in"),
    "copy-move": ("Copy-move", "a part of this photograph was copied onto another place in it"),
    "removal": ("Removal", "something was taken out and the hole filled"),
    "retouching": ("Retouching", "blur, smoothing, sharpening, tone or healing in one place"),
    "ai-edit": ("AI edit", "repainted by a generative model"),
}
# Below this the most probable kind is one guess among several.
SURE_KIND = 0.5


@dataclass(frozen=True)
class KindRow:
    """One line of the checklist of kinds.

    Attributes:
        name: of the kind.
        title: for a person.
        meaning: what was done.
        probability: given that the marked region was altered.
        ticked: whether it is the most probable one, and more probable than not.
        said: system → its own probability, "–" where it does not tell this kind.
    """

    name: str
    title: str
    meaning: str
    probability: float
    ticked: bool
    said: Mapping[str, str]


@dataclass(frozen=True)
class OpinionRow:
    """One line of the table of opinions.

    Attributes:
        name: of system or trace.
        title: for a person.
        alone: its probability taken alone, "–" when void.
        adds: what it adds to log10 of the likelihood ratio, "–" when void or not fused.
        bar: the same in -1..1 for a bar; 0 when void.
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


@dataclass(frozen=True)
class TracePage:
    """What one trace measures, and what it shows in this image.

    Attributes:
        name: of the trace.
        title: for a person.
        measures: what is measured.
        normal: what an untouched photograph looks like.
        misleads: when it deceives.
        shows: what was found in this image, "" for a trace that is only looked at.
        void: why it is void, "" where it is not.
        picture: its map in colours, None when void.
    """

    name: str
    title: str
    measures: str
    normal: str
    misleads: str
    shows: str
    void: str
    picture: Image.Image | None


def meaning(finding: Finding) -> str:
    """What the outcome says."""
    return _MEANINGS[finding.outcome].format(alarms=finding.false_alarm_rate or 0.05)


def support(finding: Finding) -> str:
    """The likelihood ratio in words; "" when nothing was fused, or no outcome may be given."""
    if finding.llr is None or finding.thresholds is None:
        return ""
    ratio = finding.llr / math.log(10)
    words = next((words for bound, words in _SUPPORT if abs(ratio) >= bound), "no support worth the name")
    which = "was altered" if ratio > 0 else "was not altered"
    many = f"{10 ** abs(ratio):,.0f}" if abs(ratio) >= 1 else f"{10 ** abs(ratio):.1f}"
    against = "altered as in untouched" if ratio > 0 else "untouched as in altered"
    if abs(ratio) < _SUPPORT[-1][0]:
        return f"The measurements give {words} to either proposition (log₁₀ likelihood ratio {ratio:+.2f})."
    return (
        f"The measurements give {words} to the proposition that the image {which}: they are about {many} "
        f"times "
        f"as frequent in {against} photographs (log₁₀ likelihood ratio {ratio:+.2f})."
    )


def kind_rows(finding: Finding) -> list[KindRow]:
    """The checklist, the most probable kind first; empty when no kind is told."""
    rows = []
    for name, probability in sorted(finding.kinds.items(), key=lambda item: -item[1]):
        kind_title, kind_meaning = KIND_WORDS[name]
        said = {
            title(opinion.system): f"{100 * opinion.kinds[name]:.0f} %" if name in opinion.kinds else "–"
            for opinion in finding.kind_opinions
        }
        ticked = name == finding.kind and probability >= SURE_KIND
        rows.append(KindRow(name, kind_title, kind_meaning, probability, ticked, said))
    return rows


def kind_sentence(finding: Finding) -> str:
    """How the marked region was altered, in a sentence; "" when no kind is told."""
    if finding.kind is None:
        return ""
    name, meant = KIND_WORDS[finding.kind]
    probability = finding.kinds[finding.kind]
    likeliest = f"{name.lower()} ({100 * probability:.0f} %)"
    if probability < SURE_KIND:
        return f"If the marked region was altered, no kind stands out; the likeliest is {likeliest}."
    return f"If the marked region was altered, then most likely by {likeliest}: {meant}."


def constant(finding: Finding) -> float:
    """What the sum of log10 ratios holds besides the opinions' parts."""
    if finding.llr is None:
        return 0.0
    return (finding.llr - sum(o.llr for o in finding.opinions if o.llr is not None)) / math.log(10)


def opinion_rows(finding: Finding) -> list[OpinionRow]:
    """Every opinion; void ones last."""
    rows = [_row(opinion) for opinion in finding.opinions]
    return sorted(rows, key=lambda row: row.void)


def _row(opinion: Opinion) -> OpinionRow:
    void = not opinion.applicable
    adds = None if opinion.llr is None else opinion.llr / math.log(10)
    return OpinionRow(
        name=opinion.system,
        title=title(opinion.system),
        alone="–" if void else f"{opinion.score:.2f}",
        adds="–" if adds is None or void else f"{adds:+.2f}",
        bar=0.0 if adds is None or void else max(-1.0, min(1.0, adds / 2)),
        says="no say" if void else _ALONE[opinion.outcome],
        void=void,
        reason=opinion.reason,
    )


def title(name: str) -> str:
    """What a person calls a system, a trace or a map."""
    system, _, explanation = name.partition(" ")
    if explanation in MAPS:
        return f"{TITLES[system]}: {MAPS[explanation][0]}"
    if name in MEASURED:
        return MEASURED[name].title
    return TRACES[name].title if name in TRACES else TITLES.get(name, name)


def trace_pages(finding: Finding) -> list[TracePage]:
    """The measured traces, then those that are only looked at."""
    opinions = {opinion.system: opinion for opinion in finding.opinions}
    pages = []
    for name, trace in MEASURED.items():
        if opinion := opinions.get(name):
            void = "" if opinion.applicable else opinion.reason
            shows = opinion.reason if opinion.applicable else ""
            picture = _picture(finding, opinion)
            pages.append(
                TracePage(
                    name, trace.title, trace.measures, trace.normal, trace.misleads, shows, void, picture
                )
            )
    for name, looked in TRACES.items():
        void = void_reason(name, finding.evidence)
        shown = None if void else paint(preview_map(looked, finding.evidence.pixels))
        pages.append(TracePage(name, looked.title, looked.measures, looked.reading, "", "", void, shown))
    return pages


def _picture(finding: Finding, opinion: Opinion) -> Image.Image | None:
    if opinion.heat_map is None or not opinion.applicable:
        return None
    evidence = finding.evidence
    return paint(resize_map(opinion.heat_map.values, evidence.width, evidence.height))


def masked_share(finding: Finding) -> float:
    """Share of the area that the mask marks."""
    if finding.mask is None or finding.mask_threshold is None:
        return 0.0
    return float(np.mean(finding.mask >= finding.mask_threshold))


def summary(finding: Finding) -> Sequence[str]:
    """The finding in a few sentences below its headline: what it means, how sure, where."""
    lines = [meaning(finding)]
    if sentence := support(finding):
        lines.append(sentence)
    if finding.patches:
        places = ", ".join(f"{p.left + p.width // 2} | {p.top + p.height // 2}" for p in finding.patches)
        lines.append(
            f"{masked_share(finding):.1%} of the area is marked; the most suspicious parts are around x | y "
            f"= "
            f"{places} px."
        )
    if sentence := kind_sentence(finding):
        lines.append(sentence)
    return lines
