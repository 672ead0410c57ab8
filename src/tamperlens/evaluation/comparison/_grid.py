"""Measure every cell of a grid that has not been measured yet."""

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import msgspec

from tamperlens import __version__
from tamperlens.data import Sample
from tamperlens.evaluation._audit import audit_dataset
from tamperlens.evaluation._audit_text import audit_text
from tamperlens.evaluation._judge import Judge
from tamperlens.evaluation._localization import LocalizationResult, evaluate_judge
from tamperlens.evaluation.comparison._comparison import (
    Cell,
    Comparison,
    Interval,
    MeasuredDataset,
    fingerprint,
    merged,
)
from tamperlens.examine.networks import runtime_version

# Called with (what is being measured, images done, images in all).
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Grid:
    """What to measure.

    Attributes:
        judges: systems, and baselines after them.
        baselines: names of those that are baselines.
        datasets: name → samples, and number of images they were drawn from.
        conditions: their names.
        seed: of the conditions' draws.
        command: the command that asks for it.
        audit: whether to audit each dataset.
    """

    judges: Sequence[Judge]
    baselines: frozenset[str]
    datasets: dict[str, tuple[Sequence[Sample], int]]
    conditions: Sequence[str]
    seed: int = 0
    command: str = ""
    audit: bool = True


def compare_grid(
    grid: Grid, known: Comparison, told: Told = lambda _what, _done, _all: None
) -> Iterator[Comparison]:
    """Yield the comparison so far after each dataset and each measured cell.

    Args:
        grid: what to measure.
        known: earlier measurements; their cells are not measured again.
        told: called with the progress.
    """
    machine, software = _machine(), _software()
    for name, (samples, of) in grid.datasets.items():
        dataset = _dataset(name, samples, of, grid, known, told)
        known = merged([known, Comparison(datasets=(dataset,))])
        yield known
        done = {cell.key for cell in known.cells}
        for condition in grid.conditions:
            for judge in grid.judges:
                key = (
                    judge.name,
                    judge.version,
                    dataset.fingerprint,
                    condition,
                    grid.seed,
                    machine,
                    software,
                )
                if key in done:
                    continue
                what = f"{judge.name} on {name}, {condition}"
                result = evaluate_judge(judge, samples, name, _counting(told, what), condition, grid.seed)
                cell = _cell(result, judge, dataset, grid, (machine, software))
                known = merged([known, Comparison(cells=(cell,))])
                yield known


def _counting(told: Told, what: str) -> Callable[[int, int], None]:
    done = 0

    def count(more: int, total: int) -> None:
        nonlocal done
        done += more
        told(what, done, total)

    return count


def _dataset(
    name: str, samples: Sequence[Sample], of: int, grid: Grid, known: Comparison, told: Told
) -> MeasuredDataset:
    mark = fingerprint(samples)
    before = next((one for one in known.datasets if one.fingerprint == mark and one.audit), None)
    audit = before.audit if before else ""
    if grid.audit and not audit and len(samples) > 1:
        audit = audit_text(
            audit_dataset(name, samples, progress=lambda done, total: told(f"audit of {name}", done, total))
        )
    tampered = sum(sample.tampered for sample in samples)
    return MeasuredDataset(
        fingerprint=mark, name=name, authentic=len(samples) - tampered, tampered=tampered, of=of, audit=audit
    )


def _cell(
    result: LocalizationResult, judge: Judge, dataset: MeasuredDataset, grid: Grid, ran: tuple[str, str]
) -> Cell:
    return Cell(
        system=judge.name,
        version=judge.version,
        baseline=judge.name in grid.baselines,
        trained_here=judge.learned_from == dataset.name,
        dataset=dataset.fingerprint,
        condition=result.condition,
        seed=grid.seed,
        thresholds=(result.pixel_threshold, result.image_threshold),
        thresholds_from=result.thresholds_from,
        images=dict(result.images),
        left_out=dict(result.left_out),
        figures={name: msgspec.convert(dict(value), Interval) for name, value in result.figures.items()},
        seconds=result.seconds,
        memory_mb=result.memory_mb,
        machine=ran[0],
        software=ran[1],
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
        command=grid.command,
    )


def _machine() -> str:
    """Type of processor and system, without any name that would identify its owner."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _software() -> str:
    return f"tamperlens {__version__}, ONNX Runtime {runtime_version()}, NumPy {version('numpy')}"
