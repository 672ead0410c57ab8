"""Commands for one who has a photograph: examine, trace, models."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import (
    Precision,
    Provider,
    complain,
    complain_of_walls,
    compute,
    make_folder,
    memory_size,
    need,
    progress,
)
from tamperlens.errors import EvidenceError, TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from tamperlens.confined import Worker
    from tamperlens.report import IndexEntry


def examine(
    files: Annotated[list[str], typer.Argument(metavar="FILES...", help="Images, or clips, to examine.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for HTML reports, masks and findings.json.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a file on standard output.")
    ] = False,
    system: Annotated[
        list[str] | None,
        typer.Option(help="System to ask alone; may be repeated. Default: all that applies, fused."),
    ] = None,
    counter_test: Annotated[
        bool,
        typer.Option("--counter-test", help="Examine again saved once more, cropped and resized."),
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add what the MultiFusion network looks at; it has no say.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Aim at 1 % of false alarms instead of 5 %.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a PDF report in --out.")] = False,
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="Threads of the networks; 0 uses all cores.")
    ] = 0,
    time_budget: Annotated[
        float | None, typer.Option(min=0, help="Seconds for each image; the dearest analyses are left out.")
    ] = None,
    max_memory: Annotated[
        str | None, typer.Option(help="Memory to plan for, such as 2G; the hungriest are left out.")
    ] = None,
    provider: Provider = "cpu",
    precision: Precision = "full",
    frames: Annotated[
        int, typer.Option(min=1, max=10_000, help="Frames of a clip at most, evenly spread.")
    ] = 24,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also opinions, thresholds and limits.")
    ] = False,
) -> None:
    """Examine images: is each consistent with an original, inconsistent with one, or can neither be said?

    Exit code 0 when every file was examined, 2 when one could not be; the others are examined all the same.
    After an interrupt (Ctrl-C) what was finished is written and said, and the exit code is 1.
    """
    from tamperlens.confined import confinement_for, examining_worker

    _check_options(strict, system, pdf, out)
    memory = memory_size(max_memory) if max_memory else None
    if system and (time_budget is not None or memory):
        raise TamperlensError("--time-budget and --max-memory plan the fused examination; leave out --system")
    compute(provider, precision)
    if out:
        make_folder(out)
    max_pixels = round(max_mpx * 1e6)
    limits = confinement_for(max_pixels, threads)
    worker = examining_worker(limits, system, threads, strict, max_pixels, (time_budget, memory))
    try:
        if out or not as_json:
            import tamperlens.report  # noqa: F401 - half a second, while the worker starts
        asked = {"counter_test": counter_test, "explain": explain}
        complain_of_walls(worker)
        ask = _Asking(worker, out, {"examine": asked, "frames": frames}, pdf)
        rows, finished = _examine_files(files, ask, as_json)
    finally:
        worker.close()
    _finish(rows, ask.entries, out, as_json, verbose)
    if not finished:
        where = f"; their reports are in {out}" if out and rows else ""
        complain(f"interrupted: {len(rows)} of {len(files)} files were finished{where}")
        raise typer.Exit(1)
    if any("error" in row for row in rows):
        raise typer.Exit(2)


def _finish(
    rows: list[dict[str, Any]], entries: "list[IndexEntry]", out: Path | None, as_json: bool, verbose: bool
) -> None:
    """Write the index and all rows under `out`; print them unless JSON was."""
    if out:
        from tamperlens.report import write_index, write_whole

        index = write_index(entries, [(row["file"], row["error"]) for row in rows if "error" in row], out)
        write_whole(out / "findings.json", json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    if not as_json and rows:
        _print(rows, verbose)
        typer.echo(f"Report: {index}" if out else "For a report with maps: add --out DIR")


def _check_options(strict: bool, system: list[str] | None, pdf: bool, out: Path | None) -> None:
    if strict and system:
        raise TamperlensError("--strict is for the fused examination; systems have their own thresholds")
    if not pdf:
        return
    if not out:
        raise TamperlensError("a PDF report needs a folder: add --out DIR")
    need("typst", "examine --pdf", "pdf")


def _print(rows: list[dict[str, Any]], verbose: bool) -> None:
    """One file at length, several as a table."""
    from tamperlens.report import print_clip, print_finding, print_findings

    if len(rows) == 1 and "error" not in rows[0]:
        if rows[0].get("medium") == "video":
            print_clip(rows[0])
        else:
            print_finding(rows[0], verbose)
    else:
        print_findings(rows)


def _examine_files(files: list[str], ask: "_Asking", as_json: bool) -> tuple[list[dict[str, Any]], bool]:
    """Rows, each printed as it is done where JSON is wanted, and whether all files were finished."""
    rows: list[dict[str, Any]] = []
    try:
        with progress() as bar:
            for file in bar.track(files, description="examining"):
                rows.append(ask.about(file))
                if as_json:
                    sys.stdout.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                    sys.stdout.flush()
    except KeyboardInterrupt:
        return rows, False
    return rows, True


class _Asking:
    """Has a confined worker examine file by file, and puts mask and report of each under `out`."""

    def __init__(self, worker: "Worker", out: Path | None, asked: dict[str, Any], pdf: bool) -> None:
        self.worker, self.out, self.asked = worker, out, {**asked}
        self.frames = self.asked.pop("frames", 1)
        if out:
            self.asked["report"] = {"folder": str(out), "since": time.time_ns(), "pdf": pdf}
        self.entries: list[IndexEntry] = []

    def about(self, file: str) -> dict[str, Any]:
        """One file's JSON object; with a report also its entry for the index."""
        from tamperlens.confined import ask_about

        shown = file.encode("utf-8", "replace").decode()  # a path may hold bytes that are no text
        try:
            reply = ask_about(self.worker, file, {"file": shown, **self.asked}, self.frames, self.out)
        except EvidenceError as error:  # it cannot be read, or the worker did not survive it
            from tamperlens.report import error_to_json

            reply = {"row": error_to_json(shown, error)}
        if "refused" in reply:
            raise TamperlensError(reply["refused"])
        if "entry" in reply:
            from tamperlens.report import IndexEntry

            self.entries.append(IndexEntry(**reply["entry"]))
        row: dict[str, Any] = reply["row"]
        if "error" in row:
            complain(f"{shown}: {row['error']}")
        return row


