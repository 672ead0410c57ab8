"""The command `train`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import need, progress

if TYPE_CHECKING:
    from rich.progress import Progress

    from tamperlens.training import Watch


def train(
    recipe: Annotated[str, typer.Argument(help="Name of a shipped recipe, or a TOML file.")],
    data: Annotated[Path | None, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of datasets.")] = None,
    photos: Annotated[
        list[Path] | None,
        typer.Option(help="For systems trained on forgeries: folder of photographs; may be repeated."),
    ] = None,
    generator: Annotated[
        Path | None, typer.Option(help="For the same: folder of the tiny autoencoder for AI-like edits.")
    ] = None,
    real: Annotated[
        list[str] | None,
        typer.Option(help="For localizers: dataset under --data to validate on, never to test on."),
    ] = None,
    denoiser: Annotated[
        Path | None, typer.Option(help="For multi-fusion: safetensors file of the trained DnCNN.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="For trace-localizer: folder made by tamperlens pictures.")
    ] = None,
    held: Annotated[
        Path | None, typer.Option(help="For the same: folder of pictures from held-out photographs.")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option(help="For the same: folder of more such pictures, for its two verdicts.")
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder for runs; a run in it is continued.")] = Path("runs"),
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Train a weight from a recipe; if stopped, run it again to resume."""
    need("torch", "tamperlens train")
    from tamperlens.training import TrainingData, find_recipe, load_recipe, train

    settings = load_recipe(find_recipe(recipe))
    given = TrainingData(
        data, tuple(photos or ()), generator, tuple(real or ()), denoiser, pictures, held, heads
    )
    with progress() as bar:
        folder = train(settings, given, runs, device, training_progress(bar, settings))
    typer.echo(f"Weight: {folder / settings.name}.onnx")


def training_progress(progress: "Progress", recipe: Any) -> "Watch":  # noqa: ANN401 - of the train extra
    """Two bars: features of images, samples or epochs of training."""
    from tamperlens.training import Watch

    extracting = progress.add_task("extracting features", total=None, visible=False)
    epochs = getattr(recipe.loop, "epochs", None)
    training = progress.add_task("training", total=epochs or recipe.loop.samples)

    def validated(line: Mapping[str, float]) -> None:
        text = f"training (loss {line['loss']:.3f}, validation score {line['score']:.3f})"
        done = {"advance": 1} if epochs else {"completed": line["sample"]}
        progress.update(training, description=text, **done)

    def extracted(done: int, total: int) -> None:
        progress.update(extracting, advance=done, total=total, visible=True)

    return Watch(extracted, validated)
