"""A localizer's masks for stored samples, found once and kept next to them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis import StoredStream
from tamperlens.examine import load_weight
from tamperlens.examine.networks import PixelLocalizer

_MISSING, _CLEAR, _MARKED = 0, 1, 2


class PredictedMasks:
    """Number of a stored sample → the mask that a localizer finds in it.

    Args:
        stream: stored samples.
        name: of the localizer's weight.
        directory: folder of the weight.
    """

    def __init__(self, stream: StoredStream, name: str, directory: Path) -> None:
        self.stream, self._name, self._directory = stream, name, directory
        self._detector: PixelLocalizer | None = None
        path = stream.folder / f"{name}-{load_weight(name, directory).sha256[:12]}.npy"
        if not path.exists():
            np.lib.format.open_memmap(path, "w+", np.uint8, (stream.distinct, stream.side, stream.side))
        self._masks = np.lib.format.open_memmap(path, "r+")

    def __call__(self, number: int) -> NDArray[np.bool_]:
        """The mask (side, side)."""
        row = number % self.stream.distinct
        if self._masks[row, 0, 0] == _MISSING:
            detector = self._localizer()
            found = detector.probabilities(self.stream[row].pixels)
            self._masks[row] = np.where(found >= detector.mask_threshold(found), _MARKED, _CLEAR)
        return np.asarray(self._masks[row] == _MARKED)

    def _localizer(self) -> PixelLocalizer:
        if self._detector is None:  # each process has its own
            self._detector = PixelLocalizer(load_weight(self._name, self._directory), threads=1)
        return self._detector
