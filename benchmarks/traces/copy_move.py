"""Copy-move: how much of it is found, how well outlined, how often falsely.

    python benchmarks/traces/copy_move.py --data DIR [--photos DIR] [--json benchmarks/results/copy-move.json]

DIR of --data holds `coverage`, `cmh`, `casia1` and `camera`; DIR of --photos any photographs, in which copies
of known place are made: an ellipse of 1 to 8 % of the image, turned, scaled or mirrored, saved as JPEG.
Pixel F1 is the mean over images, an image in which nothing is found counting 0. "Best" is an upper bound: the
best threshold is taken image by image. Times are CPU seconds on one core.
"""

import argparse
import json
import math
import platform
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evaluation._pixel_metrics import best_f1, confusion, f1, histograms
from tamperlens.evidence import recompress
from tamperlens.traces.copies._copy_move import CopyMove, copy_move

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
# Scale, degrees, mirrored, JPEG quality (None: lossless).
MADE: dict[str, tuple[float, float, bool, int | None]] = {
    "moved, lossless": (1, 0, False, None),
    "moved, quality 95": (1, 0, False, 95),
    "moved, quality 85": (1, 0, False, 85),
    "moved, quality 70": (1, 0, False, 70),
    "turned 10°, quality 90": (1, 10, False, 90),
    "turned 45°, quality 90": (1, 45, False, 90),
    "turned 170°, quality 90": (1, 170, False, 90),
    "mirrored, quality 90": (1, 0, True, 90),
    "scaled .5, quality 90": (0.5, 0, False, 90),
    "scaled .75, quality 90": (0.75, 0, False, 90),
    "scaled 1.33, quality 90": (1.33, 0, False, 90),
    "scaled 2, quality 90": (2, 0, False, 90),
}


def read(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def read_mask(path: Path) -> Mask:
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) > 127


def files_in(folder: Path, limit: int) -> list[Path]:
    """At most `limit` images, evenly from all below a folder."""
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    return [found[i * len(found) // limit] for i in range(limit)] if len(found) > limit else found


def scores(result: CopyMove, truth: Mask) -> tuple[float, float]:
    """F1 at 0.5 and at the best threshold."""
    at_half = f1(confusion(result.values >= 0.5, truth))
    return float(at_half), float(best_f1(histograms(result.values, truth)))


def targets(result: CopyMove) -> Mask:
    """The parts guessed to be pasted."""
    found = np.zeros(result.values.shape, bool)
    for copy in result.copies:
        found |= copy.target.within(found.shape)
    return found


def localisation(folder: Path) -> dict[str, float]:
    """Pixel figures of one set, and the share of images in which something is found."""
    rows = []
    for path in sorted((folder / "Tp").iterdir()):
        mask = folder / "Gt" / f"{path.stem}.png"
        if not mask.exists():
            continue
        truth = read_mask(mask)
        other = folder / "Gt_source" / mask.name
        both = truth | read_mask(other) if other.exists() else truth
        result = copy_move(read(path))
        target = float(f1(confusion(targets(result), truth)))
        rows.append([*scores(result, both), *scores(result, truth), target, result.score > 0])
    names = ("both@.5", "both best", "mask@.5", "mask best", "guessed target@.5", "found")
    return {"images": len(rows)} | dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True))


def false_alarms(files: list[Path]) -> dict[str, float]:
    found = [copy_move(read(path)).score for path in files]
    return {"images": len(found), "called": float(np.mean(np.array(found) > 0)), "highest": max(found)}


def forge(
    rng: np.random.Generator, pixels: Pixels, scale: float, angle: float, mirror: bool
) -> tuple[Pixels, Mask, Mask] | None:
    """An ellipse copied to where neither it nor the copy leaves the image or touches the other."""
    height, width = pixels.shape[:2]
    area = math.exp(rng.uniform(math.log(0.01), math.log(0.08))) * height * width / max(scale, 1) ** 2
    stretch = math.exp(rng.uniform(-0.4, 0.4))
    half = math.sqrt(area / math.pi) * np.array([stretch, 1 / stretch])
    turn = math.radians(angle)
    linear = scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    linear = linear @ np.diag([-1.0 if mirror else 1.0, 1.0])
    reach, far = half.max() + 3, half.max() * scale + 3
    size = np.array([width, height])
    if (size < 2 * max(reach, far) + 2).any():
        return None
    for _ in range(100):
        source = np.rint(rng.uniform(reach, size - reach))
        target = np.rint(rng.uniform(far, size - far))
        if np.hypot(*(source - target)) > reach + far:
            return _paste(pixels, source, half, np.c_[linear, target - linear @ source])
    return None


