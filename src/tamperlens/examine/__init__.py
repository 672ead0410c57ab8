"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `Opinion`, `HeatMap`, `Outcome`, `Patch`, `Agreement`, `CounterTest`,
`History`, `DETECTORS`, `LOCALIZERS`, `DEFAULT_LOCALIZER`, `Detector`, `load_weight`, `Weight`, `card_text`,
`load_fusion`.
"""

from tamperlens.examine.agreement import Agreement
from tamperlens.examine.examiner import DEFAULT_LOCALIZER, DETECTORS, LOCALIZERS, Detector, Examiner
from tamperlens.examine.finding import CounterTest, Finding, HeatMap, Opinion
from tamperlens.examine.fusion import load_fusion
from tamperlens.examine.history import History
from tamperlens.examine.outcome import Outcome
from tamperlens.examine.patches import Patch
from tamperlens.examine.weights import Weight, card_text, load_weight

__all__ = [
    "DEFAULT_LOCALIZER",
    "DETECTORS",
    "LOCALIZERS",
    "Agreement",
    "CounterTest",
    "Detector",
    "Examiner",
    "Finding",
    "HeatMap",
    "History",
    "Opinion",
    "Outcome",
    "Patch",
    "Weight",
    "card_text",
    "load_fusion",
    "load_weight",
]
