"""The lightweight CNN's input: error level, local binary pattern and DCT-SVD in one small tensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evidence import to_gray
from tamperlens.traces import in_strips
from tamperlens.traces.jpeg import amplify, error_level
from tamperlens.traces.texture import MAX_SINGULAR_VALUE, dct_svd, lbp, to_unit

Layout = Literal["ela-gray", "ela-multi", "ela-rgb"]
Order = Literal["resize-first", "features-first"]

CHANNELS: dict[Layout, int] = {"ela-gray": 3, "ela-multi": 5, "ela-rgb": 5}


@dataclass(frozen=True)
class HandcraftedConfig:
    """Which reading of the paper the tensor follows.

    Attributes:
        layout: "ela-gray": one gray error level (3 channels); "ela-multi": gray error levels at three
            qualities (5); "ela-rgb": error levels of red, green, blue (5); each with LBP and DCT-SVD.
        order: "resize-first" as in the paper's text, or "features-first", where the traces are computed at
            native size and then reduced.
        side: height and width of the tensor.
        qualities: re-save qualities of "ela-multi".
        quality: re-save quality of the other two layouts.
        gain: γ; error levels become min(1, γ·E / 255).
    """

    layout: Layout = "ela-multi"
    order: Order = "resize-first"
    side: int = 128
    qualities: tuple[int, int, int] = (95, 85, 75)
    quality: int = 90
    gain: float = 15.0

    def __post_init__(self) -> None:
        if self.layout not in CHANNELS or self.order not in get_args(Order):
            raise ValueError(
                f"layout must be one of {sorted(CHANNELS)} and order one of {get_args(Order)}, "
                f"not {self.layout!r} and {self.order!r}"
            )

    @property
    def channels(self) -> int:
        """Number of channels of the tensor."""
        return CHANNELS[self.layout]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """`handcrafted_tensor` with these settings."""
        return handcrafted_tensor(pixels, self)


def handcrafted_tensor(pixels: NDArray[np.uint8], config: HandcraftedConfig) -> NDArray[np.float32]:
    """Stack the lightweight CNN's features.

    Args:
        pixels: (H, W, 3) uint8 RGB, any size.
        config: the reading to follow.

    Returns:
        (C, side, side) float32 in 0..1: error levels, then LBP code / 9, then DCT-SVD σ₁ / 2040.

    Reference: the first paper of docs/systems.md (IIETA, 2026).
    """
    if config.order == "resize-first":
        pixels = np.asarray(
            Image.fromarray(pixels).resize((config.side, config.side), Image.Resampling.BICUBIC)
        )
    # One map at a time: at twelve megapixels each takes 48 MB.
    return np.stack([_fit(values, config.side) for values in _maps(pixels, config)])


def _maps(pixels: NDArray[np.uint8], config: HandcraftedConfig) -> Iterator[NDArray[np.float32]]:
    gray = to_gray(pixels)
    if config.layout == "ela-rgb":
        for channel in np.moveaxis(error_level(pixels, config.quality), 2, 0):
            yield amplify(channel, config.gain)
    else:
        for quality in config.qualities if config.layout == "ela-multi" else (config.quality,):
            yield amplify(error_level(gray, quality), config.gain)
    yield to_unit(in_strips(lbp, gray))
    yield np.minimum(dct_svd(gray) / np.float32(MAX_SINGULAR_VALUE), 1)


def _fit(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Resize a map to the tensor; bilinear, with a wider support when it shrinks."""
    if values.shape == (side, side):
        return values
    return np.asarray(Image.fromarray(values).resize((side, side), Image.Resampling.BILINEAR))
