"""The sentences of the answer card and of its evidence chain, each defined once."""

from types import MappingProxyType
from typing import NamedTuple

from tamperlens.examine import LOCALIZERS, MASK, NOT_CLEARED, Alone, Box, FindingDocument, MarkedRegion
from tamperlens.report.words import KIND_WORDS, LEAST_SUPPORT, kind_in_sentence, percent

LABELS = MappingProxyType(
    {
        "what": "What",
        "where": "Where",
        "why": "Why",
        "next": "What next",
        "ask": "A message that asks for the original",
        "sure": "How sure is this?",
        "chain": "The evidence, step by step",
        "rest": "Normally",
        "here": "Here",
        "witness": "Second witness",
        "harmless": "Harmless explanation",
        "refute": "What would refute it",
    }
)
_FOUND, _NOTHING = "Signs of alteration found", "No signs of alteration found"
_SILENT = "Cannot tell from this file"
_INCONCLUSIVE = MappingProxyType(
    {
        "not-assessable": _SILENT,
        "too-little-left": _SILENT,
        "overwritten": "Nothing found, but not cleared",
        "weak-indications": "Look here: weak signs",
        "contradictory": "The file contradicts itself",
    }
)
_UNTOUCHED = "Untouched photographs can show as much."
NO_REASON = "No single measurement carries much weight."
# Reasons for no conclusion for which it is worth asking for the original.
_WORTH_ASKING = ("too-little-left", "overwritten", "weak-indications")
_PLURALS = MappingProxyType(
    {
        "splicing": "splices",
        "copy-move": "copies",
        "removal": "removals",
        "retouching": "retouched places",
        "ai-edit": "AI edits",
    }
)
# The lowest share that could be measured.
_LEAST_SHARE = 1e-3
# What to look at first among many files.
PRIORITIES = MappingProxyType(
    {
        "high": "signs of alteration",
        "medium": "weak signs, or a file that contradicts itself",
        "low": "cannot tell",
        "none": "nothing found",
    }
)
TOWARDS = MappingProxyType({True: "points to an alteration", False: "points to an original"})
# Words for the thirds of the picture.
_ROWS, _COLUMNS = ("upper", "", "lower"), ("left", "", "right")


class ChainWords(NamedTuple):
    """Words about one opinion that are the same for every image.

    Attributes:
        layer: name of the map that shows it; "" for none.
        refute: what would show that it misleads here.
        rest: what an untouched photograph looks like in it; "" to use the trace's own words.
        harmless: harmless causes of the same; "" to use the trace's own words.
    """

    layer: str
    refute: str
    rest: str = ""
    harmless: str = ""


_ORIGINAL = "The original file, if it shows the same in that place"
_MARKED = ChainWords(
    MASK,
    f"{_ORIGINAL}, or a second photograph of the scene.",
    "Untouched photographs show a faint haze or small scattered spots.",
    "Overlaid text, frames and sharp edges on a plain background can look pasted.",
)
_CHAIN = {
    "fused-map": _MARKED,
    **{name: _MARKED._replace(layer=name) for name in LOCALIZERS},
    "double-jpeg": ChainWords("double-jpeg", f"{_ORIGINAL}."),
    "grid": ChainWords("grid", f"{_ORIGINAL}."),
    "jpeg-ghost": ChainWords(
        "jpeg-ghost", f"{_ORIGINAL}; or another place, just as flat and dark, that shows it too."
    ),
    "copy-move": ChainWords(
        "copy-move",
        "A scratch, shadow or reflection in only one of the two places: then they are two different things.",
    ),
    "noise-inconsistency": ChainWords(
        "noise-inconsistency",
        f"{_ORIGINAL}; or another place, equally bright and plain, with the same grain.",
    ),
    "sharpness": ChainWords(
        "sharpness", f"{_ORIGINAL}; or things at the same distance that are equally sharp."
    ),
}
_OTHER = _MARKED._replace(layer="", rest="", harmless="")
# For a reason that points to an original.
_HARMLESS_ORIGINAL = "A careful edit, strong recompression or a small size can leave nothing to measure."
_REFUTE_ORIGINAL = "An earlier copy of the picture that shows something else."
NO_PLACE = "Nothing is marked, so there is no place to compare."
NO_WITNESS = "None: no other map marks the same place clearly more often than chance."
# Next steps.
_LOOK = "Look at the marked places at full size."
_LOOK_PAIR = "Look at the two places that repeat each other, detail by detail."
_ASK = (
    "Ask for the original file as it left the camera or phone; messengers and web pages remove most traces."
)
_SEARCH = "Search the web for earlier copies of the picture (reverse image search)."
_SEARCH_PART = "Search the web for earlier copies of the picture, and of the pasted part alone."
_REGISTER = "If you have the original, register it in the workbench and compare the two."


