"""The table of a scan: one line per file, as Parquet if that is installed, otherwise as CSV.

Both are written in groups or lines, so memory does not grow.
"""

import csv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.batch._rows import Row
from tamperlens.report import csv_cell

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS = (
    "file", "outcome", "score", "log10_lr", "kind", "error", "failure", "sha256", "bytes", "format",
    "jpeg_quality", "width", "height", "region_left", "region_top", "region_score", "copies", "same_as",
    "seconds",
)  # fmt: skip
# Rows of a row group: what is in memory at a time.
_GROUP = 5000


def table_name() -> str:
    """Name of the table's file: `results.parquet` with the extra `scan`, otherwise `results.csv`."""
    return "results.parquet" if find_spec("pyarrow") else "results.csv"


def write_table(rows: Iterator[Row], folder: Path) -> None:
    """Write all rows; the file appears only once complete."""
    path = folder / table_name()
    write = _write_parquet if path.suffix == ".parquet" else _write_csv
    write(rows, path)


def _write_csv(rows: Iterator[Row], path: Path) -> None:
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: csv_cell(value) for name, value in _flat(row).items()})
    unfinished.replace(path)


def _write_parquet(rows: Iterator[Row], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - belongs to the extra `scan`
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema, unfinished = _schema(), path.with_suffix(".unfinished")
    with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(_flat(row))
            if len(batch) == _GROUP:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        writer.write_table(pa.Table.from_pylist(batch, schema))
    unfinished.replace(path)


def _schema() -> "pa.Schema":
    import pyarrow as pa  # noqa: PLC0415

    text, number, whole = pa.string(), pa.float64(), pa.int64()
    return pa.schema(
        [
            ("file", text), ("outcome", text), ("score", number), ("log10_lr", number),
            ("kind", text), ("error", text), ("failure", text), ("sha256", text), ("bytes", whole),
            ("format", text), ("jpeg_quality", whole), ("width", whole), ("height", whole),
            ("region_left", whole), ("region_top", whole), ("region_score", number), ("copies", whole),
            ("same_as", text), ("seconds", number),
        ]
    )  # fmt: skip


def _flat(row: Row) -> dict[str, Any]:
    """One line of the table; values that a failure lacks are null."""
    scan, evidence = row["scan"], row.get("evidence") or {}
    region: dict[str, Any] = next(iter(row.get("regions") or ()), {})
    plain = (
        "file",
        "outcome",
        "score",
        "log10_lr",
        "kind",
        "error",
        "sha256",
        "width",
        "height",
    )
    return {
        **{name: row.get(name) for name in plain},
        "failure": scan.get("failure"),
        "bytes": evidence.get("bytes"),
        "format": evidence.get("format"),
        "jpeg_quality": (evidence.get("jpeg") or {}).get("quality"),
        "region_left": region.get("left"),
        "region_top": region.get("top"),
        "region_score": region.get("score"),
        "copies": len(row["copies"]) if "copies" in row else None,
        "same_as": scan.get("same_as"),
        "seconds": scan["seconds"],
    }
