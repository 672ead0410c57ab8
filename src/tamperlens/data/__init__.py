"""Folders → `Sample`s, and how to divide and re-encode them without letting the label leak.

Public names: `DATASETS`, `find_samples`, `Sample`, `split_by_source`, `split_at_random`, `Chain`,
`HELD_OUT_DRAW`, `read_mask`.
"""

from collections.abc import Callable
from pathlib import Path

from tamperlens.data.casia1 import find_casia1
from tamperlens.data.chain import HELD_OUT_DRAW, Chain
from tamperlens.data.sample import Sample, read_mask
from tamperlens.data.splits import Split, split_at_random, split_by_source
from tamperlens.errors import UnknownNameError

__all__ = [
    "DATASETS",
    "HELD_OUT_DRAW",
    "Chain",
    "Sample",
    "Split",
    "find_samples",
    "read_mask",
    "split_at_random",
    "split_by_source",
]

DATASETS: dict[str, Callable[[Path], list[Sample]]] = {
    "casia1": find_casia1,
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
