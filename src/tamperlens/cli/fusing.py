"""The command `fuse`."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress

if TYPE_CHECKING:
    from tamperlens.training.fusion_set import Sources


def fuse(
    recipe: Annotated[Path, typer.Argument(help="Recipe of the fusion, a TOML file.")],
    fresh: Annotated[
        list[Path],
        typer.Option(help="Folder of photographs that no weight was trained on; may be repeated."),
    ],
    photos: Annotated[
        list[Path] | None,
        typer.Option(help="Folder the localizer was trained on; its held-out part is used."),
    ] = None,
    large: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of whole, uncompressed photographs of many pixels, never trained on."),
    ] = None,
    originals: Annotated[
        list[Path] | None, typer.Option(help="Folder of camera originals, a folder a scene in it.")
    ] = None,
    generator: Annotated[
        Path | None, typer.Option(help="Folder of the tiny autoencoder for AI-like edits.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Folder of the localizer's weight; default: the shipped one.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder for what is measured; it is used again.")] = Path("runs"),
    workers: Annotated[int, typer.Option(min=1, help="Processes that make and measure.")] = 2,
) -> None:
    """Fit the fusion, or by its recipe the weights of kinds: make forgeries, examine and weigh them."""
    need("torch", "tamperlens fuse")
    from tamperlens.examine.weights import WEIGHTS_DIRECTORY
    from tamperlens.training import recipe_names
    from tamperlens.training.fusion_set import Sources

    weights = weights or WEIGHTS_DIRECTORY
    untouched = tuple(large or ()), tuple(originals or ())
    sources = Sources(tuple(photos or ()), tuple(fresh), generator, weights, *untouched)
    fit = _fuse_kinds if "masked" in recipe_names(recipe) else _fuse_traces
    with progress() as bar:
        task = bar.add_task("measuring")
        path = fit(
            recipe, sources, runs, workers, lambda done, total: bar.update(task, advance=done, total=total)
        )
    typer.echo(f"Fusion: {path}")


def _fuse_traces(
    recipe: Path, sources: "Sources", runs: Path, workers: int, advance: "Callable[[int, int], None]"
) -> Path:
    from tamperlens.examine.weights import load_weight
    from tamperlens.training import FusionRecipe, calibrate_alone, fit_fusion, measured_set, read_recipe

    settings = read_recipe(recipe, FusionRecipe)
    folder = runs / settings.name
    make_folder(folder)
    images = list(measured_set(settings, sources, folder / "measured", workers, advance))
    path = folder / f"{settings.name}.json"
    fit_fusion(images, settings, load_weight(settings.localizer, sources.weights).sha256, path)
    manifest = f"{settings.localizer}.json"
    content = json.loads((sources.weights / manifest).read_text(encoding="utf-8"))
    content["calibration"] = asdict(calibrate_alone(images, settings.localizer))
    (folder / manifest).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    typer.echo(f"Manifest of the localizer, its thresholds anew: {folder / manifest}")
    return path


def _fuse_kinds(
    recipe: Path, sources: "Sources", runs: Path, workers: int, advance: "Callable[[int, int], None]"
) -> Path:
    from tamperlens.training import KindFusionRecipe, fit_kinds, kind_rows, read_recipe

    settings = read_recipe(recipe, KindFusionRecipe)
    folder = runs / settings.name
    make_folder(folder)
    rows = list(kind_rows(settings, sources, folder / "examined", workers, advance))
    path = folder / f"{settings.name}.json"
    fit_kinds(rows, settings, sources, path)
    return path
