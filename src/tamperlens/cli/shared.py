"""What the commands share: complaints, folders, a progress bar, the check for an extra."""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.errors import MissingExtraError, TamperlensError
from tamperlens.text import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.progress import Progress

    from tamperlens.confined import Worker

# Where and in which precision networks run; the processes that load them inherit both.
PROVIDER, PRECISION = "TAMPERLENS_PROVIDER", "TAMPERLENS_PRECISION"

Provider = Annotated[
    str,
    typer.Option(envvar=PROVIDER, help="Where networks run: cpu, openvino, cuda, tensorrt, coreml, auto."),
]
Precision = Annotated[
    str,
    typer.Option(envvar=PRECISION, help="Precision of the default localizer: full, int8, bf16 (OpenVINO)."),
]


def compute(provider: str, precision: str) -> dict[str, str]:
    """Set both for this process and those it starts; returns the variables to set for any other."""
    told = {PROVIDER: provider, PRECISION: precision}
    os.environ.update(told)
    return told


def complain(sentence: str) -> None:
    """Print one line on standard error, without anything a terminal would obey."""
    sys.stderr.write(f"tamperlens: {escaped(sentence, 2000)}\n")


def complain_of_walls(worker: "Worker") -> None:
    """Say which walls a worker lacks; waits until it is ready."""
    _ = worker.about
    complain_of_missing(worker.missing)


def complain_of_missing(missing: "Mapping[str, str]") -> None:
    """Say which walls the examining processes lack."""
    if missing:
        said = "; ".join(f"{name} ({why})" for name, why in missing.items())
        complain(f"not confined here: {said}. Examine only files you trust")


def memory_size(text: str) -> int:
    """Bytes of a size such as "2G", "512M" or "800000000".

    >>> memory_size("1.5G")
    1610612736
    """
    units = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)(?:I?B)?", text.strip().upper())
    if found is None or float(found[1]) == 0:
        raise TamperlensError(f"'{text}' is not a memory size; write a number and a unit, such as 2G or 512M")
    return int(float(found[1]) * units[found[2]])


def need(package: str, command: str, extra: str = "train") -> None:
    """Raise MissingExtraError unless the package is installed."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise MissingExtraError(package, command, extra)


def make_folder(folder: Path) -> None:
    """Make a folder and check that it can be written; raises TamperlensError if not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # better now than after the work
    except OSError as error:
        raise TamperlensError(
            f"the folder {folder} cannot be created or written: {error.strerror}"
        ) from error


def progress() -> "Progress":
    """Progress on standard error; silent if that is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)
