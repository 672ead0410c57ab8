"""From the ledger in one pass: a table, an HTML index of the most suspicious files, and counts."""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import jinja2

from tamperlens import __version__
from tamperlens.batch._rows import Row
from tamperlens.batch._table import table_name, write_table
from tamperlens.evidence import printable
from tamperlens.report import kind_title, write_whole

# Rows of the HTML index, and failures shown in it, so that a browser opens it at once.
SHOWN = 1000
_SHOWN_FAILURES = 200


@dataclass
class Summary:
    """The result of a scan in numbers.

    Attributes:
        outcomes: number of files per outcome; "not examined" for failures.
        failures: number of failures per reason.
        repeated: files whose bytes had already been examined under another name.
        examined_now: rows added by this run.
        seconds: time taken by this run.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    examined_now: int = 0
    seconds: float = 0.0

    @property
    def files(self) -> int:
        """Total number of rows."""
        return self.outcomes.total()

    def count(self, row: Row) -> None:
        """Count a row."""
        self.outcomes[row.get("outcome", "not examined")] += 1
        self.repeated += "same_as" in row["scan"]
        if "error" in row:
            self.failures[row["scan"]["failure"]] += 1


@dataclass(frozen=True)
class Shown:
    """One file in the HTML index."""

    file: str
    outcome: str
    score: float | None
    kind: str
    size: str
    sha256: str
    report: str
    thumbnail: str


def write_results(
    rows: Iterable[Row],
    folder: Path,
    source: str,
    reports: Mapping[str, dict[str, str]],
    table: bool = True,
) -> Summary:
    """Write the table of all files and `index.html`; each appears complete or not at all.

    Args:
        rows: the last row of each file.
        folder: must exist.
        source: what was scanned, for the heading.
        reports: reports by the row's key: `report` and `thumbnail`.
        table: whether to write the table; during a scan, the index alone is faster.
    """
    summary, most, failed = Summary(), _Most(SHOWN), list[tuple[str, str]]()

    def watched() -> Iterator[Row]:
        for row in rows:
            summary.count(row)
            if "error" not in row:
                most.offer(row)
            elif len(failed) < _SHOWN_FAILURES:
                failed.append((_one_line(row["file"]), _one_line(row["error"])))
            yield row

    if table:
        write_table(watched(), folder)
    else:
        deque(watched(), maxlen=0)
    shown = [_shown(row, reports.get(row["scan"]["key"], {})) for row in most.rows()]
    _write_index(shown, failed, summary, source, folder / "index.html")
    return summary


class _Most:
    """Keeps only the most suspicious rows."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._heap: list[tuple[float, int, Row]] = []
        self._order = 0

    def offer(self, row: Row) -> None:
        """Keep the row, if only for now."""
        self._order += 1
        entry = (float(row["score"] or 0.0), -self._order, _kept(row))
        if len(self._heap) < self.count:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heappushpop(self._heap, entry)

    def rows(self) -> list[Row]:
        """The rows, most suspicious first."""
        return [row for _, _, row in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]


def _kept(row: Row) -> Row:
    """The part of a row, which may be large, that an index needs."""
    return {
        name: row[name] for name in ("file", "outcome", "score", "kind", "width", "height", "sha256", "scan")
    }


def most_suspicious(rows: Iterable[Row], count: int) -> list[Row]:
    """The `count` rows with the highest scores."""
    most = _Most(count)
    for row in rows:
        if "error" not in row:
            most.offer(row)
    return most.rows()


def _shown(row: Row, report: Mapping[str, str]) -> Shown:
    if report.get("stamp") != row["scan"]["stamp"]:  # it is about an earlier state of the file
        report = {}
    return Shown(
        file=_one_line(row["file"]),
        outcome=row["outcome"],
        score=row["score"],
        kind=kind_title(row["kind"]),
        size=f"{row['width']} × {row['height']}",
        sha256=row["sha256"],
        report=report.get("report", ""),
        thumbnail=report.get("thumbnail", ""),
    )


def _one_line(text: str) -> str:
    """Without line breaks, control characters or marks that change the writing direction."""
    return printable(text, 500)


def _write_index(
    shown: list[Shown], failed: list[tuple[str, str]], summary: Summary, source: str, path: Path
) -> None:
    template = resources.files(__package__).joinpath("templates/scan.html").read_text(encoding="utf-8")
    style = resources.files("tamperlens.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = environment.from_string(template).render(
        shown=shown,
        failed=failed,
        summary=summary,
        source=_one_line(source),
        version=__version__,
        style=style,
        table=table_name(),
    )
    write_whole(path, text)
