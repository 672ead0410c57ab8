"""The tables of the fusion's card, from what `fusion_card.py` measured."""

# ruff: noqa: E501 - rows of tables
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
from page import fill
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from tamperlens.evaluation import bootstrap_interval, cllr, least_cllr, reliability
from tamperlens.examine import load_fusion
from tamperlens.examine.fused._fusion import OUT_OF_REACH

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results/fusion"
DATASETS = ("casia1", "coverage", "cmh")


def rate(hits) -> str:
    """Share with its 95 % Wilson interval."""
    hits = list(hits)
    low, high = binomtest(int(sum(hits)), len(hits)).proportion_ci(method="wilson")
    return f"{100 * sum(hits) / len(hits):.1f} % ({100 * low:.1f} – {100 * high:.1f})"


def interval(statistic, groups) -> str:
    everything = np.arange(len(groups))
    value = statistic(everything)[0]
    low, high = bootstrap_interval(statistic, groups, 300)
    return f"{value:.3f} ({low[0]:.3f} – {high[0]:.3f})"


def image_table(dataset: str) -> str:
    """Image AUC and pixel F1 of each opinion and of all together."""
    rows = rows_of(f"{dataset}.json")
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
        image = interval(auc, groups) if not tampered.all() else "–"
        key = "fused" if name.startswith("**") else name
        located = [row for row in rows if "f1" in row]
        cells = []
        for i in (0, 1):
            if not any(key in row["f1"] for row in located):
                cells.append("–")
                continue
            figures = np.array([row["f1"].get(key, [0, 0])[i] for row in located])
            cells.append(
                interval(lambda index, f=figures: [float(f[index].mean())], [r["group"] for r in located])
            )
        lines.append(f"| {dataset} | {name} | {say.get(name, 1):.0%} | {image} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def outcome_table() -> str:
    lines = ["| images | consistent | inconsistent | inconclusive | inconsistent at 1 % |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    for dataset in DATASETS:
        rows = rows_of(f"{dataset}.json")
        for tampered in (False, True):
            part = [row for row in rows if row["tampered"] == tampered]
            if part:
                strict = rate(row["strict"] == "inconsistent" for row in part)
                shares = [
                    rate(row["outcome"] == o for row in part)
                    for o in ("consistent", "inconsistent", "inconclusive")
                ]
                lines.append(f"| {dataset}, {len(part)} {'tampered' if tampered else 'authentic'} | "
                             + " | ".join(shares) + f" | {strict} |")  # fmt: skip
    return "\n".join(lines)


def mask_table() -> str:
    """What the mask's own threshold brings, and what it costs in untouched images."""
    lines = ["| images | F1 at 0.5 | F1 of the mask | F1 best | area that reaches 0.5 / that is marked |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    for dataset in DATASETS:
        rows = rows_of(f"{dataset}.json")
        altered = [row for row in rows if "f1" in row]
        figures = [[row["f1"]["fused"][0], row["masked"], row["f1"]["fused"][1]] for row in altered]
        groups = [row["group"] for row in altered]
        cells = [
            interval(lambda index, f=column: [float(f[index].mean())], groups)
            for column in np.array(figures).T
        ]
        lines.append(f"| {dataset}, {len(altered)} altered | {' | '.join(cells)} | {_areas(altered)} |")
        untouched = [row for row in rows if not row["tampered"]]
        if untouched:
            lines.append(f"| {dataset}, {len(untouched)} authentic | – | – | – | {_areas(untouched)} |")
    cameras = rows_of("camera.json")
    lines.append(f"| camera, {len(cameras)} originals | – | – | – | {_areas(cameras)} |")
    return "\n".join(lines)


def _areas(rows) -> str:
    return " / ".join(f"{share:.1%}" for share in np.mean([row["shares"] for row in rows], axis=0))


def kind_table() -> str:
    lines = ["| dataset | kind | images | fused F1 at 0.5 | inconsistent |", "|---|---|---:|---:|---:|"]
    for dataset in DATASETS:
        rows = [row for row in rows_of(f"{dataset}.json") if "f1" in row]
        for kind in sorted({row["kind"] for row in rows}):
            part = [row for row in rows if row["kind"] == kind]
            fused = np.mean([row["f1"]["fused"][0] for row in part])
            called = rate(row["outcome"] == "inconsistent" for row in part)
            lines.append(f"| {dataset} | {kind} | {len(part)} | {fused:.3f} | {called} |")
    return "\n".join(lines)


def camera_table() -> str:
    rows = rows_of("camera.json")
    counts = Counter(row["outcome"] for row in rows)
    strict = rate(row["strict"] == "inconsistent" for row in rows)
    alarms = rate(row["outcome"] == "inconsistent" for row in rows)
    return "\n".join([
        "| camera originals | consistent | inconsistent (false alarms) | inconsistent at 1 % | copies found |",
        "|---:|---:|---:|---:|---:|",
        f"| {len(rows)} | {counts['consistent']} | {counts['inconsistent']}: {alarms} "
        f"| {strict} | {sum(row['copies'] > 0 for row in rows)} |",
    ])  # fmt: skip


def _size(most: int) -> str:
    return "larger" if most > 10**9 else f"up to {most / 1e6:g} Mpx"


def band_table() -> str:
    """What the thresholds rest on."""
    lines = ["| width × height | photographs | authentic images | altered images | above 5 % from | above 1 % from | "
             "consistent below |", "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for band in load_fusion().bands:
        limits = [band.inconsistent_above["0.05"], band.inconsistent_above["0.01"], band.consistent_below]
        told = ["none called" if abs(value) >= OUT_OF_REACH else f"{value:+.2f}" for value in limits]
        lines.append(f"| {_size(band.max_pixels)} | {band.photographs} | {band.authentic} | {band.altered} | "
                     + " | ".join(told) + " |")  # fmt: skip
    return "\n".join(lines)


def size_table() -> str:
    """Camera originals, and made test images, by the bands of the thresholds."""
    cameras, made_rows = rows_of("camera.json"), rows_of("made.json")
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
            + rate(row["outcome"] == "inconsistent" for row in rows) if rows else "–"
            for rows in groups
        ]  # fmt: skip
        lines.append(f"| {_size(band.max_pixels)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def robustness_table() -> str:
    lines = ["| after | image AUC | F1 of the mask | authentic called | altered called | altered cleared | altered that score alone would clear |",
             "|---|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    low = load_fusion().bands[0].consistent_below  # CASIA1's images are of the smallest size
    for change, rows in rows_of("robustness.json").items():
        tampered = np.array([row["tampered"] for row in rows])
        llrs = np.array([row["llr"] for row in rows])
        called = np.array([row["outcome"] == "inconsistent" for row in rows])
        cleared = np.array([row["outcome"] == "consistent" for row in rows])
        masked = np.mean([row["masked"] for row in rows if "masked" in row])
        lines.append(f"| {change} | {roc_auc_score(tampered, llrs):.3f} | {masked:.3f} | {rate(called[~tampered])} | "
                     f"{rate(called[tampered])} | {rate(cleared[tampered])} | {rate(llrs[tampered] < low)} |")  # fmt: skip
    return "\n".join(lines)


_BANDS = {"PNG": (0, 0), "JPEG up to 70": (1, 70), "JPEG 71–85": (71, 85), "JPEG 86–94": (86, 94),
          "JPEG 95–100": (95, 100)}  # fmt: skip


def made_table() -> str:
    rows = rows_of("made.json")
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
        hits = rate(row["outcome"] == "inconsistent" for row in part if row["tampered"])
        lines.append(
            f"| {name} | {len(part)} | {roc_auc_score(tampered, llrs):.3f} | {cllr(llrs, tampered):.3f} | "
            f"{least_cllr(llrs, tampered):.3f} | {reliability(llrs, tampered).error:.3f} | "
            f"{rate(alarms[0])} | {rate(alarms[1])} | {hits} |"
        )
    return "\n".join(lines)


def kinds_made_table() -> str:
    rows = [row for row in rows_of("made.json") if row["origin"] == "twins"]
    tampered = np.array([row["tampered"] for row in rows])
    lines = ["| opinion | image AUC on made twins |", "|---|---:|"]
    for name in load_fusion().curves:
        if any(name in row["alone"] for row in rows):
            values = np.array([row["alone"].get(name, 0.0) for row in rows])
            lines.append(f"| {name} | {roc_auc_score(tampered, values):.3f} |")
    llrs = np.array([row["llr"] for row in rows])
    lines.append(f"| **all together** | {roc_auc_score(tampered, llrs):.3f} |")
    lines += [
        "",
        "| kind | images | fused F1 at 0.5 (cells) | called inconsistent |",
        "|---|---:|---:|---:|",
    ]
    for kind in sorted({row["kind"] for row in rows} - {"authentic"}):
        part = [row for row in rows if row["kind"] == kind]
        located = [row["f1"] for row in part if row["f1"] is not None]
        called = rate(row["outcome"] == "inconsistent" for row in part)
        lines.append(f"| {kind} | {len(part)} | {np.mean(located):.3f} | {called} |")
    return "\n".join(lines)


def rows_of(name: str):
    """What was measured and written under a name."""
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


# How rare a place is among untouched photographs, of what the table shows.
_RARE = (10, 20, 100)


def route_table() -> str:
    """The traces that may stand alone: height of a place by how rare it is among untouched photographs."""
    fusion = load_fusion()
    lines = [
        "| " + " | ".join(["stands alone", *(f"1 in {count}" for count in _RARE), "rarest seen"]) + " |",
        "|---" + "|---:" * (len(_RARE) + 1) + "|",
    ]
    for name, rarity in {"the sum": fusion.total, **fusion.routes}.items():
        at = {round(10**level): value for level, value in zip(rarity.levels, rarity.values, strict=False)}
        rarest = f"{rarity.values[-1]:.2f} (1 in {max(at):,})"
        lines.append("| " + " | ".join([name, *(f"{at[count]:.2f}" for count in _RARE), rarest]) + " |")
    return "\n".join(lines)


def power_table() -> str:
    """Made edits that are called at 5 %, by kind and class of quality, all sizes together."""
    fusion = load_fusion()
    classes = {"no JPEG": {-1}, "JPEG up to 85": {0, 1}, "JPEG 86–100": {2, 3}}
    lines = ["| kind | " + " | ".join(classes) + " | all |", "|---" + "|---:" * 4 + "|"]
    for kind in dict.fromkeys(one.kind for one in fusion.power):
        own = [one for one in fusion.power if one.kind == kind]
        cells = [[one for one in own if one.quality in qualities] for qualities in classes.values()]
        lines.append(f"| {kind} | " + " | ".join(_found(each) for each in [*cells, own]) + " |")
    return "\n".join(lines)


def _found(cells) -> str:
    made = sum(one.made for one in cells)
    return f"{sum(one.found['0.05'] for one in cells) / made:.0%} of {made}" if made else "–"


# Columns that stand in cards/figures/fusion.csv alone.
_LEFT_OUT = {
    "images": ("has a say",),
    "bands": ("authentic images", "altered images"),
    "robustness": ("image AUC", "altered that score alone would clear"),
    "made": ("least Cllr", "ECE", "at 1 %", "images"),
}


def write_card() -> None:
    """Replace what stands between the card's markers, where its results are there; all figures go to the CSV."""
    parts = {
        "images": ("cmh.json", lambda: "\n".join(
            [image_table(DATASETS[0]), *("\n".join(image_table(d).splitlines()[2:]) for d in DATASETS[1:])])),
        "outcomes": ("cmh.json", outcome_table), "kinds": ("cmh.json", kind_table),
        "masks": ("camera.json", mask_table),
        "bands": ("made.json", band_table), "sizes": ("made.json", size_table),
        "camera": ("camera.json", camera_table), "robustness": ("robustness.json", robustness_table),
        "routes": ("machine.json", route_table), "power": ("machine.json", power_table),
        "made": ("made.json", made_table), "opinions": ("made.json", kinds_made_table),
    }  # fmt: skip
    measured = {name: table() for name, (needed, table) in parts.items() if (RESULTS / needed).exists()}
    fill(ROOT / "cards/fusion.md", measured, _LEFT_OUT, ROOT / "cards/figures/fusion.csv")
