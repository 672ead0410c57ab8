"""Published benchmarks, one small file each: folder → samples.

Public names: `IMAGE_SUFFIXES`; further `find_casia1`, `find_casia2`, `find_cmh`, `find_cocoglide`,
`find_columbia`, `find_comofod`, `find_coverage`, `find_defacto`, `find_faceforensics`, `find_imd2020`,
`find_nist16`, `images_in`.
"""

from tamperlens.data.datasets._casia1 import find_casia1
from tamperlens.data.datasets._casia2 import find_casia2
from tamperlens.data.datasets._cmh import find_cmh
from tamperlens.data.datasets._cocoglide import find_cocoglide
from tamperlens.data.datasets._columbia import find_columbia
from tamperlens.data.datasets._comofod import find_comofod
from tamperlens.data.datasets._coverage import find_coverage
from tamperlens.data.datasets._defacto import find_defacto
from tamperlens.data.datasets._faceforensics import find_faceforensics
from tamperlens.data.datasets._folders import IMAGE_SUFFIXES, images_in
from tamperlens.data.datasets._imd2020 import find_imd2020
from tamperlens.data.datasets._nist16 import find_nist16

__all__ = [
    "IMAGE_SUFFIXES",
    "find_casia1",
    "find_casia2",
    "find_cmh",
    "find_cocoglide",
    "find_columbia",
    "find_comofod",
    "find_coverage",
    "find_defacto",
    "find_faceforensics",
    "find_imd2020",
    "find_nist16",
    "images_in",
]
