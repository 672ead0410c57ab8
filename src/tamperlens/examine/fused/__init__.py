"""What the default examination consists of: measurements, opinions, kinds, the verdict.

Public names: `Band`, `CellNetwork`, `Counted`, `Curve`, `FALSE_ALARM_RATES`, `Fusion`, `KindTeller`,
`MISS_RATE`, `OUT_OF_REACH`, `ROUTES`, `Rarity`, `as_rare_sum`, `covered_by_copies`, `kind_inputs`,
`measure_traces`, `places`, `quality_class`; further `FusedExamination`, `Progress`, `load_fusion`,
`load_kind_teller`, `unwatched`.
"""

from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.fused._fusion import (
    FALSE_ALARM_RATES,
    MISS_RATE,
    OUT_OF_REACH,
    Band,
    CellNetwork,
    Curve,
    Fusion,
    load_fusion,
)
from tamperlens.examine.fused._kinds import KindTeller, covered_by_copies, kind_inputs, load_kind_teller
from tamperlens.examine.fused._measuring import Progress, measure_traces, unwatched
from tamperlens.examine.fused._power import Counted, quality_class
from tamperlens.examine.fused._rarity import Rarity, as_rare_sum
from tamperlens.examine.fused._routes import ROUTES, places

__all__ = [
    "FALSE_ALARM_RATES",
    "MISS_RATE",
    "OUT_OF_REACH",
    "ROUTES",
    "Band",
    "CellNetwork",
    "Counted",
    "Curve",
    "FusedExamination",
    "Fusion",
    "KindTeller",
    "Progress",
    "Rarity",
    "as_rare_sum",
    "covered_by_copies",
    "kind_inputs",
    "load_fusion",
    "load_kind_teller",
    "measure_traces",
    "places",
    "quality_class",
    "unwatched",
]
