"""`Finding` → what people and programs read: JSON, mask files, pictures, a table, an HTML report, a PDF.

Public names: `SCHEMA_VERSION`, `finding_to_json`, `error_to_json`, `write_mask`, `write_report`,
`write_index`, `write_pdf`, `IndexEntry`, `file_stem`, `save_map`, `print_findings`, `print_finding`,
`clip_to_json`, `write_clip_report`, `print_clip`, `write_whole`.
"""

from tamperlens.report.html import IndexEntry, write_index, write_report
from tamperlens.report.json import (
    SCHEMA_VERSION,
    error_to_json,
    file_stem,
    finding_to_json,
    write_mask,
)
from tamperlens.report.pdf import write_pdf
from tamperlens.report.pictures import save_map
from tamperlens.report.terminal import print_finding, print_findings
from tamperlens.report.video import clip_to_json, print_clip, write_clip_report
from tamperlens.report.whole_file import write_whole

__all__ = [
    "SCHEMA_VERSION",
    "IndexEntry",
    "clip_to_json",
    "error_to_json",
    "file_stem",
    "finding_to_json",
    "print_clip",
    "print_finding",
    "print_findings",
    "save_map",
    "write_clip_report",
    "write_index",
    "write_mask",
    "write_pdf",
    "write_report",
    "write_whole",
]
