"""Cases and their evidence as lists, views and signed bundles.

Public names: none outside the service; further `Export`, `case_bundle`, `case_views`, `check_case`,
`check_ledger`, `conclusion_view`, `evidence_views`, `export_case`, `note_view`, `progress_view`,
`record_export`, `workbench_key`.
"""

from tamperlens.service.cases._case_bundle import case_bundle, check_case, record_export, workbench_key
from tamperlens.service.cases._case_views import case_views
from tamperlens.service.cases._checking import check_ledger
from tamperlens.service.cases._evidence_views import conclusion_view, evidence_views, note_view, progress_view
from tamperlens.service.cases._exporting import Export, export_case

__all__ = [
    "Export",
    "case_bundle",
    "case_views",
    "check_case",
    "check_ledger",
    "conclusion_view",
    "evidence_views",
    "export_case",
    "note_view",
    "progress_view",
    "record_export",
    "workbench_key",
]
