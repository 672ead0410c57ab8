"""Commands for people who have or gather a dataset: data check, audit, photos, outlines."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import DatasetError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tamperlens.data import DatasetCheck

    Watch = Callable[[int, int], None]

_SHOWN = 20

data = typer.Typer(
    name="data",
    help="Check or audit a dataset, or collect photographs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


_Dataset = Annotated[
    str, typer.Argument(metavar="DATASET", help="Published dataset, or path of a folder, CSV or JSON.")
]
_Folder = Annotated[
    Path | None, typer.Option("--data", envvar="TAMPERLENS_DATA", help="Folder of published datasets.")
]


@data.command()
def check(
    dataset: Annotated[
        str | None,
        typer.Argument(
            metavar="DATASET",
            help="Published dataset, or path of a folder, CSV or JSON; default: all in --data.",
        ),
    ] = None,
    folder: _Folder = None,
) -> None:
    """Say what is missing, unreadable, mis-sized or mis-paired in a dataset's folder.

    Exit code 0 when every file is in order, even if the set is incomplete; 2 when one is not.
    """
    from tamperlens.data import check_dataset, dataset_name, find_samples, published_in

    names = [dataset] if dataset else list(published_in(folder) if folder else ())
    if not names:
        raise DatasetError(
            f"{folder} holds no published dataset: name one, or give the path of your own"
            if folder
            else "no dataset is named: name one, or give the folder of published datasets with --data"
        )
    results = []
    with progress() as bar:
        for name in names:
            samples = find_samples(name, folder)
            task = bar.add_task(f"checking {dataset_name(name)}", total=len(samples))
            watch: Watch = lambda done, _all, task=task: bar.update(task, completed=done)  # type: ignore[misc] # noqa: E731
            results.append(check_dataset(dataset_name(name), samples, watch))
    typer.echo("\n\n".join(map(_check_text, results)))
    if any(result.problems for result in results):
        raise typer.Exit(2)


def _check_text(result: "DatasetCheck") -> str:
    from tamperlens.evidence import printable

    lines = [
        f"{result.dataset}: {result.authentic:,} authentic and {result.tampered:,} tampered images, "
        f"{result.masks:,} masks.",
        *result.notes,
    ]
    if not result.problems:
        return "\n".join(
            [
                *lines,
                f"Every file of {result.dataset} is readable and paired; every mask has its image's size.",
            ]
        )
    lines += ["", "| problem | files |", "|---|---:|"]
    lines += [f"| {what} | {count:,} |" for what, count in result.counts.items()]
    lines.append("")
    for problem in result.problems[:_SHOWN]:
        detail = f": {problem.detail}" if problem.detail else ""
        lines.append(printable(f"{problem.what}: {problem.path}{detail}"))
    if len(result.problems) > _SHOWN:
        lines.append(f"… and {len(result.problems) - _SHOWN:,} more")
    return "\n".join(lines)


@data.command()
def audit(
    dataset: _Dataset,
    folder: _Folder = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file to write the figures to.")
    ] = None,
    limit: Annotated[int, typer.Option(min=2, help="Most images to read, drawn at random.")] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of the draw, the splits and the classifiers.")] = 0,
) -> None:
    """Say what a cheater would score: by header, file size or masks alone, or by having seen a photograph."""
    for package in ("sklearn", "imagehash"):
        need(package, "tamperlens data audit", "bench")
    from tamperlens.data import dataset_name, find_samples
    from tamperlens.evaluation import audit_dataset, audit_text

    samples = find_samples(dataset, folder)
    if json_file:
        make_folder(json_file.parent)
    with progress() as bar:
        task = bar.add_task("reading", total=None)
        result = audit_dataset(
            dataset_name(dataset),
            samples,
            limit,
            seed,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if json_file:
        text = json.dumps(result.to_json(), indent=2, ensure_ascii=False)
        json_file.write_text(text + "\n", encoding="utf-8")
    typer.echo(audit_text(result), nl=False)


@data.command()
def photos(
    out: Annotated[Path, typer.Argument(help="Folder for the photographs that are kept.")],
    folder: Annotated[
        list[Path] | None, typer.Option("--from", help="Folder to take photographs from; may be repeated.")
    ] = None,
    package: Annotated[
        list[str] | None, typer.Option(help="Package to take photographs from; may be repeated.")
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of benchmarks whose photographs to leave out; may be repeated."),
    ] = None,
) -> None:
    """Gather photographs to forge from, leaving out those that are also in a benchmark."""
    need("imagehash", "tamperlens data photos", "bench")
    from tamperlens.data import PACKAGES, gather_photos

    for name in package or ():
        if name not in PACKAGES:
            raise UnknownNameError("package of photographs", name, PACKAGES)
    make_folder(out)
    with progress() as bar:
        task = bar.add_task("gathering", total=None)
        report = gather_photos(
            folder or [],
            package or [],
            against or [],
            out,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    (out / "gathered.json").write_text(json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8")
    typer.echo(report.sentence())


@data.command()
def outlines(
    photos: Annotated[Path, typer.Argument(help="Folder of photographs, in subfolders named images.")],
    network: Annotated[Path, typer.Option(help="Salient-object network as an ONNX file.")],
) -> None:
    """Outline the object that stands out in each photograph, for splices of whole objects."""
    need("torch", "tamperlens data outlines")
    from tamperlens.evaluation import SalientObjects
    from tamperlens.training import write_outlines

    with progress() as bar:
        task = bar.add_task("outlining", total=None)
        written = write_outlines(
            photos,
            SalientObjects(network),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    typer.echo(f"{written} outlines written")
