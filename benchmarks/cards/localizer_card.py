"""Every figure of a localizer's card, and the card's tables.

    python benchmarks/cards/localizer_card.py SYSTEM --data DIR [--weights DIR]
        [--only evaluate,camera,patches]
    python benchmarks/cards/localizer_card.py SYSTEM --data runs/fusion --only sizes

DIR holds `casia1`, `coverage`, `cmh` and `camera`; for `sizes` it is where `tamperlens fuse` kept what it
measured, whose test part was never fitted to. Results go to benchmarks/results/SYSTEM/, tables between
the markers of cards/SYSTEM.md. Seeds are fixed; nothing here chooses a threshold.
"""

import argparse
import csv
import io
import json
import os
import platform
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from page import fill
from PIL import Image

from tamperlens.data import find_samples
from tamperlens.evaluation import (
    CLASSICAL,
    LocalizationResult,
    area_table,
    classical_judge,
    evaluate_judge,
    localization_table,
    localizer_judge,
)
from tamperlens.evidence import Evidence, encode_jpeg, load_evidence
from tamperlens.examine import LOCALIZERS, load_fusion, load_weight
from tamperlens.examine.networks import Localization, LocalizerDetector
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY
from tamperlens.inputs import MeasuredMaps
from tamperlens.training.fusion._fusion_image import read_image

ROOT = Path(__file__).parents[2]
DATASETS = ("casia1", "coverage", "cmh")
SIZES = (16, 32, 64, 128)
PASTES = 40
SIDE = 1024
RESIZED = 512

Localize = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def evaluate(detector: LocalizerDetector, data: Path, results: Path) -> None:
    """Localization on the benchmarks, the classical baselines beside it."""
    for dataset in DATASETS:
        samples = find_samples(dataset, data)
        outcomes = Counter()
        recorder = _Recorder(detector, outcomes, samples)
        rows = [evaluate_judge(localizer_judge(recorder), samples, dataset)]
        _write(
            results / f"{dataset}-outcomes.json", {" ".join(key): n for key, n in sorted(outcomes.items())}
        )
        rows += _classical(samples, dataset, results)
        _write(results / f"{dataset}.json", [row.to_json() for row in rows])
        print(localization_table(rows))


def _classical(samples: list, dataset: str, results: Path) -> list[LocalizationResult]:
    """Rows of the classical baselines, which no weight changes: those that another localizer's card has."""
    others = (results.parent / system / f"{dataset}.json" for system in LOCALIZERS if system != results.name)
    measured = next((path for path in others if path.exists()), None)
    if measured is None:
        return [evaluate_judge(classical_judge(name), samples, dataset) for name in CLASSICAL]
    return [LocalizationResult(**row) for row in _read(measured) if row["system"] in CLASSICAL]


class _Recorder(LocalizerDetector):
    """A detector that also counts the outcomes it would report for the samples in their order."""

    def __init__(self, detector: LocalizerDetector, outcomes: Counter, samples: list) -> None:
        super().__init__(detector.weight)
        self._detector, self._outcomes, self._truths = detector, outcomes, iter(samples)

    def mask_threshold(self, probabilities: NDArray[np.float32]) -> float:
        """That of the detector."""
        return self._detector.mask_threshold(probabilities)

    def localize(self, evidence: Evidence, measured: MeasuredMaps | None = None) -> Localization:
        """The localization; the outcome is counted on the way."""
        found = self._detector.localize(evidence, measured)
        truth = "tampered" if next(self._truths).tampered else "authentic"
        self._outcomes[truth, self.outcome(found)] += 1
        return found


def camera(detector: LocalizerDetector, data: Path, results: Path) -> None:
    """False alarms on photographs straight from cameras."""
    rows = []
    for path in sorted((data / "camera").iterdir()):
        opinion = detector.answer(load_evidence(path)).opinion
        rows.append({"file": path.name, "applicable": opinion.applicable, "score": round(opinion.score, 4),
                     "outcome": opinion.outcome})  # fmt: skip
    _write(results / "camera.json", rows)
    print(_camera_table(rows))


