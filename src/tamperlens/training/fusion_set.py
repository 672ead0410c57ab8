"""Images that the fusion is fitted to: forged twins and untouched photographs, measured once and kept."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field

from tamperlens.data.synthesis import DEFAULT_SHARES, ForgeryStream, PhotoPool, TinyAutoencoder
from tamperlens.errors import DatasetError
from tamperlens.evidence import Evidence, load_evidence
from tamperlens.examine import load_weight
from tamperlens.examine.cells import CELL, trace_planes
from tamperlens.examine.localizer import LocalizerDetector
from tamperlens.examine.measuring import measure_traces
from tamperlens.examine.pooling import block_means
from tamperlens.traces import MEASURED
from tamperlens.training.recipe import Strict

Part = Literal["network", "curves", "thresholds", "test"]
# In place of a side, for photographs that nothing was forged in.
_UNTOUCHED, _LARGE = 0, -2000
# By photograph: what was forged from one stays together. Shares of the photographs.
PARTS: Mapping[Part, float] = {"network": 0.4, "curves": 0.2, "thresholds": 0.25, "test": 0.15}


class FusionRecipe(Strict):
    """How the fusion is fitted.

    Attributes:
        name: of the file and its card.
        seed: of all draws.
        localizer: weight whose map is fused.
        twins: side of the samples in pixels → number of pairs, a forgery and its authentic twin.
        untouched: number of photographs saved once, as a camera or a download would leave them.
        large: number of those of half a megapixel and more, besides.
        hidden: widths of the cell network's layers.
        epochs: of its fitting.
        learning_rate: of Adam.
    """

    name: str = "fusion"
    seed: int = 0
    localizer: str = "unet-localizer"
    twins: Mapping[str, int] = Field(
        default_factory=lambda: {"256": 400, "384": 300, "512": 200, "1024": 100}
    )
    untouched: int = Field(300, ge=0)
    large: int = Field(200, ge=0)
    hidden: tuple[int, ...] = (32, 16)
    epochs: int = Field(12, ge=1)
    learning_rate: float = Field(3e-3, gt=0)


@dataclass(frozen=True)
class FusionImage:
    """One measured image.

    Attributes:
        part: what it is used for.
        origin: "twins" or "untouched".
        kind: of the alteration, "authentic" without.
        size: (height, width) in pixels.
        quality: nearest JPEG quality of the file, 0 for PNG.
        scores: opinion → raw score; void ones are absent.
        planes: (rows, columns, n) float16, the cell network's inputs that differ from cell to cell.
        mask: (rows, columns) float16, altered share of each cell.
    """

    part: Part
    origin: str
    kind: str
    size: tuple[int, int]
    quality: int
    scores: Mapping[str, float]
    planes: NDArray[np.float16] = field(repr=False)
    mask: NDArray[np.float16] = field(repr=False)

    @property
    def tampered(self) -> bool:
        """Whether it was altered."""
        return self.kind != "authentic"


def part_of(photo: str, seed: int) -> Part:
    """What everything made from a photograph is used for; its parts `NAME@0`, `NAME@1`, … go together."""
    whole = photo.partition("@")[0]
    u = int(sha256(f"{seed} {whole}".encode()).hexdigest()[:8], 16) / 2**32
    for part, share in PARTS.items():
        u -= share
        if u < 0:
            return part
    return "test"


@dataclass(frozen=True)
class Sources:
    """What the set is made from.

    Attributes:
        held: folders whose held-out photographs are used: what the localizer was validated, not trained on.
        fresh: folders of photographs that no weight was trained on, all of which are used.
        generator: folder of the tiny autoencoder, None to resample instead.
        weights: folder of the localizer's weight.
    """

    held: tuple[Path, ...]
    fresh: tuple[Path, ...]
    generator: Path | None
    weights: Path

    def pool(self, least_side: int) -> PhotoPool:
        """All photographs whose shorter side has so many pixels."""
        fresh = PhotoPool(self.fresh, held_out=None, least_side=least_side)
        try:
            return fresh.joined(PhotoPool(self.held, held_out=True, least_side=least_side))
        except DatasetError:  # none of the held-out ones is that large
            return fresh


_STATE: dict[str, Any] = {}


def measured_set(
    recipe: FusionRecipe,
    sources: Sources,
    folder: Path,
    workers: int = 2,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[FusionImage]:
    """Make and measure the set; what a folder already holds is read from it.

    Args:
        recipe: settings.
        sources: photographs and weights.
        folder: where measured images are kept.
        workers: processes.
        advance: called after each task with (tasks done since the last call, tasks in all).
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(int(side), number) for side, count in recipe.twins.items() for number in range(count)]
    tasks += [(_UNTOUCHED, number) for number in range(recipe.untouched)]
    tasks += [(_LARGE, number) for number in range(recipe.large)]
    # The dearest first, so that no worker is left with one at the end.
    tasks.sort(key=lambda task: -abs(task[0]))
    with ProcessPoolExecutor(workers, initializer=_open, initargs=(recipe, sources, folder)) as pool:
        for paths in pool.map(_make, tasks, chunksize=4):
            advance(1, len(tasks))
            for path in paths:
                yield read_image(path)


