"""Commands for people who have a photograph: examine, trace, models."""

import json
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from tamperlens.cli.asking import Asking
from tamperlens.cli.inputs import MOST_BYTES, Input, Inputs
from tamperlens.cli.results import Results
from tamperlens.cli.shared import (
    Precision,
    Provider,
    complain,
    complain_of_walls,
    compute,
    make_folder,
    memory_size,
    need,
)
from tamperlens.cli.showing import Showing
from tamperlens.errors import TamperlensError, UnknownNameError


def examine(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|GLOB|-|URL...",
            help="Images or clips; folders are searched, '-' is standard input, a URL needs --fetch.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for reports, table and findings."),
    ] = None,
    view: Annotated[bool, typer.Option("--open", help="Open the report in the browser when done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per file.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a CSV table of all files.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also print opinions, thresholds and limits.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only failures.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with code 3 if signs of alteration were found.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Examine again and replace what is already in --out.")
    ] = False,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch URLs from the network.")] = False,
    system: Annotated[
        list[str] | None,
        typer.Option(
            help="Single system to use, or another detector by name or TOML file; may be repeated. "
            "Default: all that apply, fused."
        ),
    ] = None,
    counter_test: Annotated[
        bool,
        typer.Option("--counter-test", help="Examine again after re-saving, cropping and resizing."),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Add maps of what the MultiFusion network looks at; they do not affect the finding.",
        ),
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Aim at 1 % false alarms instead of 5 %.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also write a PDF report to --out.")] = False,
    paper: Annotated[str, typer.Option(help="Paper of the PDF: a4 or letter.")] = "a4",
    annex: Annotated[
        bool, typer.Option("--annex", help="Include every trace and statement in the PDF.")
    ] = False,
    case: Annotated[str, typer.Option(help="Case, for the PDF's title block.")] = "",
    exhibit: Annotated[str, typer.Option(help="Exhibit; for the title block.")] = "",
    request: Annotated[str, typer.Option(help="Who asked, and what; for the title block.")] = "",
    examiner: Annotated[str, typer.Option(help="Name of the examiner; for the title block.")] = "",
    organisation: Annotated[str, typer.Option(help="The examiner's organisation; for the title block.")] = "",
    date: Annotated[
        str, typer.Option(help="Date and time zone, as they should be printed; for the title block.")
    ] = "",
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="Threads of the networks; 0 uses all cores.")
    ] = 0,
    time_budget: Annotated[
        float | None, typer.Option(min=0, help="Seconds for each image; the costliest analyses are left out.")
    ] = None,
    max_memory: Annotated[
        str | None,
        typer.Option(help="Memory to plan for, such as 2G; the analyses that need most are left out."),
    ] = None,
    provider: Provider = "cpu",
    precision: Precision = "full",
    frames: Annotated[
        int, typer.Option(min=1, max=10_000, help="Most frames to examine in a clip, evenly spread.")
    ] = 24,
) -> None:
    """Examine images: was each altered, where, how, and how sure is that?

    Exit code 0 when every file was examined; 2 when one could not be (the others are examined anyway); 1
    after an interrupt (Ctrl-C), when finished results are still written and printed; with --exit-code, 3 when
    signs of alteration were found and nothing failed.
    """
    from tamperlens.workers import confinement_for, examining_worker

    title = {
        "case": case, "exhibit": exhibit, "request": request, "examiner": examiner,
        "organisation": organisation, "date": date,
    }  # fmt: skip
    printed = {"title": title, "size": paper, "annex": annex} if pdf else None
    out = out or (Path(tempfile.mkdtemp(prefix="tamperlens-")) if view else None)
    _check_options(strict, system, printed, out)
    # The worker runs in a different folder.
    system = [str(Path(one).resolve()) if one.endswith(".toml") else one for one in system or ()] or None
    memory = memory_size(max_memory) if max_memory else None
    if system and (time_budget is not None or memory):
        raise TamperlensError(
            "--time-budget and --max-memory apply to the fused examination only; leave out --system"
        )
    compute(provider, precision)
    if out:
        make_folder(out)
    max_pixels = round(max_mpx * 1e6)
    with Showing(quiet or as_json or as_csv) as showing, tempfile.TemporaryDirectory() as scratch:
        limits = confinement_for(max_pixels, threads)
        worker = examining_worker(limits, system, threads, strict, max_pixels, (time_budget, memory))
        try:
            # While the worker starts, import what is needed later: both take about as long.
            if out or not (as_json or quiet):
                import tamperlens.report
            import tamperlens.video  # noqa: F401

            inputs = Inputs(Path(scratch), out, fetch, MOST_BYTES).all(files)
            asked = {"counter_test": counter_test, "explain": explain}
            complain_of_walls(worker)
            by: dict[str, Any] = {
                "system": system,
                "strict": strict,
                "frames": frames,
                "memory": memory,
                "time": time_budget,
            }
            by |= {**asked, "pdf": printed, "versions": worker.about["versions"]}
            results = Results(out, by, force) if out else None
            ask = Asking(worker, results, {"examine": asked, "frames": frames}, printed)
            rows, finished = _examine_files(inputs, ask, as_json, showing)
        finally:
            worker.close()
    index = results.save() if results else None
    if as_csv:
        _print_csv(rows, results)
    elif rows and not (as_json or quiet):
        _print(rows, verbose, showing.shown)
        typer.echo(f"Report: {index}" if index else "For a report with maps, add --out DIR or --open")
    if index and view:
        webbrowser.open((_only_report(rows, results) or index).resolve().as_uri())
    _leave(rows, len(inputs), finished, out, exit_code)


