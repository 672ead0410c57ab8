"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `FindingDocument`, `ErrorDocument`, `SCHEMA_VERSION`, `Answer`,
`Opinion`, `KindOpinion`, `Outcome`, `MarkedRegion`, `Agreement`, `CounterTest`, `CopiedPair`, `History`,
`Maps`, `LookedMaps`, `to_levels`, `MASK`, `SYSTEMS`, `System`, `title`, `map_words`, `MapWords`, `DETECTORS`,
`LOCALIZERS`, `DEFAULT_LOCALIZER`, `EXPLAINER`, `Detector`, `load_weight`, `Weight`, `card_text`,
`load_fusion`, `Progress`, `Budget`.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from tamperlens.examine._agreement import Agreement
from tamperlens.examine._alone import DETECTORS, LOCALIZERS, Detector
from tamperlens.examine._budget import Budget
from tamperlens.examine._document import (
    SCHEMA_VERSION,
    CopiedPair,
    CounterTest,
    ErrorDocument,
    FindingDocument,
    KindOpinion,
    Opinion,
)
from tamperlens.examine._examiner import DEFAULT_LOCALIZER, Examiner
from tamperlens.examine._finding import Answer, Finding
from tamperlens.examine._history import History
from tamperlens.examine._maps import LookedMaps, Maps, to_levels
from tamperlens.examine._outcome import Outcome
from tamperlens.examine._regions import MarkedRegion
from tamperlens.examine._systems import EXPLAINER, MASK, SYSTEMS, MapWords, System, map_words, title
from tamperlens.examine.fused._fusion import load_fusion
from tamperlens.examine.fused._measuring import Progress
from tamperlens.examine.networks._weights import Weight, card_text, load_weight

__all__ = [
    "DEFAULT_LOCALIZER",
    "DETECTORS",
    "EXPLAINER",
    "LOCALIZERS",
    "MASK",
    "SCHEMA_VERSION",
    "SYSTEMS",
    "Agreement",
    "Answer",
    "Budget",
    "CopiedPair",
    "CounterTest",
    "Detector",
    "ErrorDocument",
    "Examiner",
    "Finding",
    "FindingDocument",
    "History",
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
    "card_text",
    "load_fusion",
    "load_weight",
    "map_words",
    "title",
    "to_levels",
]


class _Room(ModuleType):
    """`tl.examine(x)` is the front door's function, and `tamperlens.examine` this room: one name for both."""

    def __call__(self, image: object, **options: Any) -> object:  # noqa: ANN401 - as the door declares them
        return import_module("tamperlens.door").examine(image, **options)


sys.modules[__name__].__class__ = _Room