def _paste(
    pixels: Pixels, centre: NDArray[np.float64], half: NDArray[np.float64], affine: NDArray[np.float64]
) -> tuple[Pixels, Mask, Mask]:
    height, width = pixels.shape[:2]
    y, x = np.indices((height, width))
    original = ((x - centre[0]) / half[0]) ** 2 + ((y - centre[1]) / half[1]) ** 2 < 1
    scale = math.sqrt(abs(np.linalg.det(affine[:, :2])))
    soft = cv2.GaussianBlur(pixels, (0, 0), 0.5 * math.sqrt(1 / scale**2 - 1)) if scale < 1 else pixels
    moved = cv2.warpAffine(soft, affine, (width, height), flags=cv2.INTER_CUBIC)
    alpha = cv2.warpAffine(original.astype(np.float32), affine, (width, height))
    alpha = cv2.GaussianBlur(alpha, (0, 0), 0.7)[..., None]
    mixed = pixels + alpha * (moved.astype(np.float32) - pixels)
    return np.rint(mixed.clip(0, 255)).astype(np.uint8), original, alpha[..., 0] > 0.5


def made(files: list[Path]) -> Iterator[tuple[str, dict[str, float]]]:
    """Detection and outline of made copies, and false alarms on the same photographs saved alike."""
    for name, (scale, angle, mirror, quality) in MADE.items():
        rng, rows = np.random.default_rng(0), []
        for path in files:
            pixels = read(path)
            forged = forge(rng, pixels, scale, angle, mirror)
            if forged is not None:
                rows.append(_judge(pixels, forged, quality))
        keys = ("found", "F1@.5", "F1@.5 where found", "target right where found", "called though untouched")
        yield name, {"images": len(rows)} | dict(zip(keys, np.nanmean(rows, axis=0).tolist(), strict=True))


def _judge(pixels: Pixels, forged: tuple[Pixels, Mask, Mask], quality: int | None) -> list[float]:
    def saved(image: Pixels) -> Pixels:
        return image if quality is None else recompress(image, quality)

    image, original, pasted = forged
    result = copy_move(saved(image))
    score = scores(result, original | pasted)[0]
    found = score > 0.2
    guess = targets(result)
    right = float((guess & pasted).sum() > (guess & original).sum())
    clean = copy_move(saved(pixels)).score > 0
    return [found, score, score if found else np.nan, right if found else np.nan, clean]


def cost(files: list[Path]) -> dict[str, float]:
    """CPU seconds at 1 and 12 Mpx, and how much the peak memory grew."""
    copy_move(np.zeros((64, 64, 3), np.uint8))
    result = {}
    for megapixels in (1, 12):
        seconds = []
        for path in files:
            pixels = read(path)
            factor = math.sqrt(megapixels * 1e6 / (pixels.shape[0] * pixels.shape[1]))
            image = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
            before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            copy_move(image)
            seconds.append(time.process_time() - started)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            result[f"MB at {megapixels} Mpx"] = max(result.get(f"MB at {megapixels} Mpx", 0.0), grown)
        result[f"median seconds at {megapixels} Mpx"] = float(np.median(seconds))
        result[f"most seconds at {megapixels} Mpx"] = max(seconds)
    return result


def table(rows: dict[str, dict[str, float]]) -> str:
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for title, row in rows.items():
        cells = (
            "–" if n not in row else f"{row[n]:.0f}" if n == "images" else f"{row[n]:.3f}" for n in names
        )
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--made", type=int, default=40, help="photographs to make copies in")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    report: dict[str, Any] = {"machine": platform.machine()}
    cameras = files_in(options.data / "camera", 1000)
    report["cost"] = {"camera files resized": cost(cameras[:: max(len(cameras) // 6, 1)])}
    report["false alarms"] = {
        "COVERAGE authentic": false_alarms(files_in(options.data / "coverage/Au", 1000)),
        "CASIA1 authentic": false_alarms(files_in(options.data / "casia1/Au", 200)),
        "camera": false_alarms(cameras),
    }
    report["localisation"] = {name: localisation(options.data / name) for name in ("coverage", "cmh")}
    if options.photos:
        report["made copies"] = dict(made(files_in(options.photos, options.made)))
    for title, rows in report.items():
        if title != "machine":
            print(f"**{title}**\n\n{table(rows)}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
