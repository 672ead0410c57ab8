"""Folders → `Sample`s, and how to divide and re-encode them without letting the label leak.

Public names: `DATASETS`, `find_samples`, `Sample`, `MaskColour`, `read_mask`, `split_by_source`,
`split_at_random`, `repeat_rarer`, `Chain`, `HELD_OUT_DRAW`, `check_dataset`, `DatasetCheck`; for other rooms
`PACKAGES`, `gather_photos`, `near_pairs`, `perceptual_hash`, `source_groups`, `Split`.
"""

from collections.abc import Callable
from pathlib import Path

from tamperlens.data._chain import HELD_OUT_DRAW, Chain
from tamperlens.data._check import DatasetCheck, check_dataset
from tamperlens.data._near_duplicates import near_pairs, perceptual_hash
from tamperlens.data._photos import PACKAGES, gather_photos
from tamperlens.data._sample import MaskColour, Sample, read_mask
from tamperlens.data._splits import Split, repeat_rarer, source_groups, split_at_random, split_by_source
from tamperlens.data.datasets import (
    find_casia1,
    find_casia2,
    find_cmh,
    find_cocoglide,
    find_columbia,
    find_comofod,
    find_coverage,
    find_defacto,
    find_faceforensics,
    find_imd2020,
    find_nist16,
)
from tamperlens.errors import UnknownNameError

__all__ = [
    "DATASETS",
    "HELD_OUT_DRAW",
    "PACKAGES",
    "Chain",
    "DatasetCheck",
    "MaskColour",
    "Sample",
    "Split",
    "check_dataset",
    "find_samples",
    "gather_photos",
    "near_pairs",
    "perceptual_hash",
    "read_mask",
    "repeat_rarer",
    "source_groups",
    "split_at_random",
    "split_by_source",
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


def find_samples(dataset: str, root: Path) -> list[Sample]:
    """List a dataset's samples in a fixed order.

    Args:
        dataset: key of `DATASETS`.
        root: the dataset's folder, or a folder that holds it under that name.

    Raises:
        UnknownNameError: no such dataset.
        DatasetError: the folder is missing or not laid out as published.
    """
    if dataset not in DATASETS:
        raise UnknownNameError("dataset", dataset, DATASETS)
    nested = root / dataset
    return DATASETS[dataset](nested if nested.is_dir() else root)