def patches(detector: LocalizerDetector, data: Path, results: Path) -> None:
    """A patch of another photograph in one of 1024 × 1024 pixels: found by tiles, found after a resize?

    Base and patch are parts of camera originals; the base is saved at quality 75–95 before and 80–97 after,
    the patch has the history of its own photograph. Found: half of the pasted pixels reach the frozen
    threshold.
    """
    photos = [load_evidence(path).pixels for path in sorted((data / "camera").iterdir())]
    bases = [photo for photo in photos if min(photo.shape[:2]) >= SIDE]
    ways: dict[str, Localize] = {
        "tiles, native resolution": lambda pixels: _located(detector, pixels),
        f"whole image resized to {RESIZED}": lambda pixels: _resized(detector, pixels),
    }
    found = {way: {size: [] for size in SIZES} for way in ways}
    elsewhere = {way: [] for way in ways}
    for size in SIZES:
        rng = np.random.default_rng(size)
        for _ in range(PASTES):
            forged, mask = _paste(rng, bases, photos, size)
            for way, localize in ways.items():
                values = localize(forged)
                called = values >= detector.mask_threshold(values)
                found[way][size].append(bool(called[mask].mean() >= 0.5))
                elsewhere[way].append(float(called[~mask].mean()))
    content = {
        "bases": len(bases),
        "pastes a size": PASTES,
        "found": {way: {str(s): float(np.mean(v)) for s, v in sizes.items()} for way, sizes in found.items()},
        "area called elsewhere": {way: float(np.mean(values)) for way, values in elsewhere.items()},
    }
    _write(results / "patches.json", content)
    print(_patch_table(content))


def sizes(detector: LocalizerDetector, measured: Path, results: Path) -> None:
    """False alarms and detections by size on the fusion's test part."""
    name, read = detector.weight.name, detector.weight.calibration
    rows = []
    said = measured / detector.weight.sha256[:16]
    for path in sorted((measured / "measured").glob("*-test-*.npz")):
        if not (said / path.name).exists():  # of a recipe that asked for more
            continue
        image = read_image(path, said / path.name, name)
        if name in image.scores:
            score = read.probability(image.scores[name], image.pixels)
            rows.append([image.pixels, image.tampered, score > read.inconsistent_above])
    _write(results / "sizes.json", rows)
    print(_size_table(rows))


def _size_table(rows: list) -> str:
    lines = [
        "| width × height | authentic called inconsistent | altered called inconsistent |",
        "|---|---:|---:|",
    ]
    bounds = [0, *(band.max_pixels for band in load_fusion().bands)]
    for least, most in pairwise(bounds):
        cells = []
        for altered in (False, True):
            called = [one[2] for one in rows if least < one[0] <= most and one[1] == altered]
            cells.append(f"{sum(called)} of {len(called)}")
        size = "larger" if most == bounds[-1] else f"up to {most / 1e6:g} Mpx"
        lines.append(f"| {size} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _paste(
    rng: np.random.Generator, bases: list[NDArray[np.uint8]], photos: list[NDArray[np.uint8]], size: int
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    base = _part(rng, bases[int(rng.integers(len(bases)))], SIDE)
    base = load_evidence(encode_jpeg(base, int(rng.integers(75, 96)))).pixels.copy()
    donor = _part(rng, photos[int(rng.integers(len(photos)))], size)
    top, left = (int(v) for v in rng.integers(0, SIDE - size, 2))
    base[top : top + size, left : left + size] = donor
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top : top + size, left : left + size] = True
    return load_evidence(encode_jpeg(base, int(rng.integers(80, 98)))).pixels, mask


