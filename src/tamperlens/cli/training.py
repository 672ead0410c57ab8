"""The command `train`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import need, progress
from tamperlens.errors import TamperlensError

if TYPE_CHECKING:
    from rich.progress import Progress


def train(
    recipe: Annotated[Path, typer.Argument(help="Recipe, a TOML file.")],
    data: Annotated[Path | None, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of datasets.")] = None,
    photos: Annotated[
        list[Path] | None,
        typer.Option(help="For what learns from forgeries: folder of photographs; may be repeated."),
    ] = None,
    generator: Annotated[
        Path | None, typer.Option(help="Likewise: folder of the tiny autoencoder for AI-like edits.")
    ] = None,
    real: Annotated[
        list[str] | None,
        typer.Option(help="For localizers: dataset under --data to validate on, never to test on."),
    ] = None,
    denoiser: Annotated[
        Path | None, typer.Option(help="For multi-fusion: safetensors file of the trained DnCNN.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder for runs; a run in it is continued.")] = Path("runs"),
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Train a weight by its recipe; killed and started again, it goes on where it was."""
    need("torch", "tamperlens train")
    from tamperlens.training import KINDS_OF, LOSSES, recipe_system

    system = recipe_system(recipe)
    if system not in {*LOSSES, *KINDS_OF}:
        folder, name = _train_classifier(recipe, data, runs, device, denoiser)
    elif photos:
        folder, name = _train_forged(recipe, (photos, generator, real or [], data), runs, device)
    else:
        raise TamperlensError(f"{system} is trained on forged photographs: give their folder with --photos")
    typer.echo(f"Weight: {folder / name}.onnx")


def _train_classifier(
    recipe: Path, data: Path | None, runs: Path, device: str, denoiser: Path | None
) -> tuple[Path, str]:
    from tamperlens.data import find_samples, split_by_source
    from tamperlens.training import load_recipe, train_recipe

    settings = load_recipe(recipe)
    if data is None:
        raise TamperlensError(
            f"{settings.name} is trained on {settings.dataset}: give its folder with --data"
        )
    samples = find_samples(settings.dataset, data)
    split = split_by_source(samples, settings.seed, settings.split)
    with progress() as bar:
        folder = train_recipe(
            settings,
            samples,
            split,
            runs / settings.name,
            runs / "cache",
            device,
            training_progress(bar, settings.loop.epochs),
            denoiser,
        )
    return folder, settings.name


def _train_forged(
    recipe: Path, given: tuple[list[Path], Path | None, list[str], Path | None], runs: Path, device: str
) -> tuple[Path, str]:
    """A localizer, or a classifier of kinds."""
    from tamperlens.data import find_samples
    from tamperlens.training import (
        LOSSES,
        KindRecipe,
        LocalizerRecipe,
        TrainingImages,
        read_recipe,
        recipe_system,
        train_kinds,
        train_localizer,
    )

    photos, generator, names, data = given
    if names and data is None:
        raise TamperlensError(f"the datasets {', '.join(names)} need their folder: give it with --data")
    real = {name: find_samples(name, data) for name in names} if data else {}
    images = TrainingImages(photos, generator, real)
    settings: LocalizerRecipe | KindRecipe
    if recipe_system(recipe) in LOSSES:
        settings = read_recipe(recipe, LocalizerRecipe)
    else:
        settings = read_recipe(recipe, KindRecipe)
    with progress() as bar:
        task = bar.add_task("training", total=settings.loop.samples)

        def advance(figures: Mapping[str, float]) -> None:
            text = f"training (loss {figures['loss']:.3f}, validation F1 {figures['score']:.3f})"
            bar.update(task, completed=figures["sample"], description=text)

        run = runs / settings.name
        if isinstance(settings, KindRecipe):
            train_kinds(settings, images, run, device, advance)
        else:
            train_localizer(settings, images, run, device, advance)
    return run, settings.name


def training_progress(progress: "Progress", epochs: int) -> Any:  # noqa: ANN401 - of the train extra
    """Two bars: features of images, epochs of training."""
    from tamperlens.training.run import Progress as TrainingProgress

    extracting = progress.add_task("extracting features", total=None)
    training = progress.add_task("training", total=epochs)

    def epoch(figures: Mapping[str, float]) -> None:
        text = f"loss {figures['validation_loss']:.3f}, accuracy {figures['validation_accuracy']:.3f}"
        progress.update(training, advance=1, description=f"training ({text})")

    show: Callable[[int, int], None] = lambda done, total: progress.update(  # noqa: E731
        extracting, advance=done, total=total
    )
    return TrainingProgress(show, epoch)
