"""Forged samples for the kind classifiers: patches for one, images with masks for the other."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from tamperlens.data.synthesis import KINDS, ForgeryStream, StoredStream
from tamperlens.evidence import recompress
from tamperlens.examine.networks import GRID
from tamperlens.inputs import NetworkInput
from tamperlens.models import MASKED_KINDS

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# A localizer's mask that misses the region says nothing about how it was altered.
LEAST_OVERLAP = 0.2


@dataclass(frozen=True)
class LabelledKinds:
    """Validation images in memory.

    Attributes:
        features: (N, C, H, W) uint8.
        labels: (N,) int64, indices into the list of kinds.
    """

    features: NDArray[np.uint8]
    labels: NDArray[np.int64]


class PatchTensors(Dataset[tuple[Tensor, Tensor]]):
    """Samples `first`…`last` − 1 as (features uint8 (C, H, W), index in `KINDS`), for the patch classifier.

    In training a patch is randomly mirrored and rotated, and some are blurred or saved once more, as by
    messengers; the draws depend only on the seed and the number.

    Args:
        stream: forged samples.
        network_input: colour and error levels.
        first: first number.
        last: one more than the last.
        seed: of the augmentation; None for none.
    """

    def __init__(
        self,
        stream: ForgeryStream | StoredStream,
        network_input: NetworkInput,
        first: int,
        last: int,
        seed: int | None = None,
    ) -> None:
        self.stream, self.network_input, self.first, self.last, self.seed = (
            stream, network_input, first, last, seed,
        )  # fmt: skip

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        number = self.first + index
        sample = self.stream[number]
        pixels = sample.pixels
        if self.seed is not None:
            rng = np.random.default_rng([self.seed, number])
            pixels = _passed_on(rng, _turned(rng, pixels))
        features = np.rint(self.network_input(pixels) * 255).astype(np.uint8)
        return torch.from_numpy(features), torch.tensor(KINDS.index(sample.kind))


class MaskedTensors(Dataset[tuple[Tensor, Tensor]]):
    """Samples `first`…`last` − 1 as (colour and mask uint8 (4, H, W), index in `MASKED_KINDS`).

    Authentic samples have no mask and are replaced by the next forged one.

    Args:
        stream: forged samples.
        first: first number.
        last: one more than the last.
        side: of the square around the region that is shown.
        seed: of the augmentation, which also makes true masks slightly wrong; None for none.
        predicted: number → the localizer's mask (H, W) bool; half the samples then show it instead.
    """

    def __init__(
        self,
        stream: ForgeryStream | StoredStream,
        first: int,
        last: int,
        side: int,
        seed: int | None = None,
        predicted: Callable[[int], Mask] | None = None,
    ) -> None:
        self.stream, self.first, self.last, self.side = stream, first, last, side
        self.seed, self.predicted = seed, predicted

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        number = forged = self.first + index
        while self.stream.kind(forged) == "authentic":
            forged += 1
        sample = self.stream[forged]
        mask = sample.mask
        if self.seed is None:
            pixels, mask = around(sample.pixels, mask, self.side)
        else:
            rng = np.random.default_rng([self.seed, number])
            pixels, mask = around(sample.pixels, self._drawn_mask(rng, forged, mask), self.side, rng)
            stacked = _turned(rng, np.dstack([pixels, mask.astype(np.uint8)]))
            pixels, mask = stacked[:, :, :3], stacked[:, :, 3] > 0
        return torch.from_numpy(masked_features(pixels, mask)), torch.tensor(MASKED_KINDS.index(sample.kind))

    def _drawn_mask(self, rng: np.random.Generator, number: int, mask: Mask) -> Mask:
        if self.predicted and rng.random() < 0.5:
            guess = self.predicted(number)
            if (guess & mask).sum() >= LEAST_OVERLAP * (guess | mask).sum():
                return guess
        if rng.random() < 0.5:
            return mask
        side = 2 * int(rng.integers(1, 5)) + 1
        change = cv2.dilate if rng.random() < 0.5 else cv2.erode
        changed = change(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
        return changed if changed.any() else mask


def around(
    pixels: Pixels, mask: Mask, side: int, rng: np.random.Generator | None = None
) -> tuple[Pixels, Mask]:
    """A square on the 8 × 8 grid around a region's middle pixel, or with `rng` around any of its pixels."""
    marked = np.argwhere(mask)
    middle = marked[len(marked) // 2 if rng is None else int(rng.integers(len(marked)))]
    top, left = (max(0, min(int(at) - side // 2, len(mask) - side)) // GRID * GRID for at in middle)
    window = np.s_[top : top + side, left : left + side]
    return pixels[window], mask[window]


def masked_features(pixels: Pixels, mask: Mask) -> Pixels:
    """(4, H, W) uint8: colour, and 255 where the mask is set."""
    return np.concatenate([pixels.transpose(2, 0, 1), mask[None].astype(np.uint8) * 255])


def labelled(data: Dataset[tuple[Tensor, Tensor]], count: int) -> LabelledKinds:
    """The first samples of a dataset, in memory."""
    pairs = [data[number] for number in range(count)]
    return LabelledKinds(
        np.stack([features.numpy() for features, _ in pairs]), np.array([int(kind) for _, kind in pairs])
    )


def _turned(rng: np.random.Generator, image: Pixels) -> Pixels:
    """One of the eight orientations of a square; the 8 × 8 grid stays in place."""
    turned = np.rot90(image, int(rng.integers(4)))
    return np.ascontiguousarray(turned[:, ::-1] if rng.random() < 0.5 else turned)


def _passed_on(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """A seventh are blurred, a quarter saved once more."""
    if rng.random() < 1 / 7:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.3, 1.2))), np.uint8)
    if rng.random() < 1 / 4:
        pixels = recompress(pixels, int(rng.integers(60, 96)))
    return pixels
