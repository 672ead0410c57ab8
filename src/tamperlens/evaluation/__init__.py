"""Findings + truth → numbers: metrics, protocols, baselines, tables with intervals.

Public names: `PROTOCOLS`, `evaluate_protocol`, `ProtocolResult`, `classification_metrics`,
`bootstrap_interval`, `markdown_table`.
"""

from tamperlens.evaluation.metrics import bootstrap_interval, classification_metrics
from tamperlens.evaluation.protocols import PROTOCOLS, Protocol, ProtocolResult, evaluate_protocol
from tamperlens.evaluation.tables import markdown_table

__all__ = [
    "PROTOCOLS",
    "Protocol",
    "ProtocolResult",
    "bootstrap_interval",
    "classification_metrics",
    "evaluate_protocol",
    "markdown_table",
]
