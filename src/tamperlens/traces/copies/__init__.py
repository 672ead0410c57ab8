"""Parts of an image that repeat another part of it."""

from tamperlens.traces.copies._copied_regions import Region
from tamperlens.traces.copies._copy_move import MIN_SIGNIFICANCE, Copy
from tamperlens.traces.copies._copy_move_trace import COPY_MOVE
from tamperlens.traces.copies._repeated_region import Repeat, repeated_region

__all__ = [
    "COPY_MOVE",
    "MIN_SIGNIFICANCE",
    "Copy",
    "Region",
    "Repeat",
    "repeated_region",
]
