"""Findings as text for people: one view or several, printed on standard output."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tamperlens.evidence import printable
from tamperlens.examine import FindingDocument
from tamperlens.report.clip_view import short_summary
from tamperlens.report.telling import report_view, score_text
from tamperlens.report.view import ReportView

_COLOURS = {"inconsistent": "bold red", "consistent": "green", "inconclusive": "yellow"}


def print_findings(rows: list[dict[str, Any]]) -> None:
    """Print a table on standard output; whatever a file's name contains is shown as text.

    Args:
        rows: one object per file, from `finding_to_json`, `clip_to_json` or `error_to_json`.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("answer", overflow="fold")
    for column in ("score", "size"):
        table.add_column(column, no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in rows:
        table.add_row(Text(printable(Path(row["file"]).name)), *_cells(row))
    Console().print(table)


def print_line(row: dict[str, Any], console: Console, count: str) -> None:
    """Print the result of one file of many on one line.

    Args:
        row: one of the objects that `print_findings` takes.
        console: console to print on.
        count: how many files are done, and how many there are.
    """
    answer, score, _, why = _cells(row)
    name = Text(printable(Path(row["file"]).name), "bold")
    line = Text.assemble((f"{count} ", "dim"), name, "  ", answer)
    line.append(f"  {score}" if score else "")
    line.append(Text.assemble(("  ", ""), why if isinstance(why, Text) else Text(why)))
    console.print(line, overflow="ellipsis", no_wrap=True)


def _cells(row: dict[str, Any]) -> tuple[Text | str, ...]:
    if "error" in row:
        return Text("not examined", "dim"), "", "", Text(row["error"])
    size = f"{row['width']}×{row['height']}"
    if row.get("medium") == "video":
        outcome = Text(row["outcome"], _COLOURS[row["outcome"]])
        return outcome, score_text(row["score"]), size, Text(short_summary(row))
    view = _view(row)
    return Text(view.answer.what, _COLOURS[view.outcome]), view.gauge.text, size, Text(view.answer.short)


def print_finding(row: dict[str, Any], verbose: bool = False) -> None:
    """Print one finding on one screen: what, where, why, what next.

    Args:
        row: from `finding_to_json`.
        verbose: also print how sure it is, what each opinion says, and what the finding cannot tell.
    """
    console, view = Console(), _view(row)
    card = view.answer
    console.print(Text(view.name, "bold"), f"{row['width']}×{row['height']}")
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for label, cell in _card_lines(view):
        lines.add_row(Text(f"  {label}", "dim"), cell)
    console.print(lines)
    if verbose:
        _print_more(console, view)
    else:
        hint = Text("  (opinions, thresholds, limits: -v)", "dim")
        console.print(Text(f"  {card.labels['sure']} {_formal(view)}"), hint, sep="")


def _card_lines(view: ReportView) -> Iterator[tuple[str, Text]]:
    """The lines of the answer card with their labels."""
    card = view.answer
    if card.declared:
        yield card.labels["what"], Text(printable(card.declared), "bold")
    yield "" if card.declared else card.labels["what"], Text(card.what, _COLOURS[view.outcome])
    yield from (("", Text(said)) for said in (card.how, card.because) if said)
    yield card.labels["where"], Text(card.where)
    for number, one in enumerate(card.reasons):
        said = Text.assemble((one.title, "bold"), f": {one.here} ", (f"({one.towards}, {one.adds})", "dim"))
        yield card.labels["why"] if number == 0 else "", said
    if not card.reasons:
        yield card.labels["why"], Text(card.why)
    for number, step in enumerate(card.next):
        yield card.labels["next"] if number == 0 else "", Text(f"{number + 1}. {printable(step)}")


def _formal(view: ReportView) -> str:
    """The outcome in the terms of the field, with its score."""
    return view.headline if view.gauge.score is None else f"{view.headline}, score {view.gauge.text}"


def _print_more(console: Console, view: ReportView) -> None:
    """Everything behind the answer."""
    for sentence in (f"{_formal(view)}.", *view.answer.sure):
        console.print(Text(f"  {sentence}"))
    console.print(_opinions(view))
    if view.counter_tests:
        for name, outcome, score, overlap in view.counter_tests.rows[1:]:
            console.print(f"  {name}: {outcome}, score {score}, overlap of the masks {overlap}")
    for fact in view.facts.marked:
        console.print(Text(f"  {fact.weight}: {printable(fact.statement)}", "yellow"))
    for limit in view.limits:
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
