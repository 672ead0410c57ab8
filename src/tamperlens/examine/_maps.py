"""The maps of one finding. Each is measured only once, however often it is used."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine._cells import CELL
from tamperlens.examine._pooling import block_means
from tamperlens.traces import LOOKED

Map = NDArray[np.float32]
Levels = NDArray[np.uint8]


def to_levels(values: Map) -> Levels:
    """255 × value, rounded: (h, w) float32 in 0..1 → uint8."""
    return np.rint(values * 255).astype(np.uint8)


class LookedMaps:
    """Maps of the traces that are only for viewing, each measured when it is first needed.

    Args:
        evidence: the image.
    """

    def __init__(self, evidence: Evidence) -> None:
        reasons = {name: trace.void_reason(evidence) for name, trace in LOOKED.items()}
        self.void = {name: reason for name, reason in reasons.items() if reason}
        self._pixels = evidence.pixels
        self._levels: dict[str, Levels] = {}
        self._cells: dict[str, Map] = {}

    def levels(self, name: str) -> Levels:
        """(H, W) uint8, 255 × value; takes less memory than floating-point values."""
        if name not in self._levels:
            self._measure(name, cells=False)
        return self._levels[name]

    def cells(self, name: str) -> Map:
        """Mean values in cells of 8 × 8 pixels, (⌈H/8⌉, ⌈W/8⌉) float32."""
        if name not in self._cells:
            self._measure(name, cells=True)
        return self._cells[name]

    def _measure(self, name: str, cells: bool) -> None:
        levels = np.empty(self._pixels.shape[:2], np.uint8)
        means, top = [], 0
        for rows in LOOKED[name].rows(self._pixels):
            levels[top : top + len(rows)] = to_levels(rows)
            top += len(rows)
            if cells:
                means.append(block_means(rows, CELL))
        self._levels[name] = levels
        if cells:
            self._cells[name] = np.concatenate(means)


class Maps(Mapping[str, Map]):
    """A finding's maps by name, each (h, w) float32 in 0..1 over the whole image, at its own resolution.

    Args:
        said: maps that influenced the finding, the mask first.
        looked: maps only for viewing; their values are multiples of 1 / 255.
    """

    def __init__(self, said: Mapping[str, Map], looked: LookedMaps) -> None:
        self._said, self.looked = dict(said), looked

    def levels(self, name: str) -> Levels:
        """The same map as (h, w) uint8, 255 × value."""
        return to_levels(self._said[name]) if name in self._said else self.looked.levels(self._known(name))

    def also(self, more: Mapping[str, Map]) -> "Maps":
        """These maps, and more that influenced or explain the finding."""
        return Maps({**self._said, **more}, self.looked)

    def __getitem__(self, name: str) -> Map:
        if name in self._said:
            return self._said[name]
        return self.looked.levels(self._known(name)).astype(np.float32) / np.float32(255)

    def __iter__(self) -> Iterator[str]:
        yield from self._said
        yield from (name for name in LOOKED if name not in self.looked.void)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _known(self, name: str) -> str:
        if name not in LOOKED or name in self.looked.void:
            raise KeyError(name)
        return name
