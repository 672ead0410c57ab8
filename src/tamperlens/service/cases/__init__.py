"""Cases and their evidence as lists, views and signed bundles; their deletion.

Public names: none outside the service; further `DueCase`, `Export`, `annotation_details`,
`annotation_version`, `annotation_view`, `annotations_of`, `case_bundle`, `case_report`, `case_version`,
`case_views`, `case_with`, `check_case`, `check_ledger`, `closed_cases`, `conclusions_view`, `delete_case`,
`delete_images`, `dispose`, `draft_view`, `due_at`, `evidence_table`, `evidence_views`, `evidence_with`,
`examiners_section`, `export_case`, `forget_draft`, `hold`, `hold_view`, `lift`, `list_due`, `match_view`,
`move_image`, `near_duplicate_views`, `note_view`, `own_conclusion`, `progress_view`, `record_export`,
`review_view`, `standing_conclusions`, `with_near_duplicates`, `workbench_key`.
"""

from tamperlens.service.cases._annotations import (
    annotation_details,
    annotation_version,
    annotation_view,
    annotations_of,
)
from tamperlens.service.cases._case_bundle import case_bundle, check_case, record_export, workbench_key
from tamperlens.service.cases._case_report import case_report
from tamperlens.service.cases._case_views import case_version, case_views, hold_view
from tamperlens.service.cases._checking import check_ledger
from tamperlens.service.cases._conclusion_views import (
    conclusions_view,
    own_conclusion,
    review_view,
    standing_conclusions,
)
from tamperlens.service.cases._deleting import delete_case, delete_images
from tamperlens.service.cases._disposing import DueCase, dispose, list_due
from tamperlens.service.cases._drafts import draft_view, forget_draft
from tamperlens.service.cases._evidence_table import evidence_table
from tamperlens.service.cases._evidence_views import (
    evidence_views,
    match_view,
    note_view,
    progress_view,
)
from tamperlens.service.cases._examiners_section import examiners_section
from tamperlens.service.cases._exporting import Export, export_case
from tamperlens.service.cases._holding import hold, lift
from tamperlens.service.cases._moving import move_image
from tamperlens.service.cases._near_duplicates import near_duplicate_views, with_near_duplicates
from tamperlens.service.cases._retention import closed_cases, due_at
from tamperlens.service.cases._searching import case_with, evidence_with

__all__ = [
    "DueCase",
    "Export",
    "annotation_details",
    "annotation_version",
    "annotation_view",
    "annotations_of",
    "case_bundle",
    "case_report",
    "case_version",
    "case_views",
    "case_with",
    "check_case",
    "check_ledger",
    "closed_cases",
    "conclusions_view",
    "delete_case",
    "delete_images",
    "dispose",
    "draft_view",
    "due_at",
    "evidence_table",
    "evidence_views",
    "evidence_with",
    "examiners_section",
    "export_case",
    "forget_draft",
    "hold",
    "hold_view",
    "lift",
    "list_due",
    "match_view",
    "move_image",
    "near_duplicate_views",
    "note_view",
    "own_conclusion",
    "progress_view",
    "record_export",
    "review_view",
    "standing_conclusions",
    "with_near_duplicates",
    "workbench_key",
]
