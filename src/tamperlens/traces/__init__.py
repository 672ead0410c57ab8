"""Pixels and coefficients → maps, one forensic signal a file: pure functions that measure and never judge.

Public names: `TRACES`, `Trace` (maps to look at), `MEASURED`, `MeasuredTrace`, `Measurement` (maps with a
number, which are fused), `full_size`, `in_strips`, and each signal's own functions in its file; for other
rooms `block_dct`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.traces._blocks import block_dct
from tamperlens.traces._measured import MEASURED, MeasuredTrace, full_size
from tamperlens.traces._measurement import Measurement
from tamperlens.traces._strips import in_strips, strips
from tamperlens.traces.interpolation import cfa_map, resampling_map
from tamperlens.traces.jpeg import ela_map
from tamperlens.traces.noise import noise_map, srm_map
from tamperlens.traces.texture import dct_svd_map, lbp_map

__all__ = [
    "MEASURED",
    "TRACES",
    "MeasuredTrace",
    "Measurement",
    "Trace",
    "block_dct",
    "full_size",
    "in_strips",
]


@dataclass(frozen=True)
class Trace:
    """A forensic signal that can be shown as a map.

    Attributes:
        compute: (H, W, 3) uint8 RGB → (H, W) float32 in 0..1.
        title: what a person calls it.
        measures: what the value at a pixel is.
        reading: what normal looks like, what stands out, and when it misleads.
        local: whether a strip's map is that part of the whole image's; what is fitted to the image is not.
    """

    compute: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    title: str
    measures: str
    reading: str
    local: bool = True

    def measure(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The whole image's map, strip by strip where that is the same, so that memory stays bounded."""
        return in_strips(self.compute, pixels) if self.local else self.compute(pixels)

    def rows(self, pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
        """The same map from above, some rows at a time."""
        return strips(self.compute, pixels) if self.local else iter([self.compute(pixels)])


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
    "noise": Trace(
        noise_map,
        "Noise level",
        "Standard deviation of the noise in each block of 16 × 16 pixels, up to 16 gray levels.",
        "A photograph has one level of grain, a little more in bright parts. A part that is grainier or "
        "smoother than its like may come from another camera or have been enlarged, blurred or generated. "
        "Fine texture is taken for noise, out-of-focus areas look clean, and JPEG compression smooths flat "
        "areas most: compare only parts of like content.",
    ),
    "cfa": Trace(
        cfa_map,
        "Demosaicing (CFA)",
        "Probability that a block of 8 × 8 pixels lacks the trace of the camera's colour interpolation that "
        "the rest of the image carries.",
        "All dark is normal, and also what an image without any such trace gives: one that was reduced, "
        "strongly compressed or never came from a camera. A compact bright part was pasted, resized, blurred "
        "or painted after the camera had interpolated. Already a JPEG of quality 95 loses the trace in "
        "smooth areas first, which then shine; it is at its best in uncompressed images.",
        local=False,
    ),
    "resampling": Trace(
        resampling_map,
        "Resampling",
        "How far a period of interpolation that the rest of the image does not have stands above chance, in "
        "windows of 128 × 128 pixels.",
        "All dark is normal. A compact bright part was enlarged or turned, by itself, before it came here; "
        "its border is known to some 60 pixels only. Void after a JPEG save at 95 or less, where it stays "
        "dark or shows chance, and weaker after any; nearly blind to reduction, and blind to factors such "
        "as 0.8, 4/3 and 2. Dark is no proof: flat and blurred parts, and those under some 100 pixels "
        "across, show no period. Where all of the image was resized, its richest texture alone may show "
        "that; fabrics, tiles and screens have periods of their own.",
        local=False,
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
