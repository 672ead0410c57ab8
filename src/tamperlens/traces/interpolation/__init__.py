"""What interpolation leaves: demosaicing in the camera, resizing and turning after it."""

from tamperlens.traces.interpolation._cfa import CFA
from tamperlens.traces.interpolation._resampling import RESAMPLING
from tamperlens.traces.interpolation._resizing import MIN_PEAK, Resizing, resizing

__all__ = [
    "CFA",
    "MIN_PEAK",
    "RESAMPLING",
    "Resizing",
    "resizing",
]
