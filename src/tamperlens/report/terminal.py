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
            Text(_frames(row) if row.get("medium") == "video" else _reasons(row)),
        )
    Console().print(table)


def _frames(row: dict[str, Any]) -> str:
    marked = sum(frame["outcome"] == "inconsistent" for frame in row["frames"])
    return f"clip, {marked} of {len(row['frames'])} frames inconsistent, {row['temporal']['steadiness']}"


def print_finding(row: dict[str, Any]) -> None:
    """Print one finding on one screen: what was found, how sure, why, and what had no say.

    Args:
        row: as `finding_to_json` makes it.
    """
    console = Console()
    console.print(Text(printable(Path(row["file"]).name), "bold"), f"{row['width']}×{row['height']}")
    console.print(Text(f"  {row['outcome']}", _COLOURS[row["outcome"]]), _how_sure(row))
    _where_and_how(console, row)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column, justify in (("  opinion", "left"), ("alone", "right"), ("adds", "right"), ("", "left")):
        table.add_column(column, justify=justify, no_wrap=column != "")  # type: ignore[arg-type]
    for opinion in sorted(row["opinions"], key=lambda opinion: not opinion["applicable"]):
        void, adds = not opinion["applicable"], opinion["log10_likelihood_ratio"]
        cells = (
            f"  {opinion['system']}",
            "void" if void else f"{opinion['score']:.2f}",
            "" if adds is None else f"{adds:+.2f}",
            printable(opinion["reason"]),
        )
        table.add_row(*(Text(cell, "dim" if void else "") for cell in cells))
    console.print(table)
    for test in row["counter_tests"]:
        overlap = "" if test["overlap"] is None else f", masks overlap {test['overlap']:.2f}"
        console.print(f"  {test['name']}: {test['outcome']}, score {test['score']:.2f}{overlap}")
    for fact in row["facts"]:
        if fact["weight"] != "neutral":
            console.print(Text(f"  {fact['weight']}: {printable(fact['statement'])}", "yellow"))
    for limit in row["limits"][:1]:
        console.print(Text(f"  {printable(limit)}", "dim"))


def _where_and_how(console: Console, row: dict[str, Any]) -> None:
    for patch in row["patches"][:1]:
        x, y = patch["left"] + patch["width"] // 2, patch["top"] + patch["height"] // 2
        console.print(f"  most suspicious around x {x}, y {y} px (probability {patch['score']:.2f})")
    if row["kinds"]:
        ranked = sorted(row["kinds"].items(), key=lambda item: -item[1])
        console.print("  kind, if altered:", ", ".join(f"{kind} {share:.0%}" for kind, share in ranked[:3]))


def _reasons(row: dict[str, Any]) -> str:
    """What weighed most; where nothing was fused, what each system says."""
    fused = [o for o in row["opinions"] if o["log10_likelihood_ratio"] is not None]
    if not fused:
        return "; ".join(_why(opinion) for opinion in row["opinions"])
    weighed = sorted(fused, key=lambda o: -abs(o["log10_likelihood_ratio"]))
    return ", ".join(f"{o['system']} {o['log10_likelihood_ratio']:+.2f}" for o in weighed[:3])


def _how_sure(row: dict[str, Any]) -> str:
    ratio = row["log10_likelihood_ratio"]
    sure = f"score {row['score']:.2f}"
    if row["thresholds"]:
        low, high = row["thresholds"]
        sure += f" (consistent below {low:.2f}, inconsistent above {high:.2f})"
    return sure if ratio is None else f"{sure}, log10 likelihood ratio {ratio:+.2f}"


def _why(opinion: dict[str, Any]) -> str:
    """One system's part in an outcome, in a few words."""
    words = {
        "inconsistent": "rare among originals",
        "consistent": "rare among alterations",
        "inconclusive": "usual among both",
    }
    said = words[opinion["outcome"]] if opinion["applicable"] else f"set aside, {opinion['reason']}"
    return f"{opinion['system']}: {said}"