def _leave(
    rows: list[dict[str, Any]], wanted: int, finished: bool, out: Path | None, exit_code: bool
) -> None:
    """Exit with the code for what happened."""
    if not finished:
        where = f"; their reports are in {out}" if out and rows else ""
        complain(f"interrupted: {len(rows)} of {wanted} files were finished{where}")
        raise typer.Exit(1)
    if any("error" in row for row in rows):
        raise typer.Exit(2)
    if exit_code and any(row["outcome"] == "inconsistent" for row in rows):
        raise typer.Exit(3)


def _only_report(rows: list[dict[str, Any]], results: "Results | None") -> Path | None:
    """The report itself, if only one file was examined."""
    shown = results.shown.get(rows[0]["file"]) if results and len(rows) == 1 else None
    return results.folder / shown["report"] if results and shown else None


def _check_options(
    strict: bool, system: list[str] | None, printed: dict[str, Any] | None, out: Path | None
) -> None:
    if strict and system:
        raise TamperlensError("--strict is for the fused examination; systems have their own thresholds")
    if printed is None:
        return
    if not out:
        raise TamperlensError("a PDF report needs a folder: add --out DIR")
    need("typst", "examine --pdf", "pdf")
    if printed["size"] not in {"a4", "letter"}:
        raise UnknownNameError("paper", printed["size"], ["a4", "letter"])


def _print(rows: list[dict[str, Any]], verbose: bool, shown: bool) -> None:
    """Print one file in full, or several as a table unless each was shown when it was finished."""
    from tamperlens.report import print_clip, print_finding, print_findings

    if len(rows) > 1 or "error" in rows[0]:
        if not shown:
            print_findings(rows)
    elif rows[0].get("medium") == "video":
        print_clip(rows[0])
    else:
        print_finding(rows[0], verbose)


def _print_csv(rows: list[dict[str, Any]], results: "Results | None") -> None:
    from tamperlens.report import folder_rows, to_csv

    sys.stdout.write(to_csv(folder_rows(rows, results.shown if results else {})))
    sys.stdout.flush()


def _examine_files(
    inputs: list[Input], ask: Asking, as_json: bool, showing: Showing
) -> tuple[list[dict[str, Any]], bool]:
    """Rows, and whether all files were finished; with `as_json`, each row is printed when it is ready."""
    rows: list[dict[str, Any]] = []
    showing.begin(len(inputs))
    try:
        for one in inputs:
            showing.next(one.shown)
            rows.append(ask.about(one))
            showing.done(rows[-1])
            if as_json:
                sys.stdout.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                sys.stdout.flush()
    except KeyboardInterrupt:
        return rows, False
    return rows, True


def trace(
    name: Annotated[str, typer.Argument(help="Name of the trace; a wrong name lists them all.")],
    file: Annotated[str, typer.Argument(help="Image to measure.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="PNG to write, '-' for standard output; default: NAME.png."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write one forensic trace as an 8-bit gray PNG of the same size as the image."""
    from tamperlens.traces import TRACES
    from tamperlens.workers import trace_file, tracing_worker

    if name not in TRACES:
        raise UnknownNameError("trace", name, TRACES)
    target = out or Path(f"{name}.png")
    piped = str(target) == "-"
    if not piped and target.is_file() and not force:
        raise TamperlensError(f"{target} exists already; choose another name, or replace it with --force")
    worker = tracing_worker()
    try:
        complain_of_walls(worker)
        with tempfile.TemporaryDirectory() as scratch:
            written = Path(scratch, "trace.png") if piped else target
            shows = trace_file(worker, name, Path(file), written)
            if piped:
                sys.stdout.buffer.write(written.read_bytes())
                return
    finally:
        worker.close()
    found = TRACES[name]
    typer.echo(f"{found.title}: {target}")
    typer.echo("".join(f"  {line}\n" for line in (shows, found.measures, found.reading) if line), nl=False)


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
    for printed in (one.as_printed for one in SYSTEMS.values() if one.as_printed):
        typer.echo(
            f"{printed.title}\n  not trained    {printed.reason}. The recipe {printed.recipe} trains it"
        )
