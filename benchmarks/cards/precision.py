"""What a lower precision of the localizer changes: its map, the fused finding, the time of a tile.

    python benchmarks/cards/precision.py --data DIR --photos DIR --dataset casia1 --dataset coverage
        [--precision int8] [--images 300] [--forged 80] [--write]

Each image is examined in full precision and in the lower one; its traces, which no localizer changes, are
measured once. F1 of the localizer's map is at the threshold frozen with the weight, of the fused map at 0.5;
the interval of the mean difference is by bootstrap over source photographs. `--write` puts the figures where
findings, which state them, read them; what was measured of another precision is kept. For bf16
run it where onnxruntime-openvino is installed; the full precision is then that build's CPU provider.
Run it again after the localizer or the fusion changed.
"""

import argparse
import json
import math
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from quantisation import forged, spread

from tamperlens.data import Sample, find_samples, read_mask
from tamperlens.data._splits import source_groups
from tamperlens.data.synthesis import PhotoPool
from tamperlens.evaluation import bootstrap_interval
from tamperlens.evaluation._pixel_metrics import confusion, f1
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, load_fusion, load_weight
from tamperlens.examine.fused import _voices as fused
from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.networks import LocalizerDetector
from tamperlens.examine.networks._precision import FULL, MEASURED_PATH, PRECISIONS
from tamperlens.examine.networks._providers import CPU, VARIABLE
from tamperlens.inputs import maps_of

_TILES = 12


@dataclass(frozen=True)
class Said:
    """What one precision says of one image.

    Attributes:
        llr: log-likelihood ratio of the finding.
        score: of the image by the finding, 0..1.
        outcome: of the finding.
        localizer: F1 of the localizer's map; None without a mask.
        fused: F1 of the fused map; None without a mask.
    """

    llr: float
    score: float
    outcome: str
    localizer: float | None
    fused: float | None


def localizer(precision: str, threads: int = 1) -> LocalizerDetector:
    """The default localizer, on the provider that the precision asks for."""
    os.environ[VARIABLE] = PRECISIONS[precision].provider or CPU
    try:
        return LOCALIZERS[DEFAULT_LOCALIZER](load_weight(DEFAULT_LOCALIZER, precision=precision), threads)
    finally:
        del os.environ[VARIABLE]


def remember_traces() -> None:
    """Traces of the last image are measured once for all precisions."""
    measure, last = fused.measure_traces, {}

    def remembered(evidence, progress, plan, kind):
        if evidence.sha256 not in last:
            last.clear()
            last[evidence.sha256] = measure(evidence, progress, plan, kind)
        return last[evidence.sha256]

    fused.measure_traces = remembered


def read(examinations: dict[str, FusedExamination], sample: Sample) -> dict[str, Said]:
    """What every precision says of one image."""
    evidence = load_evidence(sample.path)
    truth = read_mask(sample.mask, sample.mask_colour) if sample.tampered and sample.mask else None
    if truth is not None and (truth.shape != evidence.pixels.shape[:2] or not truth.any()):
        truth = None
    said = {}
    for precision, examination in examinations.items():
        finding = examination.examine(evidence, {})
        localizer = examination.localizer
        values = finding.maps[localizer.weight.name]
        said[precision] = Said(
            finding.log10_lr * math.log(10),
            0.5 if finding.score is None else finding.score,
            finding.outcome,
            _f1(values >= localizer.mask_threshold(values), truth),
            _f1(finding.mask >= finding.mask_threshold, truth),
        )
    return said


def _f1(mask: NDArray[np.bool_], truth: NDArray[np.bool_] | None) -> float | None:
    return None if truth is None else float(f1(confusion(mask, truth)))


def differing(
    rows: Sequence[dict[str, Said]],
    groups: Sequence[int],
    precision: str,
    value: Callable[[Said], float | None],
) -> dict[str, float]:
    """Mean of a figure in both precisions, and of the difference with its interval."""
    kept = [i for i, row in enumerate(rows) if value(row[FULL]) is not None]
    full = np.array([value(rows[i][FULL]) for i in kept])
    lower = np.array([value(rows[i][precision]) for i in kept])
    change = lower - full
    low, high = bootstrap_interval(lambda chosen: float(change[chosen].mean()), [groups[i] for i in kept])
    return {
        "images": len(kept),
        "full": round(float(full.mean()), 5),
        precision: round(float(lower.mean()), 5),
        "difference": round(float(change.mean()), 5),
        "low": round(float(low), 5),
        "high": round(float(high), 5),
    }


