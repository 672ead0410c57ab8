"""A hundred thousand mutated files through `tamperlens scan`: rows, deaths, memory by the number of files.

    python benchmarks/hostile/hostile_scan.py --files 100000 --json benchmarks/results/hostile-scan.json

The files are those of hostile_files.py: eleven formats and modes and the files of hostile_structures.py, each
damaged by its number and the seed, a thousand a folder. The command runs as anyone would run it; from outside
its ledger is counted and the resident memory of the parent and of its workers read twice a second. What a
process **holds** is the least of the last three seconds, for a leak never goes down; it has grown by what it
holds at the last mark less what it held at the first one that found it. Every file must have exactly one
row, and the parent must end with 0. `--files 200` is the short form; `--keep DIR` goes on with the same scan
after an interruption.
"""

import argparse
import collections
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from hostile_files import mutations

MARKS = (1_000, 5_000, 10_000, 25_000, 50_000, 100_000)
# Files are as in hostile_files.py; a decompression bomb of 81 Mpx is refused by its declared size.
OPTIONS = ["--system", "lightweight-cnn", "--max-mpx", "20"]
EVERY, WINDOW = 0.5, 6  # seconds between two looks, looks of which the least counts


def write_files(folder: Path, count: int, seed: int) -> None:
    """Write the mutated files, unless they are there."""
    for number, (name, data) in enumerate(mutations(0, count, seed)):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)


def resident(process: int, what: str = "VmRSS") -> float:
    """MB that a process holds now, or with VmHWM held at most; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(what)), 0.0)


def children(process: int) -> list[int]:
    """Processes that any thread of a process has started."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text(encoding="utf-8").split()]
        except OSError:  # the thread has ended
            continue
    return found


def workers(process: int) -> list[int]:
    """The confined processes: of each guard that was started, what it started last."""
    return [max(children(guard), default=guard) for guard in children(process)]


class Watch:
    """Looks at a scan from outside until it has ended."""

    def __init__(self, process: "subprocess.Popen[bytes]", ledger: Path, marks: list[int]) -> None:
        self.process, self.ledger, self.marks = process, ledger, marks
        self.alive = {process.pid}
        self.looks: dict[int, collections.deque[float]] = {}
        self.held: dict[int, list[float]] = {}
        self.peak, self.count, self._read = 0.0, 0, 0
        self.table: list[dict[str, Any]] = []
        self.started = time.perf_counter()

    def follow(self) -> None:
        """Note what is held at each mark, and at the end."""
        while self.process.poll() is None:
            self._look()
            if self.marks and self.count >= self.marks[0]:
                self.table.append(self._mark(self.marks.pop(0)))
                print(json.dumps(self.table[-1]), flush=True)
            time.sleep(EVERY)
        self._count()
        if self.marks:  # the last row came with the end
            self.table.append(self._mark(self.count))

    def _look(self) -> None:
        parent = self.process.pid
        seen = {one: resident(one) for one in (parent, *workers(parent))}
        if not seen[parent]:  # it has ended meanwhile
            return
        self.alive = {one for one, size in seen.items() if size}
        for one in self.alive:
            self.looks.setdefault(one, collections.deque(maxlen=WINDOW)).append(seen[one])
        self.peak = max(self.peak, resident(parent, "VmHWM"))
        self._count()

    def _count(self) -> None:
        if self.ledger.exists():
            with self.ledger.open("rb") as file:
                file.seek(self._read)
                new = file.read()
            self._read, self.count = self._read + len(new), self.count + new.count(b"\n")

    def _mark(self, rows: int) -> dict[str, Any]:
        for one in self.alive:
            self.held.setdefault(one, []).append(min(self.looks[one]))
        now = {one: round(self.held[one][-1], 1) for one in self.alive}
        return {
            "rows": rows,
            "seconds": round(time.perf_counter() - self.started),
            "parent MB": now.pop(self.process.pid),
            "workers MB": sorted(now.values()),
            "workers so far": len(self.looks) - 1,
        }

    def growth(self, parent: bool) -> float:
        """MB between the first and the last mark: of the parent, or the most of any worker."""
        mine = [held for one, held in self.held.items() if (one == self.process.pid) == parent]
        return round(max((held[-1] - held[0] for held in mine), default=0.0), 1)


def rows_of(ledger: Path) -> dict[str, Any]:
    """How many rows and files there are, and what they came to."""
    files, came, ended, count = set[str](), collections.Counter[str](), collections.Counter[str](), 0
    with ledger.open(encoding="utf-8") as lines:
        for line in lines:
            row, count = json.loads(line), count + 1
            files.add(row["file"])
            failure = row["scan"].get("failure")
            came[failure or "examined"] += 1
            if failure == "examination ended":
                ended[row["error"]] += 1
    return {
        "rows": count,
        "files with a row": len(files),
        "came to": dict(came.most_common()),
        "examinations that ended their process": dict(ended),
    }


def measure(work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Scan, watch, and say what came of it."""
    source, out = work / "files", work / "out"
    write_files(source, options.files, options.seed)
    command = [sys.executable, "-m", "tamperlens", "scan", str(source), "--out", str(out), *OPTIONS]
    running = subprocess.Popen([*command, "--workers", str(options.workers)], stdout=subprocess.DEVNULL)
    watch = Watch(running, out / "findings.jsonl", [n for n in MARKS if n < options.files] + [options.files])
    watch.follow()
    took, found = time.perf_counter() - watch.started, rows_of(out / "findings.jsonl")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "seed": options.seed,
        "command": " ".join(["tamperlens scan", *OPTIONS, "--workers", str(options.workers)]),
        "files": options.files,
        **found,
        "exit code of the parent": running.returncode,
        "files a second, results included": round(options.files / took, 1),
        "growth of the parent, MB": watch.growth(parent=True),
        "peak of the parent, results included, MB": round(watch.peak, 1),
        "largest growth of a worker, MB": watch.growth(parent=False),
        "marks": watch.table,
    }


def main() -> None:
    """Measure, print, and end with 1 when a file has no row, a process died or leaked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="folder for files and results; started again it goes on")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        report = measure(options.keep or Path(temporary), options)
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    grown = max(report["growth of the parent, MB"], report["largest growth of a worker, MB"])
    whole = report["rows"] == report["files with a row"] == options.files
    sys.exit(not (whole and report["exit code of the parent"] == 0 and grown <= 50))


if __name__ == "__main__":
    main()
