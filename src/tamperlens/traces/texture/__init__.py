"""Texture of small neighbourhoods and blocks."""

from tamperlens.traces.texture._dct_svd import DCT_SVD, MAX_SINGULAR_VALUE, dct_svd
from tamperlens.traces.texture._lbp import LBP, lbp, to_unit

__all__ = [
    "DCT_SVD",
    "LBP",
    "MAX_SINGULAR_VALUE",
    "dct_svd",
    "lbp",
    "to_unit",
]
