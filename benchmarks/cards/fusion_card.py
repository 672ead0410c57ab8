"""Every figure of the fusion's card; `fusion_tables.py` makes the tables of them.

    python benchmarks/cards/fusion_card.py --data DIR [--measured FOLDER] [--limit N] [--only images,camera]

DIR holds `casia1`, `coverage`, `cmh` and `camera`; FOLDER is where `tamperlens fuse` kept what it measured (runs/fusion), whose
test part (photographs that nothing was fitted to) gives the figures on made forgeries. Results go to
benchmarks/results/fusion/, tables between the markers of cards/fusion.md. Seeds are fixed; nothing here chooses
a threshold.
"""

# ruff: noqa: E501 - rows of tables
import argparse
import json
import math
import os
import platform
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from fusion_tables import (
    DATASETS,
    RESULTS,
    camera_table,
    image_table,
    kinds_made_table,
    made_table,
    robustness_table,
    write_card,
)

from tamperlens.data import find_samples, read_mask
from tamperlens.data._splits import source_groups
from tamperlens.evaluation import reliability
from tamperlens.evaluation._pixel_metrics import best_f1, confusion, f1, histograms
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner, load_fusion, load_weight
from tamperlens.traces import full_size
from tamperlens.training.fusion._fuse import score_image
from tamperlens.training.fusion._fusion_image import read_image

mpl.use("Agg")
from matplotlib import pyplot as plt

# What a platform or a person does to a finished image.
CHANGES = {
    "nothing but a save at 90": lambda x: x,
    **{f"JPEG {q}": partial(lambda x, q: load_evidence(encode_jpeg(x, q)).pixels, q=q) for q in (95, 85, 75, 60, 50)},
    "resized to 75 %": lambda x: cv2.resize(x, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA),
    "blurred, σ 1": lambda x: cv2.GaussianBlur(x, (0, 0), 1.0),
    "noise, σ 3": lambda x: np.clip(
        x + np.random.default_rng(0).normal(0, 3, x.shape), 0, 255).round().astype(np.uint8),
}  # fmt: skip
_EXAMINER: list[Examiner] = []


def _open() -> None:
    cv2.setNumThreads(1)
    _EXAMINER.append(Examiner(threads=1, kinds=False))  # which kind it was changes nothing here


def _read(sample, change=None) -> dict:
    """One image: outcome, scores, and F1 of every map where there is a mask."""
    evidence = load_evidence(sample.path)
    if change:
        # The change is saved at quality 90, as whoever makes it would.
        pixels = CHANGES[change](evidence.pixels)
        evidence = load_evidence(encode_jpeg(np.ascontiguousarray(pixels), 90)) if change[:4] != "JPEG" else (
            load_evidence(encode_jpeg(evidence.pixels, int(change[5:]))))  # fmt: skip
    finding = _EXAMINER[0].examine(evidence)
    row = {
        "tampered": sample.tampered, "kind": sample.kind, "outcome": finding.outcome, "llr": _llr(finding),
        "quality": evidence.jpeg.quality if evidence.jpeg else 0,
        "void": finding.score is None, "marked": bool(finding.regions), "shares": _shares(finding),
        "alone": {o.system: o.score for o in finding.opinions if o.applicable},
        "strict": load_fusion().outcome(_llr(finding), evidence.width * evidence.height, "0.01"),
    }  # fmt: skip
    if sample.tampered and sample.mask:
        truth = read_mask(sample.mask, sample.mask_colour)
        if truth.any():
            row["f1"] = dict(_map_figures(finding, truth))
            row["masked"] = float(f1(confusion(_marked(finding), _fitted(truth, finding.mask.shape))))
    return row


def _marked(finding) -> np.ndarray:
    return finding.mask >= finding.mask_threshold


def _shares(finding) -> list[float]:
    """How much of the image reaches 0.5, and how much the mask marks."""
    return [float((finding.mask >= 0.5).mean()), float(_marked(finding).mean())]


