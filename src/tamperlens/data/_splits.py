"""Divide samples into training, validation and test."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamperlens.data._sample import Sample


@dataclass(frozen=True)
class Split:
    """Indices into a list of samples; the three parts are disjoint and cover it.

    Attributes:
        train: fitted on.
        validation: early stopping, calibration and thresholds.
        test: measured once.
        groups: number of each sample's group; equal numbers share a source photograph.
    """

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    groups: tuple[int, ...]


def source_groups(samples: Sequence[Sample]) -> tuple[int, ...]:
    """Number the connected components of samples that share a source, directly or through others.

    >>> from pathlib import Path
    >>> make = lambda *sources: Sample(Path("x.jpg"), False, "authentic", frozenset(sources))
    >>> source_groups([make("a"), make("b"), make("a", "c"), make("c"), make()])
    (0, 1, 0, 0, 2)
    """
    parent: dict[str, str] = {}

    def root(source: str) -> str:
        parent.setdefault(source, source)
        while parent[source] != source:
            parent[source] = parent[parent[source]]
            source = parent[source]
        return source

    keys = [sorted(sample.sources) or [f"\0alone-{i}"] for i, sample in enumerate(samples)]
    for sources in keys:
        for source in sources[1:]:
            parent[root(source)] = root(sources[0])
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(root(sources[0]), len(numbers)) for sources in keys)


def split_at_random(
    samples: Sequence[Sample], seed: int, parts: tuple[float, float, float] = (0.72, 0.08, 0.2)
) -> Split:
    """The papers' division: images drawn one by one regardless of their source.

    Args:
        samples: what to divide.
        seed: of the draw.
        parts: shares of training, validation, test; by default 80 % and 20 %, with a tenth of the training
            part set aside for early stopping.
    """
    order = [int(i) for i in np.random.default_rng(seed).permutation(len(samples))]
    n_test, n_validation = round(parts[2] * len(samples)), round(parts[1] * len(samples))
    return Split(
        train=tuple(sorted(order[n_test + n_validation :])),
        validation=tuple(sorted(order[n_test : n_test + n_validation])),
        test=tuple(sorted(order[:n_test])),
        groups=source_groups(samples),
    )


def repeat_rarer(samples: Sequence[Sample]) -> list[Sample]:
    """The samples, with those of the rarer class repeated in turn until both classes are equally large.

    >>> from pathlib import Path
    >>> make = lambda name, tampered: Sample(Path(name), tampered, "")
    >>> [s.path.name for s in repeat_rarer([make("a", True), make("b", False), make("c", True)])]
    ['a', 'b', 'c', 'b']
    """
    classes = [[s for s in samples if s.tampered == tampered] for tampered in (False, True)]
    rarer, other = sorted(classes, key=len)
    missing = len(other) - len(rarer)
    return [*samples, *itertools.islice(itertools.cycle(rarer), missing)]


def split_by_source(
    samples: Sequence[Sample], seed: int, parts: tuple[float, float, float] = (0.6, 0.2, 0.2)
) -> Split:
    """Divide so that no source photograph is on two sides, with both classes in equal proportion.

    Groups are assigned one by one, large ones first and then in random order, to the part that is furthest
    below its share of authentic and tampered images.

    Args:
        samples: what to divide.
        seed: of the random order.
        parts: shares of training, validation, test; they sum to 1.
    """
    groups = source_groups(samples)
    members: dict[int, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group].append(index)
    shuffled = np.random.default_rng(seed).permutation(list(members))
    order = sorted((int(g) for g in shuffled), key=lambda g: -(len(members[g]) // 8))

    classes = np.array([[not s.tampered, s.tampered] for s in samples], dtype=float)
    missing = np.outer(parts, classes.sum(axis=0))
    chosen: list[list[int]] = [[], [], []]
    for group in order:
        gain = classes[members[group]].sum(axis=0)
        need = (missing / np.outer(parts, np.ones(2))) @ gain
        part = int(np.argmax(need))
        chosen[part] += members[group]
        missing[part] -= gain
    train, validation, test = (tuple(sorted(part)) for part in chosen)
    return Split(train, validation, test, groups)
