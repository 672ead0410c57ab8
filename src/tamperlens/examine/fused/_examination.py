"""The default examination: a localizer and every applicable trace, fused into one finding."""

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import WeightError
from tamperlens.evidence import Evidence, read_statements, scope
from tamperlens.examine._agreement import agreements
from tamperlens.examine._budget import FUSING, HISTORY, Budget, Plan, budget_limits
from tamperlens.examine._described import about_file, copied_pair
from tamperlens.examine._document import FindingDocument, Opinion, Power
from tamperlens.examine._finding import Finding
from tamperlens.examine._history import History
from tamperlens.examine._maps import LookedMaps, Maps
from tamperlens.examine._mask_threshold import mask_threshold
from tamperlens.examine._outcome import Outcome, priority
from tamperlens.examine._regions import suspicious_regions
from tamperlens.examine._systems import MASK, RELIABILITY
from tamperlens.examine.fused._framed import photograph_in, put_back
from tamperlens.examine.fused._fusion import FALSE_ALARM_RATES, OUT_OF_REACH, Fusion
from tamperlens.examine.fused._kinds import LEADING, LEAST_TOLD, KindFinding, KindTeller
from tamperlens.examine.fused._measuring import Progress, unwatched
from tamperlens.examine.fused._power import powers
from tamperlens.examine.fused._verdict import (
    Verdict,
    absent_values,
    clearing_limit,
    frame_limit,
    fused_limits,
    stands_alone,
    why_inconclusive,
)
from tamperlens.examine.fused._voices import LOCALIZED, Voices, ask
from tamperlens.examine.networks import LocalizerDetector, describe, precision_limits
from tamperlens.odds import sigmoid
from tamperlens.traces import LOOKED, MEASURED
from tamperlens.traces.copies import Copy

_LN10 = math.log(10)
# The step that runs both classifiers of kinds.
_KINDS = "kinds"

_MAP_REASONS = {
    "fused-map": "all maps together, at their most suspicious 16 × 16 pixels",
    "fused-map-64": "all maps together, over their most suspicious 64 × 64 pixels",
    "fused-place": "all maps together, how far one connected place stands out from the rest",
}


