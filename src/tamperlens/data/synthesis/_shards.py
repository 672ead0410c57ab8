"""Made pictures in tar files: made once, measured once, trained on several times.

Each sample is a few members with one name, by the WebDataset convention: `000012.file`, the file as last
saved; `000012.mask.png`; `000012.maps.png`, the measured maps one below the other; `000012.json`.
"""

import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data.synthesis._regions import Mask
from tamperlens.errors import DatasetError
from tamperlens.inputs import MAPS, MeasuredMaps


@dataclass(frozen=True)
class Picture:
    """One made picture.

    Attributes:
        file: bytes of the image file.
        mask: (H, W) bool, True where the pixel was altered.
        maps: measured on the whole picture.
        kind: of the alteration; "authentic" for none.
        pair: number shared by an altered picture and its authentic twin.
        history: what else was done to it, by name, for figures by channel.
    """

    file: bytes = field(repr=False)
    mask: Mask = field(repr=False)
    maps: MeasuredMaps
    kind: str
    pair: int
    history: dict[str, Any]


def write_shard(path: Path, pictures: Iterable[Picture]) -> int:
    """Write pictures to a tar file, which gets its name once it is complete; returns how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    number = 0
    with tarfile.open(unfinished, "w") as archive:
        for number, picture in enumerate(pictures, start=1):
            facts = {
                "kind": picture.kind,
                "pair": picture.pair,
                "valid": list(picture.maps.valid),
                "history": picture.history,
            }
            for suffix, content in (
                ("file", picture.file),
                ("mask.png", _png(picture.mask.astype(np.uint8) * 255)),
                ("maps.png", _png(np.concatenate(picture.maps.values))),
                ("json", json.dumps(facts).encode()),
            ):
                member = tarfile.TarInfo(f"{number:06d}.{suffix}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    unfinished.replace(path)
    return number


def read_shard(path: Path) -> Iterator[Picture]:
    """The pictures of a tar file in order.

    Raises:
        DatasetError: it is not such a file.
    """
    parts: dict[str, bytes] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member)
                parts[member.name.partition(".")[2]] = content.read() if content else b""
                if member.name.endswith(".json"):
                    yield _picture(parts)
                    parts = {}
    except (OSError, KeyError, ValueError, tarfile.TarError) as error:
        raise DatasetError(f"{path.name} is not a shard of made pictures: {error}") from error


def _picture(parts: dict[str, bytes]) -> Picture:
    facts = json.loads(parts["json"])
    stacked = _pixels(parts["maps.png"])
    values = stacked.reshape(len(MAPS), -1, stacked.shape[1])
    return Picture(
        parts["file"],
        _pixels(parts["mask.png"]) >= 128,
        MeasuredMaps(values, tuple(facts["valid"])),
        facts["kind"],
        facts["pair"],
        facts["history"],
    )


def _png(values: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _pixels(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)
