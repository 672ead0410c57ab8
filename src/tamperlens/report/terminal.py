"""Findings as a table for the eye."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tamperlens.evidence.metadata import printable

_COLOURS = {"inconsistent": "bold red", "consistent": "green", "inconclusive": "yellow"}


def print_findings(rows: list[dict[str, Any]]) -> None:
    """Print a table on standard output; whatever a file's name contains is shown as text.

    Args:
        rows: one object a file, as `finding_to_json` and `error_to_json` make them.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    for column in ("outcome", "score", "size"):
        table.add_column(column, no_wrap=True)
    table.add_column("why", overflow="fold")
    for row in rows:
        name = Text(printable(Path(row["file"]).name))
        if "error" in row:
            table.add_row(name, Text("not examined", "dim"), "", "", Text(row["error"]))
            continue
        table.add_row(
            name,
            Text(row["outcome"], _COLOURS[row["outcome"]]),
            f"{row['score']:.2f}",
            f"{row['width']}×{row['height']}",
            Text("; ".join(_why(opinion) for opinion in row["opinions"])),
        )
    Console().print(table)


def _why(opinion: dict[str, Any]) -> str:
    """One system's part in an outcome, in a few words."""
    words = {
        "inconsistent": "rare among originals",
        "consistent": "rare among alterations",
        "inconclusive": "usual among both",
    }
    said = words[opinion["outcome"]] if opinion["applicable"] else f"set aside, {opinion['reason']}"
    return f"{opinion['system']}: {said}"
