"""The results as one self-contained HTML page, plots included, that loads nothing from the network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jinja2
from markdown_it import MarkdownIt

from tamperlens.evaluation._conditions import NATIVE
from tamperlens.evaluation.comparison._columns import COLUMNS, PLOTTED, Column
from tamperlens.evaluation.comparison._comparison import Cell, Comparison, Interval, Key, MeasuredDataset
from tamperlens.evaluation.comparison._plots import DotPlot, LinePlot, dot_plot, line_plot

Numbers = Mapping[Key, int]


@dataclass(frozen=True)
class _Figure:
    """A cell of the table."""

    text: str
    interval: str
    best: bool


@dataclass(frozen=True)
class _Row:
    """A row of the table."""

    cell: Cell
    figures: tuple[_Figure, ...]
    number: int


@dataclass(frozen=True)
class _Table:
    """One dataset under one condition."""

    condition: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Section:
    """One dataset."""

    dataset: MeasuredDataset
    audit: str
    tables: tuple[_Table, ...]
    dots: tuple[DotPlot, ...]
    lines: tuple[LinePlot, ...]


def comparison_page(found: Comparison) -> str:
    """The page as text."""
    numbers = {cell.key: number for number, cell in enumerate(found.cells, 1)}
    sections = [_section(one, found.cells, numbers) for one in found.datasets]
    machines = sorted({cell.machine for cell in found.cells})
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tamperlens.evaluation.comparison"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html").render(
        sections=[one for one in sections if one.tables],
        cells=list(enumerate(found.cells, 1)),
        names={one.fingerprint: one.name for one in found.datasets},
        columns=COLUMNS,
        machines=machines,
    )


def _section(dataset: MeasuredDataset, cells: Sequence[Cell], numbers: Numbers) -> _Section:
    here = [cell for cell in cells if cell.dataset == dataset.fingerprint]
    order = list(dict.fromkeys(cell.condition for cell in here))
    order.sort(key=lambda name: name != NATIVE)
    by_condition = {name: [cell for cell in here if cell.condition == name] for name in order}
    first = _sorted(by_condition[order[0]]) if order else []
    return _Section(
        dataset=dataset,
        audit=MarkdownIt("commonmark", {"html": False}).enable("table").render(dataset.audit),
        tables=tuple(
            _Table(name, tuple(_rows(_sorted(some), numbers))) for name, some in by_condition.items()
        ),
        dots=tuple(plot for title, name in PLOTTED.items() if (plot := dot_plot(title, name, first))),
        lines=tuple(
            line
            for title, name in PLOTTED.items()
            if len(order) > 1 and (line := line_plot(title, name, by_condition))
        ),
    )


def _sorted(cells: Sequence[Cell]) -> list[Cell]:
    """Systems before baselines, otherwise in the given order."""
    return sorted(cells, key=lambda cell: cell.baseline)


def _rows(cells: Sequence[Cell], numbers: Numbers) -> Iterator[_Row]:
    columns = [column for group in COLUMNS.values() for column in group]
    best = {column.name: _best(column, cells) for column in columns}
    for cell in cells:
        figures = tuple(_figure(cell.figure(one.name), best[one.name]) for one in columns)
        yield _Row(cell, figures, numbers[cell.key])


def _best(column: Column, cells: Sequence[Cell]) -> float | None:
    """The best value in a column, if there are several cells."""
    values = [cell.figure(column.name).value for cell in cells]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    return min(known) if column.lower else max(known)


def _figure(one: Interval, best: float | None) -> _Figure:
    if one.value is None:
        return _Figure("–", "", False)
    ends = "" if one.low is None or one.high is None else f"{_number(one.low)} – {_number(one.high)}"
    return _Figure(_number(one.value), ends, best is not None and one.value == best)


def _number(value: float) -> str:
    """Three digits; no leading zero.

    >>> _number(0.75), _number(-0.1), _number(1.0), _number(12.345)
    ('.750', '-.100', '1.000', '12.3')
    """
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}".replace("0.", ".", 1)
