"""The sentences of a report, each defined once for every kind of output."""

import math
from types import MappingProxyType

from tamperlens.examine import FindingDocument

HEADLINES = MappingProxyType(
    {
        "inconsistent": "Inconsistent with an original",
        "consistent": "Consistent with an original",
        "inconclusive": "Inconclusive",
    }
)
_MEANINGS = {
    "inconsistent": "Measurements like these are rare in untouched photographs: about {alarms:.0%} of the "
    "authentic images used to set the thresholds reach this far. The model cards list the results on test "
    "images.",
    "consistent": "Measurements like these are rare in altered photographs: about 5 % of the altered images "
    "used to set the thresholds stay this low. Nothing was found; that does not mean that nothing was done.",
    "inconclusive": "The measurements do not support either proposition strongly enough. Treat the image as "
    "not examined, not as cleared.",
}
# log10 of a likelihood ratio of two: below it there is no support worth mentioning.
LEAST_SUPPORT = math.log10(2)
# Lower bound of log10 of the likelihood ratio → words; ENFSI guideline for evaluative reporting (2015). Below
# the lowest, only the number is given: "weak support" next to an outcome would be read as its opposite.
_SUPPORT = (
    (4.0, "very strong support"),
    (3.0, "strong support"),
    (2.0, "moderately strong support"),
    (1.0, "moderate support"),
)
# What one opinion says when taken alone.
ALONE = MappingProxyType(
    {
        "inconsistent": "unusual for an original",
        "consistent": "usual for an original",
        "inconclusive": "–",
    }
)
NO_SAY = "not used"
# Kind → its title, and what was done.
KIND_WORDS = MappingProxyType(
    {
        "splicing": ("Splicing", "a part of another photograph was pasted in"),
        "copy-move": ("Copy-move", "a part of this photograph was copied to another place in it"),
        "removal": ("Removal", "something was taken out and the hole filled"),
        "retouching": ("Retouching", "blur, smoothing, sharpening, tone or healing in one place"),
        "ai-edit": ("AI edit", "repainted by a generative model"),
    }
)


def kind_title(kind: str | None) -> str:
    """Title of a kind; "" for None.

    >>> kind_title("ai-edit")
    'AI edit'
    """
    return "" if kind is None else KIND_WORDS[kind][0]


def kind_in_sentence(kind: str) -> str:
    """Title of a kind within a sentence.

    >>> kind_in_sentence("copy-move"), kind_in_sentence("ai-edit")
    ('copy-move', 'AI edit')
    """
    name = KIND_WORDS[kind][0]
    return name if name[1].isupper() else name[0].lower() + name[1:]


TITLES = MappingProxyType(
    {
        "where": "Where",
        "parts": "Close-ups",
        "copies": "Copied regions",
        "agreements": "Do other maps mark the same place?",
        "kinds": "How",
        "explanations": "What MultiFusion looked at",
        "counter_tests": "Counter-test",
        "look": "Look for yourself",
        "opinions": "What each opinion says",
        "history": "What happened to the file",
        "facts": "What the file states",
        "traces": "Trace by trace",
        "limits": "What this finding cannot tell",
        "file": "The file",
        "repeat": "How to repeat this",
        "looked": "Maps without a number, and traces not used here",
        "paper": "Report of an image examination",
        "method": "Method",
        "versions": "Versions of everything the result depends on",
    }
)
LOW, HIGH = "0 · traces of an original", "traces of alteration · 1"
SCORE = (
    "The score is the calibrated probability of alteration, assuming that altered and untouched were equally "
    "likely beforehand. It is not proof, and it does not include what you know about the case."
)
PARTS = (
    "The most suspicious parts at native resolution, worst first. The score of a part is its highest mean "
    "probability over 16 × 16 pixels."
)
COPIES = (
    "The blue and orange regions repeat each other. The arrow points from the likelier source to the "
    "likelier copy; its direction is a guess. Significance is −log₁₀ of the probability that as many windows "
    "would agree in a pair that is merely similar."
)
AGREEMENTS = (
    "Error levels and the noise residual are independent of the mask. The other maps helped to make the "
    "mask, so their agreement explains it but does not confirm it."
)
KINDS = (
    "All of this assumes that the largest marked region was altered; whether it was is the question that the "
    "outcome answers. The probability combines both classifiers and whether a pair of copied regions covers "
    "the marked one."
)
EXPLANATIONS = (
    "A network that plays no part in this finding examined the image, reduced to a square. Its maps show "
    "what its own answer was based on, not where the image was altered. The table of agreements shows how "
    "far they mark the same place as the mask."
)
COUNTER_TESTS = (
    "The image was examined again after changes that any photograph may go through. A finding that rests on "
    "the image itself should hold; one that rests on its last compression will not."
)
OPINIONS = "“Alone” is the probability of alteration that the opinion gives by itself, at even prior odds."
ADDS = (
    " “Adds” is its share of the log₁₀ likelihood ratio, weighted because opinions overlap: +1 makes the "
    "odds of alteration ten times as high."
)
GRAY = " Gray lines were not used for this image."
FACTS = (
    "Anyone can write anything into a file. None of this is proof, and none of it counts towards the score."
)
REPEAT = "The same bytes, examined by the same versions, give the same finding:"


