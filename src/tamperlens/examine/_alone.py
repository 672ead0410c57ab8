"""Systems used one by one: the one furthest from even odds decides the finding."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from tamperlens.catalogue import Parts
from tamperlens.evidence import Evidence
from tamperlens.examine._absent import CONCLUDED, MASK_FILE, NO_LOCALIZER, NOT_FUSED, NOT_TOLD, NOT_WRITTEN
from tamperlens.examine._described import about_file
from tamperlens.examine._document import FindingDocument, Opinion
from tamperlens.examine._finding import Answer, Finding
from tamperlens.examine._maps import LookedMaps, Map, Maps
from tamperlens.examine._outcome import Because, Outcome, priority
from tamperlens.examine._regions import suspicious_regions
from tamperlens.examine._systems import MASK, title
from tamperlens.examine.external import Advisory
from tamperlens.examine.networks import (
    Calibration,
    LocalizerDetector,
    Weight,
    precision_limits,
)


class Detector(Protocol):
    """A system at work: one checked weight, one answer per image."""

    weight: Weight

    def answer(self, evidence: Evidence) -> Answer:
        """Judge one image."""
        ...


class _DetectorFactory(Protocol):
    def __call__(self, weight: Weight, threads: int = 0) -> Detector: ...


class _LocalizerFactory(Protocol):
    def __call__(self, weight: Weight, threads: int = 0) -> LocalizerDetector: ...


# Systems that tell where an image was altered.
LOCALIZERS: Mapping[str, _LocalizerFactory] = Parts("detector", lambda one: one.task == "where")

DETECTORS: Mapping[str, _DetectorFactory] = Parts("detector")


class AloneExamination:
    """Uses each system on its own.

    Args:
        detectors: systems to use, in this order.
        advisory: third-party detectors, used after the systems; they decide nothing.
    """

    def __init__(self, detectors: Sequence[Detector], advisory: Sequence[Advisory] = ()) -> None:
        self._detectors, self._advisory = detectors, advisory

    @property
    def versions(self) -> dict[str, str]:
        """Hashes of the weights."""
        stated = [one.weight.versions for one in self._detectors] + [one.versions for one in self._advisory]
        return {name: said for one in stated for name, said in one.items()}

    def examine(
        self, evidence: Evidence, versions: Mapping[str, str], looked: LookedMaps | None = None
    ) -> Finding:
        """Examine one image; `versions` are those of the software."""
        looked = looked or LookedMaps(evidence)
        answers = {one.weight.name: one.answer(evidence) for one in self._detectors}
        answers |= {one.name: one.answer(evidence) for one in self._advisory}
        opinions = tuple(answer.opinion for answer in answers.values())
        strongest, calibration = self._speaker(opinions)
        mask, threshold = _mask(answers)
        maps = Maps(_said(answers, mask), looked)
        outcome: Outcome = strongest.outcome if strongest else "inconclusive"
        because = _because(strongest)
        document = FindingDocument(
            **about_file(evidence),
            outcome=outcome,
            because=because,
            priority=priority(outcome, because),
            score=strongest.score if strongest else None,
            log10_lr=None,
            log10_lr_constant=None,
            **_calibrated(calibration),
            kind=None,
            kinds={},
            **_marked(mask, threshold),
            opinions=opinions,
            maps=tuple(maps),
            void_maps=looked.void,
            limits=(*_limits(evidence, opinions, mask is not None), *self._lowered()),
            versions={**versions, **self.versions},
            absent=_absent(strongest is not None, mask is not None, because is None),
        )
        return Finding(document, evidence, mask, maps)

    def _lowered(self) -> Iterator[str]:
        """Says so if a system computed in lower precision."""
        for detector in self._detectors:
            yield from precision_limits(detector.weight.precision)

    def _speaker(self, opinions: Sequence[Opinion]) -> tuple[Opinion | None, Calibration | None]:
        """The opinion that decides, if one is applicable, and the calibration of its system."""
        applicable = [one for one in opinions if one.applicable and one.score is not None]
        strongest = max(applicable, key=lambda one: abs((one.score or 0.0) - 0.5), default=None)
        if strongest is None:
            return None, None
        return strongest, next(
            one.weight.calibration for one in self._detectors if one.weight.name == strongest.system
        )


def _because(speaker: Opinion | None) -> Because | None:
    """Why nothing is concluded; None if something is."""
    if speaker is None:
        return "not-assessable"
    return "too-little-left" if speaker.outcome == "inconclusive" else None


def _mask(answers: Mapping[str, Answer]) -> tuple[Map | None, float | None]:
    """The map of the first system that tells where."""
    for answer in answers.values():
        if answer.mask_threshold is not None:
            return answer.heat_map, answer.mask_threshold
    return None, None


def _calibrated(by: Calibration | None) -> dict[str, Any]:
    if by is None:
        return {"false_alarm_rate": None, "thresholds": None}
    thresholds = by.consistent_below, by.inconsistent_above
    return {"false_alarm_rate": by.false_alarm_rate, "thresholds": thresholds}


def _marked(mask: Map | None, threshold: float | None) -> dict[str, Any]:
    if mask is None or threshold is None:
        return {"mask_threshold": None, "marked_share": None, "regions": ()}
    return {
        "mask_threshold": threshold,
        "marked_share": float((mask >= threshold).mean()),
        "regions": suspicious_regions(mask, threshold),
    }


def _said(answers: Mapping[str, Answer], mask: Map | None) -> dict[str, Map]:
    own = {name: answer.heat_map for name, answer in answers.items() if answer.heat_map is not None}
    return own if mask is None else {MASK: mask, **own}


def _absent(said: bool, located: bool, concluded: bool) -> dict[str, str]:
    """Why each missing value is missing."""
    reasons = dict.fromkeys(("log10_lr", "log10_lr_constant", "alone"), NOT_FUSED) | {"kind": NOT_TOLD}
    reasons |= {"because": CONCLUDED} if concluded else {}
    if not said:
        silent = "none of the systems used is applicable"
        reasons |= dict.fromkeys(("score", "false_alarm_rate", "thresholds"), silent)
    if not located:
        reasons |= dict.fromkeys(("mask_threshold", "marked_share"), NO_LOCALIZER)
    return reasons | {MASK_FILE: NOT_WRITTEN if located else NO_LOCALIZER}


def _limits(evidence: Evidence, opinions: Sequence[Opinion], located: bool) -> Iterator[str]:
    yield from (
        f"The opinion '{title(one.system)}' is not applicable: {one.reason}."
        for one in opinions
        if not one.applicable
    )
    if evidence.frames > 1:
        yield f"Only the first of {evidence.frames} frames or pages was examined."
    if evidence.format != "JPEG":
        yield (
            f"The file is {evidence.format}: it lacks what an earlier JPEG compression recorded, and the "
            "systems were trained on JPEG files."
        )
    yield from (f"Decoder: {warning}." for warning in evidence.warnings)
    if located:
        yield (
            "The mask shows where the network sees local traces of editing. What it does not mark may be "
            "altered too, and it does not say what kind of edit was made."
        )
    else:
        yield (
            "This finding does not say where the image was altered or by which kind of edit: no system that "
            "can tell was used."
        )
    yield "A score is not proof. 'Consistent' means these tests found nothing, not that nothing was done."
