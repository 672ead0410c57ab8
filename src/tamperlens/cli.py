"""The command line: five verbs over the rooms. Heavy imports wait inside the commands."""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens import __version__
from tamperlens.errors import MissingExtraError, TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from rich.progress import Progress

    from tamperlens.evidence import Limits
    from tamperlens.examine import Examiner
    from tamperlens.report import IndexEntry

app = typer.Typer(
    name="tamperlens",
    help="Shows where, how and how surely an image was altered, and lets a person check why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; a deliberate error becomes one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale, a name or a "×" can be written
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        sys.stdout = io.StringIO()  # closed by the caller, who wants the files under --out alone
    try:
        app()
    except TamperlensError as error:
        _complain(str(error))
        sys.exit(2)
    except OSError as error:  # a full disk, a file that may not be written
        _complain(f"{error.filename or 'standard output'} cannot be used: {error.strerror or error}")
        sys.exit(2)


def _complain(sentence: str) -> None:
    """One line on standard error, without anything a terminal would obey."""
    from tamperlens.evidence.metadata import printable

    sys.stderr.write(f"tamperlens: {printable(sentence, 2000)}\n")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tamperlens {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def examine(
    files: Annotated[list[str], typer.Argument(metavar="FILES...", help="Images to examine.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for HTML reports, masks and findings.json.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a file on standard output.")
    ] = False,
    system: Annotated[
        list[str] | None, typer.Option(help="System to ask; may be repeated. Default: all.")
    ] = None,
    max_mpx: Annotated[
        float, typer.Option(min=0.001, max=100_000, help="Refuse images that declare more megapixels.")
    ] = 100.0,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="Threads of the networks; 0 uses all cores.")
    ] = 0,
) -> None:
    """Examine images: is each consistent with an original, inconsistent with one, or can neither be said?

    Exit code 0 when every file was examined, 2 when one could not be; the others are examined all the same.
    """
    from tamperlens.evidence import Limits
    from tamperlens.examine import Examiner
    from tamperlens.report import print_findings, write_index

    examiner = Examiner(system, threads)
    if out:
        _make_folder(out)
    limits = Limits(max_pixels=round(max_mpx * 1e6))
    rows: list[dict[str, Any]] = []
    entries: dict[str, IndexEntry] = {}
    with _progress() as progress:
        for file in progress.track(files, description="examining"):
            rows.append(_examine_file(file, examiner, limits, out, entries))
            if as_json:
                sys.stdout.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                sys.stdout.flush()
    failed = [(row["file"], row["error"]) for row in rows if "error" in row]
    if out:
        index = write_index(list(entries.values()), failed, out)
        (out / "findings.json").write_text(
            json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    if not as_json:
        print_findings(rows)
        typer.echo(f"Report: {index}" if out else "For a report with maps: add --out DIR")
    if failed:
        raise typer.Exit(2)


def _examine_file(
    file: str, examiner: "Examiner", limits: "Limits", out: Path | None, entries: "dict[str, IndexEntry]"
) -> dict[str, Any]:
    """One file's JSON object; with `out` also its mask, its report and its entry for the index."""
    from tamperlens.errors import EvidenceError
    from tamperlens.evidence import load_evidence
    from tamperlens.report import error_to_json, file_stem, finding_to_json, write_mask, write_report

    shown = file.encode("utf-8", "replace").decode()  # a path may hold bytes that are no text
    try:
        finding = examiner.examine(load_evidence(Path(file), limits))
    except EvidenceError as error:
        _complain(f"{shown}: {error}")
        return error_to_json(shown, error)
    if not out:
        return finding_to_json(finding, shown)
    stem = file_stem(finding.evidence)
    if stem in entries:  # the same bytes under another path, or another name that reads alike
        stem = f"{stem}-{len(entries)}"
    mask = write_mask(finding, out, stem)
    entries[stem] = write_report(finding, out, stem, shown)
    return finding_to_json(finding, shown, mask)


@app.command()
def trace(
    name: Annotated[str, typer.Argument(help="Name of the trace; a wrong one lists them all.")],
    file: Annotated[str, typer.Argument(help="Image to measure.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="PNG to write; default NAME.png.")] = None,
) -> None:
    """Write one forensic trace as an 8-bit gray PNG of the image's own size."""
    from tamperlens.evidence import load_evidence
    from tamperlens.report import save_map
    from tamperlens.traces import TRACES
    from tamperlens.traces.strips import in_strips

    if name not in TRACES:
        raise UnknownNameError("trace", name, TRACES)
    target = out or Path(f"{name}.png")
    values = in_strips(TRACES[name].compute, load_evidence(Path(file)).pixels)
    try:
        save_map(values, target)
    except OSError as error:
        raise TamperlensError(f"{target} cannot be written: {error}") from error
    typer.echo(f"{TRACES[name].title}: {target}")
    typer.echo(f"  {TRACES[name].measures}\n  {TRACES[name].reading}")


@app.command()
def models() -> None:
    """List the systems with their weight, training data and validated figures."""
    from tamperlens.examine import DETECTORS, load_weight

    for system in DETECTORS:
        weight = load_weight(system)
        images, figures = weight.training["images"], weight.training["validation"]
        typer.echo(f"{system}   {len(weight.model) / 1e6:.2f} MB, SHA-256 {weight.sha256[:16]}…")
        typer.echo(f"  trained on     {images['train']} images of {weight.training['recipe']['dataset']}")
        typer.echo(f"  applies to     {weight.domain.described}")
        typer.echo(
            f"  on {images['validation']} validation images: accuracy {figures['accuracy']:.3f}, "
            f"AUC {figures['auc']:.3f}"
        )
        typer.echo(f"  card           cards/{system}.md: test figures, baselines, known failures")


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(help="Recipe, a TOML file.")],
    data: Annotated[Path, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of datasets.")],
    runs: Annotated[Path, typer.Option(help="Folder for runs; a run in it is continued.")] = Path("runs"),
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Train a weight by its recipe; killed and started again, it goes on where it was."""
    _need("torch", "tamperlens train")
    from tamperlens.data import find_samples, split_by_source
    from tamperlens.training import load_recipe, train_recipe

    settings = load_recipe(recipe)
    samples = find_samples(settings.dataset, data)
    split = split_by_source(samples, settings.seed)
    with _progress() as progress:
        folder = train_recipe(
            settings,
            samples,
            split,
            runs / settings.name,
            runs / "cache",
            device,
            _training_progress(progress, settings.loop.epochs),
        )
    typer.echo(f"Weight: {folder / settings.name}.onnx")


@app.command()
def evaluate(
    system: Annotated[str, typer.Argument(help="System to evaluate.")],
    dataset: Annotated[str, typer.Argument(help="Dataset to evaluate on.")],
    data: Annotated[Path, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of datasets.")],
    protocol: Annotated[str, typer.Option(help="paper or leak-free.")] = "leak-free",
    json_file: Annotated[Path | None, typer.Option("--json", help="File for the figures.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="Recipe to train; default recipes/SYSTEM.toml.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Independent runs, seeds 0, 1, 2, …")] = 5,
    runs: Annotated[Path, typer.Option(help="Folder for runs; finished ones are used again.")] = Path("runs"),
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Train and test a system under a protocol, with baselines that never look beside it."""
    _need("torch", "tamperlens evaluate")
    from tamperlens.data import find_samples
    from tamperlens.evaluation import PROTOCOLS, evaluate_protocol, markdown_table
    from tamperlens.models import MODELS
    from tamperlens.training import load_recipe, protocol_trainer

    for what, name, known in (("system", system, MODELS), ("protocol", protocol, PROTOCOLS)):
        if name not in known:
            raise UnknownNameError(what, name, list(known))
    settings = load_recipe(recipe or Path("recipes") / f"{system}.toml")
    if (settings.system, settings.dataset) != (system, dataset):
        raise TamperlensError(
            f"the recipe is for {settings.system} on {settings.dataset}, not for {system} on {dataset}"
        )
    if json_file:
        _make_folder(json_file.parent)
    samples = find_samples(dataset, data)
    with _progress() as progress:
        trainer = protocol_trainer(
            settings, PROTOCOLS[protocol], samples, runs, device,
            _training_progress(progress, settings.loop.epochs),
        )  # fmt: skip
        scoring = progress.add_task("scoring", total=None)
        result = evaluate_protocol(
            settings.name, dataset, PROTOCOLS[protocol], samples, range(seeds), trainer,
            lambda done, total: progress.update(scoring, advance=done, total=total * seeds),
        )  # fmt: skip
    if json_file:
        json_file.write_text(json.dumps(result.to_json(), indent=2) + "\n", encoding="utf-8")
    typer.echo(markdown_table([result], {}))


def _need(package: str, command: str) -> None:
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingExtraError(package, command)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # better now than after the work
    except OSError as error:
        raise TamperlensError(f"the folder {folder} cannot be made or written: {error.strerror}") from error


def _progress() -> "Progress":
    """Progress on standard error, silent when that is no terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _training_progress(progress: "Progress", epochs: int) -> Any:  # noqa: ANN401 - of the train extra
    from tamperlens.training.run import Progress as TrainingProgress

    extracting = progress.add_task("extracting features", total=None)
    training = progress.add_task("training", total=epochs)

    def epoch(figures: dict[str, float]) -> None:
        text = f"loss {figures['validation_loss']:.3f}, accuracy {figures['validation_accuracy']:.3f}"
        progress.update(training, completed=figures["epoch"] + 1, description=f"training ({text})")

    show: Callable[[int, int], None] = lambda done, total: progress.update(  # noqa: E731
        extracting, advance=done, total=total
    )
    return TrainingProgress(show, epoch)
