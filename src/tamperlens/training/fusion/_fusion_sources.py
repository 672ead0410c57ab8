"""What the fusion's images are made from, and which part each photograph belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

from tamperlens.data.datasets import IMAGE_SUFFIXES
from tamperlens.data.synthesis import PhotoPool
from tamperlens.errors import DatasetError

Part = Literal["network", "curves", "thresholds", "test"]
# By photograph: everything forged from one stays together, and donors come from its own part.
PARTS: Mapping[Part, float] = {"network": 0.4, "curves": 0.2, "thresholds": 0.25, "test": 0.15}
# For large photographs and scenes of camera originals, of which there are few: thresholds need many of them,
# the network, which sees cells, does not.
LARGE_PARTS: Mapping[Part, float] = {"network": 0.12, "curves": 0.2, "thresholds": 0.48, "test": 0.2}


def part_of(photo: str, seed: int, shares: Mapping[Part, float] = PARTS) -> Part:
    """The part for everything made from a photograph; pieces `NAME@0`, `NAME@1`, … of it stay together."""
    u = int(sha256(f"{seed} {whole_name(photo)}".encode()).hexdigest()[:8], 16) / 2**32
    for part, share in shares.items():
        u -= share
        if u < 0:
            return part
    return list(shares)[-1]


def whole_name(photo: str) -> str:
    """Name of the photograph that `NAME@0`, `NAME@1`, … were cut from."""
    return photo.partition("@")[0]


@dataclass(frozen=True)
class Sources:
    """What the set is made from.

    Attributes:
        held: folders whose held-out photographs are used: the localizer was validated on them, not trained.
        fresh: folders of photographs that no weight was trained on, all of which are used; camera originals
            among them are named `SCENE@NAME`, so that they stay in their scene's part.
        generator: folder of the tiny autoencoder; None to resample instead.
        weights: folder of the localizer's weight.
        large: folders of whole photographs with many pixels, never compressed; `fresh` may hold parts of
            them.
        originals: folders of files as written by cameras, with one folder per scene, named `CAMERA@NAME` if
            the scenes of a camera are to stay in one part.
    """

    held: tuple[Path, ...]
    fresh: tuple[Path, ...]
    generator: Path | None
    weights: Path
    large: tuple[Path, ...] = ()
    originals: tuple[Path, ...] = ()

    def pool(self, least_side: int) -> PhotoPool:
        """All photographs whose shorter side has at least this many pixels."""
        fresh = PhotoPool(self.fresh, held_out=None, least_side=least_side)
        try:
            return fresh.joined(PhotoPool(self.held, held_out=True, least_side=least_side))
        except DatasetError:  # none of the held-out ones is large enough
            return fresh

    def large_pool(self) -> PhotoPool:
        """The whole photographs with many pixels."""
        return PhotoPool(self.large, held_out=None)

    def scenes(self) -> dict[str, list[Path]]:
        """Scene → its camera originals."""
        folders = [folder for root in self.originals for folder in sorted(root.iterdir()) if folder.is_dir()]
        return {folder.name: _images(folder) for folder in folders}

    def part(self, photo: str, seed: int) -> Part:
        """The part of a photograph, whole or cut."""
        return part_of(photo, seed, LARGE_PARTS if whole_name(photo) in self._large_names else PARTS)

    @cached_property
    def _large_names(self) -> frozenset[str]:
        large = frozenset(path.stem for root in self.large for path in _images(root))
        return large | frozenset(map(whole_name, self.scenes()))


def _images(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