_AS_MUCH = "untouched photographs can show as much"


def percent(share: float) -> str:
    r"""A share in percent, never broken across lines.

    >>> percent(0.047)
    '5\xa0%'
    """
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def reduced(scale: float) -> str:
    """Sentence that says how much the photograph is reduced."""
    return f"The photograph is shown at {percent(scale)} of its size, the close-ups at full size."


def meaning(document: FindingDocument) -> str:
    """What the outcome says."""
    return _MEANINGS[document.outcome].format(alarms=document.false_alarm_rate or 0.05)


def support(document: FindingDocument) -> str:
    """The likelihood ratio in words; "" when nothing was fused, or no outcome may be given."""
    ratio = document.log10_lr
    if ratio is None or document.thresholds is None:
        return ""
    if abs(ratio) < LEAST_SUPPORT:
        return f"The measurements support neither proposition (log₁₀ likelihood ratio {ratio:+.2f})."
    which = "was altered" if ratio > 0 else "was not altered"
    many = f"{10 ** abs(ratio):,.0f}" if abs(ratio) >= 1 else f"{10 ** abs(ratio):.1f}"
    against = "altered as in untouched" if ratio > 0 else "untouched as in altered"
    times = f"{many} times as frequent in {against} photographs (log₁₀ likelihood ratio {ratio:+.2f})"
    words = next((words for bound, words in _SUPPORT if abs(ratio) >= bound), "")
    if document.because == "overwritten":
        return f"In files whose traces were not overwritten, measurements like these are about {times}."
    if not words:
        return f"Measurements like these are about {times}."
    return f"The measurements give {words} to the proposition that the image {which}: they are about {times}."


def score_note(document: FindingDocument) -> str:
    """How to read the score, or why there is none."""
    if document.score is None:
        return f"No score is given, because {document.absent.get('score', 'nothing could be said')}."
    if document.thresholds is None:
        return SCORE
    low, high = document.thresholds
    return (
        f"{SCORE} The two marks are the outcome thresholds, frozen before any test: consistent below "
        f"{low:.2f}, inconsistent above {high:.2f}."
    )


def where(document: FindingDocument) -> str:
    """How much is marked; "" without a mask."""
    threshold, share = document.mask_threshold, document.marked_share
    if threshold is None or share is None:
        return ""
    if not share:
        return f"No part of the image reaches {threshold:.2f}, the level at which places are marked in it."
    called = document.outcome == "inconsistent"
    rest = "it is outlined." if called else f"the outcome is still {document.outcome}: {_AS_MUCH}."
    return (
        f"{100 * share:.1f} % of the area reaches {threshold:.2f}, the level at which places are marked in "
        f"this image; {rest}"
    )


def places(document: FindingDocument) -> str:
    """Where the most suspicious parts are; "" when nothing is marked."""
    if not document.regions:
        return ""
    middles = ", ".join(f"{r.left + r.width // 2} | {r.top + r.height // 2}" for r in document.regions)
    return (
        f"{document.marked_share or 0:.1%} of the area is marked; the most suspicious parts are around x | "
        f"y = "
        f"{middles} px."
    )


def kind(document: FindingDocument) -> str:
    """How the marked region was altered, or why that is not said."""
    if document.kind is None:
        return f"No kind of edit is named: {document.absent.get('kind', 'no system names one')}."
    meant = KIND_WORDS[document.kind][1]
    probability = document.kinds[document.kind]
    likeliest = f"{kind_in_sentence(document.kind)} ({percent(probability)})"
    return f"If the marked region was altered, then most likely by {likeliest}: {meant}."


def three_points(document: FindingDocument) -> str:
    """How far error levels and the mask agree."""
    levels = next((one for one in document.agreements if one.name == "ela"), None)
    if levels is None:
        return "How far the three agree was not measured for this image."
    overlap, chance = percent(levels.overlap), percent(levels.chance)
    return (
        f"Error levels mark {overlap} of the mask; chance would give {chance}. A masked cell is brighter "
        f"than an unmasked one with probability {levels.auc:.2f}."
    )
