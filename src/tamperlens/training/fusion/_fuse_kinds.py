"""Fit the weights of kinds: forgeries are examined like any image, and the systems' answers are regressed."""

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
from scipy.optimize import minimize
from scipy.special import log_softmax

from tamperlens.data.synthesis import KINDS, Forgery, ForgeryStream, TinyAutoencoder
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner, Finding, load_weight
from tamperlens.examine.fused import KindTeller, covered_by_copies, kind_inputs
from tamperlens.examine.networks import FULL, MaskedClassifier, PatchClassifier
from tamperlens.training.fusion._fusion_recipe import KindFusionRecipe
from tamperlens.training.fusion._fusion_sources import Sources, part_of

ALTERED = KINDS[1:]
# A mask that misses the region says nothing about how the region was altered.
LEAST_OVERLAP = 0.1
_SEED = 6_000_000
# For the patch classifier, dual-module, a pair of copies, likeness and lead of a repeated region.
WEIGHTS = 5
# Deviation of the normal prior on the weights of signs: one that no other kind happened to show in the fitted
# part may still raise the odds of a copy about e³ = 20 times, but not without limit.
_SIGN_WIDTH = 3.0
_FITTED = ("network", "curves")


@dataclass(frozen=True)
class KindRow:
    """What the systems say about one forgery with one mask.

    Attributes:
        part: "fit" or "test", by photograph.
        kind: the true one.
        mask: "true", or "found" by the default examination.
        overlap: intersection over union of the mask and the true one.
        patches: the patch classifier's probability of each kind, given an alteration.
        masked: dual-module's, likewise.
        copied: whether a pair of copies covers the marked region.
        likeness: of the region and the part that it best repeats.
        lead: of that part over any other.
        tampered: the patch classifier's log-odds that the part around it was altered.
        area: altered share of the image.
    """

    part: str
    kind: str
    mask: str
    overlap: float
    patches: Mapping[str, float]
    masked: Mapping[str, float]
    copied: bool
    likeness: float
    lead: float
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
    """Make and examine the forgeries; existing ones are read from the folder.

    Args:
        recipe: settings.
        sources: photographs, and the folder of both classifiers.
        folder: where rows are kept.
        workers: number of processes.
        advance: called after each forgery with (done since the last call, in all).
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(int(side), number) for side, count in recipe.forgeries.items() for number in range(count)]
    with ProcessPoolExecutor(workers, initializer=_open, initargs=(recipe, sources, folder)) as pool:
        for path in pool.map(_make, tasks, chunksize=4):
            advance(1, len(tasks))
            yield from (KindRow(**row) for row in json.loads(path.read_text(encoding="utf-8")))


def fit_kinds(rows: Sequence[KindRow], recipe: KindFusionRecipe, sources: Sources, path: Path) -> None:
    """Weigh the systems' answers, and write the weights.

    Each system has one weight, as have a pair of copies and the likeness and lead of a repeated region, the
    latter in favour of copy-move. None are negative, and each kind has an offset: a free regression of this
    many inputs on a few hundred forgeries would memorise them.
    """
    chosen = [
        row for row in rows if row.part == "fit" and any(usable(row, mask) for mask in ("true", "found"))
    ]
    inputs, labels = design(chosen)
    start = np.array([0.5, 0.5, 0.0, 0.0, 0.0, *np.zeros(len(ALTERED))])
    bounds = [(0, None)] * WEIGHTS + [(None, None)] * len(ALTERED)
    fitted = minimize(_loss, start, (inputs, labels, recipe.penalty), bounds=bounds)
    content = {
        "kinds": list(ALTERED),
        "coefficients": _coefficients(fitted.x).round(5).tolist(),
        "intercepts": fitted.x[WEIGHTS:].round(5).tolist(),
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
    """Mean negative log-likelihood, plus the penalty on offsets and on the weights of signs."""
    logits = inputs @ _coefficients(values).T + values[WEIGHTS:]
    said = log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
    signs = np.square(values[2:WEIGHTS]).sum() / (2 * _SIGN_WIDTH**2 * len(labels))
    return float(-said.mean() + signs + penalty * np.square(values[WEIGHTS:]).mean())


def _coefficients(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(K, D) matrix of the weights."""
    kinds = len(ALTERED)
    copied = np.zeros((kinds, 3))
    copied[ALTERED.index("copy-move")] = values[2:WEIGHTS]
    return np.hstack([values[0] * np.eye(kinds), values[1] * np.eye(kinds), copied])


def usable(row: KindRow, mask: str) -> bool:
    """Whether a row has that type of mask, and the mask meets the region."""
    return row.mask == mask and row.overlap >= LEAST_OVERLAP


def design(rows: Sequence[KindRow]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(N, D) inputs of the regression and (N,) indices in `ALTERED`."""
    inputs = np.stack(
        [kind_inputs((row.patches, row.masked), row.copied, row.likeness, row.lead) for row in rows]
    )
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
    examiner = Examiner(threads=1, kinds=False, precision=FULL)
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
    finding = _STATE["examiner"].examine(load_evidence(forgery.file))
    part = "fit" if part_of(forgery.sources[0], _STATE["recipe"].seed) in _FITTED else "test"
    found = finding.mask >= finding.mask_threshold
    for name, mask in (("true", forgery.mask), ("found", found)):
        if mask.any():
            yield kind_row(
                _STATE["teller"], finding, forgery.mask, mask, part=part, kind=forgery.kind, name=name
            )


def kind_row(
    teller: KindTeller,
    finding: Finding,
    truth: NDArray[np.bool_],
    mask: NDArray[np.bool_],
    part: str,
    kind: str,
    name: str,
) -> KindRow:
    """Ask about an examined image.

    Args:
        teller: tells kinds.
        finding: without kinds.
        truth: (H, W) bool, what was altered.
        mask: (H, W) bool, what is asked about.
        part: of the row.
        kind: the true one.
        name: of the mask.
    """
    said = teller.tell(finding.evidence.pixels, mask, finding.copies)
    patches, masked = (opinion.kinds for opinion in said.opinions)
    return KindRow(
        part, kind, name,
        overlap=float((mask & truth).sum() / (mask | truth).sum()),
        patches=patches,
        masked=masked,
        copied=covered_by_copies(mask, finding.copies),
        likeness=said.repeat.likeness if said.repeat else 0.0,
        lead=said.repeat.lead if said.repeat else 0.0,
        tampered=said.tampered,
        area=float(truth.mean()),
    )  # fmt: skip
