"""Finding ↔ finding: whether a repeated examination gives the same result within a stated tolerance."""

from tamperlens.reproduction._comparing import (
    OTHER_MACHINE,
    SAME_SOFTWARE,
    Tolerance,
    differences,
    mask_difference,
    version_changes,
)
from tamperlens.reproduction._golden import GoldenCheck, self_test

__all__ = [
    "OTHER_MACHINE",
    "SAME_SOFTWARE",
    "GoldenCheck",
    "Tolerance",
    "differences",
    "mask_difference",
    "self_test",
    "version_changes",
]
