"""How well the JPEG traces locate and detect, on made splices and on labelled folders.

    python benchmarks/traces/double_jpeg.py --photos DIR [--results benchmarks/results/double-jpeg]
    python benchmarks/traces/double_jpeg.py --data DIR [--camera DIR] --photos DIR

`--photos` holds lossless photographs. The first form pastes a part of another photograph (never compressed,
or compressed on another grid) into one saved at quality Q1, saves all at Q2, and measures the map of double
quantisation for each pair. The second measures the maps and scores of all JPEG traces on CASIA1 (`--data`
holds `Au`, `Sp`, `Gt`), and how often authentic camera files exceed the 95th percentile that each score has
on made authentic images (compressed once, twice on one grid, and twice with a cut between).

CASIA1's authentic and tampered files differ in their quantisation tables: an image AUC there says as much
about how the set was made as about the trace. No score here reads the table itself.
"""

import argparse
import json
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import roc_auc_score

from tamperlens.data import find_samples
from tamperlens.evaluation._pixel_metrics import best_f1, confusion, f1, histograms, roc_auc
from tamperlens.evidence import Evidence, encode_jpeg, load_evidence, recompress
from tamperlens.traces.jpeg._double_jpeg import double_jpeg
from tamperlens.traces.jpeg._grid import grid_map, jpeg_grid
from tamperlens.traces.jpeg._jpeg_ghost import jpeg_ghost
from tamperlens.traces.jpeg._recompression import compression_history

mpl.use("Agg")

QUALITIES = tuple(range(60, 96, 5))
SIZE = (384, 512)

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def read(path: Path, rng: np.random.Generator) -> Pixels:
    """A part of a photograph, 384 × 512."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    top, left = (
        int(rng.integers(0, have - want + 1)) for have, want in zip(pixels.shape, SIZE, strict=False)
    )
    return np.ascontiguousarray(pixels[top : top + SIZE[0], left : left + SIZE[1]])


def region(rng: np.random.Generator, size: tuple[int, int] = SIZE) -> Mask:
    """A turned ellipse or rectangle, 3 to 20 % of the image."""
    area, ratio = rng.uniform(0.03, 0.2) * size[0] * size[1], np.exp(rng.uniform(-0.6, 0.6))
    radii = np.sqrt(area / np.pi * ratio), np.sqrt(area / np.pi / ratio)
    centre = [rng.uniform(0.25, 0.75) * side for side in size]
    turn = rng.uniform(0, np.pi)
    y, x = np.indices(size) - np.array(centre)[:, None, None]
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    if rng.random() < 0.6:
        return (u / radii[1]) ** 2 + (v / radii[0]) ** 2 < 1
    return (np.abs(u / radii[1]) < 0.886) & (np.abs(v / radii[0]) < 0.886)


def splice(photos: list[Path], first: int, last: int, seed: int) -> tuple[bytes, Mask]:
    """A file with a known history, and where it was altered."""
    rng = np.random.default_rng([first, last, seed])
    one, other = (read(photos[i], rng) for i in rng.choice(len(photos), 2, replace=False))
    if rng.random() < 0.5:
        shift = tuple(int(each) for each in rng.integers(1, 8, 2))
        moved = np.ascontiguousarray(np.roll(other, shift, (0, 1)))
        other = np.roll(recompress(moved, int(rng.integers(60, 96))), (-shift[0], -shift[1]), (0, 1))
    mask = region(rng)
    pixels = recompress(one, first).copy()
    pixels[mask] = other[mask]
    return encode_jpeg(pixels, last), mask


def authentic(photos: list[Path], seed: int) -> bytes:
    """A file without an edit: compressed once, twice on one grid, or cut off the grid in between."""
    rng = np.random.default_rng([1, seed])
    pixels = read(photos[int(rng.integers(len(photos)))], rng)
    if seed % 3:
        pixels = recompress(pixels, int(rng.integers(60, 97)))
    if seed % 3 == 2:
        pixels = np.ascontiguousarray(pixels[int(rng.integers(1, 8)) :, int(rng.integers(1, 8)) :])
    return encode_jpeg(pixels, int(rng.integers(60, 97)))


def enlarge(blocks: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """A map of blocks at the size of the image."""
    return blocks.repeat(8, axis=0).repeat(8, axis=1)[: shape[0], : shape[1]]


def double_map(evidence: Evidence) -> tuple[NDArray[np.float32], float]:
    """Map and score of double quantisation."""
    result = double_jpeg(evidence.coefficients())
    return enlarge(result.values, evidence.pixels.shape), result.score


def maps(evidence: Evidence) -> dict[str, tuple[NDArray[np.float32], float]]:
    """Map and score of every trace, and what the history says, 0 or 1."""
    coefficients, shape = evidence.coefficients(), evidence.pixels.shape
    double, grid = double_jpeg(coefficients), jpeg_grid(evidence.pixels)
    ghost = jpeg_ghost(evidence.pixels, evidence.jpeg.quality)
    history = compression_history(evidence.pixels, coefficients, grid, double)
    double_values = enlarge(double.values, shape)
    nothing = np.zeros(shape[:2], np.float32)
    return {
        "double quantisation": (double_values, double.score),
        # The score is whether the whole was compressed twice, no matter where it was altered.
        "double quantisation, strength": (double_values, double.strength),
        "grid": (grid_map(grid, *shape[:2]), grid.score),
        "ghost": (enlarge(ghost.values, shape), ghost.score),
        "twice": (nothing, float(history.compressions >= 2)),
        "shifted": (nothing, float(history.shifted_origin is not None)),
        "resized": (nothing, float(bool(history.resize_factors))),
    }


TRACES = ("double quantisation", "double quantisation, strength", "grid", "ghost")
HISTORY = ("twice", "shifted", "resized")


def figures(values: NDArray[np.float32], mask: Mask) -> list[float]:
    """F1 at 0.5, best F1 and AUC of one map."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    levels = histograms(values, mask)
    return [float(f1(confusion(values >= 0.5, mask))), float(best_f1(levels)), float(roc_auc(levels))]


