"""The Parquet table: a line a file, written in groups so that memory does not grow."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.batch._rows import Row

if TYPE_CHECKING:
    import pyarrow as pa

# Rows of a row group: what is in memory at a time.
_GROUP = 5000


def write_table(rows: Iterator[Row], path: Path) -> None:
    """Write all rows; the file appears when it is complete."""
    import pyarrow as pa  # noqa: PLC0415 - of the extra `scan`
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
    """One line of the table; what a failure does not have is null."""
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
