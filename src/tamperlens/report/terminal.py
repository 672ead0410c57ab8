"""Findings as text for the eye: a view or several, printed on standard output."""

from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tamperlens.evidence.metadata import printable
from tamperlens.examine import FindingDocument
from tamperlens.report.clip_view import short_summary
from tamperlens.report.telling import report_view, score_text
from tamperlens.report.view import ReportView

_COLOURS = {"inconsistent": "bold red", "consistent": "green", "inconclusive": "yellow"}


def print_findings(rows: list[dict[str, Any]]) -> None:
    """Print a table on standard output; whatever a file's name contains is shown as text.

    Args:
        rows: one object a file, as `finding_to_json`, `clip_to_json` and `error_to_json` make them.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    for column in ("outcome", "score", "size"):
        table.add_column(column, no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in rows:
        table.add_row(Text(printable(Path(row["file"]).name)), *_cells(row))
    Console().print(table)


def _cells(row: dict[str, Any]) -> tuple[Text | str, ...]:
    if "error" in row:
        return Text("not examined", "dim"), "", "", Text(row["error"])
    size = f"{row['width']}×{row['height']}"
    outcome = Text(row["outcome"], _COLOURS[row["outcome"]])
    if row.get("medium") == "video":
        return outcome, score_text(row["score"]), size, Text(short_summary(row))
    view = _view(row)
    return outcome, view.gauge.text, size, Text(_reasons(view))


def print_finding(row: dict[str, Any]) -> None:
    """Print one finding on one screen: what was found, how sure, why, and what had no say.

    Args:
        row: as `finding_to_json` makes it.
    """
    console, view = Console(), _view(row)
    console.print(Text(view.name, "bold"), f"{row['width']}×{row['height']}")
    console.print(Text(f"  {view.headline}", _COLOURS[view.outcome]), f"score {view.gauge.text}")
    for sentence in (view.gauge.note, *view.summary[1:]):
        console.print(Text(f"  {sentence}"))
    console.print(_opinions(view))
    if view.counter_tests:
        for name, outcome, score, overlap in view.counter_tests.rows[1:]:
            console.print(f"  {name}: {outcome}, score {score}, overlap of the masks {overlap}")
    for fact in view.facts.marked:
        console.print(Text(f"  {fact.weight}: {printable(fact.statement)}", "yellow"))
    for limit in view.limits[:1]:
        console.print(Text(f"  {printable(limit)}", "dim"))


def _view(row: dict[str, Any]) -> ReportView:
    return report_view(msgspec.convert(row, FindingDocument))


def _opinions(view: ReportView) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column, justify in (("  opinion", "left"), ("alone", "right"), ("adds", "right"), ("", "left")):
        table.add_column(column, justify=justify, no_wrap=column != "")  # type: ignore[arg-type]
    for row in (*view.opinions.rows, *((view.opinions.total,) if view.opinions.total else ())):
        cells = (f"  {row.title}", row.says if row.void else row.alone, row.adds, printable(row.reason))
        table.add_row(*(Text(cell, "dim" if row.void else "") for cell in cells))
    return table


def _reasons(view: ReportView) -> str:
    """What weighed most; where nothing was fused, what each system says."""
    rows = view.opinions.rows
    if not view.opinions.fused:
        return "; ".join(f"{row.title}: {row.reason if row.void else row.says}" for row in rows)
    weighed = sorted((row for row in rows if not row.void), key=lambda row: -abs(float(row.adds)))
    return ", ".join(f"{row.title} {row.adds}" for row in weighed[:3])
