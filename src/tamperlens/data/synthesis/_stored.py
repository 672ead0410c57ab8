"""Forged samples kept on disk: made once, trained on several times and by several networks."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._saves import Pixels
from tamperlens.data.synthesis._stream import KINDS, ForgeryStream

_MISSING = 255


@dataclass(frozen=True)
class StoredSample:
    """What training needs from a forgery.

    Attributes:
        pixels: (side, side, 3) uint8 RGB.
        mask: (side, side) bool, True where the pixel was altered.
        kind: one of `synthesis.KINDS`.
    """

    pixels: Pixels
    mask: NDArray[np.bool_]
    kind: str


class StoredStream:
    """The first samples of a stream, over and over; each is made when first asked for.

    Several processes may read and fill the same folder: a sample is the same whoever makes it, and is marked
    as present only after it was written.

    Args:
        stream: where the samples come from.
        folder: parent of the store's own folder, which is named after the stream's identity.
        distinct: number of samples; number n is sample n mod `distinct`.
    """

    def __init__(self, stream: ForgeryStream, folder: Path, distinct: int) -> None:
        self.stream, self.side, self.distinct = stream, stream.side, distinct
        self.folder = folder / f"forged-{_identity(stream, distinct)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._pixels = self._open("pixels", (self.side, self.side, 3), 0)
        self._masks = self._open("masks", (self.side, self.side), 0)
        self._kinds = self._open("kinds", (), _MISSING)

    def __len__(self) -> int:
        return self.distinct

    def kind(self, number: int) -> str:
        """The kind of a sample, without making it."""
        return self.stream.kind(number % self.distinct)

    def __getitem__(self, number: int) -> StoredSample:
        row = number % self.distinct
        if self._kinds[row] == _MISSING:
            made = self.stream[row]
            self._pixels[row], self._masks[row] = made.pixels, made.mask
            self._kinds[row] = KINDS.index(made.kind)
        return StoredSample(
            np.array(self._pixels[row]), self._masks[row].astype(bool), KINDS[self._kinds[row]]
        )

    def __reduce__(self) -> tuple[type["StoredStream"], tuple[ForgeryStream, Path, int]]:
        # The other process opens the files itself; pickling would copy them.
        return StoredStream, (self.stream, self.folder.parent, self.distinct)

    def _open(self, name: str, shape: tuple[int, ...], initial: int) -> NDArray[np.uint8]:
        path = self.folder / f"{name}.npy"
        if not path.exists():
            fresh = np.lib.format.open_memmap(
                path.with_suffix(".new"), "w+", np.uint8, (self.distinct, *shape)
            )
            if initial:
                fresh[:] = initial
            fresh.flush()
            path.with_suffix(".new").replace(path)
        return np.lib.format.open_memmap(path, "r+")


def _identity(stream: ForgeryStream, distinct: int) -> str:
    """What makes two streams the same: photographs, seed, side, shares, generator."""
    content = {
        "photographs": [path.name for path in stream.pool.paths],
        "side": stream.side,
        "seed": stream.seed,
        "shares": dict(stream.shares),
        "generator": type(stream.generator).__name__,
        "distinct": distinct,
    }
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
