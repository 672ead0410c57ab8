"""Texture of small neighbourhoods and blocks.

Public names: `MAX_SINGULAR_VALUE`, `dct_svd`, `lbp`, `to_unit`; further `dct_svd_map`, `lbp_map`.
"""

from tamperlens.traces.texture._dct_svd import MAX_SINGULAR_VALUE, dct_svd, dct_svd_map
from tamperlens.traces.texture._lbp import lbp, lbp_map, to_unit

__all__ = [
    "MAX_SINGULAR_VALUE",
    "dct_svd",
    "dct_svd_map",
    "lbp",
    "lbp_map",
    "to_unit",
]
