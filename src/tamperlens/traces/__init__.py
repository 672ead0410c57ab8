"""Pixels → maps, one forensic signal a file: pure functions that measure and never judge.

Public names: `TRACES`, `Trace`, and each signal's own functions in its file.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces.dct_svd import dct_svd_map
from tamperlens.traces.ela import ela_map
from tamperlens.traces.lbp import lbp_map
from tamperlens.traces.srm import srm_map

__all__ = ["TRACES", "Trace"]


@dataclass(frozen=True)
class Trace:
    """A forensic signal that can be shown as a map.

    Attributes:
        compute: (H, W, 3) uint8 RGB → (H, W) float32 in 0..1.
        title: what a person calls it.
        measures: what the value at a pixel is.
        reading: what normal looks like, what stands out, and when it misleads.
    """

    compute: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    title: str
    measures: str
    reading: str


TRACES: dict[str, Trace] = {
    "ela": Trace(
        ela_map,
        "Error level analysis",
        "How much each pixel changes when the image is saved once more as JPEG at quality 90, 15 times "
        "amplified.",
        "In an untouched photograph edges and texture are bright and flat areas dark, alike all over. A part "
        "whose level differs from other parts of the same texture has another compression history. It says "
        "nothing after a strong re-save by a messenger or a social network, and text, sharpening and "
        "saturated colours are bright in any image.",
    ),
    "srm": Trace(
        srm_map,
        "Noise residual (SRM)",
        "Strength of the third-order high-pass residual, up to 16 gray levels.",
        "Sensor noise is spread evenly over areas of equal brightness. A part that is smoother or grainier "
        "than its like may come from elsewhere or have been blurred. Texture and focus change it as well, "
        "and strong JPEG compression leaves nothing to compare.",
    ),
    "lbp": Trace(
        lbp_map,
        "Local binary patterns",
        "How many of the eight neighbours are at least as bright as the pixel: 0..8 for plain patterns, "
        "9 for all others.",
        "Texture of one kind gives one mixture of codes. Smoothed, cloned or generated parts can show a "
        "mixture of their own. Flat areas are uniform in any image.",
    ),
    "dct-svd": Trace(
        dct_svd_map,
        "DCT-SVD",
        "Largest singular value of each 8 × 8 block's cosine transform, as a part of its largest possible "
        "value.",
        "Mostly the block's brightness. It is an input of the lightweight CNN; taken alone, by eye, it "
        "rarely tells anything.",
    ),
}
