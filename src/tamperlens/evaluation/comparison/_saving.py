"""A comparison as files: JSON to resume from, CSV for spreadsheets, one HTML page for people."""

import csv
import io
from pathlib import Path

import msgspec

from tamperlens.evaluation.comparison._comparison import Cell, Comparison
from tamperlens.evaluation.comparison._page import comparison_page

JSON, CSV, HTML = "results.json", "results.csv", "index.html"
_ABOUT = ("system", "version", "baseline", "trained_here", "condition", "seed", "thresholds_from", "seconds",
          "memory_mb", "machine", "software", "measured", "command")  # fmt: skip


def save_comparison(found: Comparison, folder: Path) -> Path:
    """Write the three files; returns the page's path. Each file is either complete or still the old one."""
    _write(folder / JSON, msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    _write(folder / CSV, comparison_csv(found))
    _write(folder / HTML, comparison_page(found))
    return folder / HTML


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def comparison_csv(found: Comparison) -> str:
    """One row per cell: dataset, provenance, and each figure with both ends of its interval."""
    names = sorted({name for cell in found.cells for name in cell.figures})
    datasets = {one.fingerprint: one.name for one in found.datasets}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    ends = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    writer.writerow(["dataset", "fingerprint", *_ABOUT, "authentic", "tampered", "located", *ends])
    for cell in found.cells:
        writer.writerow([datasets.get(cell.dataset, ""), cell.dataset, *_about(cell), *_figures(cell, names)])
    return buffer.getvalue()


def _about(cell: Cell) -> list[object]:
    stated = [_plain(getattr(cell, name)) for name in _ABOUT]
    return [*stated, *(cell.images.get(name, 0) for name in ("authentic", "tampered", "located"))]


def _plain(value: object) -> object:
    """Spreadsheets execute text that begins with these characters, and names come from strangers."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"} else value


def _figures(cell: Cell, names: list[str]) -> list[object]:
    row: list[object] = []
    for name in names:
        one = cell.figure(name)
        row += ["" if end is None else f"{end:.6g}" for end in (one.value, one.low, one.high)]
    return row