class FusedExamination:
    """Runs the localizer and the traces, and weighs what they say.

    Args:
        localizer: the localizer whose map is fused.
        fusion: fitted with this localizer, or with the weight that it is a variant of.
        strict: aim at 1 % false alarms instead of 5 %.
        kinds: says how the marked region was altered; None to leave that out.

    Raises:
        WeightError: the fusion was fitted with another weight, or other traces.
    """

    def __init__(
        self,
        localizer: LocalizerDetector,
        fusion: Fusion,
        strict: bool = False,
        kinds: KindTeller | None = None,
    ) -> None:
        fitted_with = fusion.training.get("localizer"), fusion.traces
        if fitted_with != (localizer.weight.origin, tuple(MEASURED)):
            raise WeightError(
                "the fusion was fitted with another localizer or other traces than these; fit it again with "
                "'tamperlens fuse' or install the package again"
            )
        self.localizer, self.fusion, self.kinds = localizer, fusion, kinds
        self.rate = FALSE_ALARM_RATES[0 if strict else 1]

    @property
    def versions(self) -> dict[str, str]:
        """Hashes of everything that was trained or fitted."""
        fitted = {**self.localizer.weight.versions, "fusion": self.fusion.sha256}
        return fitted | (self.kinds.versions if self.kinds else {})

    def plan(self, budget: Budget, pixels: int) -> Plan:
        """Which steps may be left out when examining this many pixels, and which may not."""
        kinds = (_KINDS,) if self.kinds else ()
        required = (self.localizer.weight.name, HISTORY, FUSING)
        return Plan(budget, pixels, required, (*MEASURED, *_compared_maps(), *kinds))

    def examine(
        self,
        evidence: Evidence,
        versions: Mapping[str, str],
        progress: Progress = unwatched,
        plan: Plan | None = None,
        looked: LookedMaps | None = None,
    ) -> Finding:
        """Examine one image.

        Args:
            evidence: the image.
            versions: versions of the software.
            progress: called at each step.
            plan: what may be left out; None to measure everything.
            looked: maps for viewing, if some are already measured.
        """
        plan = plan or self.plan(Budget(), evidence.width * evidence.height)
        looked = looked or LookedMaps(evidence)
        kind = scope(evidence)
        part = photograph_in(evidence, kind)
        voices = put_back(ask(self.localizer, self.fusion, part, kind, progress, plan), part, evidence)
        verdict = self._judge(part, voices)
        marked = voices.mask >= verdict.mask_threshold
        history = voices.measured.history
        outcome = verdict.outcome(bool(plan.left_out), kind.clearable and not history.overwritten)
        compared = _compared(looked, plan) if verdict.regions else {}
        called = outcome == "inconsistent" and bool(verdict.regions)
        told = self._kinds(evidence, voices, marked, plan, progress) if called else None
        maps = Maps(_said(voices, told, self.localizer.weight.name), looked)
        compared |= {name: one.values for name, one in voices.measured.measurements.items()}
        compared |= {told.opinions[0].system: told.activation} if told else {}
        kinds, untold = self._named(told, marked, outcome, plan)
        copies = _copies(voices, told)
        statements = read_statements(evidence, kind=kind)
        power = self._power(part, verdict)
        because = why_inconclusive(outcome, verdict, history, statements.facts)
        document = FindingDocument(
            **about_file(evidence),
            outcome=outcome,
            because=because,
            priority=priority(outcome, because),
            alone=stands_alone(voices, verdict),
            power=power,
            score=verdict.score,
            log10_lr=verdict.llr / _LN10,
            log10_lr_constant=(verdict.llr - sum(verdict.parts.values())) / _LN10,
            false_alarm_rate=float(self.rate),
            thresholds=self._thresholds(verdict),
            **kinds,
            mask_threshold=verdict.mask_threshold,
            marked_share=float(marked.mean()),
            regions=verdict.regions,
            copies=tuple(map(copied_pair, copies)),
            opinions=tuple(self._opinions(voices, verdict)),
            maps=tuple(maps),
            void_maps=looked.void,
            agreements=agreements(voices.mask, verdict.mask_threshold, compared),
            history=history.sentences,
            facts=tuple(statements.facts),
            limits=(
                *budget_limits(plan),
                *precision_limits(self.localizer.weight.precision),
                *fused_limits(evidence, verdict.void, untold),
                *clearing_limit(history, because),
                *frame_limit(part),
                *self._unheld(verdict),
            ),
            versions={**versions, **self.versions, **plan.budget.described},
            absent=absent_values(verdict, outcome, untold),
        )
        return Finding(document, evidence, voices.mask, maps, copies, history, statements)

    def _judge(self, evidence: Evidence, voices: Voices) -> Verdict:
        """Add up what every opinion says.

        Args:
            evidence: what was examined; its size matters.
            voices: what was measured in it.
        """
        size = evidence.width * evidence.height
        curves = self.fusion.curves
        parts = {
            name: curves[name].weight * curves[name].llr(voices.scores[name], size)
            for name in (voices.localizer.system, *MEASURED, *_MAP_REASONS)
            if name in voices.scores
        }
        total = self.fusion.offset + sum(parts.values())
        alone, rarity = self.fusion.rarest(voices.places, size)
        llr = max(total, self.fusion.as_rare(rarity))
        if llr > total:
            parts[alone] += llr - total
        else:
            alone = ""
        said = self.fusion.outcome(llr, size, self.rate)
        threshold = mask_threshold(voices.mask, said == "consistent")
        return Verdict(
            llr=llr,
            parts=parts,
            alone=alone,
            rarity=rarity,
            said=said,
            mask_threshold=threshold,
            regions=suspicious_regions(voices.mask, threshold),
            void=self._unsuited(evidence, voices.measured.history),
            band=self.fusion.band(size),
            pixels=size,
        )

    def _kinds(
        self,
        evidence: Evidence,
        voices: Voices,
        marked: NDArray[np.bool_],
        plan: Plan,
        progress: Progress,
    ) -> KindFinding | None:
        """How the marked region was altered; None if that was not asked for or may not be said."""
        if self.kinds is None or not plan.allows(_KINDS):
            return None
        progress("kinds", LOCALIZED)
        return plan.do(_KINDS, partial(self.kinds.tell, evidence.pixels, marked, voices.copies))

    def _thresholds(self, verdict: Verdict) -> tuple[float, float] | None:
        """Scores between which nothing is concluded; None if no outcome may be given."""
        if verdict.void:
            return None
        band = verdict.band
        return sigmoid(band.consistent_below), sigmoid(band.inconsistent_above[self.rate])

    def _power(self, evidence: Evidence, verdict: Verdict) -> tuple[Power, ...]:
        """How many edits would have been found; empty if no outcome may be given."""
        if verdict.void:
            return ()
        band = self.fusion.band_number(evidence.width * evidence.height)
        return tuple(powers(self.fusion.power, evidence, band, self.rate))

    def _named(
        self, told: KindFinding | None, marked: NDArray[np.bool_], outcome: Outcome, plan: Plan
    ) -> tuple[dict[str, Any], str]:
        """The document's fields on kinds, and why no kind is named; "" if one is."""
        if told is None:
            return {"kind": None, "kinds": {}}, self._untold(outcome, plan)
        likeliest = max(told.kinds, key=lambda kind: told.kinds[kind])
        untold = ""
        if told.kinds[likeliest] < LEADING:
            untold = "no kind is more probable than all others together"
        elif marked.sum() < LEAST_TOLD:
            untold = f"the marked part has fewer than {LEAST_TOLD} pixels, too few to tell by"
        fields = {"kind": None if untold else likeliest, "kinds": dict(told.kinds)}
        return fields | {"kind_opinions": told.opinions}, untold

    def _untold(self, outcome: Outcome, plan: Plan) -> str:
        if self.kinds is None:
            return "kinds were not asked for"
        if outcome != "inconsistent":
            return "no alteration is called, so none is named"
        return f"not measured: {plan.left_out.get(_KINDS, '')}"

    def _opinions(self, voices: Voices, verdict: Verdict) -> Iterable[Opinion]:
        """Opinions of the localizer, of each trace and of the fused map, each with what it adds."""
        yield self._weighed(voices.localizer.system, voices, voices.localizer.reason, verdict)
        for name in MEASURED:
            void = voices.measured.void.get(name)
            reason = void or voices.measured.measurements[name].summary
            yield self._weighed(name, voices, reason, verdict)
        for name, reason in _MAP_REASONS.items():
            yield self._weighed(name, voices, reason, verdict)

    def _weighed(self, name: str, voices: Voices, reason: str, verdict: Verdict) -> Opinion:
        if name not in verdict.parts:
            return Opinion(system=name, score=None, outcome="inconclusive", applicable=False, reason=reason)
        curve, score = self.fusion.curves[name], voices.scores[name]
        alone = curve.llr(score, verdict.pixels)
        unusual = curve.at_reference(score, verdict.pixels) > curve.unusual_above and alone > 0
        return Opinion(
            system=name,
            score=sigmoid(alone),
            outcome="inconsistent" if unusual else "inconclusive",
            applicable=True,
            reason=reason,
            log10_lr=verdict.parts[name] / _LN10,
        )

    def _unsuited(self, evidence: Evidence, history: History) -> str:
        """Why no outcome is given for this image; "" if one is."""
        if evidence.incomplete:
            return evidence.incomplete
        if not history.scope.assessable:
            return f"this looks like no photograph ({history.scope.kind}): {history.scope.reason.rstrip('.')}"
        domain = self.localizer.weight.domain
        if not domain.covers(evidence):
            return f"error rates were measured on {domain.described}; this is a {describe(evidence)}"
        return ""

    def _unheld(self, verdict: Verdict) -> Iterable[str]:
        """Says so if the false-alarm rate cannot be held for this size: no image is called inconsistent."""
        if not verdict.void and verdict.band.inconsistent_above[self.rate] >= OUT_OF_REACH:
            yield (
                f"No image of this size is called inconsistent at {float(self.rate):.0%} of false alarms: "
                f"the {verdict.band.photographs} authentic photographs that were measured are too few to "
                f"hold "
                "that."
            )


def _said(voices: Voices, told: KindFinding | None, localizer: str) -> dict[str, NDArray[np.float32]]:
    """The maps that influenced the finding, by name."""
    maps = {MASK: voices.mask, localizer: voices.localization}
    maps |= {} if voices.reliability is None else {RELIABILITY: voices.reliability}
    maps |= {name: one.values for name, one in voices.measured.measurements.items()}
    return maps | ({told.opinions[0].system: told.activation} if told else {})


def _copies(voices: Voices, told: KindFinding | None) -> tuple[Copy, ...]:
    """Copies found by the copy-move trace; if there are none, the source of the marked region."""
    return voices.copies or (told.copies if told else ())


def _compared(looked: LookedMaps, plan: Plan) -> dict[str, NDArray[np.float32]]:
    """Maps that do not influence the finding, as far as the plan allows them."""
    names = _compared_maps()
    return {name: plan.do(name, partial(looked.cells, name)) for name in names if plan.allows(name)}


def _compared_maps() -> list[str]:
    """Maps that the mask is compared with, in addition to those of the measured traces."""
    return [name for name, trace in LOOKED.items() if trace.compared]
