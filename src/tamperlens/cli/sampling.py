"""The command that writes sample files: settings, a detector's description, a dataset, the recipes."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from tamperlens.cli.shared import make_folder
from tamperlens.errors import TamperlensError


def samples(
    out: Annotated[Path, typer.Argument(help="Folder to write them to.")],
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
) -> None:
    """Write sample files to start from: settings, a detector's TOML, a dataset's CSV, and every recipe."""
    from tamperlens.catalogue import shipped_recipes

    shipped = files("tamperlens.cli").joinpath("samples").iterdir()
    given = {one.name: one.read_text("utf-8") for one in shipped}
    given |= {f"recipes/{path.name}": path.read_text("utf-8") for path in shipped_recipes().values()}
    there = sorted(name for name in given if (out / name).exists())
    if there and not force:
        raise TamperlensError(f"{out / there[0]} exists already; choose another folder, or add --force")
    make_folder(out / "recipes")
    for name, text in sorted(given.items()):
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{len(given)} files in {out}")
