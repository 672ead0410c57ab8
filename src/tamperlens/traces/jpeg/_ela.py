"""Error level analysis: what one more JPEG compression changes."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import recompress
from tamperlens.traces._trace import Cost, LookedTrace

# A re-save at quality 90 moves most pixels by a few levels; ×15 makes that visible on a screen.
DEFAULT_QUALITY = 90
DEFAULT_GAIN = 15.0


def error_level(pixels: NDArray[np.uint8], quality: int = DEFAULT_QUALITY) -> NDArray[np.uint8]:
    """Absolute difference between an image and its re-saved copy, E = |P − P′|.

    Args:
        pixels: (H, W) gray or (H, W, 3) RGB uint8.
        quality: IJG quality 1..100 of the re-save.

    Returns:
        uint8 array of the same shape, in gray levels.

    Reference: N. Krawetz, "A picture's worth: digital image analysis and forensics" (2007).

    >>> error_level(np.full((16, 16), 128, np.uint8)).max()
    np.uint8(0)
    """
    resaved = recompress(pixels, quality)
    return np.maximum(pixels, resaved) - np.minimum(pixels, resaved)


def ela_map(
    pixels: NDArray[np.uint8], quality: int = DEFAULT_QUALITY, gain: float = DEFAULT_GAIN
) -> NDArray[np.float32]:
    """Error level amplified for the eye, the strongest colour channel at each pixel.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        quality: IJG quality 1..100 of the re-save.
        gain: γ, the factor that multiplies the differences.

    Returns:
        (H, W) float32 in 0..1, min(1, γ·E / 255).
    """
    return amplify(error_level(pixels, quality).max(axis=2), gain)


def amplify(levels: NDArray[np.uint8], gain: float) -> NDArray[np.float32]:
    """Error levels of any shape as float32 in 0..1, min(1, γ·E / 255)."""
    lookup = np.minimum(np.arange(256, dtype=np.float32) * np.float32(gain / 255), 1)
    return np.asarray(lookup[levels])


ELA = LookedTrace(
    name="ela",
    title="Error level analysis",
    measures=(
        "How much each pixel changes when the image is saved once more as JPEG at quality 90, amplified 15 "
        "times."
    ),
    normal=(
        "In an untouched photograph edges and texture are bright and flat areas are dark, all over the image "
        "alike. A part whose level differs from other parts of the same texture has a different compression "
        "history. The map says nothing after strong recompression by a messenger or a social network, and "
        "text, sharpening and saturated colours are bright in any image."
    ),
    cost=Cost(seconds=0.002, seconds_per_mpx=0.0379, megabytes=425.0323, megabytes_per_mpx=15.569),
    compute=ela_map,
    compared=True,
)