def figures(rows: Sequence[dict[str, Said]], groups: Sequence[int], precision: str) -> dict[str, object]:
    """All that one set says of one precision."""
    pairs = [(row[FULL], row[precision]) for row in rows]
    turned = [f"{a.outcome} → {b.outcome}" for a, b in pairs if a.outcome != b.outcome]
    moved = [abs(a.score - b.score) for a, b in pairs]
    return {
        "images": len(rows),
        "localizer": {"F1": differing(rows, groups, precision, lambda one: one.localizer)},
        "fused": {
            "F1 at 0.5": differing(rows, groups, precision, lambda one: one.fused),
            "score": differing(rows, groups, precision, lambda one: one.score),
            "score moved, mean": round(fmean(moved), 5),
            "score moved, most": round(max(moved), 5),
            "log-likelihood ratio moved, most": round(max(abs(a.llr - b.llr) for a, b in pairs), 4),
            "outcomes changed": len(turned),
            "changes": {one: turned.count(one) for one in sorted(set(turned))},
        },
    }


def seconds(precision: str, threads: int) -> dict[str, float]:
    """Processor's and wall-clock seconds of 512 × 512 pixels without the traces, median of several."""
    detector = localizer(precision, threads)
    pixels = np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8)
    evidence = load_evidence(encode_jpeg(pixels, 90))
    nothing = maps_of(evidence, {})
    spent, passed = [], []
    for _ in range(_TILES):
        began, clock = time.process_time(), time.perf_counter()
        detector.localize(evidence, nothing)
        spent.append(time.process_time() - began)
        passed.append(time.perf_counter() - clock)
    return {
        "processor": round(float(np.median(spent[2:])), 4),
        "wall": round(float(np.median(passed[2:])), 4),
        "wall, least": round(min(passed[2:]), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--dataset", action="append", default=[])
    parser.add_argument("--photos", type=Path, action="append", default=[])
    parser.add_argument("--precision", action="append", choices=[p for p in PRECISIONS if p != FULL])
    parser.add_argument("--images", type=int, default=300, help="of each dataset at most, evenly spread")
    parser.add_argument("--forged", type=int, default=80, help="forgeries of held-out photographs")
    parser.add_argument("--write", action="store_true", help="put the figures where findings read them")
    options = parser.parse_args()
    lower = options.precision or ["int8"]
    fusion = load_fusion()
    tiles = {f"{n} thread{'s' * (n > 1)}": {p: seconds(p, n) for p in (FULL, *lower)} for n in (1, 2)}
    print(json.dumps(tiles), flush=True)
    remember_traces()
    examinations = {one: FusedExamination(localizer(one), fusion) for one in (FULL, *lower)}
    sets: dict[str, dict[str, dict]] = {precision: {} for precision in lower}
    with tempfile.TemporaryDirectory() as folder:
        samples = {name: spread(find_samples(name, options.data), options.images) for name in options.dataset}
        if options.photos:
            samples["made forgeries"] = forged(
                PhotoPool(options.photos, held_out=True), options.forged, Path(folder)
            )
        for name, some in samples.items():
            rows = list(map(partial(read, examinations), some))
            groups = [int(group) for group in source_groups(some)]
            for precision in lower:
                sets[precision][name] = figures(rows, groups, precision)
                print(name, precision, json.dumps(sets[precision][name], ensure_ascii=False), flush=True)
    measured = {
        precision: {
            "weight": examinations[precision].localizer.weight.sha256,
            "fusion": fusion.sha256,
            "onnxruntime": onnxruntime.__version__,
            "machine": f"{platform.machine()}, images examined on one thread",
            "seconds a tile": {n: {p: one[p] for p in (FULL, precision)} for n, one in tiles.items()},
            "sets": sets[precision],
        }
        for precision in lower
    }
    if options.write:
        kept = json.loads(MEASURED_PATH.read_text(encoding="utf-8"))["precisions"]
        content = {"made by": "benchmarks/cards/precision.py", "precisions": kept | measured}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        MEASURED_PATH.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
