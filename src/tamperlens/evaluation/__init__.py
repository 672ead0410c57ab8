"""Findings + truth → numbers: metrics, protocols, baselines, tables with intervals."""

from tamperlens.evaluation._audit import audit_dataset
from tamperlens.evaluation._audit_text import audit_text
from tamperlens.evaluation._classical import CLASSICAL
from tamperlens.evaluation._conditions import NATIVE, check_condition, conditions
from tamperlens.evaluation._cost import Cost, cost_table, network_cost, weight_cost
from tamperlens.evaluation._judge import Judge, Judgement
from tamperlens.evaluation._judges import (
    FUSED,
    classical_judge,
    external_judge,
    find_judge,
    fused_judge,
    judge_names,
    localizer_judge,
    map_judge,
    system_judge,
    trace_judge,
)
from tamperlens.evaluation._likelihood import cllr, least_cllr, reliability
from tamperlens.evaluation._localization import LocalizationResult, evaluate_judge
from tamperlens.evaluation._metrics import bootstrap_interval, classification_metrics
from tamperlens.evaluation._pixel_metrics import confusion, f1
from tamperlens.evaluation._predictions import predictions_judge
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
    "NATIVE",
    "PROTOCOLS",
    "Cost",
    "Judge",
    "Judgement",
    "LocalizationResult",
    "Protocol",
    "ProtocolResult",
    "SalientObjects",
    "area_table",
    "audit_dataset",
    "audit_text",
    "bootstrap_interval",
    "check_condition",
    "classical_judge",
    "classification_metrics",
    "cllr",
    "conditions",
    "confusion",
    "cost_table",
    "evaluate_judge",
    "evaluate_protocol",
    "external_judge",
    "f1",
    "find_judge",
    "fused_judge",
    "judge_names",
    "least_cllr",
    "localization_table",
    "localizer_judge",
    "map_judge",
    "markdown_table",
    "network_cost",
    "predictions_judge",
    "reliability",
    "system_judge",
    "trace_judge",
    "weight_cost",
]
