"""Cases and their evidence as lists, views and signed bundles.

Public names: none outside the service; further `Export`, `annotation_details`,
`annotation_version`, `annotation_view`, `annotations_of`, `case_bundle`, `case_version`, `case_views`,
`case_with`, `check_case`, `check_ledger`, `conclusions_view`, `draft_view`, `evidence_table`,
`evidence_views`, `evidence_with`, `examiners_section`, `export_case`, `forget_draft`, `note_view`,
`own_conclusion`, `progress_view`, `record_export`, `review_view`, `standing_conclusions`, `workbench_key`.
"""

from tamperlens.service.cases._annotations import (
    annotation_details,
    annotation_version,
    annotation_view,
    annotations_of,
)
from tamperlens.service.cases._case_bundle import case_bundle, check_case, record_export, workbench_key
from tamperlens.service.cases._case_views import case_version, case_views
from tamperlens.service.cases._checking import check_ledger
from tamperlens.service.cases._conclusion_views import (
    conclusions_view,
    own_conclusion,
    review_view,
    standing_conclusions,
)
from tamperlens.service.cases._drafts import draft_view, forget_draft
from tamperlens.service.cases._evidence_table import evidence_table
from tamperlens.service.cases._evidence_views import evidence_views, note_view, progress_view
from tamperlens.service.cases._examiners_section import examiners_section
from tamperlens.service.cases._exporting import Export, export_case
from tamperlens.service.cases._searching import case_with, evidence_with

__all__ = [
    "Export",
    "annotation_details",
    "annotation_version",
    "annotation_view",
    "annotations_of",
    "case_bundle",
    "case_version",
    "case_views",
    "case_with",
    "check_case",
    "check_ledger",
    "conclusions_view",
    "draft_view",
    "evidence_table",
    "evidence_views",
    "evidence_with",
    "examiners_section",
    "export_case",
    "forget_draft",
    "note_view",
    "own_conclusion",
    "progress_view",
    "record_export",
    "review_view",
    "standing_conclusions",
    "workbench_key",
]
