"""Grain and sharpness: what a camera, a lens or a smoothing brush leaves in single pixels.

Public names: `KERNELS`, `TRUNCATION`; further `deviation_map`, `deviation_score`, `noise_deviation`,
`noise_map`, `sharpness_deviation`, `srm_map`.
"""

from tamperlens.traces.noise._deviation import deviation_map, deviation_score
from tamperlens.traces.noise._noise import noise_map
from tamperlens.traces.noise._noise_inconsistency import noise_deviation
from tamperlens.traces.noise._sharpness import sharpness_deviation
from tamperlens.traces.noise._srm import KERNELS, TRUNCATION, srm_map

__all__ = [
    "KERNELS",
    "TRUNCATION",
    "deviation_map",
    "deviation_score",
    "noise_deviation",
    "noise_map",
    "sharpness_deviation",
    "srm_map",
]
