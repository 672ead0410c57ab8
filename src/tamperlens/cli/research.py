"""Commands for one who trains and measures: train, fuse, evaluate."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from rich.progress import Progress

    from tamperlens.data import Sample
    from tamperlens.training.fusion_set import Sources


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
            _training_progress(bar, settings.loop.epochs),
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

        def advance(figures: dict[str, float]) -> None:
            text = f"training (loss {figures['train_loss']:.3f}, validation F1 {figures['score']:.3f})"
            bar.update(task, completed=figures["sample"], description=text)

        run = runs / settings.name
        if isinstance(settings, KindRecipe):
            train_kinds(settings, images, run, device, advance)
        else:
            train_localizer(settings, images, run, device, advance)
    return run, settings.name


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

    sources = Sources(tuple(photos or ()), tuple(fresh), generator, weights or WEIGHTS_DIRECTORY)
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
    from tamperlens.training import FusionRecipe, fit_fusion, measured_set, read_recipe

    settings = read_recipe(recipe, FusionRecipe)
    folder = runs / settings.name
    make_folder(folder)
    images = list(measured_set(settings, sources, folder / "measured", workers, advance))
    path = folder / f"{settings.name}.json"
    fit_fusion(images, settings, load_weight(settings.localizer, sources.weights).sha256, path)
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


def evaluate(
    system: Annotated[str, typer.Argument(help="System or classical baseline to evaluate.")],
    dataset: Annotated[str, typer.Argument(help="Dataset to evaluate on.")],
    data: Annotated[Path, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of datasets.")],
    baselines: Annotated[
        bool, typer.Option(help="For localizers: the classical baselines in the same table.")
    ] = True,
    weights: Annotated[
        Path | None, typer.Option(help="For localizers: folder of a run; default: the shipped weight.")
    ] = None,
    protocol: Annotated[
        str, typer.Option(help="For classifiers: paper, paper-balanced or leak-free.")
    ] = "leak-free",
    json_file: Annotated[Path | None, typer.Option("--json", help="File for the figures.")] = None,
    recipe: Annotated[
        Path | None, typer.Option(help="For classifiers: recipe to train; default recipes/SYSTEM.toml.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="For classifiers: independent runs, seeds 0, 1, 2, …")
    ] = 5,
    runs: Annotated[
        Path, typer.Option(help="For classifiers: folder for runs; finished ones are used again.")
    ] = Path("runs"),
    denoiser: Annotated[
        Path | None, typer.Option(help="For multi-fusion: safetensors file of the trained DnCNN.")
    ] = None,
    device: Annotated[str, typer.Option(help="For classifiers: auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Evaluate the default examination ("fused"), a localizer or a trace, or train and test a classifier.

    Baselines that never look, or hardly, stand beside it.
    """
    need("sklearn", "tamperlens evaluate")
    from tamperlens.data import find_samples
    from tamperlens.evaluation import CLASSICAL, FUSED
    from tamperlens.evaluation.protocols import CLASSIFIERS
    from tamperlens.examine import LOCALIZERS
    from tamperlens.traces import MEASURED

    locating = [FUSED, *LOCALIZERS, "kind-classifier", *MEASURED, *CLASSICAL]
    if system not in {*locating, *CLASSIFIERS}:
        raise UnknownNameError("system", system, [*locating, *CLASSIFIERS])
    if json_file:
        make_folder(json_file.parent)
    if system in locating:
        samples = find_samples(dataset, data)
        names = [system, *(name for name in CLASSICAL if baselines and name != system)]
        text, content = _evaluate_localizers(names, dataset, samples, weights)
    else:
        need("torch", "tamperlens evaluate")
        text, content = _evaluate_protocol(
            (system, dataset, protocol),
            data,
            recipe or Path("recipes") / f"{system}.toml",
            seeds,
            runs,
            device,
            denoiser,
        )
    if json_file:
        json_file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    typer.echo(text)


def _evaluate_localizers(
    names: list[str], dataset: str, samples: "list[Sample]", weights: Path | None
) -> tuple[str, Any]:
    from tamperlens.evaluation import (
        CLASSICAL,
        FUSED,
        area_table,
        evaluate_classical,
        evaluate_fused,
        evaluate_patches,
        evaluate_trace,
        evaluate_weight,
        localization_table,
    )
    from tamperlens.examine import LOCALIZERS, load_weight
    from tamperlens.examine.patch_detector import PatchDetector
    from tamperlens.examine.weights import WEIGHTS_DIRECTORY
    from tamperlens.traces import MEASURED

    results = []
    with progress() as bar:
        for name in names:
            task = bar.add_task(name, total=len(samples))
            show: Callable[[int, int], None] = lambda done, _all, task=task: bar.advance(task, done)  # type: ignore[misc] # noqa: E731
            if name == FUSED:
                results.append(evaluate_fused(samples, dataset, show))
            elif name in MEASURED:
                results.append(evaluate_trace(name, samples, dataset, show))
            elif name in CLASSICAL:
                results.append(evaluate_classical(name, samples, dataset, show))
            elif name not in LOCALIZERS:
                detector = PatchDetector(load_weight(name, weights or WEIGHTS_DIRECTORY))
                results.append(evaluate_patches(detector, samples, dataset, show))
            else:
                localizer = LOCALIZERS[name](load_weight(name, weights or WEIGHTS_DIRECTORY))
                results.append(evaluate_weight(localizer, samples, dataset, show))
    return f"{localization_table(results)}\n\n{area_table(results)}", [result.to_json() for result in results]


def _evaluate_protocol(
    what: tuple[str, str, str],
    data: Path,
    recipe: Path,
    seeds: int,
    runs: Path,
    device: str,
    denoiser: Path | None,
) -> tuple[str, Any]:
    from tamperlens.data import find_samples
    from tamperlens.evaluation import PROTOCOLS, evaluate_protocol, markdown_table
    from tamperlens.training import load_recipe, protocol_trainer

    system, dataset, protocol = what
    if protocol not in PROTOCOLS:
        raise UnknownNameError("protocol", protocol, PROTOCOLS)
    settings = load_recipe(recipe)
    if (settings.system, settings.dataset) != (system, dataset):
        raise TamperlensError(
            f"the recipe is for {settings.system} on {settings.dataset}, not for {system} on {dataset}"
        )
    samples = PROTOCOLS[protocol].present(find_samples(dataset, data))
    with progress() as bar:
        trainer = protocol_trainer(
            settings, PROTOCOLS[protocol], samples, runs, device,
            _training_progress(bar, settings.loop.epochs), denoiser,
        )  # fmt: skip
        scoring = bar.add_task("scoring", total=None)
        result = evaluate_protocol(
            settings.name, dataset, PROTOCOLS[protocol], samples, range(seeds), trainer,
            lambda done, total: bar.update(scoring, advance=done, total=total * seeds),
        )  # fmt: skip
    return markdown_table([result], {}), result.to_json()


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
