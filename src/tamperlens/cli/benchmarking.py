"""The command that measures what the systems cost on this machine."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import TamperlensError, UnknownNameError

if TYPE_CHECKING:
    from tamperlens.evaluation import Cost


def benchmark(
    system: Annotated[
        list[str] | None,
        typer.Option(help="System, or TOML of an ONNX file; may be repeated; default: all systems."),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Folder of a run, to measure its weight; default: the shipped ones.")
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Timed runs of each network.")] = 20,
    threads: Annotated[int, typer.Option(min=0, help="Threads of ONNX Runtime, 0 for all cores.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file to write the figures to.")
    ] = None,
) -> None:
    """Measure parameters, operations, time and memory of every system's network."""
    need("onnx", "tamperlens benchmark", "bench")
    from dataclasses import asdict

    from tamperlens.evaluation import cost_table
    from tamperlens.examine.external import is_external
    from tamperlens.examine.networks import WEIGHTS_DIRECTORY, weight_names

    folder = weights or WEIGHTS_DIRECTORY
    known = weight_names(folder)
    for name in system or ():
        if name not in known and not is_external(name):
            raise UnknownNameError("system", name, known)
    if json_file:
        make_folder(json_file.parent)
    with progress() as bar:
        names = bar.track(system or known, description="measuring")
        costs = [_cost(name, folder if name in known else None, repeats, threads) for name in names]
    if json_file:
        content = {"machine": _machine(threads), "costs": [asdict(cost) for cost in costs]}
        json_file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"{cost_table(costs)}\n\n{_machine(threads)}")


def _cost(name: str, folder: Path | None, repeats: int, threads: int) -> "Cost":
    """Cost of a weight in a folder, or of a third-party detector."""
    from tamperlens.evaluation import network_cost, weight_cost
    from tamperlens.examine import load_weight
    from tamperlens.examine.external import load_external

    if folder:
        return weight_cost(load_weight(name, folder), repeats, threads)
    detector = load_external(name, threads)
    if detector.onnx is None:
        raise TamperlensError(
            f"{name} is not an ONNX file: `tamperlens compare` measures its time and memory"
        )
    return network_cost(detector.name, *detector.onnx, repeats, threads)


def _machine(threads: int) -> str:
    import os
    import platform
    from importlib.metadata import version

    cores = threads or os.cpu_count()
    return f"{platform.machine()}, {cores} threads, ONNX Runtime {version('onnxruntime')}"
