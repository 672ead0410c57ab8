"""A page's tables, between its markers: five columns for the reader, every cell in a CSV beside it."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def fill(
    page: Path,
    tables: Mapping[str, str],
    left_out: Mapping[str, Sequence[str]] | None = None,
    figures: Path | None = None,
) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->`.

    Args:
        page: Markdown.
        tables: name → Markdown, tables or text.
        left_out: name → columns that the page does not show.
        figures: CSV of every cell, with those columns; rows of tables that were not measured this time stay.

    Raises:
        ValueError: the page has no such markers.
    """
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if not begin or not end:
            raise ValueError(f"{page} has no place for {name}")
        text = f"{before}{begin}{narrow(table, (left_out or {}).get(name, ()))}\n{end}{after}"
    page.write_text(text, encoding="utf-8")
    if figures:
        _keep(figures, tables)


def narrow(table: str, left_out: Sequence[str]) -> str:
    """A table without some of its columns."""
    if not left_out:
        return table
    lines = table.splitlines()
    kept = [i for i, column in enumerate(_split(lines[0])) if column not in left_out]
    return "\n".join("| " + " | ".join(_split(line)[i] for i in kept) + " |" for line in lines)


def _keep(path: Path, tables: Mapping[str, str]) -> None:
    rows: list[list[str]] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in list(csv.reader(file))[1:] if row[0] not in tables]
    rows += [[name, *cell] for name, table in tables.items() for cell in _cells(table)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["table", "row", "column", "cell"], *rows])


def _cells(text: str) -> Iterator[list[str]]:
    """Label of the row, column and text of each cell that holds a figure; columns of words make the label."""
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if len(lines) < 3 or not lines[0].startswith("|"):
            continue
        head, marks = _split(lines[0]), _split(lines[1])
        words = [i for i, mark in enumerate(marks) if not mark.endswith(":")]
        for row in map(_split, lines[2:]):
            label = ", ".join(row[i] for i in words)
            yield from ([label, head[i], row[i]] for i in range(len(head)) if i not in words)


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
