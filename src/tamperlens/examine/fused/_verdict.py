"""What was asked about an image, what it comes to, and what that cannot tell."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._absent import MASK_FILE, NOT_WRITTEN
from tamperlens.examine._document import Opinion
from tamperlens.examine._outcome import Outcome
from tamperlens.examine._regions import MarkedRegion
from tamperlens.examine.fused._fusion import Band
from tamperlens.examine.fused._measuring import Measured
from tamperlens.traces.copies import Copy


@dataclass(frozen=True)
class Voices:
    """Everything that has been asked about an image, before it is weighed.

    Attributes:
        localizer: its opinion.
        localization: (H, W) float32 probability that each pixel was altered, by the localizer alone.
        measured: what the traces say.
        mask: (H, W) float32, the same by all maps together.
        scores: raw score of each opinion that has a say.
    """

    localizer: Opinion
    localization: NDArray[np.float32]
    measured: Measured
    mask: NDArray[np.float32]
    scores: Mapping[str, float]

    @property
    def copies(self) -> tuple[Copy, ...]:
        """What the traces found twice."""
        return tuple(copy for one in self.measured.measurements.values() for copy in one.copies)


@dataclass(frozen=True)
class Verdict:
    """What all voices come to.

    Attributes:
        llr: log-likelihood ratio, altered over authentic; natural, as it was fitted.
        parts: what each opinion adds to it.
        said: the outcome that it stands for.
        regions: the most suspicious parts.
        void: why no outcome may be given, "" where one may.
        band: the thresholds for images of this size.
    """

    llr: float
    parts: Mapping[str, float]
    said: Outcome
    regions: tuple[MarkedRegion, ...]
    void: str
    band: Band

    @property
    def score(self) -> float | None:
        """None where no outcome may be given."""
        return None if self.void else probability(self.llr)

    def outcome(self, doubt: bool) -> Outcome:
        """In doubt, with a block of 16 × 16 pixels marked or something not measured, nothing is cleared."""
        if self.void:
            return "inconclusive"
        return "inconclusive" if self.said == "consistent" and doubt else self.said


def probability(llr: float) -> float:
    """At even prior odds.

    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, llr))))


def absent_values(verdict: Verdict, untold: str) -> dict[str, str]:
    """Why each value that the document lacks is not there."""
    reasons = {MASK_FILE: NOT_WRITTEN} | ({"kind": untold} if untold else {})
    return reasons | (dict.fromkeys(("score", "thresholds"), verdict.void) if verdict.void else {})


def fused_limits(evidence: Evidence, void: str, untold: str) -> Iterable[str]:
    """What a fused finding cannot tell, a sentence each.

    Args:
        evidence: the file.
        void: why no outcome is given, "" where one is.
        untold: why no kind is named, "" where one is.
    """
    if void:
        yield f"No outcome is given, because {void}."
    if evidence.frames > 1:
        yield f"Only the first of {evidence.frames} frames or pages was examined."
    for warning in evidence.warnings:
        yield f"Decoder: {warning}."
    yield (
        "What the mask does not mark may be altered too: a careful edit, a strong re-save or a small size "
        "leaves nothing to measure."
    )
    if untold:
        yield f"The kind of edit is not named: {untold}."
    else:
        yield (
            "The kind is told for the largest marked region, supposing that it was altered; an edit of a "
            "kind that is not named is given to the nearest of those that are."
        )
    yield "A score is no proof. 'Consistent' means that these tests found nothing, not that nothing was done."
