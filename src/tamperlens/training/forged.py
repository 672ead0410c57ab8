"""Forged samples as tensors, in the order of their numbers, whichever process makes them."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from tamperlens.data.synthesis import ForgeryStream, StoredStream
from tamperlens.traces.network_input import NetworkInput


@dataclass(frozen=True)
class Labelled:
    """Validation images in memory; sizes may differ.

    Attributes:
        features: of each, (C, H, W) float16 in 0..1, sides cut to multiples of 32.
        masks: of each, (H, W) bool.
    """

    features: tuple[NDArray[np.float16], ...]
    masks: tuple[NDArray[np.bool_], ...]


class ForgedTensors(Dataset[tuple[Tensor, Tensor]]):
    """Samples `first`…`last` − 1 of a stream as (features uint8 (C, H, W), mask uint8 (1, H, W)).

    Eight bits are what colour and error levels have before they are scaled, and a quarter to carry.
    """

    def __init__(
        self, stream: ForgeryStream | StoredStream, network_input: NetworkInput, first: int, last: int
    ) -> None:
        self.stream, self.network_input, self.first, self.last = stream, network_input, first, last

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        sample = self.stream[self.first + index]
        features = np.rint(self.network_input(sample.pixels) * 255).astype(np.uint8)
        return torch.from_numpy(features), torch.from_numpy(sample.mask[None].astype(np.uint8))


def forged_batches(
    data: Dataset[tuple[Tensor, Tensor]], batch_size: int, workers: int
) -> "DataLoader[tuple[Tensor, Tensor]]":
    """Batches in the order of the numbers, made by that many processes."""
    return DataLoader(
        data,
        batch_size,
        num_workers=workers,
        drop_last=True,
        worker_init_fn=_one_thread,
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
    )


def _one_thread(_worker: int) -> None:
    cv2.setNumThreads(0)
    torch.set_num_threads(1)


def validation_images(stream: ForgeryStream, network_input: NetworkInput, count: int) -> Labelled:
    """The first samples of a stream of held-out photographs."""
    samples = [stream[number] for number in range(count)]
    return Labelled(
        tuple(network_input(sample.pixels).astype(np.float16) for sample in samples),
        tuple(sample.mask for sample in samples),
    )
