"""From the ledger, in one pass: a table, an HTML index of the most suspicious, and counts."""

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
from tamperlens.report import kind_title

# Rows of the HTML index, and failures shown in it; a browser is to open it at once.
SHOWN = 1000
_SHOWN_FAILURES = 200


@dataclass
class Summary:
    """What a scan came to.

    Attributes:
        outcomes: how many files ended in each; "not examined" for failures.
        failures: how many failed for each reason.
        repeated: files whose bytes had been examined under another name.
        examined_now: rows that this run added.
        seconds: that this run took.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    examined_now: int = 0
    seconds: float = 0.0

    @property
    def files(self) -> int:
        """Rows in all."""
        return self.outcomes.total()

    def count(self, row: Row) -> None:
        """Take a row into account."""
        self.outcomes[row.get("outcome", "not examined")] += 1
        self.repeated += "same_as" in row["scan"]
        if "error" in row:
            self.failures[row["scan"]["failure"]] += 1


@dataclass(frozen=True)
class Shown:
    """What the HTML index says of one file."""

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
        rows: the last of each file.
        folder: existing.
        source: what was scanned, for the heading.
        reports: of files that have one, by the row's key: `report` and `thumbnail`.
        table: whether the table is written; the index alone is sooner done, while a scan goes on.
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
    """Keeps the most suspicious rows and forgets the others."""

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
        """The most suspicious first."""
        return [row for _, _, row in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]


def _kept(row: Row) -> Row:
    """What an index needs of a row, which may be large."""
    return {
        name: row[name] for name in ("file", "outcome", "score", "kind", "width", "height", "sha256", "scan")
    }


def most_suspicious(rows: Iterable[Row], count: int) -> list[Row]:
    """That many rows with the highest scores."""
    most = _Most(count)
    for row in rows:
        if "error" not in row:
            most.offer(row)
    return most.rows()


def _shown(row: Row, report: Mapping[str, str]) -> Shown:
    if report.get("stamp") != row["scan"]["stamp"]:  # of what the file was before
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
    """Without line breaks, control characters or marks that turn the direction of what follows."""
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
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
