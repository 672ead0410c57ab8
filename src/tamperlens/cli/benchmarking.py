"""The command that measures what the systems cost on this machine."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tamperlens.cli.shared import make_folder, need, progress
from tamperlens.errors import UnknownNameError


def benchmark(
    system: Annotated[
        list[str] | None, typer.Option(help="System to measure; may be repeated; default: all of them.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Folder of a run, to measure its weight; default: the shipped ones.")
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Timed runs of each network.")] = 20,
    threads: Annotated[int, typer.Option(min=0, help="Threads of ONNX Runtime, 0 for all cores.")] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="File for the figures.")] = None,
) -> None:
    """Measure parameters, operations, time and memory of every system's network."""
    need("onnx", "tamperlens benchmark", "bench")
    from dataclasses import asdict

    from tamperlens.evaluation import cost_table, weight_cost
    from tamperlens.examine import load_weight
    from tamperlens.examine.networks import WEIGHTS_DIRECTORY, weight_names

    folder = weights or WEIGHTS_DIRECTORY
    known = weight_names(folder)
    for name in system or ():
        if name not in known:
            raise UnknownNameError("system", name, known)
    if json_file:
        make_folder(json_file.parent)
    with progress() as bar:
        names = bar.track(system or known, description="measuring")
        costs = [weight_cost(load_weight(name, folder), repeats, threads) for name in names]
    if json_file:
        content = {"machine": _machine(threads), "costs": [asdict(cost) for cost in costs]}
        json_file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    typer.echo(f"{cost_table(costs)}\n\n{_machine(threads)}")


def _machine(threads: int) -> str:
    import os
    import platform
    from importlib.metadata import version

    cores = threads or os.cpu_count()
    return f"{platform.machine()}, {cores} threads, ONNX Runtime {version('onnxruntime')}"
