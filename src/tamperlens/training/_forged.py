"""Forged samples as tensors, in numerical order, whichever process makes them."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from tamperlens.data.synthesis import ForgeryStream, StoredStream
from tamperlens.inputs import NetworkInput


@dataclass(frozen=True)
class Labelled:
    """Validation images in memory; sizes may differ.

    Attributes:
        features: (C, H, W) float16 in 0..1 for each, sides cut to multiples of 32.
        masks: (H, W) bool for each.
    """

    features: tuple[NDArray[np.float16], ...]
    masks: tuple[NDArray[np.bool_], ...]


class ForgedTensors(Dataset[tuple[Tensor, Tensor]]):
    """Samples `first`…`last` − 1 of a stream as (features uint8 (C, H, W), mask uint8 (1, H, W)).

    Colour and error levels have eight bits before scaling, and take a quarter of the memory that way.

    Args:
        stream: forged samples.
        network_input: what is made from their pixels.
        first: number of the first sample.
        last: number after the last one.
        crop: side of the square cut from each, its corner on the 8 × 8 grid; 0 leaves them whole.
    """

    def __init__(
        self,
        stream: ForgeryStream | StoredStream,
        network_input: NetworkInput,
        first: int,
        last: int,
        crop: int = 0,
    ) -> None:
        self.stream, self.network_input, self.first, self.last = stream, network_input, first, last
        self.crop = crop

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        sample = self.stream[self.first + index]
        pixels, mask = sample.pixels, sample.mask
        if self.crop:
            rows, columns = crop_at_border(mask, self.crop, np.random.default_rng(self.first + index))
            pixels, mask = np.ascontiguousarray(pixels[rows, columns]), mask[rows, columns]
        features = np.rint(self.network_input(pixels) * 255).astype(np.uint8)
        return torch.from_numpy(features), torch.from_numpy(mask[None].astype(np.uint8))


def crop_at_border(
    mask: NDArray[np.bool_], side: int, random: np.random.Generator, tries: int = 4
) -> tuple[slice, slice]:
    """A square on the 8 × 8 grid, with both altered and untouched pixels if a few tries find one.

    >>> mask = np.zeros((64, 64), bool)
    >>> mask[:, 40:] = True
    >>> crop_at_border(mask, 32, np.random.default_rng(1))[0].start % 8
    0
    """
    height, width = mask.shape
    for _ in range(tries):
        top, left = (8 * int(random.integers((length - side) // 8 + 1)) for length in (height, width))
        square = slice(top, top + side), slice(left, left + side)
        if mask[square].any() and not mask[square].all():
            break
    return square


def forged_batches(
    data: Dataset[tuple[Tensor, Tensor]], batch_size: int, workers: int
) -> "DataLoader[tuple[Tensor, Tensor]]":
    """Batches in numerical order, made by `workers` processes."""
    return DataLoader(
        data,
        batch_size,
        num_workers=workers,
        worker_init_fn=one_thread,
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
    )


def one_thread(_worker: int) -> None:
    """Keep a process that makes samples from starting threads of its own."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)


def validation_images(stream: ForgeryStream, network_input: NetworkInput, count: int) -> Labelled:
    """The first samples of a stream of held-out photographs."""
    samples = [stream[number] for number in range(count)]
    return Labelled(
        tuple(network_input(sample.pixels).astype(np.float16) for sample in samples),
        tuple(sample.mask for sample in samples),
    )