def chain_words(name: str) -> ChainWords:
    """Words about an opinion that are the same for every image."""
    return _CHAIN.get(name, _OTHER)


def harmless(words: ChainWords, misleads: str, altered: bool) -> str:
    """Harmless causes of the same."""
    return (misleads or words.harmless) if altered else _HARMLESS_ORIGINAL


def refute(words: ChainWords, altered: bool) -> str:
    """What would show that a reason misleads."""
    return words.refute if altered else _REFUTE_ORIGINAL


def what(document: FindingDocument) -> str:
    """The outcome in plain words."""
    if document.outcome == "inconsistent":
        return _FOUND
    if document.outcome == "consistent":
        return (
            f"{_NOTHING}; {many} of 100 edits in files like this would have been found"
            if (many := _found(document))
            else _NOTHING
        )
    return _INCONCLUSIVE[document.because or "too-little-left"]


def weak_signs(document: FindingDocument) -> bool:
    """Whether an inconclusive finding leans towards an alteration and has a place to look at."""
    return document.because == "weak-indications"


def _found(document: FindingDocument) -> int:
    """How many of 100 edits in files like this one are found, with equal weight for each kind."""
    shares = [one.share for one in document.power]
    return round(100 * sum(shares) / len(shares)) if shares else 0


def powers(document: FindingDocument) -> tuple[str, ...]:
    """How many edits would have been found, one sentence for all kinds; empty if no outcome may be given."""
    if not document.power:
        return ()
    said = (
        f"{_PLURALS[one.kind]} {round(100 * one.share)} ({round(100 * one.low)}–{round(100 * one.high)})"
        for one in document.power
    )
    return (
        "How many of 100 edits are found in files of this size and quality, with 95 % intervals: "
        f"{', '.join(said)}.",
    )


def request(document: FindingDocument) -> str:
    """Message to whoever sent the file; "" if the file can be judged or is not a photograph."""
    if document.outcome != "inconclusive" or document.because not in _WORTH_ASKING:
        return ""
    return (
        f"Please send the original file of “{document.file}” as it left the camera or phone: by e-mail or a "
        "shared folder, not through a messenger and not as a screenshot. The copy that arrived "
        f"({document.width} × {document.height} pixels, {document.evidence.format}) has lost too much to be "
        "judged."
    )


def how(document: FindingDocument) -> str:
    """The kind of alteration; "" if none is named."""
    kind = document.kind
    if document.outcome != "inconsistent" or kind is None:
        return ""
    return f"Most likely {kind_in_sentence(kind)}: {KIND_WORDS[kind][1]}."


def strongest(document: FindingDocument, altered: bool) -> str:
    """What all maps together measured."""
    if not document.regions:
        return "Taken together, the maps mark no place."
    score = f"{document.regions[0].score:.2f}"
    if altered:
        return f"Taken together, the maps give the strongest place a probability of {score}."
    return f"Untouched photographs also have places as strong as the strongest one here ({score})."


def alone(found: Alone) -> str:
    """The place that one trace shows clearly enough to stand alone, and how rare that is."""
    many = f"{round(1 / found.share):,}" if found.share >= _LEAST_SHARE else f"{round(1 / _LEAST_SHARE):,}"
    rare = "about" if found.share >= _LEAST_SHARE else "fewer than"
    said = f"{found.sentence[0].upper()}{found.sentence[1:]}"
    return f"{said}; {rare} 1 in {many} untouched photographs shows it as clearly."


