"""Every figure of the fusion's card, and the card's tables.

    python benchmarks/fusion_card.py --data DIR [--measured FOLDER] [--limit N] [--only images,camera]

DIR holds `casia1`, `coverage`, `cmh` and `camera`; FOLDER is where `tamperlens fuse` kept what it measured, whose
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
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from tamperlens.data import find_samples, read_mask
from tamperlens.data.splits import source_groups
from tamperlens.evaluation import bootstrap_interval, cllr, least_cllr, reliability
from tamperlens.evaluation.pixel_metrics import best_f1, confusion, f1, histograms
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner, load_fusion
from tamperlens.examine.fusion import OUT_OF_REACH
from tamperlens.traces import full_size
from tamperlens.training.fuse import score_image
from tamperlens.training.fusion_set import read_image

mpl.use("Agg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/results/fusion"
DATASETS = ("casia1", "coverage", "cmh")
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
        "tampered": sample.tampered, "kind": sample.kind, "outcome": finding.outcome, "llr": finding.llr,
        "quality": evidence.jpeg.quality if evidence.jpeg else 0,
        "void": finding.thresholds is None, "marked": bool(finding.patches),
        "alone": {o.system: o.score for o in finding.opinions if o.applicable},
        "strict": load_fusion().outcome(finding.llr, evidence.width * evidence.height, "0.01"),
    }  # fmt: skip
    if sample.tampered and sample.mask:
        truth = read_mask(sample.mask, sample.mask_colour)
        if truth.any():
            row["f1"] = dict(_map_figures(finding, truth))
    return row


def _map_figures(finding, truth):
    maps = {"fused": finding.mask}
    maps |= {o.system: o.heat_map.values for o in finding.opinions if o.applicable and o.heat_map}
    height, width = finding.mask.shape
    if truth.shape != (height, width):
        truth = cv2.resize(truth.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
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
        print(dataset, _image_table(dataset))


def camera(options) -> None:
    """False alarms on photographs straight from cameras."""
    with ProcessPoolExecutor(2, initializer=_open) as pool:
        rows = list(pool.map(_read_original, sorted((options.data / "camera").iterdir())))
    _write("camera.json", rows)
    print(_camera_table())


def _read_original(path: Path) -> dict:
    evidence = load_evidence(path)
    finding = _EXAMINER[0].examine(evidence)
    pixels = evidence.width * evidence.height
    return {"file": path.name, "pixels": pixels, "outcome": finding.outcome, "llr": round(finding.llr, 3),
            "strict": load_fusion().outcome(finding.llr, pixels, "0.01"),
            "copies": len(finding.copies), "void": finding.thresholds is None,
            "marked": bool(finding.patches)}  # fmt: skip


def robustness(options) -> None:
    """The fused finding after what platforms do, on some images of CASIA1: every 20th, or as told."""
    samples = find_samples("casia1", options.data)[:: options.every]
    content = {}
    for change in CHANGES:
        with ProcessPoolExecutor(2, initializer=_open) as pool:
            rows = list(pool.map(partial(_read, change=change), samples, chunksize=8))
        content[change] = rows
    _write("robustness.json", content)
    print(_robustness_table())


def _limited(samples, limit):
    """Every k-th sample."""
    return samples[:: max(1, len(samples) // limit)] if limit else samples


def _rate(hits) -> str:
    """Share with its 95 % Wilson interval."""
    hits = list(hits)
    low, high = binomtest(int(sum(hits)), len(hits)).proportion_ci(method="wilson")
    return f"{100 * sum(hits) / len(hits):.1f} % ({100 * low:.1f} – {100 * high:.1f})"


def _interval(statistic, groups) -> str:
    everything = np.arange(len(groups))
    value = statistic(everything)[0]
    low, high = bootstrap_interval(statistic, groups, 300)
    return f"{value:.3f} ({low[0]:.3f} – {high[0]:.3f})"


def _image_table(dataset: str) -> str:
    """Image AUC and pixel F1 of each opinion and of all together."""
    rows = _load(f"{dataset}.json")
    tampered = np.array([row["tampered"] for row in rows])
    names = list(dict.fromkeys(name for row in rows for name in row["alone"]))
    lines = [
        "| dataset | opinion | has a say | image AUC | pixel F1 at 0.5 | pixel F1 best |",
        "|---|---|---:|---:|---:|---:|",
    ]
    scores = {name: np.array([row["alone"].get(name, 0.5) for row in rows]) for name in names}
    scores["**all together**"] = np.array([row["llr"] for row in rows])
    say = {name: np.mean([name in row["alone"] for row in rows]) for name in names}
    for name, values in scores.items():

        def auc(index, values=values):
            both = 0 < tampered[index].mean() < 1
            return [float(roc_auc_score(tampered[index], values[index])) if both else math.nan]

        groups = [row["group"] for row in rows]
        image = _interval(auc, groups) if not tampered.all() else "–"
        key = "fused" if name.startswith("**") else name
        located = [row for row in rows if "f1" in row]
        cells = []
        for i in (0, 1):
            if not any(key in row["f1"] for row in located):
                cells.append("–")
                continue
            figures = np.array([row["f1"].get(key, [0, 0])[i] for row in located])
            cells.append(
                _interval(lambda index, f=figures: [float(f[index].mean())], [r["group"] for r in located])
            )
        lines.append(f"| {dataset} | {name} | {say.get(name, 1):.0%} | {image} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _outcome_table() -> str:
    lines = ["| dataset | images | consistent | inconsistent | inconclusive | inconsistent at 1 % |",
             "|---|---|---:|---:|---:|---:|"]  # fmt: skip
    for dataset in DATASETS:
        rows = _load(f"{dataset}.json")
        for tampered in (False, True):
            part = [row for row in rows if row["tampered"] == tampered]
            if part:
                strict = _rate(row["strict"] == "inconsistent" for row in part)
                shares = [
                    _rate(row["outcome"] == o for row in part)
                    for o in ("consistent", "inconsistent", "inconclusive")
                ]
                lines.append(f"| {dataset} | {len(part)} {'tampered' if tampered else 'authentic'} | "
                             + " | ".join(shares) + f" | {strict} |")  # fmt: skip
    return "\n".join(lines)


def _kind_table() -> str:
    lines = ["| dataset | kind | images | fused F1 at 0.5 | inconsistent |", "|---|---|---:|---:|---:|"]
    for dataset in DATASETS:
        rows = [row for row in _load(f"{dataset}.json") if "f1" in row]
        for kind in sorted({row["kind"] for row in rows}):
            part = [row for row in rows if row["kind"] == kind]
            fused = np.mean([row["f1"]["fused"][0] for row in part])
            called = _rate(row["outcome"] == "inconsistent" for row in part)
            lines.append(f"| {dataset} | {kind} | {len(part)} | {fused:.3f} | {called} |")
    return "\n".join(lines)


def _camera_table() -> str:
    rows = _load("camera.json")
    counts = Counter(row["outcome"] for row in rows)
    strict = _rate(row["strict"] == "inconsistent" for row in rows)
    alarms = _rate(row["outcome"] == "inconsistent" for row in rows)
    return "\n".join([
        "| camera originals | consistent | inconsistent (false alarms) | inconclusive | inconsistent at 1 % | copies found |",
        "|---:|---:|---:|---:|---:|---:|",
        f"| {len(rows)} | {counts['consistent']} | {counts['inconsistent']}: {alarms} "
        f"| {counts['inconclusive']} | {strict} | {sum(row['copies'] > 0 for row in rows)} |",
    ])  # fmt: skip


def _size(most: int) -> str:
    return "larger" if most > 10**9 else f"up to {most / 1e6:g} Mpx"


def _band_table() -> str:
    """What the thresholds rest on."""
    lines = ["| width × height | photographs | authentic images | altered images | above 5 % from | above 1 % from | "
             "consistent below |", "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for band in load_fusion().bands:
        limits = [band.inconsistent_above["0.05"], band.inconsistent_above["0.01"], band.consistent_below]
        told = ["none called" if abs(value) >= OUT_OF_REACH else f"{value:+.2f}" for value in limits]
        lines.append(f"| {_size(band.max_pixels)} | {band.photographs} | {band.authentic} | {band.altered} | "
                     + " | ".join(told) + " |")  # fmt: skip
    return "\n".join(lines)


def _size_table() -> str:
    """Camera originals, and made test images, by the bands of the thresholds."""
    cameras, made_rows = _load("camera.json"), _load("made.json")
    lines = ["| width × height | camera originals called inconsistent | made, through no camera | made, through one | "
             "made alterations called inconsistent |", "|---|---:|---:|---:|---:|"]  # fmt: skip
    least = 0
    for band in load_fusion().bands:
        inside = [
            [row for row in rows if least < row["pixels"] <= band.max_pixels] for rows in (cameras, made_rows)
        ]
        least = band.max_pixels
        groups = [inside[0], *(
            [row for row in inside[1] if (row["tampered"], row["origin"] == "camera") == which]
            for which in ((False, False), (False, True), (True, False))
        )]  # fmt: skip
        cells = [
            f"{sum(row['outcome'] == 'inconsistent' for row in rows)} of {len(rows)}: "
            + _rate(row["outcome"] == "inconsistent" for row in rows) if rows else "–"
            for rows in groups
        ]  # fmt: skip
        lines.append(f"| {_size(band.max_pixels)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _robustness_table() -> str:
    lines = ["| after | image AUC | fused F1 at 0.5 | authentic called inconsistent | tampered called inconsistent |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    for change, rows in _load("robustness.json").items():
        tampered = np.array([row["tampered"] for row in rows])
        llrs = np.array([row["llr"] for row in rows])
        called = np.array([row["outcome"] == "inconsistent" for row in rows])
        fused = np.mean([row["f1"]["fused"][0] for row in rows if "f1" in row])
        lines.append(f"| {change} | {roc_auc_score(tampered, llrs):.3f} | {fused:.3f} | {_rate(called[~tampered])} | "
                     f"{_rate(called[tampered])} |")  # fmt: skip
    return "\n".join(lines)


def made(options) -> None:
    """Calibration on the made images of the test part, by compression band, with the reliability plot."""
    fusion, rows = load_fusion(), []
    for path in sorted(options.measured.glob("*-test-*.npz")):
        image = read_image(path)
        if image.part == "test":
            llr, cells = score_image(image, fusion)
            fused = None
            if image.tampered:
                truth = image.mask >= 0.5
                fused = float(f1(confusion(cells >= 0, truth))) if truth.any() else None
            pixels = math.prod(image.size)
            alone = {name: fusion.curves[name].llr(score, pixels) for name, score in image.scores.items()}
            rows.append({"tampered": image.tampered, "kind": image.kind, "origin": image.origin,
                         "quality": image.quality, "pixels": pixels, "llr": llr, "alone": alone,
                         "f1": fused, "outcome": fusion.outcome(llr, pixels),
                         "strict": fusion.outcome(llr, pixels, "0.01")})  # fmt: skip
    _write("made.json", rows)
    print(_made_table(), _kinds_made_table(), sep="\n\n")
    _plot(rows)


_BANDS = {"PNG": (0, 0), "JPEG up to 70": (1, 70), "JPEG 71–85": (71, 85), "JPEG 86–94": (86, 94),
          "JPEG 95–100": (95, 100)}  # fmt: skip


def _made_table() -> str:
    rows = _load("made.json")
    lines = ["| band | images | image AUC | Cllr | least Cllr | ECE | authentic called inconsistent at 5 % | at 1 % | "
             "altered called inconsistent |", "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for name, (low, high) in {"all": (0, 100), **_BANDS}.items():
        part = [row for row in rows if low <= row["quality"] <= high]
        twins = [row for row in part if row["origin"] == "twins"]
        tampered = np.array([row["tampered"] for row in twins])
        if len(twins) < 20 or tampered.all() or not tampered.any():
            lines.append(f"| {name} | {len(part)}: too few twins | – | – | – | – | – | – | – |")
            continue
        llrs = np.array([row["llr"] for row in twins])
        alarms = [
            [row[key] == "inconsistent" for row in part if not row["tampered"]]
            for key in ("outcome", "strict")
        ]
        hits = _rate(row["outcome"] == "inconsistent" for row in part if row["tampered"])
        lines.append(
            f"| {name} | {len(part)} | {roc_auc_score(tampered, llrs):.3f} | {cllr(llrs, tampered):.3f} | "
            f"{least_cllr(llrs, tampered):.3f} | {reliability(llrs, tampered).error:.3f} | "
            f"{_rate(alarms[0])} | {_rate(alarms[1])} | {hits} |"
        )
    return "\n".join(lines)


def _kinds_made_table() -> str:
    rows = [row for row in _load("made.json") if row["origin"] == "twins"]
    tampered = np.array([row["tampered"] for row in rows])
    lines = ["| opinion | image AUC on made twins |", "|---|---:|"]
    for name in load_fusion().curves:
        if any(name in row["alone"] for row in rows):
            values = np.array([row["alone"].get(name, 0.0) for row in rows])
            lines.append(f"| {name} | {roc_auc_score(tampered, values):.3f} |")
    llrs = np.array([row["llr"] for row in rows])
    lines.append(f"| **all together** | {roc_auc_score(tampered, llrs):.3f} |")
    lines += ["", "| kind | images | fused F1 at 0.5 (cells) | called inconsistent |", "|---|---:|---:|---:|"]
    for kind in sorted({row["kind"] for row in rows} - {"authentic"}):
        part = [row for row in rows if row["kind"] == kind]
        located = [row["f1"] for row in part if row["f1"] is not None]
        called = _rate(row["outcome"] == "inconsistent" for row in part)
        lines.append(f"| {kind} | {len(part)} | {np.mean(located):.3f} | {called} |")
    return "\n".join(lines)


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


def _load(name: str):
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


def write_card() -> None:
    """Replace what stands between the card's markers, where its results are there."""
    parts = {
        "images": ("cmh.json", lambda: "\n".join(
            [_image_table(DATASETS[0]), *("\n".join(_image_table(d).splitlines()[2:]) for d in DATASETS[1:])])),
        "outcomes": ("cmh.json", _outcome_table), "kinds": ("cmh.json", _kind_table),
        "bands": ("made.json", _band_table), "sizes": ("made.json", _size_table),
        "camera": ("camera.json", _camera_table), "robustness": ("robustness.json", _robustness_table),
        "made": ("made.json", _made_table), "opinions": ("made.json", _kinds_made_table),
    }  # fmt: skip
    card = ROOT / "cards/fusion.md"
    text = card.read_text(encoding="utf-8")
    for name, (needed, table) in parts.items():
        if (RESULTS / needed).exists():
            begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
            before, rest = text.split(begin)
            text = f"{before}{begin}\n{table()}\n{end}{rest.split(end)[1]}"
    card.write_text(text, encoding="utf-8")


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