def _part(rng: np.random.Generator, photo: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    top, left = (int(rng.integers(0, length - side + 1)) for length in photo.shape[:2])
    return np.ascontiguousarray(photo[top : top + side, left : left + side])


def _located(detector: LocalizerDetector, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return detector.localize(load_evidence(buffer.getvalue())).probabilities


def _resized(detector: LocalizerDetector, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What most peers do: the image made small, the map made large."""
    small = Image.fromarray(pixels).resize((RESIZED, RESIZED), Image.Resampling.BILINEAR)
    map_ = Image.fromarray(_located(detector, np.asarray(small)))
    return np.asarray(map_.resize(pixels.shape[1::-1], Image.Resampling.BILINEAR))


def _camera_table(rows: list[dict[str, object]]) -> str:
    counts = {o: sum(r["outcome"] == o for r in rows) for o in ("consistent", "inconsistent", "inconclusive")}
    applicable = sum(bool(row["applicable"]) for row in rows)
    alarms = counts["inconsistent"]
    lines = ["| camera originals | applicable | consistent | inconsistent (false alarms) | inconclusive |",
             "|---:|---:|---:|---:|---:|"]  # fmt: skip
    shares = f"{alarms} ({100 * alarms / max(applicable, 1):.1f} % of the applicable)"
    lines.append(
        f"| {len(rows)} | {applicable} | {counts['consistent']} | {shares} | {counts['inconclusive']} |"
    )
    return "\n".join(lines)


def _patch_table(content: dict[str, dict[str, dict[str, float]]]) -> str:
    ways = content["found"]
    lines = ["| found | " + " | ".join(ways) + " |", "|---|" + "---:|" * len(ways)]
    for size in SIZES:
        cells = [f"{100 * found[str(size)]:.0f} %" for found in ways.values()]
        lines.append(f"| {size} × {size} px | " + " | ".join(cells) + " |")
    elsewhere = [f"{100 * content['area called elsewhere'][way]:.1f} %" for way in ways]
    lines.append("| area called elsewhere | " + " | ".join(elsewhere) + " |")
    return "\n".join(lines)


def _outcome_table(results: Path) -> str:
    columns = ("consistent", "inconsistent", "inconclusive")
    lines = ["| dataset | images | " + " | ".join(columns) + " |", "|---|---|---:|---:|---:|"]
    for dataset in DATASETS:
        counts = _read(results / f"{dataset}-outcomes.json")
        for truth in ("authentic", "tampered"):
            total = sum(n for key, n in counts.items() if key.startswith(truth))
            if total:
                shares = [f"{100 * counts.get(f'{truth} {c}', 0) / total:.1f} %" for c in columns]
                lines.append(f"| {dataset} | {total} {truth} | " + " | ".join(shares) + " |")
    return "\n".join(lines)


def _kind_table(rows: list[LocalizationResult]) -> str:
    lines = ["| images | F1 of its mask | F1 at 0.5 | AUC of pixels | misses |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    for row in rows:
        for kind, part in row.by_kind.items():
            cells = [f"{part[name]:.3f}" for name in ("f1_fixed", "f1_half", "auc_per_image", "miss_rate")]
            lines.append(f"| {row.dataset}, {part['images']} {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure_table(rows: list[LocalizationResult]) -> str:
    """What most readers look for, of every detector on every set; the CSV has the rest."""
    lines = ["| images, detector | F1 of its mask | best F1 | AUC of pixels | AUC of images |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    for row in rows:
        named = (row.figures[name] for name in ("f1_fixed", "f1_best", "auc_per_image", "image_auc"))
        lines.append(f"| {row.dataset}, {row.system} | " + " | ".join(map(_interval, named)) + " |")
    return "\n".join(lines)


def _interval(figure: Mapping[str, float | None]) -> str:
    if figure["value"] is None:
        return "–"
    return f"{figure['value']:.3f} ({figure['low']:.3f} – {figure['high']:.3f})"


def _write_figures(path: Path, rows: list[LocalizationResult]) -> None:
    """Every figure with its interval, a row each."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["dataset", "detector", "condition", "figure", "value", "low", "high"])
        for row in rows:
            for name, figure in row.figures.items():
                ends = (figure.get(end) for end in ("value", "low", "high"))
                said = ["" if end is None else f"{end:.4f}" for end in ends]
                writer.writerow([row.dataset, row.system, row.condition, name, *said])


def write_card(system: str, results: Path) -> None:
    """Replace what stands between the card's markers, where its results are there."""
    per_set = [[LocalizationResult(**row) for row in _read(results / f"{d}.json")] for d in DATASETS]
    flat = [row for rows in per_set for row in rows]
    parts = {
        "localization": _figure_table(flat),
        "kinds": _kind_table([row for row in flat if row.system == system]),
        "areas": area_table([row for row in flat if row.system == system]),
        "outcomes": _outcome_table(results),
    }
    measured = {"camera": _camera_table, "patches": _patch_table, "sizes": _size_table}
    for name, table in measured.items():
        if (results / f"{name}.json").exists():
            parts[name] = table(_read(results / f"{name}.json"))
    _write_figures(ROOT / f"cards/figures/{system}.csv", flat)
    fill(ROOT / f"cards/{system}.md", parts, {"areas": ("system",)})


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


STEPS = {"evaluate": evaluate, "camera": camera, "patches": patches, "sizes": sizes}


def main() -> None:
    """Measure and rewrite the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("system", choices=list(LOCALIZERS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=WEIGHTS_DIRECTORY)
    parser.add_argument("--only", default="evaluate,camera,patches")
    options = parser.parse_args()
    results = ROOT / "benchmarks/results" / options.system
    detector = LOCALIZERS[options.system](load_weight(options.system, options.weights))
    for step in options.only.split(","):
        STEPS[step](detector, options.data, results)
    _write(results / "machine.json", {"machine": f"{platform.machine()}, {os.cpu_count()} cores",
                                      "weight": detector.weight.sha256})  # fmt: skip
    write_card(options.system, results)


if __name__ == "__main__":
    main()
