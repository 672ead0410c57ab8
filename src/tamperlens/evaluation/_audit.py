"""What a cheat would score: without looking at a pixel, or by having seen the photograph before.

No network is involved, not even for saliency. Whatever a cue below reveals, a network may learn instead of
alterations, and whatever two sides of a division share, it may memorise.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Sample, Split, near_pairs, source_groups, split_at_random, split_by_source
from tamperlens.errors import DatasetError
from tamperlens.evaluation._cues import CUES, Cue, measure_cue
from tamperlens.evaluation._header_reading import read_header
from tamperlens.evaluation._mask_bias import MaskBias, measure_masks
from tamperlens.evaluation._saliency_bias import SaliencyBias, measure_saliency


@dataclass(frozen=True)
class Sharing:
    """What test images share with the other images; shares 0..1 of the test images.

    Attributes:
        source_random: share a source photograph with them, divided 80 / 20 image by image.
        alike_random: look like one of them, with the same division.
        alike_by_source: look like one of them although divided by source.
        pairs: number of pairs that look alike in the whole set.
        untold_pairs: those of them whose names reveal no common source.
    """

    source_random: float
    alike_random: float
    alike_by_source: float
    pairs: int
    untold_pairs: int


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        dataset: its key in `DATASETS`.
        authentic: number of authentic images read.
        tampered: number of tampered images read.
        of: number of images in the set from which those were drawn.
        cues: what each cue reveals about the class; empty if one of the classes is empty.
        sharing: what a division leaves on both sides.
        masks: what the masks alone are worth; None if there are none.
        saliency: what marking the salient object is worth; None likewise.
    """

    dataset: str
    authentic: int
    tampered: int
    of: int
    cues: tuple[Cue, ...]
    sharing: Sharing
    masks: MaskBias | None
    saliency: SaliencyBias | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def audit_dataset(
    dataset: str,
    samples: Sequence[Sample],
    limit: int = 4000,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Audit:
    """Read the headers and masks of a dataset and measure what they give away.

    Args:
        dataset: key of `DATASETS`.
        samples: what `find_samples` listed.
        limit: read at most this many images, drawn at random.
        seed: of the draw, the divisions and the classifiers.
        progress: called with (files read, files in all).

    Raises:
        DatasetError: there are fewer than two images, or one cannot be read.
        MissingExtraError: imagehash is not installed.
    """
    drawn = _draw(samples, limit, seed)
    if len(drawn) < 2:
        raise DatasetError(f"{dataset} has {len(drawn)} images here; an audit needs two or more")
    read = []
    for done, sample in enumerate(drawn, 1):
        read.append(read_header(sample.path))
        progress(done, len(drawn))
    labels = np.array([sample.tampered for sample in drawn], dtype=np.int64)
    groups = source_groups(drawn)
    cues: tuple[Cue, ...] = ()
    if np.bincount(labels, minlength=2).min() >= 2:
        headers = [evidence for evidence, _ in read]
        cues = tuple(measure_cue(name, see(headers), labels, groups, seed) for name, (see, _) in CUES.items())
    return Audit(
        dataset=dataset,
        authentic=int((labels == 0).sum()),
        tampered=int((labels == 1).sum()),
        of=len(samples),
        cues=cues,
        sharing=_sharing(drawn, [code for _, code in read], groups, seed),
        masks=measure_masks(drawn, groups),
        saliency=measure_saliency(drawn),
    )


def _draw(samples: Sequence[Sample], limit: int, seed: int) -> list[Sample]:
    if len(samples) <= limit:
        return list(samples)
    chosen = np.random.default_rng(seed).choice(len(samples), limit, replace=False)
    return [samples[i] for i in sorted(int(i) for i in chosen)]


def _sharing(samples: Sequence[Sample], codes: Sequence[int], groups: Sequence[int], seed: int) -> Sharing:
    pairs = near_pairs(codes)
    at_random, by_source = split_at_random(samples, seed), split_by_source(samples, seed, (0.7, 0.1, 0.2))
    return Sharing(
        source_random=_share_of_test(at_random, _named_in_training(samples, at_random)),
        alike_random=_share_of_test(at_random, _across(at_random, pairs)),
        alike_by_source=_share_of_test(by_source, _across(by_source, pairs)),
        pairs=len(pairs),
        untold_pairs=sum(groups[i] != groups[j] for i, j in pairs),
    )


def _named_in_training(samples: Sequence[Sample], split: Split) -> set[int]:
    """Test images that directly share a source with an image outside the test part."""
    seen = {source for i in (*split.train, *split.validation) for source in samples[i].sources}
    return {i for i in split.test if samples[i].sources & seen}


def _across(split: Split, pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Test images paired with an image outside the test part."""
    test = set(split.test)
    return {i for pair in pairs for i in pair if i in test and not test.issuperset(pair)}


def _share_of_test(split: Split, found: set[int]) -> float:
    members: NDArray[np.bool_] = np.array([i in found for i in split.test], dtype=bool)
    return float(members.mean()) if len(members) else 0.0
