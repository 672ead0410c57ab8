"""What is measured in an image: the traces, the localizer, and the fused map of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, Scope
from tamperlens.examine._budget import FUSING, Plan
from tamperlens.examine._cells import cell_inputs, fused_map, map_margins, to_cells, trace_planes
from tamperlens.examine._document import Opinion
from tamperlens.examine._places import Place
from tamperlens.examine.fused._fusion import Fusion
from tamperlens.examine.fused._measuring import Measured, Progress, measure_traces
from tamperlens.examine.fused._routes import MARKED, places
from tamperlens.examine.networks import Localization, LocalizerDetector
from tamperlens.inputs import maps_of
from tamperlens.traces.copies import Copy

Map = NDArray[np.float32]

# Shares of the work done once the traces are measured, and once the network has run; measured on 12
# megapixels.
_TRACES, LOCALIZED = 0.35, 0.9


@dataclass(frozen=True)
class Voices:
    """Everything that was measured in an image, before it is weighed.

    Attributes:
        localizer: the localizer's opinion.
        localization: (H, W) float32 probability that each pixel was altered, by the localizer alone.
        measured: what the traces say.
        mask: (H, W) float32 probability that each pixel was altered, by all maps together.
        scores: raw score of each opinion that counts.
        places: trace → the place that it shows alone.
        reliability: (⌈H / 8⌉, ⌈W / 8⌉) float32 in 0..1, where the localizer's map is right; None if the
            localizer does not say.
    """

    localizer: Opinion
    localization: NDArray[np.float32]
    measured: Measured
    mask: NDArray[np.float32]
    scores: Mapping[str, float]
    places: Mapping[str, Place]
    reliability: NDArray[np.float32] | None

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Copies that the traces found."""
        return tuple(copy for one in self.measured.measurements.values() for copy in one.copies)


def ask(
    localizer: LocalizerDetector,
    fusion: Fusion,
    evidence: Evidence,
    kind: Scope,
    progress: Progress,
    plan: Plan,
) -> Voices:
    """Measure the traces, run the localizer on them and on the image, and fuse their maps.

    Args:
        localizer: the one that the fusion was fitted with.
        fusion: how maps become one.
        evidence: the image, or the part of it that is examined.
        kind: what the whole image is.
        progress: called at each step.
        plan: what may be left out.
    """
    measured = measure_traces(evidence, lambda name, share: progress(name, share * _TRACES), plan, kind)
    name = localizer.weight.name
    progress(name, _TRACES)
    maps = maps_of(evidence, measured.measurements)
    found = plan.do(name, partial(localizer.localize, evidence, maps))
    progress("fusion", LOCALIZED)
    opinion = localizer.opinion(evidence, found)
    return plan.do(FUSING, partial(_fuse, fusion, opinion, found, measured))


def _fuse(fusion: Fusion, localizer: Opinion, found: Localization, measured: Measured) -> Voices:
    localization = found.probabilities
    scores = {name: one.score for name, one in measured.measurements.items()}
    if localizer.applicable:
        scores[localizer.system] = found.margin
    curves = fusion.curves
    said = {n: curves[n].llr(score, localization.size) for n, score in scores.items() if n in curves}
    opinions = (localizer.system, *fusion.traces)
    cells, shown = _cells(fusion, localization, measured, said, opinions)
    margins = map_margins(cells)
    cells = _with_certain(fusion, cells, shown, localization.size)
    mask = fused_map(cells, localization, fusion.detail)
    return Voices(localizer, localization, measured, mask, scores | margins, shown, found.decidable)


def _cells(
    fusion: Fusion,
    localization: Map,
    measured: Measured,
    said: Mapping[str, float],
    opinions: tuple[str, ...],
) -> tuple[Map, dict[str, Place]]:
    """Fused log-odds of each cell, and the place that each trace shows alone."""
    measurements = measured.measurements
    maps = {name: to_cells(one.values, localization.shape) for name, one in measurements.items()}
    planes = trace_planes(localization, maps, fusion.traces)
    shown = places(maps, {name: one.numbers for name, one in measurements.items()})
    return fusion.cells(cell_inputs(planes, said, opinions)), shown


def _with_certain(fusion: Fusion, cells: Map, shown: Mapping[str, Place], pixels: int) -> Map:
    """The fused map, with the places added of which one trace alone is certain."""
    for name, rarity in fusion.routes.items():
        if name in shown and rarity.stands(shown[name].height, pixels):
            cells = np.where(shown[name].cells, np.maximum(cells, MARKED), cells)
    return cells
