"""The verdict from all opinions, and what it cannot tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tamperlens.evidence import Evidence, Fact
from tamperlens.examine._absent import CONCLUDED, MASK_FILE, NONE_ALONE, NOT_WRITTEN
from tamperlens.examine._cells import CELL
from tamperlens.examine._document import Alone, Box
from tamperlens.examine._history import History
from tamperlens.examine._outcome import NOT_CLEARED, Because, Outcome
from tamperlens.examine._regions import MarkedRegion
from tamperlens.examine.fused._fusion import Band
from tamperlens.examine.fused._routes import route_sentence
from tamperlens.examine.fused._voices import Voices
from tamperlens.odds import sigmoid


@dataclass(frozen=True)
class Verdict:
    """The sum of all opinions, and what follows from it.

    Attributes:
        llr: natural log-likelihood ratio, altered over authentic.
        parts: what each opinion adds to it.
        alone: the trace that raised it above the sum of all opinions; "" if none did.
        rarity: −log₁₀ of the share of untouched photographs that show an equally clear place in that trace.
        said: the outcome that the ratio stands for.
        mask_threshold: fused probability from which a pixel counts as altered in this image.
        regions: the most suspicious parts.
        void: why no outcome may be given; "" if one may.
        band: the thresholds for images of this size.
        pixels: number of pixels examined.
    """

    llr: float
    parts: Mapping[str, float]
    alone: str
    rarity: float
    said: Outcome
    mask_threshold: float
    regions: tuple[MarkedRegion, ...]
    void: str
    band: Band
    pixels: int

    @property
    def score(self) -> float | None:
        """Calibrated probability of alteration, 0..1; None if no outcome may be given."""
        return None if self.void else sigmoid(self.llr)

    def outcome(self, left_out: bool, clearable: bool) -> Outcome:
        """The outcome: not "consistent" if something was not measured, or if such pictures are never cleared.

        Args:
            left_out: whether something was not measured.
            clearable: whether a picture of its kind may be cleared.
        """
        if self.void:
            return "inconclusive"
        doubt = left_out or not clearable
        return "inconclusive" if self.said == "consistent" and doubt else self.said


def stands_alone(voices: Voices, verdict: Verdict) -> Alone | None:
    """The place that one trace alone shows so clearly that it sets the score; None if there is none."""
    name = verdict.alone
    if not name or verdict.void:
        return None
    place = voices.places[name]
    rows, columns = np.nonzero(place.cells)
    top, left = CELL * int(rows.min()), CELL * int(columns.min())
    height, width = voices.mask.shape
    bottom, right = min(height, CELL * (int(rows.max()) + 1)), min(width, CELL * (int(columns.max()) + 1))
    return Alone(
        trace=name,
        sentence=route_sentence(name, place, voices.measured.measurements[name].numbers),
        share=10**-verdict.rarity,
        box=Box(left, top, right - left, bottom - top),
    )


def why_inconclusive(
    outcome: Outcome, verdict: Verdict, history: History, facts: Sequence[Fact]
) -> Because | None:
    """The reason as a value; None if something is concluded.

    Args:
        outcome: outcome of the finding.
        verdict: the verdict from all opinions.
        history: what was done to the whole file.
        facts: what the file states about itself.
    """
    if outcome != "inconclusive":
        return None
    if verdict.void:
        return "not-assessable"
    if any(fact.weight == "contradiction" for fact in facts):
        return "contradictory"
    if verdict.llr > 0 and verdict.regions:
        return "weak-indications"
    return "overwritten" if verdict.said == "consistent" and history.overwritten else "too-little-left"


def absent_values(verdict: Verdict, outcome: Outcome, untold: str) -> dict[str, str]:
    """Why each missing value is missing."""
    reasons = {MASK_FILE: NOT_WRITTEN} | ({"kind": untold} if untold else {})
    reasons |= {"because": CONCLUDED} if outcome != "inconclusive" else {}
    reasons |= {} if verdict.alone and not verdict.void else {"alone": verdict.void or NONE_ALONE}
    return reasons | (dict.fromkeys(("score", "thresholds"), verdict.void) if verdict.void else {})


def clearing_limit(history: History, because: Because | None) -> Iterable[str]:
    """Why a file in which nothing was found is not called consistent."""
    if because == "overwritten":
        yield (f"{NOT_CLEARED} {history.overwritten}, and that can remove the traces of an edit made before.")


def frame_limit(part: Evidence) -> Iterable[str]:
    """Says that a frame was left out, if there is one."""
    if part.box:
        left, top, width, height = part.box
        yield (
            f"The frame was left out: the photograph inside it begins at {left} | {top} and has "
            f"{width} × {height} pixels."
        )


def fused_limits(evidence: Evidence, void: str, untold: str) -> Iterable[str]:
    """What a fused finding cannot tell, one sentence each.

    Args:
        evidence: the file.
        void: why no outcome is given; "" if one is.
        untold: why no kind is named; "" if one is.
    """
    if void:
        yield f"No outcome is given, because {void}."
    if evidence.frames > 1:
        yield f"Only the first of {evidence.frames} frames or pages was examined."
    for warning in evidence.warnings:
        yield f"Decoder: {warning}."
    yield (
        "What the mask does not mark may be altered too: a careful edit, strong recompression or a small "
        "size can leave nothing to measure."
    )
    if untold:
        yield f"The kind of edit is not named: {untold}."
    else:
        yield (
            "The kind is given for the largest marked region, assuming that it was altered. An edit of any "
            "other kind is assigned to the nearest kind in the list."
        )
    yield (
        "Whether the whole picture was generated is not judged; the finding only reports what the file "
        "declares about it."
    )
    yield "A score is not proof. 'Consistent' means these tests found nothing, not that nothing was done."
