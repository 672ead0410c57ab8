"""Made pictures → tensors for the trace localizer: crops, mirror images, new saves, hidden maps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from tamperlens.data.synthesis import Picture, Save, decode, read_shard
from tamperlens.errors import DatasetError
from tamperlens.evidence import read_coefficients
from tamperlens.inputs import BLOCK, FREQUENCIES, CoefficientInput, coefficient_input
from tamperlens.models import TraceInput
from tamperlens.training._forged import crop_at_border, one_thread

# Largest altered share of a crop: in a fully altered crop there is nothing left to compare with.
_MOST = 0.8
# Index of each frequency's transpose.
_TRANSPOSED = [FREQUENCIES.index((v, u)) for u, v in FREQUENCIES]


@dataclass(frozen=True)
class Variation:
    """How one picture becomes several samples.

    Attributes:
        crop: side of the square that is cut out, a multiple of 32.
        saved_again: share that is cut off its grid and saved once more; its maps are then void.
        without_coefficients: share that is presented as if it had been decoded and kept losslessly.
        without_map: share of the maps that are hidden, each independently, so that nothing relies on one.
        without_maps: share of the samples with all maps hidden.
    """

    crop: int = 256
    saved_again: float = 0.25
    without_coefficients: float = 0.08
    without_map: float = 0.25
    without_maps: float = 0.1


@dataclass(frozen=True)
class Whole:
    """A picture as arrays, before or after it was saved again."""

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    coefficients: CoefficientInput
    maps: NDArray[np.uint8]
    valid: NDArray[np.bool_]


def opened(picture: Picture) -> Whole:
    """Decode a made picture."""
    pixels, read = _read(picture.file)
    return Whole(pixels, picture.mask, read, picture.maps.values, np.array(picture.maps.valid))


def _read(file: bytes) -> tuple[NDArray[np.uint8], CoefficientInput]:
    pixels = decode(file)
    height, width = pixels.shape[:2]
    coefficients = read_coefficients(file, height * width) if file[:2] == b"\xff\xd8" else None
    return pixels, coefficient_input(coefficients, height, width)


def varied(pictures: list[Picture], variation: Variation, rng: np.random.Generator) -> list[list[Tensor]]:
    """One sample of each picture; twins are varied alike, so that only the alteration distinguishes them."""
    wholes = [opened(picture) for picture in pictures]
    if rng.random() < variation.saved_again:
        wholes = _saved_again(wholes, rng)
    mask = max((whole.mask for whole in wholes), key=np.count_nonzero)
    rows, columns = crop_at_border(mask, variation.crop, rng, tries=4 if rng.random() < 0.7 else 1)
    if mask[rows, columns].mean() > _MOST:
        rows, columns = crop_at_border(mask, variation.crop, rng, tries=16)
    mirrored = rng.random(3) < 0.5
    shown = rng.random(6) >= variation.without_map
    if rng.random() < variation.without_maps:
        shown[1:] = False
    shown[0] = rng.random() >= variation.without_coefficients
    return [_sample(whole, rows, columns, mirrored, shown) for whole in wholes]


def _saved_again(wholes: list[Whole], rng: np.random.Generator) -> list[Whole]:
    """Cut to another grid and saved at a new quality."""
    top, left = (int(v) for v in rng.integers(0, BLOCK, 2))
    quality = 50 + round(48 * float(rng.random()) ** 0.7)
    save = Save(None if rng.random() < 0.12 else quality, bool(rng.random() < 0.3))
    result = []
    for whole in wholes:
        height, width = ((side - BLOCK) // BLOCK * BLOCK for side in whole.mask.shape)
        window = np.s_[top : top + height, left : left + width]
        pixels, read = _read(save.encode(np.ascontiguousarray(whole.pixels[window])))
        maps = np.zeros((len(whole.maps), height // BLOCK, width // BLOCK), np.uint8)
        result.append(Whole(pixels, whole.mask[window], read, maps, np.zeros_like(whole.valid)))
    return result


def _sample(
    whole: Whole, rows: slice, columns: slice, mirrored: NDArray[np.bool_], shown: NDArray[np.bool_]
) -> list[Tensor]:
    blocks = np.s_[
        :, rows.start // BLOCK : rows.stop // BLOCK, columns.start // BLOCK : columns.stop // BLOCK
    ]
    exist = whole.coefficients.exist and bool(shown[0])
    valid = np.array([exist, *(whole.valid & shown[1:])])
    valid[1] &= exist  # without coefficients nothing can be measured of their histogram
    maps = whole.maps[blocks] * _of_maps(valid)[:, None, None]
    levels, steps = whole.coefficients.levels[blocks], whole.coefficients.steps
    histogram = whole.coefficients.histogram()
    if not exist:
        levels, steps = np.zeros_like(levels), np.zeros_like(steps)
        histogram = CoefficientInput(levels, steps, False).histogram()
    pixels, mask = whole.pixels[rows, columns].transpose(2, 0, 1), whole.mask[rows, columns][None]
    arrays = [pixels, levels, maps, mask.astype(np.uint8)]
    if mirrored[0]:
        arrays = [each[:, :, ::-1] for each in arrays]
    if mirrored[1]:
        arrays = [each[:, ::-1] for each in arrays]
    if mirrored[2]:
        arrays = [each.transpose(0, 2, 1) for each in arrays]
        arrays[1], steps, histogram = arrays[1][_TRANSPOSED], steps[_TRANSPOSED], histogram[_TRANSPOSED]
    all_of_it = [*arrays[:2], steps, histogram, arrays[2], valid.astype(np.float32), arrays[3]]
    return [torch.from_numpy(np.ascontiguousarray(each)) for each in all_of_it]


def _of_maps(valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Flags of coefficients and five traces → of six maps, the last two from one trace."""
    return np.append(valid[1:], valid[-1])


