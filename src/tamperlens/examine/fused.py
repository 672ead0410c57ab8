"""The default examination: a localizer and every applicable trace, fused into one finding."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import WeightError
from tamperlens.evidence import Evidence, read_statements
from tamperlens.examine.agreement import agreements
from tamperlens.examine.budget import FUSING, HISTORY, Budget, Plan, budget_limits
from tamperlens.examine.cells import cell_inputs, fused_map, map_margins, rows_to_cells, trace_planes
from tamperlens.examine.finding import Finding, HeatMap, Opinion
from tamperlens.examine.fusion import FALSE_ALARM_RATES, OUT_OF_REACH, Band, Fusion
from tamperlens.examine.history import History
from tamperlens.examine.kinds import KindTeller
from tamperlens.examine.localizer import LocalizerDetector
from tamperlens.examine.measuring import Measured, Progress, measure_traces, unwatched
from tamperlens.examine.outcome import Outcome
from tamperlens.examine.patches import suspicious_patches
from tamperlens.examine.precision import precision_limits
from tamperlens.examine.weights import describe
from tamperlens.traces import MEASURED, TRACES

# Maps that the mask is compared with besides those of the applicable traces.
_COMPARED = ("ela", "srm")
# The step that asks both classifiers of kinds.
_KINDS = "kinds"

# Shares of the work between which the traces are measured: before them the network, after them the fusion. As
# measured on 12 megapixels.
_TRACES_SPAN = (0.55, 0.9)

_MAP_REASONS = {
    "fused-map": "all maps together, at their most suspicious 16 × 16 pixels",
    "fused-map-64": "all maps together, over their most suspicious 64 × 64 pixels",
}


@dataclass(frozen=True)
class _Voices:
    """Everything that has been asked about an image, before it is weighed."""

    localizer: Opinion
    localization: NDArray[np.float32]
    measured: Measured
    mask: NDArray[np.float32]
    scores: Mapping[str, float]


class FusedExamination:
    """Asks the localizer and the traces, and weighs what they say.

    Args:
        localizer: whose map is fused.
        fusion: fitted with that localizer, or with the weight that it is a variant of.
        strict: aim at 1 % of false alarms instead of 5 %.
        kinds: says how the marked region was altered; None leaves that out.

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
        """Hashes of what was fitted."""
        fitted = {**self.localizer.weight.versions, "fusion": self.fusion.sha256}
        return fitted | (self.kinds.versions if self.kinds else {})

    def plan(self, budget: Budget, pixels: int) -> Plan:
        """What may be left out of an examination of that many pixels, and what may not."""
        kinds = (_KINDS,) if self.kinds else ()
        required = (self.localizer.weight.name, HISTORY, FUSING)
        return Plan(budget, pixels, required, (*MEASURED, *_COMPARED, *kinds))

    def examine(
        self,
        evidence: Evidence,
        versions: Mapping[str, str],
        progress: Progress = unwatched,
        plan: Plan | None = None,
    ) -> Finding:
        """Examine one image; `versions` are those of the software, without a plan everything is measured."""
        plan = plan or self.plan(Budget(), evidence.width * evidence.height)
        voices = self._ask(evidence, progress, plan)
        opinions = tuple(self._opinions(voices))
        llr = self.fusion.offset + sum(opinion.llr for opinion in opinions if opinion.llr is not None)
        mask, threshold = voices.mask, self.fusion.mask_threshold
        patches = suspicious_patches(mask, threshold)
        void = self._unsuited(evidence, voices.measured.history)
        compared = _compared(evidence, plan) if patches else {}
        compared |= {name: one.values for name, one in voices.measured.measurements.items()}
        copies = [copy for one in voices.measured.measurements.values() for copy in one.copies]
        told = None
        if self.kinds and patches and not void and plan.allows(_KINDS):
            progress("kinds", _TRACES_SPAN[1])
            told = plan.do(_KINDS, partial(self.kinds.tell, evidence.pixels, mask >= threshold, copies))
            compared |= {o.system: o.heat_map.values for o in told.opinions if o.heat_map}
        outcome = "inconclusive" if void else self._outcome(llr, evidence, bool(patches or plan.left_out))
        band = self.fusion.band(evidence.width * evidence.height)
        return Finding(
            evidence=evidence,
            outcome=outcome,
            score=0.5 if void else probability(llr),
            kind=max(told.kinds, key=lambda kind: told.kinds[kind]) if told else None,
            kinds=told.kinds if told else MappingProxyType({}),
            mask=mask,
            mask_threshold=threshold,
            patches=patches,
            opinions=opinions,
            limits=(
                *budget_limits(plan),
                *precision_limits(self.localizer.weight.precision),
                *_limits(evidence, void, told is not None),
                *self._unheld(band, void),
            ),
            versions=MappingProxyType({**versions, **self.versions, **plan.budget.described}),
            llr=llr,
            false_alarm_rate=float(self.rate),
            thresholds=None
            if void
            else (probability(band.consistent_below), probability(band.inconsistent_above[self.rate])),
            history=voices.measured.history,
            statements=read_statements(evidence),
            # The search for what the marked region repeats shows its source where the blind trace found none.
            copies=tuple(copies) or (told.copies if told else ()),
            agreements=agreements(mask, threshold, compared),
            kind_opinions=told.opinions if told else (),
        )

    def _ask(self, evidence: Evidence, progress: Progress, plan: Plan) -> _Voices:
        name = self.localizer.weight.name
        progress(name, 0.0)
        localizer = plan.do(name, partial(self.localizer.opinion, evidence))
        traces_from, traces_to = _TRACES_SPAN
        measured = measure_traces(
            evidence,
            lambda name, share: progress(name, traces_from + share * (traces_to - traces_from)),
            plan,
        )
        progress("fusion", traces_to)
        return plan.do(FUSING, partial(self._fuse, localizer, measured))

    def _fuse(self, localizer: Opinion, measured: Measured) -> _Voices:
        assert localizer.heat_map is not None  # noqa: S101 - a localizer always has one
        localization = localizer.heat_map.values
        scores = {name: one.score for name, one in measured.measurements.items()}
        if localizer.applicable:
            scores[localizer.system] = self.localizer.margin(localization)
        curves = self.fusion.curves
        said = {n: curves[n].llr(score, localization.size) for n, score in scores.items() if n in curves}
        maps = {name: one.values for name, one in measured.measurements.items()}
        cells = self._cells(localization, maps, said)
        mask = fused_map(cells, localization, self.fusion.detail)
        return _Voices(localizer, localization, measured, mask, scores | map_margins(cells))

    def _cells(
        self,
        localization: NDArray[np.float32],
        maps: Mapping[str, NDArray[np.float32]],
        said: dict[str, float],
    ) -> NDArray[np.float32]:
        """What all maps come to in each cell; what they were read from is forgotten."""
        opinions = (self.localizer.weight.name, *self.fusion.traces)
        planes = trace_planes(localization, maps, self.fusion.traces)
        return self.fusion.cells(cell_inputs(planes, said, opinions))

    def _opinions(self, voices: _Voices) -> Iterable[Opinion]:
        """The localizer's, each trace's, and those of the fused map, each with what it adds."""
        yield self._weighed(
            voices.localizer.system, voices, voices.localizer.reason, voices.localizer.heat_map
        )
        for name, trace in MEASURED.items():
            if name in voices.measured.void:
                yield Opinion(name, 0.5, "inconclusive", False, voices.measured.void[name])
                continue
            one = voices.measured.measurements[name]
            yield self._weighed(
                name, voices, one.summary, HeatMap(name, trace.title, trace.reading, one.values)
            )
        for name, reason in _MAP_REASONS.items():
            yield self._weighed(name, voices, reason, None)

    def _weighed(self, name: str, voices: _Voices, reason: str, heat_map: HeatMap | None) -> Opinion:
        if name not in voices.scores:
            return Opinion(name, 0.5, "inconclusive", False, reason, heat_map)
        curve, score, pixels = self.fusion.curves[name], voices.scores[name], voices.localization.size
        alone = curve.llr(score, pixels)
        unusual = curve.at_reference(score, pixels) > curve.unusual_above and alone > 0
        return Opinion(
            system=name,
            score=probability(alone),
            outcome="inconsistent" if unusual else "inconclusive",
            applicable=True,
            reason=reason,
            heat_map=heat_map,
            llr=curve.weight * alone,
        )

    def _unsuited(self, evidence: Evidence, history: History) -> str:
        """Why no outcome is given for this image, "" where one is."""
        if evidence.incomplete:
            return evidence.incomplete
        if history.scope.kind != "photograph":
            return f"this looks like no photograph ({history.scope.kind}): {history.scope.reason.rstrip('.')}"
        domain = self.localizer.weight.domain
        if not domain.covers(evidence):
            return f"error rates were measured on {domain.described}; this is a {describe(evidence)}"
        return ""

    def _unheld(self, band: Band, void: str) -> Iterable[str]:
        """That the rate aimed at cannot be held for images of this size, so that none is accused."""
        if not void and band.inconsistent_above[self.rate] >= OUT_OF_REACH:
            yield (
                f"No image of this size is called inconsistent at {float(self.rate):.0%} of false alarms: "
                f"the {band.photographs} authentic photographs that were measured are too few to hold that."
            )

    def _outcome(self, llr: float, evidence: Evidence, doubt: bool) -> Outcome:
        """In doubt, with a block of 16 × 16 pixels marked or something not measured, nothing is cleared."""
        said = self.fusion.outcome(llr, evidence.width * evidence.height, self.rate)
        return "inconclusive" if said == "consistent" and doubt else said


def probability(llr: float) -> float:
    """At even prior odds.

    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, llr))))


def _in_cells(name: str, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return rows_to_cells(TRACES[name].rows(pixels))


def _compared(evidence: Evidence, plan: Plan) -> dict[str, NDArray[np.float32]]:
    """Maps that have no say, as far as the plan allows them."""
    return {
        name: plan.do(name, partial(_in_cells, name, evidence.pixels))
        for name in _COMPARED
        if plan.allows(name)
    }


def _limits(evidence: Evidence, void: str, kind_told: bool) -> Iterable[str]:
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
    if kind_told:
        yield (
            "The kind is told for the largest marked region, supposing that it was altered; an edit of a "
            "kind that is not named is given to the nearest of those that are."
        )
    else:
        yield "Which kind of edit it was is not said, for nothing is marked that it could be said of."
    yield "A score is no proof. 'Consistent' means that these tests found nothing, not that nothing was done."
