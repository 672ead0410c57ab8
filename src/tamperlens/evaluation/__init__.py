"""Findings + truth → numbers: metrics, protocols, baselines, tables with intervals.

Public names: `PROTOCOLS`, `evaluate_protocol`, `ProtocolResult`, `classification_metrics`,
`bootstrap_interval`, `markdown_table`; `evaluate_localizer`, `evaluate_weight`, `Conditions`,
`LocalizationResult`, `CLASSICAL`, `evaluate_classical`, `localization_table`, `area_table`.
"""

from tamperlens.evaluation.classical import CLASSICAL, evaluate_classical
from tamperlens.evaluation.localization import (
    Conditions,
    LocalizationResult,
    evaluate_localizer,
    evaluate_weight,
)
from tamperlens.evaluation.metrics import bootstrap_interval, classification_metrics
from tamperlens.evaluation.protocols import PROTOCOLS, Protocol, ProtocolResult, evaluate_protocol
from tamperlens.evaluation.tables import area_table, localization_table, markdown_table

__all__ = [
    "CLASSICAL",
    "PROTOCOLS",
    "Conditions",
    "LocalizationResult",
    "Protocol",
    "ProtocolResult",
    "area_table",
    "bootstrap_interval",
    "classification_metrics",
    "evaluate_classical",
    "evaluate_localizer",
    "evaluate_protocol",
    "evaluate_weight",
    "localization_table",
    "markdown_table",
]
