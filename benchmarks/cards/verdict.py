"""Pastes that only one trace tells, and pastes of a third of the image and more: how many are called?

    python benchmarks/cards/verdict.py --data DIR [--count 100]

DIR holds `camera`: files as cameras wrote them, which nothing was fitted to. Each made image is one of them,
reduced to 1–12 megapixels, saved at quality 65–88, with a part of another one pasted in and saved again at
90–97 (`double-save`, 1–20 % of the area), or the same with any two qualities (`large`, 30–50 %); beside each,
the same saves without the paste. Seeds are fixed; nothing here chooses a threshold. Results go to
benchmarks/results/fusion/verdict.json.
"""

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from fusion_tables import RESULTS

from tamperlens.data.synthesis._regions import place_shape
from tamperlens.evaluation._pixel_metrics import confusion, f1
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner
from tamperlens.examine.fused._power import wilson

_EXAMINER: list[Examiner] = []


class Way(NamedTuple):
    """How an image is made: share of the area, first and last quality, each from–to."""

    share: tuple[float, float]
    first: tuple[int, int]
    last: tuple[int, int]


WAYS = {"double-save": Way((0.01, 0.2), (65, 88), (90, 97)), "large": Way((0.3, 0.5), (70, 95), (75, 97))}


def _open() -> None:
    cv2.setNumThreads(1)
    _EXAMINER.append(Examiner(threads=1, kinds=False))


def made(way: str, number: int, folder: Path) -> Iterator[tuple[bytes, np.ndarray | None]]:
    """The altered file with its mask, then its authentic twin."""
    rng = np.random.default_rng([number, list(WAYS).index(way)])
    share, first, last = WAYS[way]
    paths = sorted(folder.iterdir())
    one, other = rng.choice(len(paths), 2, replace=False)
    base = _reduced(load_evidence(paths[one]).pixels, 10 ** rng.uniform(6, np.log10(12e6)))
    donor = load_evidence(encode_jpeg(load_evidence(paths[other]).pixels, int(rng.integers(75, 98)))).pixels
    height, width = base.shape[:2]
    donor = cv2.resize(donor, (max(width, donor.shape[1]), max(height, donor.shape[0])))
    mask = place_shape(rng, rng.uniform(*share) * height * width, (height, width))
    saved = load_evidence(encode_jpeg(base, int(rng.integers(*first, endpoint=True)))).pixels
    top, left = (int(rng.integers(0, d - s + 1)) for d, s in zip(donor.shape, (height, width), strict=False))
    pasted = np.where(mask[..., None], donor[top : top + height, left : left + width], saved)
    quality = int(rng.integers(*last, endpoint=True))
    yield encode_jpeg(np.ascontiguousarray(pasted), quality), mask
    yield encode_jpeg(saved, quality), None


def _reduced(pixels: np.ndarray, most: float) -> np.ndarray:
    scale = min(1.0, float(np.sqrt(most / (pixels.shape[0] * pixels.shape[1]))))
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _examined(number: int, way: str, folder: Path) -> list[dict]:
    rows = []
    for file, mask in made(way, number, folder):
        finding = _EXAMINER[0].examine(load_evidence(file))
        alone = finding.document.alone
        row = {"way": way, "altered": mask is not None, "outcome": finding.outcome,
               "log10_lr": finding.log10_lr, "alone": alone.trace if alone else ""}  # fmt: skip
        if mask is not None:
            row["f1"] = float(f1(confusion(finding.mask >= finding.document.mask_threshold, mask)))
        rows.append(row)
    return rows


def table(rows: list[dict]) -> str:
    """Called and cleared, with 95 % intervals."""
    lines = ["| made images | called | cleared | mean F1 of the mask |", "|---|---:|---:|---:|"]
    for way in WAYS:
        for altered in (True, False):
            own = [row for row in rows if row["way"] == way and row["altered"] == altered]
            called, cleared = (sum(r["outcome"] == o for r in own) for o in ("inconsistent", "consistent"))
            low, high = wilson(called, len(own))
            score = f"{np.mean([row['f1'] for row in own]):.3f}" if altered else "–"
            name = f"{way}, {'altered' if altered else 'its saves alone'}"
            lines.append(
                f"| {name} ({len(own)}) | {called / len(own):.0%} ({low:.0%} – {high:.0%}) | "
                f"{cleared / len(own):.0%} | {score} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Make, examine, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    rows: list[dict] = []
    with ProcessPoolExecutor(2, initializer=_open) as pool:
        for way in WAYS:
            ask = partial(_examined, way=way, folder=options.data / "camera")
            rows += [row for found in pool.map(ask, range(options.count)) for row in found]
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "verdict.json").write_text(json.dumps(rows, separators=(",", ":")) + "\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
