"""Findings + truth → numbers: metrics, protocols, baselines, tables with intervals.

Public names: `PROTOCOLS`, `evaluate_protocol`, `ProtocolResult`, `classification_metrics`,
`bootstrap_interval`, `markdown_table`; `evaluate_localizer`, `evaluate_weight`, `evaluate_patches`,
`Conditions`, `LocalizationResult`, `FUSED`, `evaluate_fused`, `CLASSICAL`, `evaluate_classical`,
`evaluate_trace`, `localization_table`, `area_table`; `cllr`, `least_cllr`, `reliability`; for other rooms
`CLASSIFIERS`, `audit_dataset`, `audit_text`, `confusion`, `cost_table`, `f1`, `weight_cost`, `Protocol`,
`SalientObjects`.
"""

from tamperlens.evaluation._audit import audit_dataset
from tamperlens.evaluation._audit_text import audit_text
from tamperlens.evaluation._classical import CLASSICAL, evaluate_classical, evaluate_trace
from tamperlens.evaluation._cost import cost_table, weight_cost
from tamperlens.evaluation._likelihood import cllr, least_cllr, reliability
from tamperlens.evaluation._localization import (
    FUSED,
    Conditions,
    LocalizationResult,
    evaluate_fused,
    evaluate_localizer,
    evaluate_patches,
    evaluate_weight,
)
from tamperlens.evaluation._metrics import bootstrap_interval, classification_metrics
from tamperlens.evaluation._pixel_metrics import confusion, f1
from tamperlens.evaluation._protocols import (
    CLASSIFIERS,
    PROTOCOLS,
    Protocol,
    ProtocolResult,
    evaluate_protocol,
)
from tamperlens.evaluation._saliency import SalientObjects
from tamperlens.evaluation._tables import area_table, localization_table, markdown_table

__all__ = [
    "CLASSICAL",
    "CLASSIFIERS",
    "FUSED",
    "PROTOCOLS",
    "Conditions",
    "LocalizationResult",
    "Protocol",
    "ProtocolResult",
    "SalientObjects",
    "area_table",
    "audit_dataset",
    "audit_text",
    "bootstrap_interval",
    "classification_metrics",
    "cllr",
    "confusion",
    "cost_table",
    "evaluate_classical",
    "evaluate_fused",
    "evaluate_localizer",
    "evaluate_patches",
    "evaluate_protocol",
    "evaluate_trace",
    "evaluate_weight",
    "f1",
    "least_cllr",
    "localization_table",
    "markdown_table",
    "reliability",
    "weight_cost",
]
