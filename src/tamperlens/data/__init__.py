"""Folders → `Sample`s, and how to divide and re-encode them without leaking the label."""

from tamperlens.data._chain import HELD_OUT_DRAW, Chain
from tamperlens.data._check import DatasetCheck, check_dataset
from tamperlens.data._finding import dataset_name, find_samples, published_in
from tamperlens.data._near_duplicates import near_pairs, perceptual_hash
from tamperlens.data._outline import Outline
from tamperlens.data._photos import PACKAGES, gather_photos
from tamperlens.data._sample import MaskColour, Sample, read_mask
from tamperlens.data._splits import Split, repeat_rarer, source_groups, split_at_random, split_by_source
from tamperlens.data.datasets import DATASETS

__all__ = [
    "DATASETS",
    "HELD_OUT_DRAW",
    "PACKAGES",
    "Chain",
    "DatasetCheck",
    "MaskColour",
    "Outline",
    "Sample",
    "Split",
    "check_dataset",
    "dataset_name",
    "find_samples",
    "gather_photos",
    "near_pairs",
    "perceptual_hash",
    "published_in",
    "read_mask",
    "repeat_rarer",
    "source_groups",
    "split_at_random",
    "split_by_source",
]
