"""What the localizers see: colour, and error levels at several qualities."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import to_gray
from tamperlens.traces.jpeg import amplify, error_level


@dataclass(frozen=True)
class NetworkInput:
    """Settings of a localizer's input tensor.

    Attributes:
        qualities: IJG qualities at which the gray image is re-saved, one channel each; empty for colour
            alone.
        gain: γ, the factor that multiplies the error levels.
    """

    qualities: tuple[int, ...] = (95, 85, 75)
    gain: float = 15.0

    @property
    def channels(self) -> int:
        """Channels of the tensor."""
        return 3 + len(self.qualities)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Tensor of an image, or of a tile whose corner lies on the 8 × 8 grid.

        Args:
            pixels: (H, W, 3) uint8 RGB.

        Returns:
            (C, H, W) float32 in 0..1: red, green, blue, then min(1, γ·E / 255) for each quality.
        """
        color = pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
        if not self.qualities:
            return color
        gray = to_gray(pixels)
        levels = np.stack([error_level(gray, quality) for quality in self.qualities])
        return np.concatenate([color, amplify(levels, self.gain)])