def as_input(batch: list[Tensor]) -> tuple[TraceInput, Tensor]:
    """A batch of eight-bit samples → the network's input and the masks (N, 1, H, W) float32."""
    pixels, levels, steps, histogram, maps, valid, mask = batch
    scaled = pixels.float().div(255).contiguous(memory_format=torch.channels_last)
    return TraceInput(scaled, levels, steps, histogram, maps.float().div(255), valid), mask.float()


class PictureSamples(IterableDataset[list[Tensor]]):
    """Samples from a folder of shards, without end; the shards read least often come first.

    New shards may appear while it runs. A file counts how often each was read, so that a continued run does
    not start with the same ones again.

    Args:
        folder: holds `*.tar`.
        variation: of each picture.
        seed: of all draws.
        reads: file with the counts.
    """

    def __init__(self, folder: Path, variation: Variation, seed: int, reads: Path) -> None:
        self.folder, self.variation, self.seed, self.reads = folder, variation, seed, reads

    def cropped(self, side: int) -> "PictureSamples":
        """The same with crops of another side; pictures too small for them are left out."""
        return PictureSamples(self.folder, replace(self.variation, crop=side), self.seed, self.reads)

    def __iter__(self) -> Iterator[list[Tensor]]:
        counts: dict[str, int] = json.loads(self.reads.read_text()) if self.reads.exists() else {}
        empty: set[str] = set()
        while True:
            names = sorted(path.name for path in self.folder.glob("*.tar"))
            if not names:
                raise DatasetError(f"{self.folder} contains no shards of made pictures")
            least = min(counts.get(name, 0) for name in names)
            rng = np.random.default_rng([self.seed, sum(counts.values())])
            name = str(rng.choice([name for name in names if counts.get(name, 0) == least]))
            found = 0
            for sample in self._of_shard(self.folder / name, rng):
                found += 1
                yield sample
            empty = empty - {name} if found else empty | {name}
            if empty >= set(names):
                raise DatasetError(
                    f"{self.folder} contains no picture of {self.variation.crop + BLOCK} pixels or more"
                )
            counts[name] = counts.get(name, 0) + 1
            self.reads.write_text(json.dumps(counts))

    def _of_shard(self, path: Path, rng: np.random.Generator) -> Iterator[list[Tensor]]:
        together: dict[int, list[Picture]] = {}
        for picture in read_shard(path):
            # Saving again costs a block on either side.
            if min(picture.mask.shape) >= self.variation.crop + BLOCK:
                together.setdefault(picture.pair, []).append(picture)
        order = list(together)
        for number in rng.permutation(len(order)):
            yield from varied(together[order[number]], self.variation, rng)


def sample_batches(samples: PictureSamples, batch_size: int, workers: int) -> "DataLoader[list[Tensor]]":
    """Batches of samples, made by `workers` processes."""
    return DataLoader(
        samples,
        batch_size,
        num_workers=workers,
        worker_init_fn=one_thread,
        prefetch_factor=4 if workers else None,
        # Forking a process in which OpenCV or torch already runs threads would hang.
        multiprocessing_context="spawn" if workers else None,
    )
