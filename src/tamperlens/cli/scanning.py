"""The command for people who have very many photographs: scan."""

import re
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import (
    Precision,
    Provider,
    complain,
    complain_of_missing,
    compute,
    make_folder,
)
from tamperlens.errors import TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from rich.progress import Progress

    from tamperlens.batch import Orders, Source, Summary

_LEAST_MEMORY = 1 << 30
_LOG_SECONDS = 60.0


def scan(
    source: Annotated[
        str,
        typer.Argument(help="A folder, a pattern ('photos/**/*.jpg', quoted), a zip or tar, or a URL."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results; run again with it to resume.")],
    system: Annotated[
        list[str] | None,
        typer.Option(help="Single system to use; may be repeated. Default: all that apply, fused."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Aim at 1 % false alarms instead of 5 %.")] = False,
    engine: Annotated[
        str, typer.Option(help="local: processes on this machine; ray: the cluster that RAY_ADDRESS names.")
    ] = "local",
    workers: Annotated[
        int, typer.Option(min=0, max=100_000, help="Processes that examine; 0 for one per core.")
    ] = 0,
    threads: Annotated[int, typer.Option(min=1, max=1024, help="Threads per process.")] = 1,
    max_memory: Annotated[
        str, typer.Option(help="Most memory per process, such as 4G; default: what --max-mpx may need.")
    ] = "",
    time_limit: Annotated[float, typer.Option(min=1, help="Most seconds for one file.")] = 900.0,
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    reports: Annotated[
        int,
        typer.Option(min=0, max=1000, help="Number of the most suspicious files that get an HTML report."),
    ] = 0,
    retry: Annotated[bool, typer.Option("--retry", help="Examine again what failed before.")] = False,
    provider: Provider = "cpu",
    precision: Precision = "full",
) -> None:
    """Examine every file of a folder, archive or object store; if stopped, run it again to resume.

    Exit code 0 when every file has a row, which may say why it was not examined; 2 when the scan could not
    run; 1 when it was interrupted.
    """
    from tamperlens.batch import ENGINES, open_source, run_scan
    from tamperlens.examine import DETECTORS

    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    for name in system or ():
        if name not in DETECTORS:
            raise UnknownNameError("system", name, DETECTORS)
    if strict and system:
        raise TamperlensError("--strict is for the fused examination; systems have their own thresholds")
    make_folder(out)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped service tidies up
    computing = compute(provider, precision)
    orders = replace(_orders(system, strict, threads, max_memory, time_limit, max_mpx), computing=computing)
    found = open_source(source, outside=out)
    running = ENGINES[engine](orders, workers or None)
    try:
        _ = running.versions  # ready
        complain_of_missing(running.missing)
        with _Bar(found, orders) as bar:
            summary = run_scan(found, running, orders, out, reports=reports, retry=retry, tell=bar.tell)
    except KeyboardInterrupt:
        complain(f"interrupted; run the same command again to resume ({out})")
        raise typer.Exit(1) from None
    finally:
        running.close()
    _conclude(summary, out)


def _orders(
    system: list[str] | None, strict: bool, threads: int, max_memory: str, time_limit: float, max_mpx: float
) -> "Orders":
    from tamperlens.batch import Orders
    from tamperlens.confined import Confinement
    from tamperlens.evidence import Limits
    from tamperlens.workers import memory_for

    limits = Limits(max_pixels=round(max_mpx * 1e6))
    memory = _bytes(max_memory) if max_memory else memory_for(limits.max_pixels)
    confinement = Confinement(memory, time_limit, threads)
    return Orders(tuple(system) if system else None, strict, threads, confinement, limits)


def _bytes(text: str) -> int:
    """Read a size such as 4G, 1.5G or 800M."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG])i?B?", text, re.IGNORECASE)
    if found is None:
        raise TamperlensError(f"--max-memory '{text}' is not a size; write it as 4G or 800M")
    size = int(float(found[1]) * (1 << (30 if found[2] in "Gg" else 20)))
    if size < _LEAST_MEMORY:
        raise TamperlensError(f"--max-memory {text} is too little; a process needs 512M to start")
    return size


class _Bar:
    """Progress with rate and remaining time; the total is counted while the work goes on."""

    def __init__(self, source: "Source", orders: "Orders") -> None:
        self.source, self.orders = source, orders
        self.done = self.failed = 0
        self._counting = threading.Event()
        self._started = time.monotonic()
        self._due = self._started + _LOG_SECONDS

    def __enter__(self) -> "_Bar":
        self.progress = _progress_with_rate()
        self.progress.start()
        self.task = self.progress.add_task("scanning", total=None, rate="", failed="")
        if not self.progress.disable:
            threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._counting.set()
        self.progress.stop()

    def tell(self, row: dict[str, Any] | None) -> None:
        """Count a row, or a file that had one already."""
        if row is None:
            self.progress.advance(self.task)
            return
        self._log()
        self.done += 1
        self.failed += "error" in row
        elapsed = self.progress.tasks[0].elapsed or 1e-9
        failed = f"{self.failed} not examined" if self.failed else ""
        self.progress.update(self.task, advance=1, rate=f"{self.done / elapsed:.1f}/s", failed=failed)

    def _log(self) -> None:
        """Without a terminal, print one line per minute."""
        now = time.monotonic()
        if self.progress.disable and now >= self._due:
            self._due = now + _LOG_SECONDS
            rate = self.done / (now - self._started)
            complain(f"{self.done:,} done now, {self.failed:,} of them not examined, {rate:.1f} a second")

    def _count(self) -> None:
        from tamperlens.batch import items

        total = 0
        for _ in items(self.source, self.orders.limits.max_bytes):
            total += 1
            if self._counting.is_set():
                return
        self.progress.update(self.task, total=total)


def _progress_with_rate() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _conclude(summary: "Summary", out: Path) -> None:
    """Print the summary."""
    from tamperlens.batch import table_name

    rate = f", {summary.examined_now / summary.seconds:.1f} a second" if summary.examined_now else ""
    typer.echo(
        f"{summary.files:,} files; {summary.examined_now:,} of them now, in {summary.seconds:,.0f} s{rate}"
    )
    for name in ("inconsistent", "inconclusive", "consistent", "not examined"):
        typer.echo(f"  {name:14}{summary.outcomes[name]:>10,}")
    for name, count in summary.failures.most_common():
        typer.echo(f"    {name:12}{count:>10,}")
    if summary.repeated:
        typer.echo(f"  {summary.repeated:,} have the same bytes as another and were not examined again")
    typer.echo(f"Most suspicious first: {out / 'index.html'}")
    typer.echo(f"All: {out / table_name()}; in full: {out / 'findings.jsonl'}")
