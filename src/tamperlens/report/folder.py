"""Many findings → one row per file: what to look at first, what each file states, which ones look alike."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

import msgspec

from tamperlens.evidence import printable
from tamperlens.examine import FindingDocument
from tamperlens.report.alike import alike
from tamperlens.report.answer_words import PRIORITIES
from tamperlens.report.clip_view import short_summary
from tamperlens.report.older import current
from tamperlens.report.telling import report_view
from tamperlens.report.words import kind_title

_ORDER = (*PRIORITIES, "")


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a folder.

    Attributes:
        file: path as the caller named it.
        folder: folder of the file.
        priority: "high", "medium", "low" or "none"; "" if it was not examined.
        told: the priority in words.
        outcome: outcome of the finding; "" if it was not examined.
        answer: the same in plain words, or why it was not examined.
        why: the strongest reasons.
        kind: most probable kind of alteration, if an alteration was found.
        score: score of the finding; None if none may be given.
        size: width × height in pixels.
        format: format of the content.
        camera: camera, as stated by the file.
        date: when it was taken, as stated by the file.
        gps: latitude and longitude in degrees, as stated by the file.
        software: program that wrote it, as stated by the file.
        sha256: SHA-256 of the file.
        same: other files with the same bytes.
        alike: other files that show the same photograph, or a part of it.
        report: name of its report; "" without one.
        thumbnail: `data:` address of a small picture; "" without one.
    """

    file: str
    folder: str
    priority: str = ""
    told: str = ""
    outcome: str = ""
    answer: str = ""
    why: str = ""
    kind: str = ""
    score: float | None = None
    size: str = ""
    format: str = ""
    camera: str = ""
    date: str = ""
    gps: str = ""
    software: str = ""
    sha256: str = ""
    same: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    report: str = ""
    thumbnail: str = ""


def folder_rows(rows: Sequence[Mapping[str, Any]], shown: Mapping[str, Mapping[str, str]]) -> list[FileRow]:
    """One row per file, sorted by what to look at first.

    Args:
        rows: one object per file, from `finding_to_json`, `clip_to_json` or `error_to_json`.
        shown: file → `report`, `thumbnail` and `tiny` of its index entry, if it has one.
    """
    found = [_row(row, shown.get(row["file"], {})) for row in rows]
    by_hash = defaultdict(list)
    for one in found:
        if one.sha256:
            by_hash[one.sha256].append(one.file)
    pictures = alike([shown.get(one.file, {}).get("tiny", "") for one in found])
    told = [
        msgspec.structs.replace(
            one,
            same=tuple(name for name in by_hash[one.sha256] if name != one.file),
            alike=tuple(found[n].file for n in sorted(near) if found[n].sha256 != one.sha256),
        )
        for one, near in zip(found, pictures, strict=True)
    ]
    return sorted(told, key=lambda one: (_ORDER.index(one.priority), -(one.score or 0.0), one.file))


def _row(row: Mapping[str, Any], shown: Mapping[str, str]) -> FileRow:
    file = printable(row["file"], 500)
    folder = str(PurePath(file).parent)
    place = {"file": row["file"], "folder": "" if folder == "." else folder}
    if "error" in row:
        return FileRow(**place, answer="Not examined", why=printable(row["error"], 500))
    common = {
        "outcome": row["outcome"], "score": row["score"], "sha256": row["sha256"],
        "size": f"{row['width']} × {row['height']}",
        "report": shown.get("report", ""), "thumbnail": shown.get("thumbnail", ""),
    }  # fmt: skip
    if row.get("medium") == "video":
        return FileRow(**place, **common, priority="low", told=PRIORITIES["low"], why=short_summary(row))
    document = msgspec.convert(current(row), FindingDocument)
    card, rank = report_view(document).answer, document.priority
    return FileRow(
        **place,
        **common,
        **_stated(document.evidence.metadata),
        priority=rank,
        told=PRIORITIES[rank],
        answer=card.what,
        why=card.short,
        kind=kind_title(document.kind) if card.how else "",
        format=document.evidence.format,
    )


def _stated(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Camera, date, place and software that a file states; anyone can write anything there."""
    make, model = (metadata.get(f"EXIF:{name}", "").strip() for name in ("Make", "Model"))
    camera = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    taken = metadata.get("Exif:DateTimeOriginal") or metadata.get("EXIF:DateTime") or ""
    said = {
        "camera": camera,
        "date": re.sub(r"^(\d{4}):(\d\d):(\d\d)", r"\1-\2-\3", taken),
        "gps": _degrees(metadata),
        "software": metadata.get("EXIF:Software", ""),
    }
    return {name: printable(value.strip(), 120) for name, value in said.items()}


def _degrees(metadata: Mapping[str, str]) -> str:
    """Latitude and longitude in degrees; "" unless both are there.

    >>> _degrees({"GPS:GPSLatitude": "(43.0, 28.0, 30.0)", "GPS:GPSLatitudeRef": "S",
    ...           "GPS:GPSLongitude": "(11.0, 30.0, 0.0)", "GPS:GPSLongitudeRef": "E"})
    '-43.47500, 11.50000'
    """
    found = []
    for name, behind in (("Latitude", "S"), ("Longitude", "W")):
        parts = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", metadata.get(f"GPS:GPS{name}", ""))]
        if len(parts) != 3:
            return ""
        degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
        found.append(f"{-degrees if metadata.get(f'GPS:GPS{name}Ref') == behind else degrees:.5f}")
    return ", ".join(found)


# Field of a row → name of its column.
_COLUMNS = {
    "file": "file", "folder": "folder", "priority": "priority", "outcome": "outcome", "answer": "answer",
    "why": "why", "kind": "kind", "score": "score", "size": "size", "format": "format", "camera": "camera",
    "date": "date", "gps": "gps", "software": "software", "same bytes": "same", "same photograph": "alike",
    "sha256": "sha256", "report": "report",
}  # fmt: skip


def to_csv(rows: Iterable[FileRow]) -> str:
    """The rows as CSV (RFC 4180); no spreadsheet will take a cell for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([csv_cell(getattr(row, name)) for name in _COLUMNS.values()])
    return text.getvalue()


def csv_cell(value: object) -> str:
    """One cell of a CSV file; no spreadsheet will take it for a formula.

    >>> csv_cell("=1+1"), csv_cell(None), csv_cell(0.25), csv_cell(("a", "b"))
    ("'=1+1", '', '0.25', 'a; b')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = printable("; ".join(value) if isinstance(value, tuple) else str(value), 2000)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
