"""The result that travels from the examination to reports, tables and other programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, Statements
from tamperlens.examine.agreement import Agreement
from tamperlens.examine.history import History
from tamperlens.examine.outcome import Outcome
from tamperlens.examine.patches import Patch
from tamperlens.traces.copy_move import Copy


@dataclass(frozen=True)
class HeatMap:
    """A map that explains an opinion; it covers the whole image at whatever resolution it has.

    Attributes:
        name: short identifier.
        title: what a person calls it.
        reading: what its values mean and what they do not.
        values: (h, w) float32 in 0..1.
    """

    name: str
    title: str
    reading: str
    values: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True)
class Opinion:
    """What one system says of the image.

    Attributes:
        system: its name in `DETECTORS`, of a trace in `traces.MEASURED`, or of the fused map.
        score: its calibrated probability of alteration, 0..1, at even prior odds.
        outcome: its own three-way outcome at thresholds frozen on validation images.
        applicable: whether the image is of the kind its error rates were measured on.
        reason: why it is not applicable, or what the opinion rests on.
        heat_map: where in the image its score comes from, None when it cannot tell.
        mask_threshold: probability from which a pixel of the heat map counts as altered; None when the heat
            map is no mask.
        llr: what it adds to the finding's log-likelihood ratio, natural logarithm; None when it is void or
            was asked alone.
    """

    system: str
    score: float
    outcome: Outcome
    applicable: bool
    reason: str
    heat_map: HeatMap | None = field(default=None, repr=False)
    mask_threshold: float | None = None
    llr: float | None = None


@dataclass(frozen=True)
class KindOpinion:
    """What one system says of the kind.

    Attributes:
        system: its name.
        kinds: probability of each kind it tells apart, given that it was one of them.
        heat_map: where it looks, None when it cannot tell.
    """

    system: str
    kinds: Mapping[str, float]
    heat_map: HeatMap | None = field(default=None, repr=False)


@dataclass(frozen=True)
class CounterTest:
    """One re-examination.

    Attributes:
        name: what was done to the image.
        outcome: of the re-examination.
        score: likewise.
        overlap: intersection over union of both masks on the part that both show; 1 when both mark nothing,
            None without a mask.
    """

    name: str
    outcome: Outcome
    score: float
    overlap: float | None


@dataclass(frozen=True)
class Finding:
    """The examination's result for one image.

    Attributes:
        evidence: the file as found.
        outcome: whether the image is consistent with an original, inconsistent with one, or neither can be
            said.
        score: calibrated probability of alteration, 0..1, at even prior odds; 0.5 when no applicable system
            has an opinion.
        kind: most probable kind of alteration, None when no system tells or nothing is marked.
        kinds: probability of each kind, given that the largest marked region was altered; empty likewise.
        mask: (H, W) float32 probability that the pixel was altered, None when no system localises.
        mask_threshold: probability from which a pixel counts as altered, None without a mask.
        patches: the most suspicious 224 × 224 parts, the worst first; empty when none reaches the threshold.
        opinions: every system that was asked, void ones too.
        limits: what this finding cannot tell, a sentence each.
        versions: of everything the result depends on.
        llr: natural logarithm of the likelihood ratio, altered over authentic; None when systems were asked
            one by one instead of being fused.
        false_alarm_rate: share of authentic images that "inconsistent" aims at; None likewise.
        thresholds: score below which the outcome is consistent and above which it is inconsistent; None where
            no outcome may be given, and the score is 0.5.
        history: what befell the file, as far as can be told; None when systems were asked one by one.
        statements: what the file states about itself; none of it is in the score.
        copies: pairs of regions of which one repeats the other.
        agreements: how far other maps mark the same place as the mask.
        kind_opinions: what each system says of the kind.
        explanations: maps of what further networks looked at; empty when they were not asked for.
        counter_tests: what re-examinations of altered versions said; empty when none was asked for.
    """

    evidence: Evidence
    outcome: Outcome
    score: float
    kind: str | None
    kinds: Mapping[str, float]
    mask: NDArray[np.float32] | None = field(repr=False)
    mask_threshold: float | None
    patches: tuple[Patch, ...]
    opinions: tuple[Opinion, ...]
    limits: tuple[str, ...]
    versions: Mapping[str, str]
    llr: float | None = None
    false_alarm_rate: float | None = None
    thresholds: tuple[float, float] | None = None
    history: History | None = None
    statements: Statements | None = None
    copies: tuple[Copy, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    kind_opinions: tuple[KindOpinion, ...] = ()
    explanations: tuple[HeatMap, ...] = ()
    counter_tests: tuple[CounterTest, ...] = ()
