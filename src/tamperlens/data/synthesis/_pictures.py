"""Streams of forgeries → measured pictures, alone or as altered and authentic twins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from tamperlens.data.synthesis._generated import Generator
from tamperlens.data.synthesis._photos import PhotoPool
from tamperlens.data.synthesis._shards import Picture, write_shard
from tamperlens.data.synthesis._stream import Forgery, ForgeryStream, Hardness
from tamperlens.evidence import load_evidence
from tamperlens.inputs import measured_maps

_COPIES = frozenset({"copy-move"})


@dataclass(frozen=True)
class PicturePlan:
    """What is made from each number of a stream.

    Attributes:
        pairs: share of the numbers that give an altered picture and its authentic twin.
        copies: share of the pictures without a copy on which the copy trace is measured, which takes longer
            than all the others together; it is always measured on copies and their twins.
    """

    pairs: float = 0.3
    copies: float = 0.3


def made_pictures(
    stream: ForgeryStream, first: int, last: int, plan: PicturePlan | None = None
) -> Iterator[Picture]:
    """The pictures of numbers `first` … `last` − 1; each is the same whenever it is made."""
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


# Sides of the pictures, in turn; a quarter more than the largest crop used in training.
SIDES = (384, 448, 320, 384, 512)
SHARES: Mapping[str, float] = MappingProxyType(
    {
        "authentic": 0.16,
        "splicing": 0.34,
        "copy-move": 0.16,
        "removal": 0.08,
        "retouching": 0.07,
        "ai-edit": 0.04,
        "jitter": 0.15,
    }
)
HARDNESS = Hardness(processed=0.35, other_codecs=0.1, shapes=0.4, gathered=0.25, kept=0.2, resaved=0.35)
_A_SHARD = 128


def fill_with_shards(
    folder: Path,
    photos: Sequence[Path],
    generator: Generator | None,
    seed: int,
    shards: int,
    held_out: bool = False,
) -> Iterator[Path]:
    """Make the shards that a folder lacks; existing ones are used as they are.

    Args:
        folder: for `sSEED-NUMBER.tar`.
        photos: folders of photographs; those with outlines serve as donors at any size.
        generator: network that AI-like edits pass through; None to resample instead.
        seed: of the pictures.
        shards: number of shards, of 128 numbers each.
        held_out: use the photographs kept for validation.

    Yields:
        Each shard's path once it exists.
    """
    donors = PhotoPool(photos, held_out)
    streams: dict[int, ForgeryStream] = {}
    for number in range(shards):
        side, path = SIDES[number % len(SIDES)], folder / f"s{seed}-{number:05d}.tar"
        if not path.exists():
            if side not in streams:
                pool = PhotoPool(photos, held_out, least_side=side + 8)
                streams[side] = ForgeryStream(
                    pool, side, 1000 * seed + side, SHARES, generator, HARDNESS, donors
                )
            first = _A_SHARD * number
            write_shard(path, made_pictures(streams[side], first, first + _A_SHARD))
        yield path