def _open(recipe: FusionRecipe, sources: Sources, folder: Path) -> None:
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    detector = LocalizerDetector(load_weight(recipe.localizer, sources.weights), threads=1)
    generator = TinyAutoencoder(sources.generator) if sources.generator else None
    _STATE.update(
        recipe=recipe, sources=sources, folder=folder, detector=detector, generator=generator, pools={}
    )


def _make(task: tuple[int, int]) -> list[Path]:
    recipe: FusionRecipe = _STATE["recipe"]
    side, number = task
    name = f"{recipe.seed}-{side}-{number}"
    paths = [_STATE["folder"] / f"{name}-{i}.npz" for i in range(2 if side > 0 else 1)]
    if all(path.exists() for path in paths):
        return paths
    made = _twins(side, number) if side > 0 else _untouched(number, large=side == _LARGE)
    for path, (file, mask, kind, photo) in zip(paths, made, strict=True):
        evidence = load_evidence(file)
        part = part_of(photo, recipe.seed)
        image = measure_image(
            evidence, mask, _STATE["detector"], part, "twins" if side > 0 else "untouched", kind
        )
        _write(image, path)
    return paths


Made = list[tuple[bytes, NDArray[np.bool_], str, str]]


def _pool(least_side: int) -> PhotoPool:
    pools: dict[int, PhotoPool] = _STATE["pools"]
    if least_side not in pools:
        pools[least_side] = _STATE["sources"].pool(least_side)
    return pools[least_side]


def _twins(side: int, number: int) -> Made:
    seed = _STATE["recipe"].seed + 3_000_000 + side
    stream = ForgeryStream(_pool(min(side, 768)), side, seed, DEFAULT_SHARES, _STATE["generator"])
    return [(one.file, one.mask, one.kind, one.sources[0]) for one in stream.twins(number)]


def _untouched(number: int, large: bool) -> Made:
    """A whole photograph, perhaps made smaller, saved once."""
    seed = _STATE["recipe"].seed
    rng = np.random.default_rng([seed, 5_000_000 if large else 4_000_000, number])
    pool = _pool(800 if large else 200)
    index = int(rng.integers(len(pool)))
    pixels = pool.load(index).pixels
    image = Image.fromarray(pixels)
    if rng.random() < 0.5:
        scale = float(rng.uniform(0.7 if large else 0.35, 1))
        image = image.resize([max(200, round(s * scale)) for s in image.size], Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(75, 100)), subsampling=int(rng.choice([0, 2])))
    return [(buffer.getvalue(), np.zeros(image.size[::-1], bool), "authentic", pool.paths[index].stem)]


def measure_image(
    evidence: Evidence,
    mask: NDArray[np.bool_],
    detector: LocalizerDetector,
    part: Part,
    origin: str,
    kind: str,
) -> FusionImage:
    """Ask the localizer and every applicable trace about one image."""
    localization = detector.localize(evidence.pixels)
    measured = measure_traces(evidence)
    maps = {name: one.values for name, one in measured.measurements.items()}
    scores = {name: one.score for name, one in measured.measurements.items()}
    return FusionImage(
        part=part,
        origin=origin,
        kind=kind,
        size=(evidence.height, evidence.width),
        quality=evidence.jpeg.quality if evidence.jpeg else 0,
        scores={detector.weight.name: detector.margin(localization), **scores},
        planes=trace_planes(localization, maps, tuple(MEASURED)).astype(np.float16),
        mask=block_means(mask.astype(np.float32), CELL).astype(np.float16),
    )


def _write(image: FusionImage, path: Path) -> None:
    facts = asdict(image)
    arrays = {name: facts.pop(name) for name in ("planes", "mask")}
    partial_path = path.with_suffix(".tmp.npz")
    np.savez_compressed(partial_path, facts=np.array(json.dumps(facts)), **arrays)
    partial_path.replace(path)


def read_image(path: Path) -> FusionImage:
    """Read what was measured before."""
    with np.load(path) as archive:
        facts = json.loads(str(archive["facts"]))
        return FusionImage(
            **{**facts, "size": tuple(facts["size"])}, planes=archive["planes"], mask=archive["mask"]
        )
