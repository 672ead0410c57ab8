"""Re-encoding applied to both classes alike, so that no header reveals the label."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import encode_jpeg

# The draw for validation and test images; training uses 0, 1, 2, …
HELD_OUT_DRAW = 1_000_000

_SUBSAMPLINGS = ("4:2:0", "4:4:4")


@dataclass(frozen=True)
class Chain:
    """A random crop and JPEG re-save, drawn from image content and seed but never from the label.

    Re-saving on the old 8 × 8 grid keeps traces of the previous compression, which reveals the class in
    CASIA1 (docs/leakage.md). Cropping off the grid removes most of that. Upright images are rotated to
    landscape first, because CASIA1 has more authentic ones than tampered.

    Attributes:
        low: lowest IJG quality.
        high: highest IJG quality.
        off_grid: rotate upright images to landscape and cut up to 7 rows and columns, so that the new grid
            lies elsewhere; the result is always 8 pixels smaller on both sides.
    """

    low: int = 70
    high: int = 95
    off_grid: bool = True

    def __call__(self, pixels: NDArray[np.uint8], key: str, seed: int) -> bytes:
        """Apply the draw determined by `key` and `seed`.

        Args:
            pixels: (H, W, 3) uint8 RGB, at least 16 pixels on both sides if cut off the grid.
            key: identifies the image, such as its SHA-256.
            seed: each seed is a different draw.

        Returns:
            A JPEG file.
        """
        digest = hashlib.sha256(f"{key}:{seed}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        quality, subsampling = int(rng.integers(self.low, self.high + 1)), _SUBSAMPLINGS[rng.integers(2)]
        if self.off_grid:
            if pixels.shape[0] > pixels.shape[1]:
                pixels = np.rot90(pixels)
            top, left = divmod(int(rng.integers(1, 64)), 8)
            height, width = pixels.shape[:2]
            pixels = np.ascontiguousarray(pixels[top : top + height - 8, left : left + width - 8])
        return encode_jpeg(pixels, quality, subsampling)
