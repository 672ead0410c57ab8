"""The command `evaluate`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.cli.training import training_progress
from tamperlens.errors import TamperlensError, UnknownNameError


def evaluate(
    system: Annotated[
        str, typer.Argument(help="System, trace or baseline; installed detector; TOML file of an ONNX file.")
    ],
    dataset: Annotated[
        str | None,
        typer.Argument(help="Published dataset, or path of a folder, CSV or JSON of your own."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of published datasets.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Folder of maps and scores by file name, instead of SYSTEM; only DATASET follows."),
    ] = None,
    baselines: Annotated[
        bool, typer.Option(help="For localizers: add the classical baselines to the table.")
    ] = True,
    weights: Annotated[
        Path | None, typer.Option(help="For localizers: folder of a run; default: the shipped weight.")
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(help="Train and test a classifier: paper, paper-balanced or leak-free."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file to write the figures to.")
    ] = None,
    recipe: Annotated[
        str | None, typer.Option(help="For classifiers: recipe to train; default: the system's own.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="For classifiers: independent runs, seeds 0, 1, 2, …")
    ] = 5,
    runs: Annotated[
        Path, typer.Option(help="For classifiers: folder for runs; finished runs are reused.")
    ] = Path("runs"),
    denoiser: Annotated[
        Path | None, typer.Option(help="For multi-fusion: safetensors file of the trained DnCNN.")
    ] = None,
    device: Annotated[str, typer.Option(help="For classifiers: auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Evaluate the default examination ("fused"), a system, a trace, or any detector of your own.

    Baselines that hardly look at the image are listed with it. --protocol trains and tests a classifier.
    """
    need("sklearn", "tamperlens evaluate", "bench")
    if predictions is not None:
        system, dataset = str(predictions), dataset or system
    if dataset is None:
        raise TamperlensError(f"name a dataset to evaluate {system} on, or the path of your own")
    if json_file:
        make_folder(json_file.parent)
    if protocol:
        need("torch", "tamperlens evaluate --protocol")
        text, content = _evaluate_protocol(
            (system, dataset, protocol),
            data,
            recipe or system,
            seeds,
            runs,
            device,
            denoiser,
        )
    else:
        text, content = _evaluate_judges(system, predictions, dataset, data, weights, baselines)
    if json_file:
        json_file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    typer.echo(text)


def _evaluate_judges(
    system: str,
    predictions: Path | None,
    dataset: str,
    data: Path | None,
    weights: Path | None,
    baselines: bool,
) -> tuple[str, Any]:
    from tamperlens.data import dataset_name, find_samples
    from tamperlens.evaluation import (
        CLASSICAL,
        area_table,
        evaluate_judge,
        find_judge,
        localization_table,
        predictions_judge,
    )

    samples = find_samples(dataset, data)
    judges = [predictions_judge(predictions, samples) if predictions else find_judge(system, weights)]
    judges += [find_judge(name) for name in CLASSICAL if baselines and name != system]
    results = []
    with progress() as bar:
        for judge in judges:
            task = bar.add_task(judge.name, total=len(samples))
            show: Callable[[int, int], None] = lambda done, _all, task=task: bar.advance(task, done)  # type: ignore[misc] # noqa: E731
            results.append(evaluate_judge(judge, samples, dataset_name(dataset), show))
    return f"{localization_table(results)}\n\n{area_table(results)}", [result.to_json() for result in results]


def _evaluate_protocol(
    what: tuple[str, str, str],
    data: Path | None,
    recipe: str,
    seeds: int,
    runs: Path,
    device: str,
    denoiser: Path | None,
) -> tuple[str, Any]:
    from tamperlens.data import find_samples
    from tamperlens.evaluation import PROTOCOLS, evaluate_protocol, markdown_table
    from tamperlens.training import (
        MultiFusionRecipe,
        Progress,
        Recipe,
        find_recipe,
        load_recipe,
        protocol_trainer,
    )

    system, dataset, protocol = what
    if protocol not in PROTOCOLS:
        raise UnknownNameError("protocol", protocol, PROTOCOLS)
    settings = load_recipe(find_recipe(recipe))
    if not isinstance(settings, Recipe | MultiFusionRecipe):
        raise TamperlensError(f"{settings.name} is not a recipe for a classifier that a protocol trains")
    if (settings.system, settings.dataset) != (system, dataset):
        raise TamperlensError(
            f"the recipe is for {settings.system} on {settings.dataset}, not for {system} on {dataset}"
        )
    samples = PROTOCOLS[protocol].present(find_samples(dataset, data))
    with progress() as bar:
        watch = training_progress(bar, settings)
        trainer = protocol_trainer(
            settings, PROTOCOLS[protocol], samples, runs, device,
            Progress(watch.extracting, watch.validated), denoiser,
        )  # fmt: skip
        scoring = bar.add_task("scoring", total=None)
        result = evaluate_protocol(
            settings.name, dataset, PROTOCOLS[protocol], samples, range(seeds), trainer,
            lambda done, total: bar.update(scoring, advance=done, total=total * seeds),
        )  # fmt: skip
    return markdown_table([result], {}), result.to_json()
