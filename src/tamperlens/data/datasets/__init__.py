"""Published benchmarks and layouts for users' own datasets, one small file each: folder → samples."""

from collections.abc import Callable
from pathlib import Path

from tamperlens.data._sample import Sample
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
from tamperlens.data.datasets._own_coco import find_json
from tamperlens.data.datasets._own_folder import find_folder
from tamperlens.data.datasets._own_table import find_table

__all__ = [
    "DATASETS",
    "IMAGE_SUFFIXES",
    "find_folder",
    "find_json",
    "find_table",
    "images_in",
]

DATASETS: dict[str, Callable[[Path], list[Sample]]] = {
    "casia1": find_casia1,
    "casia2": find_casia2,
    "coverage": find_coverage,
    "columbia": find_columbia,
    "comofod": find_comofod,
    "cmh": find_cmh,
    "nist16": find_nist16,
    "imd2020": find_imd2020,
    "defacto": find_defacto,
    "cocoglide": find_cocoglide,
    "faceforensics": find_faceforensics,
}
