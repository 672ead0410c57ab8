"""Plots as numbers in a unit square, which the page draws as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamperlens.evaluation.comparison._comparison import Cell


@dataclass(frozen=True)
class Dot:
    """A figure with its interval, 0..1.

    Attributes:
        label: of the row.
        value: position of the dot.
        low: start of the interval.
        high: end of the interval.
        baseline: whether it belongs to a baseline.
    """

    label: str
    value: float
    low: float
    high: float
    baseline: bool


@dataclass(frozen=True)
class DotPlot:
    """One figure of every system."""

    title: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Line:
    """One system over the conditions.

    Attributes:
        label: the system.
        values: one per condition; None if not measured.
        points: of a polyline, "x,y x,y …": x counts conditions, y is 1 − value.
        baseline: whether it belongs to a baseline.
    """

    label: str
    values: tuple[float | None, ...]
    points: str
    baseline: bool


@dataclass(frozen=True)
class LinePlot:
    """One figure of every system under every condition."""

    title: str
    conditions: tuple[str, ...]
    lines: tuple[Line, ...]


def dot_plot(title: str, figure: str, cells: Sequence[Cell]) -> DotPlot | None:
    """A plot of one figure; None if no cell has it."""
    dots = []
    for cell in cells:
        one = cell.figure(figure)
        if one.value is not None:
            low, high = (one.value if end is None else end for end in (one.low, one.high))
            at, begins, ends = map(_inside, (one.value, low, high))
            dots.append(Dot(cell.system, at, begins, ends, cell.baseline))
    return DotPlot(title, tuple(dots)) if dots else None


def line_plot(title: str, figure: str, by_condition: Mapping[str, Sequence[Cell]]) -> LinePlot | None:
    """A plot of one figure over conditions; None if no cell has it."""
    of: dict[str, tuple[bool, dict[str, float]]] = {}
    for condition, cells in by_condition.items():
        for cell in cells:
            value = cell.figure(figure).value
            if value is not None:
                of.setdefault(cell.system, (cell.baseline, {}))[1][condition] = _inside(value)
    conditions = tuple(by_condition)
    lines = tuple(
        Line(name, tuple(known.get(one) for one in conditions), _points(conditions, known), baseline)
        for name, (baseline, known) in of.items()
    )
    return LinePlot(title, conditions, lines) if lines else None


def _points(conditions: Sequence[str], known: Mapping[str, float]) -> str:
    return " ".join(f"{i},{1 - known[name]:.4f}" for i, name in enumerate(conditions) if name in known)


def _inside(value: float) -> float:
    return min(max(value, 0.0), 1.0)
