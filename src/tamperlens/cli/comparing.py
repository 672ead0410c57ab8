"""The command `compare`: systems × datasets × conditions → one table."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import TamperlensError

if TYPE_CHECKING:
    from tamperlens.data import Sample
    from tamperlens.evaluation import Judge


def compare(
    systems: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SYSTEM...", help="Systems, traces, installed detectors, TOML files of ONNX files."
        ),
    ] = None,
    datasets: Annotated[
        list[str] | None,
        typer.Option("--on", help="Name of a published dataset, or path of your own; may be repeated."),
    ] = None,
    under: Annotated[
        list[str] | None,
        typer.Option(help="Condition; may be repeated; a wrong name lists them all. Default: native."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(envvar="TAMPERLENS_DATA", help="Folder of published datasets.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the page, CSV and JSON.")] = Path(
        "comparison"
    ),
    baselines: Annotated[bool, typer.Option(help="Add baselines that hardly look at the image.")] = True,
    audit: Annotated[bool, typer.Option(help="Show what each dataset gives away.")] = True,
    limit: Annotated[int, typer.Option(min=0, help="Most images per dataset, evenly drawn; 0 for all.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the conditions' random draws.")] = 0,
    merge: Annotated[
        list[Path] | None,
        typer.Option(help="results.json of another machine to add to the table; may be repeated."),
    ] = None,
) -> None:
    """Measure systems × datasets × conditions and write one page: figures, intervals, costs, leaks.

    Results already in --out are kept and not measured again.
    """
    for package in ("sklearn", "imagehash"):
        need(package, "tamperlens compare", "bench")
    from tamperlens.data import dataset_name
    from tamperlens.evaluation import CLASSICAL, check_condition, find_judge
    from tamperlens.evaluation.comparison import (
        Comparison,
        Grid,
        compare_grid,
        load_comparison,
        merged,
        save_comparison,
    )

    if bool(systems) != bool(datasets) or not (systems or merge):
        raise TamperlensError("say which systems to compare on which datasets (--on), or what to --merge")
    make_folder(out)
    before = [out / "results.json"] if (out / "results.json").is_file() else []
    known = merged([load_comparison(path) for path in (*before, *(merge or ()))] or [Comparison()])
    if systems and datasets:
        under = under or ["native"]
        for name in under:
            check_condition(name)
        chosen = {name: _drawn(name, data, limit) for name in datasets}
        judges = _judges(systems, chosen, under)
        beside = [find_judge(name) for name in CLASSICAL if baselines and name not in systems]
        grid = Grid(
            judges=[*judges, *beside],
            baselines=frozenset(judge.name for judge in beside),
            datasets={dataset_name(name): drawn for name, drawn in chosen.items()},
            conditions=under,
            seed=seed,
            command=shlex.join(["tamperlens", *sys.argv[1:]]),
            audit=audit,
        )
        with progress() as bar:
            task = bar.add_task("loading", total=None)

            def watch(what: str, done: int, total: int) -> None:
                bar.update(task, description=what, completed=done, total=total)

            for so_far in compare_grid(grid, known, watch):
                known = so_far
                save_comparison(known, out)
    page = save_comparison(known, out)
    typer.echo(f"{len(known.cells)} cells: {page}, with results.csv and results.json next to it")


def _drawn(name: str, data: Path | None, limit: int) -> "tuple[list[Sample], int]":
    """Samples drawn evenly from a whole dataset, and how many it has."""
    from tamperlens.data import find_samples

    samples = find_samples(name, data)
    if not limit or limit >= len(samples):
        return samples, len(samples)
    return [samples[i * len(samples) // limit] for i in range(limit)], len(samples)


def _judges(
    systems: list[str], datasets: "dict[str, tuple[list[Sample], int]]", under: list[str]
) -> "list[Judge]":
    """Each system, loaded; a folder holds predictions for the unchanged images of one dataset."""
    from tamperlens.evaluation import find_judge, predictions_judge

    judges = []
    for name in systems:
        if not Path(name).is_dir():
            judges.append(find_judge(name))
            continue
        if len(datasets) > 1 or under != ["native"]:
            raise TamperlensError(
                f"the predictions in {name} are for one dataset's unchanged images (native)"
            )
        ((samples, _),) = datasets.values()
        judges.append(predictions_judge(Path(name), samples))
    return judges
