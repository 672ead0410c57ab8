"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `Opinion`, `HeatMap`, `DETECTORS`, `LOCALIZERS`, `DEFAULT_SYSTEMS`,
`Detector`, `Patch`, `load_weight`, `Weight`, `card_text`.
"""

from tamperlens.examine.examiner import DEFAULT_SYSTEMS, DETECTORS, LOCALIZERS, Detector, Examiner
from tamperlens.examine.finding import Finding, HeatMap, Opinion, Outcome
from tamperlens.examine.patches import Patch
from tamperlens.examine.weights import Weight, card_text, load_weight

__all__ = [
    "DEFAULT_SYSTEMS",
    "DETECTORS",
    "LOCALIZERS",
    "Detector",
    "Examiner",
    "Finding",
    "HeatMap",
    "Opinion",
    "Outcome",
    "Patch",
    "Weight",
    "card_text",
    "load_weight",
]