def measure_pair(pair: tuple[int, int], photos: list[Path], count: int) -> list[float]:
    """Mean F1 at 0.5, best F1, AUC and score of a pair of qualities."""
    rows = []
    for seed in range(count):
        file, mask = splice(photos, *pair, seed)
        values, score = double_map(load_evidence(file))
        rows.append([*figures(values, mask), score])
    return [round(float(each), 4) for each in np.mean(rows, axis=0)]


def measure_pairs(photos: list[Path], count: int, workers: int) -> dict[str, list[float]]:
    pairs = [(first, last) for first in QUALITIES for last in QUALITIES]
    with Pool(workers) as pool:
        rows = pool.map(partial(measure_pair, photos=photos, count=count), pairs, chunksize=4)
    return {f"{first}-{last}": row for (first, last), row in zip(pairs, rows, strict=True)}


def table(results: dict[str, list[float]], column: int, title: str) -> str:
    """A Markdown table, Q1 down, Q2 across."""
    lines = [f"{title}; Q1 down, Q2 across", "", "| Q1 | " + " | ".join(map(str, QUALITIES)) + " |"]
    lines.append("|---|" + "---:|" * len(QUALITIES))
    for first in QUALITIES:
        cells = [f"{results[f'{first}-{last}'][column]:.2f}" for last in QUALITIES]
        lines.append(f"| {first} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def draw(results: dict[str, list[float]], path: Path) -> None:
    """Both tables as heat maps."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
    for axis, (column, title) in zip(axes, ((2, "pixel AUC"), (0, "pixel F1 at 0.5")), strict=True):
        values = [[results[f"{first}-{last}"][column] for last in QUALITIES] for first in QUALITIES]
        low = 0.5 if column == 2 else 0
        shown = axis.imshow(values, vmin=low, vmax=1, origin="lower", cmap="viridis")
        axis.set(title=title, xlabel="last quality", ylabel="first quality")
        axis.set_xticks(range(len(QUALITIES)), QUALITIES)
        axis.set_yticks(range(len(QUALITIES)), QUALITIES)
        figure.colorbar(shown, ax=axis)
    figure.savefig(path, dpi=80)


def measure_file(job: tuple[Path | bytes, Path | None]) -> dict[str, list[float]]:
    """Score of each trace, with F1, best F1 and AUC of its map where there is a mask."""
    source, mask_path = job
    evidence = load_evidence(source)
    mask = None if mask_path is None else np.asarray(Image.open(mask_path).convert("L")) > 127
    result = {}
    for name, (values, score) in maps(evidence).items():
        usable = name in TRACES and mask is not None and mask.shape == values.shape and 0 < mask.mean() < 1
        result[name] = [score, *(figures(values, mask) if usable else [])]
    return result


def measure_sets(options: argparse.Namespace, photos: list[Path]) -> dict[str, dict[str, float]]:
    samples = find_samples("casia1", options.data)[:: options.every]
    made = [(authentic(photos, seed), None) for seed in range(options.made)]
    cameras = [(path, None) for path in sorted(options.camera.iterdir())] if options.camera else []
    jobs = [(sample.path, sample.mask) for sample in samples]
    with Pool(options.workers) as pool:
        rows, of_made, of_cameras = (pool.map(measure_file, each, 8) for each in (jobs, made, cameras))
    tampered = np.array([sample.tampered for sample in samples])
    results = {}
    for name in TRACES:
        scores = np.array([row[name][0] for row in rows])
        located = np.array([row[name][1:] for row in rows if len(row[name]) > 1])
        threshold = float(np.percentile([row[name][0] for row in of_made], 95))
        results[name] = {
            "pixel_f1": located[:, 0].mean(),
            "pixel_best_f1": located[:, 1].mean(),
            "pixel_auc": located[:, 2].mean(),
            "image_auc": roc_auc_score(tampered, scores),
            "masks": len(located),
            "threshold": threshold,
            "casia1_detected": (scores[tampered] > threshold).mean(),
            "casia1_false_alarms": (scores[~tampered] > threshold).mean(),
            "camera_false_alarms": np.mean([row[name][0] > threshold for row in of_cameras] or [np.nan]),
        }
    groups = {"casia1 tampered": [r for r, t in zip(rows, tampered, strict=True) if t]}
    groups |= {"casia1 authentic": [r for r, t in zip(rows, tampered, strict=True) if not t]}
    groups |= {"camera": of_cameras, "made authentic": of_made}
    for group, members in groups.items():
        if members:
            results[f"history: {group}"] = {
                key: float(np.mean([row[key][0] for row in members])) for key in HISTORY
            }
    return {name: {k: round(float(v), 4) for k, v in row.items()} for name, row in results.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--camera", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--count", type=int, default=12, help="splices of each pair of qualities")
    parser.add_argument("--made", type=int, default=120, help="authentic images to take thresholds from")
    parser.add_argument("--every", type=int, default=1, help="measure each n-th image of the set only")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    photos = sorted(options.photos.iterdir())
    if options.data:
        results = measure_sets(options, photos)
        print(json.dumps(results, indent=1))
        suffix = "-sets"
    else:
        results = measure_pairs(photos, options.count, options.workers)
        text = "\n".join(
            table(results, i, title) for i, title in ((2, "Pixel AUC"), (0, "Pixel F1 at 0.5"), (3, "Score"))
        )
        print(text)
        suffix = ""
    if options.results:
        target = options.results.with_name(options.results.name + suffix)
        target.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        if not suffix:
            target.with_suffix(".md").write_text(text, encoding="utf-8")
            draw(results, target.with_suffix(".png"))


if __name__ == "__main__":
    main()
