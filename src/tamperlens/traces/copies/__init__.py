"""Parts of an image that repeat another part of it.

Public names: `Copy`, `MIN_SIGNIFICANCE`, `Region`, `Repeat`, `repeated_region`; further `CopyMove`,
`copy_move`.
"""

from tamperlens.traces.copies._copied_regions import Region
from tamperlens.traces.copies._copy_move import MIN_SIGNIFICANCE, Copy, CopyMove, copy_move
from tamperlens.traces.copies._repeated_region import Repeat, repeated_region

__all__ = ["MIN_SIGNIFICANCE", "Copy", "CopyMove", "Region", "Repeat", "copy_move", "repeated_region"]
