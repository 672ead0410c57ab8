"""Reports of the most suspicious files, made after the scan by one more worker."""

import json
import re
from pathlib import Path, PurePosixPath

from tamperlens.batch._engine import Orders
from tamperlens.batch._ledger import Ledger
from tamperlens.batch._results import most_suspicious
from tamperlens.batch._sources import Item, Source, items
from tamperlens.confined import Worker
from tamperlens.errors import EvidenceError, ScanError
from tamperlens.workers import taking

_FOLDER, _LIST = "reports", "reports.jsonl"


def read_reports(folder: Path) -> dict[str, dict[str, str]]:
    """Existing reports by the key of the row: `report`, relative to the folder, and `thumbnail`."""
    found: dict[str, dict[str, str]] = {}
    path = folder / _FOLDER / _LIST
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # torn when the scan was killed
                continue
            found[entry["key"]] = entry
    return found


def write_reports(source: Source, orders: Orders, ledger: Ledger, folder: Path, count: int) -> None:
    """Write the missing reports; the source is walked once more to find their files."""
    made = read_reports(folder)
    rows = most_suspicious(ledger.rows(), count)
    wanted = {row["scan"]["key"]: row for row in rows if not _is_current(made.get(row["scan"]["key"]), row)}
    if not wanted:
        return
    (folder / _FOLDER).mkdir(exist_ok=True)
    worker = orders.worker()
    try:
        with (folder / _FOLDER / _LIST).open("a", encoding="utf-8") as log:
            log.write("\n")  # ends a torn line
            for item in items(source, orders.limits.max_bytes):
                if item.key in wanted and wanted[item.key]["scan"]["stamp"] == item.stamp:
                    entry = _write_report(item, worker, orders, folder)
                    log.write(json.dumps(entry) + "\n" if entry else "")
                    log.flush()
    finally:
        worker.close()


def _write_report(item: Item, worker: Worker, orders: Orders, folder: Path) -> dict[str, str]:
    """Examine once more; empty if that now fails, and the index then has no report for it."""
    out, stem = (folder / _FOLDER).resolve(), item.key[:16]
    report = {"folder": str(out), "stem": stem}
    message = {"file": item.shown, "name": PurePosixPath(item.shown).name, "report": report}
    try:
        reply = worker.ask(message, item.read(orders.limits), taking(worker, out, re.escape(stem)))
    except EvidenceError:
        return {}
    if "refused" in reply:
        raise ScanError(reply["refused"])
    if "entry" not in reply:
        return {}
    entry = reply["entry"]
    where = f"{_FOLDER}/{entry['report']}"
    return {"key": item.key, "stamp": item.stamp, "report": where, "thumbnail": entry["thumbnail"]}


def _is_current(report: dict[str, str] | None, row: dict[str, dict[str, str]]) -> bool:
    return report is not None and report.get("stamp") == row["scan"]["stamp"]
