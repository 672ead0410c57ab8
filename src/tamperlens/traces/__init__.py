"""Pixels and coefficients → maps, one forensic signal per file: pure functions that measure and never judge.

`MEASURED` traces give a number and are fused, `LOOKED` ones have maps that are only looked at; `TRACES` holds
both. Each wing has the functions of its signals.
"""

from collections import ChainMap
from typing import cast

from tamperlens.traces._blocks import block_dct
from tamperlens.traces._strips import in_strips
from tamperlens.traces._trace import Cost, LookedTrace, MeasuredTrace, Measurement, Needs, Trace, full_size
from tamperlens.traces.copies import COPY_MOVE
from tamperlens.traces.interpolation import CFA, RESAMPLING
from tamperlens.traces.jpeg import DOUBLE_JPEG, ELA, GRID, JPEG_GHOST
from tamperlens.traces.noise import NOISE, NOISE_INCONSISTENCY, SHARPNESS, SRM
from tamperlens.traces.texture import DCT_SVD, LBP

__all__ = [
    "LOOKED",
    "MEASURED",
    "TRACES",
    "Cost",
    "LookedTrace",
    "MeasuredTrace",
    "Measurement",
    "Needs",
    "Trace",
    "block_dct",
    "full_size",
    "in_strips",
]

# In the order in which the fusion was fitted.
MEASURED: dict[str, MeasuredTrace] = {
    one.name: one for one in (DOUBLE_JPEG, GRID, JPEG_GHOST, COPY_MOVE, NOISE_INCONSISTENCY, SHARPNESS)
}
LOOKED: dict[str, LookedTrace] = {one.name: one for one in (ELA, SRM, NOISE, CFA, RESAMPLING, LBP, DCT_SVD)}
# A live view of both, including what is added to either later.
TRACES: ChainMap[str, Trace] = ChainMap(cast("dict[str, Trace]", LOOKED), cast("dict[str, Trace]", MEASURED))
