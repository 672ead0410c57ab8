"""What interpolation leaves: demosaicing in the camera, resizing and turning after it.

Public names: `MIN_PEAK`, `Resizing`, `cfa_map`, `resampling_map`, `resizing`.
"""

from tamperlens.traces.interpolation._cfa import cfa_map
from tamperlens.traces.interpolation._resampling import resampling_map
from tamperlens.traces.interpolation._resizing import MIN_PEAK, Resizing, resizing

__all__ = [
    "MIN_PEAK",
    "Resizing",
    "cfa_map",
    "resampling_map",
    "resizing",
]
