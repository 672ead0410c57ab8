"""Evidence as a table of text, for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from tamperlens.report import csv_cell

_PLAIN = (
    "id",
    "name",
    "sha256",
    "format",
    "width",
    "height",
    "state",
    "outcome",
    "score",
    "priority",
    "kind",
)
HEAD = (
    *_PLAIN,
    "conclusions",
    "disagreement",
    "tags",
    "notes",
    "near_duplicates",
    "uploaded_by",
    "uploaded_at",
)


def evidence_table(views: Sequence[dict[str, Any]]) -> str:
    """A header and one row for each view; no spreadsheet will take a cell for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEAD)
    writer.writerows([csv_cell(cell) for cell in _row(view)] for view in views)
    return buffer.getvalue()


def _row(view: dict[str, Any]) -> tuple[Any, ...]:
    said = tuple(f"{one['by']}: {one['outcome']}" for one in view["conclusions"])
    disagreement = "yes" if view["disagreement"] else "no"
    told = (
        view["notes"],
        view["near_duplicates"],
        view["uploaded_by"],
        view["uploaded_at"].isoformat(timespec="seconds"),
    )
    return (*(view[name] for name in _PLAIN), said, disagreement, tuple(view["tags"]), *told)
