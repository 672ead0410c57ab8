"""Evidence + traces + weights → `Finding`: what was found, how sure, why, and what it cannot tell.

Public names: `Examiner`, `Finding`, `Opinion`, `HeatMap`, `DETECTORS`, `Detector`, `load_weight`, `Weight`,
`card_text`.
"""

from tamperlens.examine.examiner import DETECTORS, Detector, Examiner
from tamperlens.examine.finding import Finding, HeatMap, Opinion, Outcome
from tamperlens.examine.weights import Weight, card_text, load_weight

__all__ = [
    "DETECTORS",
    "Detector",
    "Examiner",
    "Finding",
    "HeatMap",
    "Opinion",
    "Outcome",
    "Weight",
    "card_text",
    "load_weight",
]
