"""What a surveillance camera does to a picture: noise, dead pixels, compression, motion, low resolution.

The conditions proposed but not tested in MultiFusion's paper; of each range, the ends and the middle.
"""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def gaussian_noise(pixels: Pixels, sigma: float, seed: int = 0) -> Pixels:
    """Add noise with a standard deviation in gray levels, separately for each channel."""
    noise = np.random.default_rng(seed).normal(0, sigma, pixels.shape)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def salt_and_pepper(pixels: Pixels, share: float, seed: int = 0) -> Pixels:
    """Turn a share of the pixels black or white, half each."""
    draws = np.random.default_rng(seed).random(pixels.shape[:2])
    changed = pixels.copy()
    changed[draws < share / 2] = 0
    changed[draws > 1 - share / 2] = 255
    return changed


def motion_blur(pixels: Pixels, length: int) -> Pixels:
    """Mean over `length` neighbours in a row, an odd number; the edge is mirrored."""
    half = length // 2
    padded = np.pad(pixels.astype(np.float64), ((0, 0), (half, half), (0, 0)), mode="symmetric")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0), (0, 0))), axis=1)
    return np.rint((sums[:, length:] - sums[:, :-length]) / length).astype(np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    """Saved as JPEG and decoded."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resized to a camera's resolution, whatever the shape was."""
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


# Name for tables → what is done to the pixels.
CONDITIONS: dict[str, Callable[[Pixels], Pixels]] = {
    "none": lambda pixels: pixels,
    "Gaussian noise σ 5": lambda pixels: gaussian_noise(pixels, 5),
    "Gaussian noise σ 15": lambda pixels: gaussian_noise(pixels, 15),
    "Gaussian noise σ 25": lambda pixels: gaussian_noise(pixels, 25),
    "salt and pepper 1 %": lambda pixels: salt_and_pepper(pixels, 0.01),
    "salt and pepper 5 %": lambda pixels: salt_and_pepper(pixels, 0.05),
    "JPEG 90": lambda pixels: compressed(pixels, 90),
    "JPEG 80": lambda pixels: compressed(pixels, 80),
    "JPEG 70": lambda pixels: compressed(pixels, 70),
    "motion blur 5 px": lambda pixels: motion_blur(pixels, 5),
    "motion blur 9 px": lambda pixels: motion_blur(pixels, 9),
    "motion blur 15 px": lambda pixels: motion_blur(pixels, 15),
    "640 × 480": lambda pixels: resized(pixels, 640, 480),
    "320 × 240": lambda pixels: resized(pixels, 320, 240),
}
