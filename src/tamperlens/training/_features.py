"""Input tensors of many images, computed once on all cores and kept on disk."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from tamperlens.data import Chain, Sample
from tamperlens.evidence import load_evidence


class Extractor(Protocol):
    """A dataclass of settings that turns uint8 RGB pixels into an input tensor (channels, side, side)."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def channels(self) -> int:
        """Channels of the tensor."""
        ...

    @property
    def side(self) -> int:
        """Its height and width."""
        ...

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The tensor."""
        ...


def cached_features(
    samples: Sequence[Sample],
    config: Extractor,
    chain: Chain | None,
    draws: Sequence[int],
    cache: Path,
    advance: Callable[[int], None] = lambda _: None,
) -> NDArray[np.float16]:
    """Compute or reload the tensors of samples.

    Args:
        samples: images.
        config: the extractor.
        chain: re-encoding; None for images as published.
        draws: seeds of the chain; every image gets one copy per seed.
        cache: folder of the cache files.
        advance: called with the number of images finished since the last call.

    Returns:
        (N, len(draws), C, side, side) float16, memory-mapped. Half precision is finer than the eight bits
        that the features are made from.
    """
    key = json.dumps(
        [
            [(s.path.name, s.path.stat().st_size) for s in samples],
            asdict(config),
            asdict(chain) if chain else None,
            list(draws),
            4,  # version of this file's format and of the traces; raise it when either changes
        ]
    )
    path = cache / f"features-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _compute(path, samples, config, chain, draws, advance)
    return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]


def _compute(
    path: Path,
    samples: Sequence[Sample],
    config: Extractor,
    chain: Chain | None,
    draws: Sequence[int],
    advance: Callable[[int], None],
) -> None:
    shape = (len(samples), len(draws), config.channels, config.side, config.side)
    partial_path = path.with_suffix(".partial.npy")
    out = np.lib.format.open_memmap(partial_path, "w+", np.float16, shape)
    work = partial(_tensors, config=config, chain=chain, draws=tuple(draws))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(work, [s.path for s in samples], chunksize=8)
        for index, tensors in enumerate(results):
            out[index] = tensors
            advance(1)
    out.flush()
    partial_path.replace(path)


def _tensors(
    path: Path, config: Extractor, chain: Chain | None, draws: tuple[int, ...]
) -> NDArray[np.float16]:
    evidence = load_evidence(path)
    if chain is None:
        copies = [evidence] * len(draws)
    else:
        copies = [load_evidence(chain(evidence.pixels, evidence.sha256, draw)) for draw in draws]
    return np.stack([config(copy.pixels) for copy in copies]).astype(np.float16)
