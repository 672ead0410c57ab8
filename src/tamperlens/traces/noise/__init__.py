"""Grain and sharpness: what a camera, a lens or a smoothing brush leaves in single pixels."""

from tamperlens.traces.noise._noise import NOISE
from tamperlens.traces.noise._noise_inconsistency import NOISE_INCONSISTENCY
from tamperlens.traces.noise._sharpness import SHARPNESS
from tamperlens.traces.noise._srm import KERNELS, SRM, TRUNCATION

__all__ = [
    "KERNELS",
    "NOISE",
    "NOISE_INCONSISTENCY",
    "SHARPNESS",
    "SRM",
    "TRUNCATION",
]
