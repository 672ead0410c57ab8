"""A set of samples on disk: images, masks, labels, contact sheet."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.data.synthesis._saves import Pixels
from tamperlens.data.synthesis._stream import KINDS, Forgery, ForgeryStream

_THUMBNAIL = 128
_ON_SHEET = 48
_COLUMNS = 12


def write_samples(
    stream: ForgeryStream, count: int, out: Path, advance: Callable[[], None] = lambda: None
) -> dict[str, int]:
    """Write the first samples of a stream.

    `images/000000.jpg` (or `.png`), `masks/000000.png` (white where altered; none for authentic samples),
    `labels.jsonl` with the kind, sources and history of each, and `contact-sheet.jpg` of the first 48.

    Returns:
        Number of samples of each kind.
    """
    for folder in ("images", "masks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    counts, sheet = dict.fromkeys(KINDS, 0), []
    with (out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for number in range(count):
            sample = stream[number]
            labels.write(json.dumps(_write(sample, number, out)) + "\n")
            counts[sample.kind] += 1
            if number < _ON_SHEET:
                sheet.append(_thumbnail(sample))
            advance()
    _contact_sheet(sheet).save(out / "contact-sheet.jpg", quality=90)
    return counts


def _write(sample: Forgery, number: int, out: Path) -> dict[str, object]:
    suffix = "png" if sample.file.startswith(b"\x89PNG") else "jpg"
    name = f"images/{number:06d}.{suffix}"
    (out / name).write_bytes(sample.file)
    mask = None
    if sample.kind != "authentic":
        mask = f"masks/{number:06d}.png"
        Image.fromarray(sample.mask).save(out / mask)
    return {"image": name, "mask": mask, "kind": sample.kind, "area": round(float(sample.mask.mean()), 5),
            "sources": sample.sources, "history": asdict(sample.history)}  # fmt: skip


def _thumbnail(sample: Forgery) -> Pixels:
    """Image above, mask below."""
    mask = np.repeat(sample.mask[:, :, None], 3, axis=2) * np.uint8(255)
    both = Image.fromarray(np.vstack([sample.pixels, mask.astype(np.uint8)]))
    return np.asarray(both.resize((_THUMBNAIL, 2 * _THUMBNAIL), Image.Resampling.LANCZOS))


def _contact_sheet(thumbnails: list[Pixels]) -> Image.Image:
    rows = -(-len(thumbnails) // _COLUMNS)
    columns = min(_COLUMNS, len(thumbnails))
    sheet = Image.new("RGB", (columns * (_THUMBNAIL + 4), rows * (2 * _THUMBNAIL + 8)), "white")
    for i, thumbnail in enumerate(thumbnails):
        row, column = divmod(i, _COLUMNS)
        sheet.paste(Image.fromarray(thumbnail), (column * (_THUMBNAIL + 4), row * (2 * _THUMBNAIL + 8)))
    return sheet
