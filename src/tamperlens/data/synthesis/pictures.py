"""Streams of forgeries → measured pictures, alone or as altered and authentic twins."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tamperlens.data.synthesis.shards import Picture
from tamperlens.data.synthesis.stream import Forgery, ForgeryStream
from tamperlens.evidence import load_evidence
from tamperlens.traces.trace_input import measured_maps

_COPIES = frozenset({"copy-move"})


@dataclass(frozen=True)
class PicturePlan:
    """What is made of each number of a stream.

    Attributes:
        pairs: share of the numbers that give an altered picture and its authentic twin.
        copies: share of the pictures without a copy on which the copy trace is measured, which takes longer
            than all the others; it is always measured on copies and their twins.
    """

    pairs: float = 0.3
    copies: float = 0.3


def made_pictures(
    stream: ForgeryStream, first: int, last: int, plan: PicturePlan | None = None
) -> Iterator[Picture]:
    """Pictures of the numbers `first` … `last` − 1; each is the same whenever it is made."""
    plan = plan or PicturePlan()
    for number in range(first, last):
        rng = np.random.default_rng([stream.seed, number, 1])
        paired, searched = rng.random() < plan.pairs, rng.random() < plan.copies
        made = stream.twins(number) if paired else (stream[number],)
        skip = frozenset() if searched or made[0].kind in _COPIES else _COPIES
        for forgery in made:
            yield _measured(forgery, number, skip)


def _measured(forgery: Forgery, number: int, skip: frozenset[str]) -> Picture:
    evidence = load_evidence(forgery.file)
    history = {"format": evidence.format, **forgery.history.described()}
    return Picture(forgery.file, forgery.mask, measured_maps(evidence, skip), forgery.kind, number, history)
