"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `FindingDocument`, `ErrorDocument`, `SCHEMA_VERSION`, `Answer`,
`Opinion`, `Kind`, `KindOpinion`, `Outcome`, `MarkedRegion`, `Agreement`, `CounterTest`, `CopiedPair`,
`History`, `Maps`, `LookedMaps`, `to_levels`, `MASK`, `SYSTEMS`, `System`, `title`, `map_words`, `MapWords`,
`DETECTORS`, `LOCALIZERS`, `DEFAULT_LOCALIZER`, `EXPLAINER`, `Detector`, `load_weight`, `Weight`, `card_text`,
`load_fusion`, `Progress`, `Budget`; for other rooms `Alone`, `Box`, `CELL`, `MAP_OPINIONS`, `POOLINGS`,
`NOT_CLEARED`, `block_means`, `cell_inputs`, `localizer_planes`, `map_margins`, `measured_planes`,
`trace_planes`.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from tamperlens.catalogue import SYSTEMS, MapWords, System
from tamperlens.examine._agreement import Agreement
from tamperlens.examine._alone import DETECTORS, LOCALIZERS, Detector
from tamperlens.examine._budget import Budget
from tamperlens.examine._cells import (
    CELL,
    MAP_OPINIONS,
    cell_inputs,
    localizer_planes,
    map_margins,
    measured_planes,
    trace_planes,
)
from tamperlens.examine._document import (
    SCHEMA_VERSION,
    Alone,
    Box,
    CopiedPair,
    CounterTest,
    ErrorDocument,
    FindingDocument,
    Kind,
    KindOpinion,
    Opinion,
)
from tamperlens.examine._examiner import Examiner
from tamperlens.examine._finding import Answer, Finding
from tamperlens.examine._history import History
from tamperlens.examine._maps import LookedMaps, Maps, to_levels
from tamperlens.examine._outcome import NOT_CLEARED, Outcome
from tamperlens.examine._pooling import POOLINGS, block_means
from tamperlens.examine._regions import MarkedRegion
from tamperlens.examine._systems import DEFAULT_LOCALIZER, EXPLAINER, MASK, map_words, title
from tamperlens.examine.fused import Progress, load_fusion
from tamperlens.examine.networks import Weight, card_text, load_weight

__all__ = [
    "CELL",
    "DEFAULT_LOCALIZER",
    "DETECTORS",
    "EXPLAINER",
    "LOCALIZERS",
    "MAP_OPINIONS",
    "MASK",
    "NOT_CLEARED",
    "POOLINGS",
    "SCHEMA_VERSION",
    "SYSTEMS",
    "Agreement",
    "Alone",
    "Answer",
    "Box",
    "Budget",
    "CopiedPair",
    "CounterTest",
    "Detector",
    "ErrorDocument",
    "Examiner",
    "Finding",
    "FindingDocument",
    "History",
    "Kind",
    "KindOpinion",
    "LookedMaps",
    "MapWords",
    "Maps",
    "MarkedRegion",
    "Opinion",
    "Outcome",
    "Progress",
    "System",
    "Weight",
    "block_means",
    "card_text",
    "cell_inputs",
    "load_fusion",
    "load_weight",
    "localizer_planes",
    "map_margins",
    "map_words",
    "measured_planes",
    "title",
    "to_levels",
    "trace_planes",
]


class _Room(ModuleType):
    """`tl.examine(x)` is the front door's function, and `tamperlens.examine` this room."""

    def __call__(self, image: object, **options: Any) -> object:  # noqa: ANN401 - as the door declares them
        return import_module("tamperlens.door").examine(image, **options)


sys.modules[__name__].__class__ = _Room