def trace(
    name: Annotated[str, typer.Argument(help="Name of the trace; a wrong one lists them all.")],
    file: Annotated[str, typer.Argument(help="Image to measure.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="PNG to write; default NAME.png.")] = None,
) -> None:
    """Write one forensic trace as an 8-bit gray PNG of the image's own size."""
    from tamperlens.confined import trace_file, tracing_worker
    from tamperlens.traces import MEASURED, TRACES

    if name not in {**TRACES, **MEASURED}:
        raise UnknownNameError("trace", name, [*TRACES, *MEASURED])
    target = out or Path(f"{name}.png")
    worker = tracing_worker()
    try:
        complain_of_walls(worker)
        shows = trace_file(worker, name, Path(file), target)
    finally:
        worker.close()
    found = TRACES.get(name) or MEASURED[name]
    typer.echo(f"{found.title}: {target}")
    typer.echo("".join(f"  {line}\n" for line in (shows, found.measures, found.reading) if line), nl=False)


_UNTRAINED = {
    "ConvNeXt-Tiny (S4 as printed)": "six images a second on two cores, and no pretrained ConvNeXt can be "
    "had by package name; dual-convnext is the same with ConvNeXt-atto; recipes/dual-convnext-tiny.toml "
    "trains it",
    "EfficientNet-B7 encoder (S2's segmentation as printed)": "under two samples a second on two cores; the "
    "U-Net with EfficientNet-B0 takes its place; recipes/dual-module-segmentation.toml trains it",
    "MultiFusion with its paper's settings (S3)": "50 epochs through a DnCNN that is tuned along ask for a "
    "graphics processor; multi-fusion is the same network with a shorter training; "
    "recipes/multi-fusion-paper.toml trains it",
}


def _described(system: str) -> str:
    from tamperlens.examine import SYSTEMS

    about = SYSTEMS.get(system)
    return f"{about.title}: {about.answers}" if about else system


def models() -> None:
    """List the systems with their weight, training data and validated figures."""
    from tamperlens.examine import SYSTEMS, load_weight
    from tamperlens.examine.networks import PRECISIONS, variants, weight_names

    order = list(SYSTEMS)
    for name in sorted(weight_names(), key=lambda name: order.index(name) if name in order else len(order)):
        weight = load_weight(name)
        images, figures = weight.training["images"], weight.training["validation"]
        source = weight.training["recipe"].get("dataset", "forgeries made on demand")
        typer.echo(f"{name}   {_described(weight.system)}")
        typer.echo(f"  file           {len(weight.model) / 1e6:.2f} MB, SHA-256 {weight.sha256[:16]}…")
        for precision in (one for of, one in variants() if of == name):
            small = load_weight(name, precision=precision)
            typer.echo(
                f"  --precision    {precision}: {PRECISIONS[precision].described}; "
                f"{len(small.model) / 1e6:.2f} MB, SHA-256 {small.sha256[:16]}…"
            )
        typer.echo(f"  trained on     {images['train']} images of {source}")
        typer.echo(f"  applies to     {weight.domain.described}")
        shown = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in figures.items())
        typer.echo(f"  validation     {images['validation']} images: {shown}")
        typer.echo(f"  card           cards/{name}.md: test figures, baselines, known failures")
    for name, reason in _UNTRAINED.items():
        typer.echo(f"{name}\n  not trained    {reason}")
