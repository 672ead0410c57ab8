"""How well the trace of resampling locates what was scaled or turned, by factor and by last save.

    python benchmarks/traces/resampling.py --photos DIR [DIR ...] [--results benchmarks/results/resampling]

`--photos` holds lossless photographs. Used are those in which `resizing` sees no period of their own, for
many photographs that are offered were reduced before; what it misses stays in, and the row "as it is" (a
part pasted without scaling) says how much that is. A part of another photograph, 3 to 20 % of 512 × 640
pixels, bilinear, bicubic or Lanczos by chance, is pasted and all is saved as PNG or JPEG. Intervals: 95 %
bootstrap over the host photographs. Authentic images are the hosts themselves, saved alike.
"""

import argparse
import json
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from double_jpeg import region
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evaluation._pixel_metrics import confusion, f1, histograms, roc_auc
from tamperlens.evidence import recompress, to_gray
from tamperlens.traces.interpolation._resampling import resampling_map
from tamperlens.traces.interpolation._resizing import MIN_PEAK, resizing

SCALES = (0.8, 0.9, 1.1, 1.25, 1.5, 2.0)
TURNS = (5, 15, 30)
KINDS = {
    "as it is": (1.0, 0),
    **{f"× {scale}": (scale, 0) for scale in SCALES},
    **{f"{turn}°": (1.0, turn) for turn in TURNS},
}
SAVES: dict[str, int | None] = {"PNG": None, "98": 98, "95": 95, "90": 90, "80": 80}
SIZE = (512, 640)
KERNELS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def read(path: Path) -> Pixels:
    """A photograph, lying."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    return np.ascontiguousarray(np.rot90(pixels) if pixels.shape[0] > pixels.shape[1] else pixels)


def usable(path: Path) -> bool:
    """Large enough, and without a period of its own that is seen."""
    pixels = read(path)
    return all(np.array(pixels.shape[:2]) >= SIZE) and resizing(to_gray(pixels)).peak < MIN_PEAK


def part(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """512 × 640 pixels of a photograph, which is continued by reflection where it is smaller."""
    missing = [(0, max(0, want - have)) for have, want in zip(pixels.shape, SIZE, strict=False)]
    pixels = np.pad(pixels, (*missing, (0, 0)), mode="symmetric")
    top, left = (
        int(rng.integers(0, have - want + 1)) for have, want in zip(pixels.shape, SIZE, strict=False)
    )
    return pixels[top : top + SIZE[0], left : left + SIZE[1]]


def changed(pixels: Pixels, kind: str, rng: np.random.Generator) -> Pixels:
    """A photograph scaled or turned, its middle where it was turned."""
    scale, turn = KINDS[kind]
    image, kernel = Image.fromarray(pixels), KERNELS[int(rng.integers(3))]
    if turn:  # Pillow does not turn by Lanczos
        turned = np.asarray(image.rotate(turn, min(kernel, Image.Resampling.BICUBIC, key=_order)))
        edges = [(have - want) // 2 for have, want in zip(turned.shape, SIZE, strict=False)]
        return turned[edges[0] : edges[0] + SIZE[0], edges[1] : edges[1] + SIZE[1]]
    if scale != 1:
        size = round(image.width * scale), round(image.height * scale)
        image = image.resize(size, kernel)
    return part(np.asarray(image), rng)


def _order(kernel: Image.Resampling) -> int:
    return KERNELS.index(kernel)


def splice(photos: list[Path], kind: str, seed: int) -> tuple[Pixels, Mask]:
    """Pixels with a part of another photograph, the same parts for all kinds, and where it lies."""
    rng = np.random.default_rng([7, seed])
    other = int((seed + rng.integers(1, len(photos))) % len(photos))
    pixels, mask = part(read(photos[seed % len(photos)]), rng).copy(), region(rng, SIZE)
    pixels[mask] = changed(read(photos[other]), kind, rng)[mask]
    return pixels, mask


def figures(values: NDArray[np.float32], mask: Mask) -> list[float]:
    """AUC and F1 at 0.5 of one map."""
    return [float(roc_auc(histograms(values, mask))), float(f1(confusion(values >= 0.5, mask)))]


def measure(seed: int, photos: list[Path]) -> dict[str, dict[str, list[float]]]:
    """AUC and F1 for each kind and save of one host; of the host alone, the share of pixels marked."""
    host = part(read(photos[seed % len(photos)]), np.random.default_rng([7, seed]))
    made = {kind: splice(photos, kind, seed) for kind in KINDS}
    rows: dict[str, dict[str, list[float]]] = {kind: {} for kind in (*KINDS, "authentic")}
    for save, quality in SAVES.items():
        for kind, (pixels, mask) in made.items():
            rows[kind][save] = figures(resampling_map(saved(pixels, quality)), mask)
        rows["authentic"][save] = [float((resampling_map(saved(host, quality)) >= 0.5).mean())]
    return rows


def saved(pixels: Pixels, quality: int | None) -> Pixels:
    return pixels if quality is None else recompress(np.ascontiguousarray(pixels), quality)


def interval(values: NDArray[np.float64]) -> list[float]:
    """Mean with its 95 % bootstrap interval."""
    chosen = np.random.default_rng(0).integers(0, len(values), (2000, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5])
    return [round(float(each), 3) for each in (values.mean(), low, high)]


def summary(rows: list[dict[str, dict[str, list[float]]]]) -> dict[str, dict[str, dict[str, list[float]]]]:
    result: dict[str, dict[str, dict[str, list[float]]]] = {}
    for kind in KINDS:
        result[kind] = {}
        for save in SAVES:
            auc, f1_half = np.array([row[kind][save] for row in rows]).T
            result[kind][save] = {"auc": interval(auc), "f1": interval(f1_half)}
    result["authentic"] = {}
    for save in SAVES:
        share = np.array([row["authentic"][save][0] for row in rows])
        result["authentic"][save] = {"pixels": interval(share), "images": interval((share > 0).astype(float))}
    return result


def table(results: dict[str, dict[str, dict[str, list[float]]]], key: str, title: str) -> str:
    """A Markdown table, kinds down, saves across."""
    lines = [title, "", "| part | " + " | ".join(SAVES) + " |", "|---|" + "---:|" * len(SAVES)]
    for kind, row in results.items():
        if key in row["PNG"]:
            cells = [
                f"{mean:.2f} [{low:.2f}, {high:.2f}]" for mean, low, high in (row[s][key] for s in SAVES)
            ]
            lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--count", type=int, default=8, help="hosts, each with every kind and save")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    photos = [path for folder in options.photos for path in sorted(folder.iterdir()) if usable(path)]
    with Pool(options.workers) as pool:
        rows = pool.map(partial(measure, photos=photos), range(options.count), 1)
    results = summary(rows)
    titles = {
        "auc": "Pixel AUC", "f1": "Pixel F1 at 0.5",
        "pixels": "Share of pixels marked", "images": "Share of images with any pixel marked",
    }  # fmt: skip
    text = "\n".join(table(results, key, title) for key, title in titles.items())
    print(text)
    if options.results:
        rounded = [
            {kind: {save: [round(each, 4) for each in row[kind][save]] for save in SAVES} for kind in row}
            for row in rows
        ]
        content = {"hosts": options.count, "photographs": len(photos), "results": results, "rows": rounded}
        options.results.with_suffix(".json").write_text(
            json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8"
        )
        options.results.with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
