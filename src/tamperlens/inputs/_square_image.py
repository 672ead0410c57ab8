"""MultiFusion's input: the whole image, reduced to a square."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class SquareImage:
    """Settings of the input.

    Attributes:
        side: height and width of the tensor, whatever the image's shape.
    """

    side: int = 224

    @property
    def channels(self) -> int:
        """Channels of the tensor."""
        return 3

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Tensor of an image.

        Args:
            pixels: (H, W, 3) uint8 RGB.

        Returns:
            (3, side, side) float32 in 0..1; bilinear, with a wider support when it shrinks.
        """
        resized = Image.fromarray(pixels).resize((self.side, self.side), Image.Resampling.BILINEAR)
        return np.asarray(resized).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