def _fitted(truth: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if truth.shape == shape:
        return truth
    return cv2.resize(truth.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST) > 0


def _llr(finding) -> float:
    """The natural logarithm, in which the fusion was fitted and the result files are written."""
    return finding.log10_lr * math.log(10)


def _map_figures(finding, truth):
    maps = {"fused": finding.mask}
    said = [o.system for o in finding.opinions if o.applicable and o.system in finding.maps]
    maps |= {name: finding.maps[name] for name in said}
    height, width = finding.mask.shape
    truth = _fitted(truth, (height, width))
    for name, values in maps.items():
        large = full_size(values, height, width)
        yield name, [float(f1(confusion(large >= 0.5, truth))), float(best_f1(histograms(large, truth)))]


def images(options) -> None:
    """Every benchmark: opinions alone against all of them fused."""
    for dataset in options.datasets.split(","):
        samples = _limited(find_samples(dataset, options.data), options.limit)
        with ProcessPoolExecutor(2, initializer=_open) as pool:
            rows = list(pool.map(_read, samples, chunksize=8))
        groups = [int(g) for g in source_groups(samples)]
        _write(f"{dataset}.json", [{**row, "group": g} for row, g in zip(rows, groups, strict=True)])
        print(dataset, image_table(dataset))


def camera(options) -> None:
    """False alarms on photographs straight from cameras."""
    with ProcessPoolExecutor(2, initializer=_open) as pool:
        rows = list(pool.map(_read_original, sorted((options.data / "camera").iterdir())))
    _write("camera.json", rows)
    print(camera_table())


def _read_original(path: Path) -> dict:
    evidence = load_evidence(path)
    finding = _EXAMINER[0].examine(evidence)
    pixels = evidence.width * evidence.height
    return {"file": path.name, "pixels": pixels, "outcome": finding.outcome, "llr": round(_llr(finding), 3),
            "strict": load_fusion().outcome(_llr(finding), pixels, "0.01"),
            "copies": len(finding.copies), "void": finding.score is None,
            "marked": bool(finding.regions), "shares": _shares(finding)}  # fmt: skip


def robustness(options) -> None:
    """The fused finding after what platforms do, on some images of CASIA1: every 20th, or as told."""
    samples = find_samples("casia1", options.data)[:: options.every]
    content = {}
    for change in CHANGES:
        with ProcessPoolExecutor(2, initializer=_open) as pool:
            rows = list(pool.map(partial(_read, change=change), samples, chunksize=8))
        content[change] = rows
    _write("robustness.json", content)
    print(robustness_table())


def _limited(samples, limit):
    """Every k-th sample."""
    return samples[:: max(1, len(samples) // limit)] if limit else samples


def made(options) -> None:
    """Calibration on the made images of the test part, by compression band, with the reliability plot."""
    fusion, rows = load_fusion(), []
    localizer = str(fusion.training["recipe"]["localizer"])
    said = options.measured / load_weight(localizer).sha256[:16]
    for path in sorted((options.measured / "measured").glob("*-test-*.npz")):
        if not (said / path.name).exists():  # of a recipe that asked for more
            continue
        image = read_image(path, said / path.name, localizer)
        if image.part == "test":
            llr, cells = score_image(image, fusion)
            fused = None
            if image.tampered:
                truth = image.mask >= 0.5
                fused = float(f1(confusion(cells >= 0, truth))) if truth.any() else None
            pixels = math.prod(image.size)
            alone = {name: fusion.curves[name].llr(score, pixels) for name, score in image.scores.items()}
            rows.append({"tampered": image.tampered, "kind": image.kind, "origin": image.group,
                         "quality": image.quality, "pixels": pixels, "llr": llr, "alone": alone,
                         "f1": fused, "outcome": fusion.outcome(llr, pixels),
                         "strict": fusion.outcome(llr, pixels, "0.01")})  # fmt: skip
    _write("made.json", rows)
    print(made_table(), kinds_made_table(), sep="\n\n")
    _plot(rows)


def _plot(rows) -> None:
    twins = [row for row in rows if row["origin"] == "twins"]
    found = reliability(np.array([r["llr"] for r in twins]), np.array([r["tampered"] for r in twins]))
    figure, axes = plt.subplots(figsize=(4, 4), dpi=110)
    axes.plot([0, 1], [0, 1], color="0.7", lw=1)
    axes.plot(found.stated, found.true, "o-", color="#3e1f70")
    axes.set(
        xlabel="stated probability of alteration", ylabel="share that was altered", xlim=(0, 1), ylim=(0, 1)
    )
    axes.set_title(f"made test twins, ECE {found.error:.3f}", fontsize=10)
    figure.tight_layout()
    figure.savefig(RESULTS / "reliability.png")


def _write(name: str, content) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / name).write_text(json.dumps(_rounded(content), separators=(",", ":")) + "\n", encoding="utf-8")


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


STEPS = {"images": images, "camera": camera, "robustness": robustness, "made": made}


def main() -> None:
    """Measure and rewrite the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measured", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="about so many images of each benchmark; 0: all")
    parser.add_argument("--datasets", default=",".join(DATASETS), help="of the step images")
    parser.add_argument("--every", type=int, default=20, help="robustness on every such image of CASIA1")
    parser.add_argument("--only", default=",".join(STEPS))
    options = parser.parse_args()
    for step in options.only.split(","):
        if step != "made" or options.measured:
            STEPS[step](options)
    _write("machine.json", {"machine": f"{platform.machine()}, {os.cpu_count()} cores",
                            "fusion": load_fusion().sha256})  # fmt: skip
    write_card()


if __name__ == "__main__":
    main()