def because(document: FindingDocument) -> str:
    """Why nothing can be concluded; "" if something can."""
    if document.score is None:
        why = document.absent.get("score", "nothing could be measured")
        return f"{why[0].upper()}{why[1:].rstrip('.')}."
    if document.outcome != "inconclusive":
        return ""
    if document.because == "overwritten":
        return _overwritten(document)
    if document.because == "too-little-left" and (many := _found(document)):
        return f"About {many} of 100 edits in files like this would have been found; ask for the original."
    return _leaning(document.log10_lr)


def _leaning(ratio: float | None) -> str:
    """Which way the measurements lean, without deciding."""
    if ratio is None:
        return "The score lies between the two thresholds."
    if abs(ratio) < LEAST_SUPPORT:
        return "Measurements like these are about as frequent in altered photographs as in untouched ones."
    side = "an alteration" if ratio > 0 else "an original"
    return f"The measurements lean towards {side}, but not far enough to say so."


def _overwritten(document: FindingDocument) -> str:
    """What was later done to the whole file, in the words of the finding's limit."""
    limit = next((one for one in document.limits if one.startswith(NOT_CLEARED)), "")
    said = limit.removeprefix(NOT_CLEARED).strip()
    return f"{said[:1].upper()}{said[1:]}"


def where(document: FindingDocument) -> str:
    """Where the marked places are."""
    if document.score is None:
        return "No place is named, because nothing can be concluded."
    if document.mask_threshold is None:
        return "The systems used here do not say where."
    if not document.regions:
        return "Nowhere: no part of the picture stands out."
    share = f"{percent(document.marked_share or 0)} of the picture is marked"
    if document.outcome != "inconsistent" and not weak_signs(document):
        return f"{share}; untouched photographs can show as much."
    names = list(dict.fromkeys(_middle(document, one) for one in document.regions))
    also = f", also {' and '.join(names[1:])}" if names[1:] else ""
    said = f"Most clearly at the {names[0]}{also}; {share}.{_repeated(document)}"
    return said if document.outcome == "inconsistent" else f"{said} {_UNTOUCHED}"


def _repeated(document: FindingDocument) -> str:
    """Which place repeats which, for the most certain pair."""
    if not document.copies:
        return ""
    one, other = (_middle(document, box) for box in (document.copies[0].target, document.copies[0].source))
    if one == other:
        return f" Two places at the {one} repeat each other."
    return f" The place at the {one} repeats the one at the {other}."


def _middle(document: FindingDocument, box: MarkedRegion | Box) -> str:
    left, top = box.left + box.width / 2, box.top + box.height / 2
    return place(left / document.width, top / document.height)


def place(left: float, top: float) -> str:
    """Where a point is, in words.

    Args:
        left: share of the width, 0..1.
        top: share of the height, 0..1.

    >>> place(0.1, 0.9), place(0.5, 0.5), place(0.5, 0.1), place(0.9, 0.5)
    ('lower left', 'middle', 'upper middle', 'right')
    """
    row, column = _ROWS[min(2, int(3 * top))], _COLUMNS[min(2, int(3 * left))]
    return f"{row} {column or 'middle'}" if row else column or "middle"


def next_steps(document: FindingDocument) -> tuple[str, ...]:
    """What to do next, the most useful first."""
    steps = [_ASK, _SEARCH]
    if document.outcome == "inconsistent" or weak_signs(document):
        look = _LOOK_PAIR if document.copies else _LOOK
        steps = [look, _ASK, _SEARCH_PART if document.kind == "splicing" else _SEARCH]
    odd = next((fact.statement for fact in document.facts if fact.weight == "contradiction"), "")
    steps += [f"Clear up this contradiction in the file: {odd}"] if odd else [_REGISTER]
    return tuple(steps)
