"""A scan: every item of a source that has no row yet → a row, even if an earlier run was killed."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tamperlens.batch._engine import Engine, Orders
from tamperlens.batch._ledger import Ledger
from tamperlens.batch._reports import read_reports, write_reports
from tamperlens.batch._results import Summary, write_results
from tamperlens.batch._rows import Row
from tamperlens.batch._sources import Item, Source, items
from tamperlens.errors import ScanError
from tamperlens.report import write_whole

PLAN = "plan.json"
_REFRESH_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """What must be equal for two runs to belong to one scan.

    Attributes:
        source: address of the source.
        systems: each asked separately; None for the fused examination.
        strict: aim at 1 % false alarms.
        max_pixels: images that declare more are refused.
        versions: of everything a finding depends on, weights by SHA-256.
    """

    source: str
    systems: list[str] | None
    strict: bool
    max_pixels: int
    versions: dict[str, str]

    @classmethod
    def of(cls, source: Source, orders: Orders, versions: dict[str, str]) -> "Plan":
        """The plan that follows from these orders."""
        systems = list(orders.systems) if orders.systems else None
        return cls(source.address, systems, orders.strict, orders.limits.max_pixels, versions)

    def settle(self, folder: Path) -> None:
        """Record the plan in the folder, or check that the one recorded there is the same.

        Raises:
            ScanError: it differs, or the folder holds results without a plan.
        """
        path, mine = folder / PLAN, asdict(self)
        if not path.exists():
            write_whole(path, json.dumps(mine, indent=2) + "\n")
            return
        try:
            recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            differences = _differences({**recorded, **recorded["versions"]}, {**mine, **self.versions})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ScanError(f"{path} is not a scan's plan; choose another --out") from error
        if differences:
            raise ScanError(
                f"{folder} holds the results of another plan ({'; '.join(differences[:3])}); "
                "continue with the same plan, or choose another --out"
            )


def _differences(recorded: dict[str, Any], mine: dict[str, Any]) -> list[str]:
    names = [name for name in {**recorded, **mine} if name != "versions"]
    return [
        f"{name.replace('_', ' ')}: {_brief(recorded.get(name))} there, {_brief(mine.get(name))} now"
        for name in names
        if recorded.get(name) != mine.get(name)
    ]


def _brief(value: object) -> str:
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:16]}…"


def run_scan(
    source: Source,
    engine: Engine,
    orders: Orders,
    folder: Path,
    *,
    reports: int = 0,
    retry: bool = False,
    tell: Callable[[Row | None], None] = lambda _: None,
) -> Summary:
    """Scan, or continue a scan, and write the results.

    Args:
        source: what to examine.
        engine: examines the items.
        orders: given to the engine.
        folder: must exist; receives the results.
        reports: number of the most suspicious files that get an HTML report.
        retry: examine failures again.
        tell: called with each new row, and with None for each file that already had one.

    Raises:
        ScanError: the folder belongs to another plan or another scan.
    """
    ledger, started = Ledger(folder), time.monotonic()
    try:
        Plan.of(source, orders, dict(engine.versions)).settle(folder)
        index = _Index(ledger, folder, source)
        undone = _undone(source, orders, ledger, retry, tell)
        added = 0
        try:
            with closing(engine.run(undone, ledger.known)) as rows:  # an interrupt stops the current items
                for row in rows:
                    ledger.append(row)
                    tell(row)
                    added += 1
                    index.refresh()
        except KeyboardInterrupt:
            index.write()
            raise
        seconds = time.monotonic() - started
        if reports:
            write_reports(source, orders, ledger, folder, reports)
        summary = write_results(ledger.rows(), folder, source.address, read_reports(folder))
    finally:
        ledger.close()
    summary.examined_now, summary.seconds = added, seconds
    return summary


class _Index:
    """The HTML index during a scan: rewritten once a minute, in at most a twentieth of the time."""

    def __init__(self, ledger: Ledger, folder: Path, source: Source) -> None:
        self.ledger, self.folder, self.source = ledger, folder, source
        self._due = time.monotonic() + _REFRESH_SECONDS

    def refresh(self) -> None:
        """Write it if it is due."""
        if time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write it now."""
        started = time.monotonic()
        reports = read_reports(self.folder)
        write_results(self.ledger.rows(), self.folder, self.source.address, reports, table=False)
        now = time.monotonic()
        self._due = now + max(_REFRESH_SECONDS, 20 * (now - started))


def _undone(
    source: Source, orders: Orders, ledger: Ledger, retry: bool, tell: Callable[[Row | None], None]
) -> Iterator[Item]:
    for item in items(source, orders.limits.max_bytes):
        if ledger.is_done(item, retry):
            tell(None)
        else:
            yield item
