"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `Opinion`, `HeatMap`, `KindOpinion`, `Outcome`, `Patch`, `Agreement`,
`CounterTest`, `History`, `DETECTORS`, `LOCALIZERS`, `DEFAULT_LOCALIZER`, `EXPLAINER`, `Detector`,
`load_weight`, `Weight`, `card_text`, `load_fusion`, `Progress`, `Budget`.
"""

from tamperlens.examine.agreement import Agreement
from tamperlens.examine.budget import Budget
from tamperlens.examine.examiner import (
    DEFAULT_LOCALIZER,
    DETECTORS,
    EXPLAINER,
    LOCALIZERS,
    Detector,
    Examiner,
)
from tamperlens.examine.finding import CounterTest, Finding, HeatMap, KindOpinion, Opinion
from tamperlens.examine.fusion import load_fusion
from tamperlens.examine.history import History
from tamperlens.examine.measuring import Progress
from tamperlens.examine.outcome import Outcome
from tamperlens.examine.patches import Patch
from tamperlens.examine.weights import Weight, card_text, load_weight

__all__ = [
    "DEFAULT_LOCALIZER",
    "DETECTORS",
    "EXPLAINER",
    "LOCALIZERS",
    "Agreement",
    "Budget",
    "CounterTest",
    "Detector",
    "Examiner",
    "Finding",
    "HeatMap",
    "History",
    "KindOpinion",
    "Opinion",
    "Outcome",
    "Patch",
    "Progress",
    "Weight",
    "card_text",
    "load_fusion",
    "load_weight",
]
