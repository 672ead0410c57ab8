"""The command `fuse`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress

if TYPE_CHECKING:
    from tamperlens.training import FusionRecipe, KindFusionRecipe, Sources


def fuse(
    recipe: Annotated[str, typer.Argument(help="Recipe: fusion, kinds, or a TOML file.")],
    fresh: Annotated[
        list[Path],
        typer.Option(help="Folder of photographs that no weight was trained on; may be repeated."),
    ],
    photos: Annotated[
        list[Path] | None,
        typer.Option(help="Folder that the localizer was trained on; its held-out part is used."),
    ] = None,
    large: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of whole, uncompressed, large photographs, never trained on."),
    ] = None,
    originals: Annotated[
        list[Path] | None, typer.Option(help="Folder of camera originals, one subfolder per scene.")
    ] = None,
    generator: Annotated[
        Path | None, typer.Option(help="Folder of the tiny autoencoder for AI-like edits.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Folder of the localizer's weight; default: the shipped one.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder for measurements, which are reused.")] = Path("runs"),
    workers: Annotated[int, typer.Option(min=1, help="Processes that make and measure forgeries.")] = 2,
) -> None:
    """Fit the fusion, or with its recipe the weights of kinds: make forgeries, examine and weigh them."""
    need("torch", "tamperlens fuse")
    from tamperlens.errors import RecipeError
    from tamperlens.examine.networks import WEIGHTS_DIRECTORY
    from tamperlens.training import FusionRecipe, KindFusionRecipe, Sources, find_recipe, load_recipe

    weights = weights or WEIGHTS_DIRECTORY
    untouched = tuple(large or ()), tuple(originals or ())
    sources = Sources(tuple(photos or ()), tuple(fresh), generator, weights, *untouched)
    settings = load_recipe(find_recipe(recipe))
    with progress() as bar:
        task = bar.add_task("measuring")
        show: Callable[[int, int], None] = lambda done, total: bar.update(task, advance=done, total=total)  # noqa: E731
        if isinstance(settings, FusionRecipe):
            path = _fuse_traces(settings, sources, runs, workers, show)
        elif isinstance(settings, KindFusionRecipe):
            path = _fuse_kinds(settings, sources, runs, workers, show)
        else:
            raise RecipeError(f"{settings.name} is trained, not fused: use tamperlens train")
    typer.echo(f"Fusion: {path}")


def _fuse_traces(
    settings: "FusionRecipe",
    sources: "Sources",
    runs: Path,
    workers: int,
    advance: "Callable[[int, int], None]",
) -> Path:
    from tamperlens.examine import load_weight
    from tamperlens.training import Manifest, calibrate_alone, fit_fusion, measured_set

    folder = runs / settings.name
    make_folder(folder)
    images = list(measured_set(settings, sources, folder, workers, advance))
    path = folder / f"{settings.name}.json"
    fit_fusion(images, settings, load_weight(settings.localizer, sources.weights).sha256, path)
    manifest = Manifest.read(sources.weights / f"{settings.localizer}.json")
    anew = manifest.calibrated(calibrate_alone(images, settings.localizer)).write(folder, settings.localizer)
    typer.echo(f"Manifest of the localizer with new thresholds: {anew}")
    return path


def _fuse_kinds(
    settings: "KindFusionRecipe",
    sources: "Sources",
    runs: Path,
    workers: int,
    advance: "Callable[[int, int], None]",
) -> Path:
    from tamperlens.training import fit_kinds, kind_rows

    folder = runs / settings.name
    make_folder(folder)
    rows = list(kind_rows(settings, sources, folder / "examined", workers, advance))
    path = folder / f"{settings.name}.json"
    fit_kinds(rows, settings, sources, path)
    return path
