"""Fit the weights of kinds: forgeries are examined as any image is, and what the systems say is regressed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import minimize
from scipy.special import log_softmax

from tamperlens.data.synthesis import KINDS, Forgery, ForgeryStream, TinyAutoencoder
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner, load_weight
from tamperlens.examine.kind_networks import MaskedClassifier, PatchClassifier
from tamperlens.examine.kinds import KindTeller, covered_by_copies, kind_inputs
from tamperlens.training.fusion_set import Sources, part_of
from tamperlens.training.recipe import Strict

ALTERED = KINDS[1:]
# A mask that misses the region says nothing about how the region was altered.
LEAST_OVERLAP = 0.1
_SEED = 6_000_000
_FITTED = ("network", "curves")


class KindFusionRecipe(Strict):
    """How the weights of kinds are fitted.

    Attributes:
        name: of the file.
        seed: of all draws.
        patches: weight of S0's classifier.
        masked: weight of S2's classifier.
        forgeries: side of the samples in pixels → their number.
        penalty: of the offsets' mean square.
    """

    name: str = "kinds"
    seed: int = 0
    patches: str = "kind-classifier"
    masked: str = "dual-module"
    forgeries: Mapping[str, int] = Field(default_factory=lambda: {"256": 400, "384": 300})
    penalty: float = Field(0.3, gt=0)


@dataclass(frozen=True)
class KindRow:
    """What the systems say of one forgery with one mask.

    Attributes:
        part: "fit" or "test", by photograph.
        kind: the true one.
        mask: "true", or "found" by the default examination.
        overlap: intersection over union of the mask and the true one.
        patches: S0's probability of each kind, given an alteration.
        masked: S2's, likewise.
        copied: whether a pair of copies covers the marked region.
        tampered: S0's log-odds that the part around it was altered.
        area: share of the image that was altered.
    """

    part: str
    kind: str
    mask: str
    overlap: float
    patches: Mapping[str, float]
    masked: Mapping[str, float]
    copied: bool
    tampered: float
    area: float


_STATE: dict[str, Any] = {}


def kind_rows(
    recipe: KindFusionRecipe,
    sources: Sources,
    folder: Path,
    workers: int = 2,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[KindRow]:
    """Make and examine the forgeries; what a folder already holds is read from it.

    Args:
        recipe: settings.
        sources: photographs, and the folder of both classifiers.
        folder: where rows are kept.
        workers: processes.
        advance: called after each forgery with (done since the last call, in all).
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(int(side), number) for side, count in recipe.forgeries.items() for number in range(count)]
    with ProcessPoolExecutor(workers, initializer=_open, initargs=(recipe, sources, folder)) as pool:
        for path in pool.map(_make, tasks, chunksize=4):
            advance(1, len(tasks))
            yield from (KindRow(**row) for row in json.loads(path.read_text(encoding="utf-8")))


def fit_kinds(rows: Sequence[KindRow], recipe: KindFusionRecipe, sources: Sources, path: Path) -> None:
    """Weigh what was said, and write the weights.

    One weight for each system, none negative, one for a pair of copies in favour of copy-move, and an offset
    for each kind: a free regression of so many inputs on a few hundred forgeries would learn them by heart.
    """
    chosen = [
        row for row in rows if row.part == "fit" and any(usable(row, mask) for mask in ("true", "found"))
    ]
    inputs, labels = design(chosen)
    start = np.array([0.5, 0.5, 0.0, *np.zeros(len(ALTERED))])
    bounds = [(0, None)] * 3 + [(None, None)] * len(ALTERED)
    fitted = minimize(_loss, start, (inputs, labels, recipe.penalty), bounds=bounds)
    content = {
        "kinds": list(ALTERED),
        "coefficients": _coefficients(fitted.x).round(5).tolist(),
        "intercepts": fitted.x[3:].round(5).tolist(),
        "training": {
            "recipe": recipe.model_dump(),
            "rows": len(chosen),
            "networks": {
                name: load_weight(name, sources.weights).sha256 for name in (recipe.patches, recipe.masked)
            },
        },
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _loss(
    values: NDArray[np.float64], inputs: NDArray[np.float64], labels: NDArray[np.int64], penalty: float
) -> float:
    """Mean negative log-likelihood, and the penalty of the offsets."""
    logits = inputs @ _coefficients(values).T + values[3:]
    said = log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
    return float(-said.mean() + penalty * np.square(values[3:]).mean())


def _coefficients(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(K, D) matrix of the weights of S0's classifier, S2's, and copies."""
    kinds = len(ALTERED)
    copied = np.zeros((kinds, 1))
    copied[ALTERED.index("copy-move")] = values[2]
    return np.hstack([values[0] * np.eye(kinds), values[1] * np.eye(kinds), copied])


def usable(row: KindRow, mask: str) -> bool:
    """Whether a row has that kind of mask, and the mask meets the region."""
    return row.mask == mask and row.overlap >= LEAST_OVERLAP


def design(rows: Sequence[KindRow]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(N, D) inputs of the regression and (N,) places in `ALTERED`."""
    inputs = np.stack([kind_inputs((row.patches, row.masked), row.copied) for row in rows])
    return inputs, np.array([ALTERED.index(row.kind) for row in rows])


def _open(recipe: KindFusionRecipe, sources: Sources, folder: Path) -> None:
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    generator = TinyAutoencoder(sources.generator) if sources.generator else None
    teller = KindTeller(
        PatchClassifier(load_weight(recipe.patches, sources.weights), threads=1),
        MaskedClassifier(load_weight(recipe.masked, sources.weights), threads=1),
        None,
    )
    examiner = Examiner(threads=1, kinds=False)
    _STATE.update(recipe=recipe, sources=sources, folder=folder, generator=generator, teller=teller,
                  examiner=examiner, streams={})  # fmt: skip


def _make(task: tuple[int, int]) -> Path:
    side, number = task
    recipe: KindFusionRecipe = _STATE["recipe"]
    path: Path = _STATE["folder"] / f"{recipe.seed}-{side}-{number}.json"
    if not path.exists():
        rows = [asdict(row) for row in _rows(_stream(side)[number])]
        partial_path = path.with_suffix(".tmp")
        partial_path.write_text(json.dumps(rows), encoding="utf-8")
        partial_path.replace(path)
    return path


def _stream(side: int) -> ForgeryStream:
    streams: dict[int, ForgeryStream] = _STATE["streams"]
    if side not in streams:
        pool = _STATE["sources"].pool(side)
        seed = _STATE["recipe"].seed + _SEED + side
        streams[side] = ForgeryStream(pool, side, seed, dict.fromkeys(ALTERED, 1.0), _STATE["generator"])
    return streams[side]


def _rows(forgery: Forgery) -> Iterator[KindRow]:
    evidence = load_evidence(forgery.file)
    finding = _STATE["examiner"].examine(evidence)
    part = "fit" if part_of(forgery.sources[0], _STATE["recipe"].seed) in _FITTED else "test"
    teller: KindTeller = _STATE["teller"]
    area = float(forgery.mask.mean())
    for name, mask in (("true", forgery.mask), ("found", finding.mask >= finding.mask_threshold)):
        if not mask.any():
            continue
        said = teller.tell(evidence.pixels, mask, finding.copies)
        patches, masked = (opinion.kinds for opinion in said.opinions)
        overlap = float((mask & forgery.mask).sum() / (mask | forgery.mask).sum())
        copied = covered_by_copies(mask, finding.copies)
        yield KindRow(part, forgery.kind, name, overlap, patches, masked, copied, said.tampered, area)
