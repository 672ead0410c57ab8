"""`Finding` → what people and programs read: JSON, mask files, pictures, a table, an HTML report, a PDF.

Public names: `ReportView`, `Layer`, `report_view`, `finding_to_json`, `error_to_json`, `to_plain`,
`write_mask`, `write_report`, `write_index`, `write_pdf`, `IndexEntry`, `file_stem`, `save_map`,
`summary_html`, `print_findings`, `print_finding`, `kind_title`, `clip_to_json`, `write_clip_report`,
`print_clip`, `write_whole`; for other rooms `HEADLINES`, `KIND_WORDS`, `PRIORITIES`, `components`,
`current`, `mask_png`, `paint`, `Paper`, `TitleBlock`, `print_line`, `folder_rows`, `to_csv`, `FileRow`,
`write_cards`, `csv_cell`, `case_pdf` with `CaseReport`, `CaseImage`, `Remark`, `Region`, `Step`; `PAPERS`.
"""

from tamperlens.report.answer_words import PRIORITIES
from tamperlens.report.case_report import CaseImage, CaseReport, Region, Remark, Step, case_pdf
from tamperlens.report.folder import FileRow, csv_cell, folder_rows, to_csv
from tamperlens.report.html import IndexEntry, summary_html, write_cards, write_index, write_report
from tamperlens.report.json import error_to_json, file_stem, finding_to_json, to_plain, write_mask
from tamperlens.report.older import current
from tamperlens.report.paper import PAPERS, Paper, TitleBlock
from tamperlens.report.pdf import write_pdf
from tamperlens.report.pictures import mask_png, paint, save_map
from tamperlens.report.schema import components
from tamperlens.report.telling import report_view
from tamperlens.report.terminal import print_finding, print_findings, print_line
from tamperlens.report.video import clip_to_json, print_clip, write_clip_report
from tamperlens.report.view import Layer, ReportView
from tamperlens.report.whole_file import write_whole
from tamperlens.report.words import HEADLINES, KIND_WORDS, kind_title

__all__ = [
    "HEADLINES",
    "KIND_WORDS",
    "PAPERS",
    "PRIORITIES",
    "CaseImage",
    "CaseReport",
    "FileRow",
    "IndexEntry",
    "Layer",
    "Paper",
    "Region",
    "Remark",
    "ReportView",
    "Step",
    "TitleBlock",
    "case_pdf",
    "clip_to_json",
    "components",
    "csv_cell",
    "current",
    "error_to_json",
    "file_stem",
    "finding_to_json",
    "folder_rows",
    "kind_title",
    "mask_png",
    "paint",
    "print_clip",
    "print_finding",
    "print_findings",
    "print_line",
    "report_view",
    "save_map",
    "summary_html",
    "to_csv",
    "to_plain",
    "write_cards",
    "write_clip_report",
    "write_index",
    "write_mask",
    "write_pdf",
    "write_report",
    "write_whole",
]
