"""The user's own CSV: one image per row, with whatever is known about it."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tamperlens.data._sample import MaskColour, Sample
from tamperlens.errors import DatasetError

COLUMNS = ("image", "mask", "label", "kind", "sources", "mask_colour")
_LABELS = {"1": True, "true": True, "yes": True, "tampered": True,
           "0": False, "false": False, "no": False, "authentic": False}  # fmt: skip


def find_table(path: Path) -> list[Sample]:
    """List the images of a CSV, authentic ones first, otherwise in row order.

    Args:
        path: UTF-8 file whose first row names columns from `COLUMNS`, separated by comma, semicolon or tab.
            File names are relative to its folder. Without a label, an image is altered if it has a mask.
            Sources are separated by spaces; images that share one (a scene, or a camera) form a group.

    Raises:
        DatasetError: it is not such a table, or a row is wrong; the message names the first one.
    """
    samples: list[Sample] = []
    faults: list[str] = []
    seen: set[Path] = set()
    for line, row in _rows(path):
        try:
            sample = _sample(path.parent, row)
            if sample.path in seen:
                raise DatasetError(f"'{row['image']}' is in an earlier row too")
            seen.add(sample.path)
            samples.append(sample)
        except DatasetError as error:
            faults.append(f"line {line}: {error}")
    if faults:
        more = f" ({len(faults) - 1:,} more rows are wrong)" if len(faults) > 1 else ""
        raise DatasetError(f"{path}, {faults[0]}{more}")
    if not samples:
        raise DatasetError(f"{path} has no rows; each names an image")
    return sorted(samples, key=lambda sample: sample.tampered)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Number of each row's last line, and its cells by column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} is not readable UTF-8 text: {error}") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    try:
        titles = [title.strip().lower() for title in reader.fieldnames or ()]
        reader.fieldnames = titles
        unknown = [title for title in titles if title not in COLUMNS]
        if "image" not in titles or unknown:
            wrong = f"a column '{unknown[0]}'" if unknown else "no column 'image'"
            raise DatasetError(
                f"{path} has {wrong}; its columns are image and any of {', '.join(COLUMNS[1:])}"
            )
        for row in reader:
            yield reader.line_num, {key: (row.get(key) or "").strip() for key in COLUMNS}
    except csv.Error as error:
        raise DatasetError(f"{path}, line {reader.line_num}: {error}") from error


def _sample(folder: Path, row: dict[str, str]) -> Sample:
    image, mask = (_file(folder, row[key], key) for key in ("image", "mask"))
    if image is None:
        raise DatasetError("no image is named")
    tampered = _label(row["label"], mask is not None)
    if mask and not tampered:
        raise DatasetError(f"'{row['image']}' is labelled {row['label']} but has a mask")
    kind = row["kind"] or "mixed"
    return Sample(
        path=image,
        tampered=tampered,
        kind=kind if tampered else "authentic",
        sources=frozenset(row["sources"].split()),
        mask=mask,
        mask_colour=_colour(row["mask_colour"]),
    )


def _file(folder: Path, name: str, what: str) -> Path | None:
    if not name:
        return None
    path = folder / name
    if "\0" in name or not path.is_file():
        raise DatasetError(f"there is no {what} '{path}'")
    return path


def _label(text: str, otherwise: bool) -> bool:
    if text and text.lower() not in _LABELS:
        raise DatasetError(f"the label '{text}' is not one of {', '.join(_LABELS)}")
    return _LABELS[text.lower()] if text else otherwise


def _colour(text: str) -> MaskColour:
    for colour in get_args(MaskColour):
        if text in {colour, ""}:
            return colour  # type: ignore[no-any-return]
    raise DatasetError(f"the mask_colour '{text}' is not one of {', '.join(get_args(MaskColour))}")
