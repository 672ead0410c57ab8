"""The command line: verbs over the rooms. Heavy imports happen inside the commands.

Public names: `app`, `main`.
"""

import io
import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from tamperlens import __version__
from tamperlens.cli.benchmarking import benchmark
from tamperlens.cli.comparing import compare
from tamperlens.cli.custody import bundle, keygen, self_test, verify
from tamperlens.cli.datasets import data
from tamperlens.cli.evaluating import evaluate
from tamperlens.cli.examining import examine, models, trace
from tamperlens.cli.fusing import fuse
from tamperlens.cli.opening import open_photo
from tamperlens.cli.sampling import samples
from tamperlens.cli.scanning import scan
from tamperlens.cli.serving import backup, case, ledger, serve
from tamperlens.cli.settings_file import read_settings
from tamperlens.cli.shared import complain
from tamperlens.cli.synthesis import pictures, synth
from tamperlens.cli.training import train
from tamperlens.cli.wrapping import wrap
from tamperlens.errors import TamperlensError

__all__ = ["app", "main"]

app = typer.Typer(
    name="tamperlens",
    help="Shows where, how and how surely an image was altered, and lets a person check why.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; a deliberate error becomes one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names and "×" must print in any locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if sys.stdout is None:
        sys.stdout = io.StringIO()  # closed by the caller, who wants only the files under --out
    try:
        app()
    except TamperlensError as error:
        complain(str(error))
        sys.exit(2)
    except OSError as error:  # a full disk, a file that may not be written
        complain(f"{error.filename or 'standard output'} cannot be used: {error.strerror or error}")
        sys.exit(2)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tamperlens {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    if isinstance(context.command, TyperGroup):
        context.default_map = read_settings(context.command)


for _command in (
    examine,
    scan,
    trace,
    models,
    train,
    fuse,
    evaluate,
    compare,
    wrap,
    samples,
    benchmark,
    synth,
    pictures,
    serve,
    bundle,
    verify,
    keygen,
    self_test,
):
    app.command()(_command)
app.command("open")(open_photo)
app.add_typer(data)
app.add_typer(ledger)
app.add_typer(case)
app.add_typer(backup)
