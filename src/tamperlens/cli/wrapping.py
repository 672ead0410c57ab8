"""The command that turns any ONNX file into a detector."""

from pathlib import Path
from typing import Annotated

import typer

from tamperlens.errors import DetectorError, TamperlensError


def wrap(
    network: Annotated[Path, typer.Argument(help="ONNX file with one input for an image.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="TOML file to write; default: next to the network.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Describe an ONNX file in a few lines of TOML, which evaluate, compare and examine --system take."""
    from tamperlens.examine.external import wrap_onnx

    target = out or network.with_suffix(".toml")
    if target.parent.resolve() != network.parent.resolve():
        raise DetectorError(f"{target} must be in the same folder as {network.name}, which it refers to")
    if target.exists() and not force:
        raise TamperlensError(f"{target} exists already; choose another name, or replace it with --force")
    settings, text = wrap_onnx(network)
    target.write_text(text, encoding="utf-8")
    says = " and ".join(
        f"{what} ({name})" for what, name in (("where", settings.map), ("whether", settings.score)) if name
    )
    typer.echo(
        f"{target}: {settings.name} says {says}, activation {settings.activation}. Check mean, deviation and "
        f"channels in it, then: tamperlens evaluate {target} DATASET"
    )
