"""The command for people who want to look: open."""

import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from tamperlens.cli.asking import Asking
from tamperlens.cli.inputs import MOST_BYTES, Input, Inputs
from tamperlens.cli.results import Results
from tamperlens.cli.shared import complain_of_walls
from tamperlens.cli.window import Window
from tamperlens.errors import TamperlensError
from tamperlens.text import escaped

_MOST_PIXELS = 100_000_000


def open_photo(
    files: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER...", help="What to look at.")],
    strict: Annotated[bool, typer.Option("--strict", help="Aim at 1 % false alarms instead of 5 %.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the browser; otherwise only print the address.")] = True,
) -> None:
    """Look at a photograph, or a folder: answer, maps, loupe, in a browser window.

    No account, no extra, and nothing leaves this machine. When the window is closed, or with Ctrl-C, the
    command ends and everything it made is removed.
    """
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as name:
        folder, scratch = Path(name, "reports"), Path(name, "scratch")
        folder.mkdir()
        scratch.mkdir()
        with Window(folder) as window:
            typer.echo(f"{window.address}  (until the window is closed, or Ctrl-C)")
            if browser:
                webbrowser.open(window.address)
            inputs = Inputs(scratch, None, may_fetch=False, max_bytes=MOST_BYTES).all(files)
            try:
                window.show(_examined(inputs, folder, window, strict))
                window.wait()
            except KeyboardInterrupt:
                return


def _examined(inputs: list[Input], folder: Path, window: Window, strict: bool) -> str:
    """Examine all files; returns the file to show: the report of one, or the table of several."""
    from tamperlens.workers import confinement_for, examining_worker

    worker = examining_worker(confinement_for(_MOST_PIXELS), None, 0, strict, _MOST_PIXELS, (None, None))
    try:
        complain_of_walls(worker)
        results = Results(folder, {}, force=False)
        asking = Asking(worker, results, {"examine": {}, "frames": 24}, None)
        rows: list[dict[str, Any]] = []
        for number, one in enumerate(inputs, start=1):
            window.tell(f"Examining {number} of {len(inputs)}: {escaped(Path(one.shown).name, 80)}")
            rows.append(asking.about(one))
    finally:
        worker.close()
    if len(rows) == 1:
        if "error" in rows[0]:
            raise TamperlensError(f"{rows[0]['file']}: {rows[0]['error']}")
        results.save()
        return results.shown[rows[0]["file"]]["report"]
    return results.save().name
