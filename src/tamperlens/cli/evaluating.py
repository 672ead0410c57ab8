"""The command `evaluate`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.cli.training import training_progress
from tamperlens.errors import TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from tamperlens.data import Sample


def evaluate(
    system: Annotated[str, typer.Argument(help="System or classical baseline to evaluate.")],
    dataset: Annotated[
        str, typer.Argument(help="Name of a published dataset, or path of a folder, CSV or JSON of your own.")
    ],
    data: Annotated[
        Path | None, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of published datasets.")
    ] = None,
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
        str | None, typer.Option(help="For classifiers: recipe to train; default: the system's own.")
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
    from tamperlens.data import dataset_name, find_samples
    from tamperlens.evaluation import CLASSICAL, CLASSIFIERS, FUSED
    from tamperlens.examine import LOCALIZERS, SYSTEMS
    from tamperlens.traces import TRACES

    patches = [name for name, one in SYSTEMS.items() if one.task == "patches"]
    locating = list(dict.fromkeys([FUSED, *LOCALIZERS, *patches, *TRACES, *CLASSICAL]))
    if system not in {*locating, *CLASSIFIERS}:
        raise UnknownNameError("system", system, [*locating, *CLASSIFIERS])
    if json_file:
        make_folder(json_file.parent)
    if system in locating:
        samples = find_samples(dataset, data)
        names = [system, *(name for name in CLASSICAL if baselines and name != system)]
        text, content = _evaluate_localizers(names, dataset_name(dataset), samples, weights)
    else:
        need("torch", "tamperlens evaluate")
        text, content = _evaluate_protocol(
            (system, dataset, protocol),
            data,
            recipe or system,
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
    from tamperlens.examine.networks import WEIGHTS_DIRECTORY, PatchDetector
    from tamperlens.traces import TRACES

    results = []
    with progress() as bar:
        for name in names:
            task = bar.add_task(name, total=len(samples))
            show: Callable[[int, int], None] = lambda done, _all, task=task: bar.advance(task, done)  # type: ignore[misc] # noqa: E731
            if name == FUSED:
                results.append(evaluate_fused(samples, dataset, show))
            elif name in CLASSICAL:
                results.append(evaluate_classical(name, samples, dataset, show))
            elif name in TRACES:
                results.append(evaluate_trace(name, samples, dataset, show))
            elif name not in LOCALIZERS:
                detector = PatchDetector(load_weight(name, weights or WEIGHTS_DIRECTORY))
                results.append(evaluate_patches(detector, samples, dataset, show))
            else:
                localizer = LOCALIZERS[name](load_weight(name, weights or WEIGHTS_DIRECTORY))
                results.append(evaluate_weight(localizer, samples, dataset, show))
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
        raise TamperlensError(f"{settings.name} is no recipe of a classifier that a protocol trains")
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
