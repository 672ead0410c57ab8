"""Tables and plots of docs/multi-fusion.md from what benchmarks/cards/multi_fusion.py recorded.

    python benchmarks/cards/multi_fusion_page.py --data DIR --runs RUNS

Replaces what stands between the page's markers, and two pictures; the run's weight draws the examples.
"""

import json

import numpy as np
from matplotlib.figure import Figure
from multi_fusion import RESULTS, ROOT, Bench, arguments, bench_of
from page import fill

from tamperlens.data import read_mask
from tamperlens.evaluation._cost import Cost, cost_table
from tamperlens.evidence import load_evidence

PAGE = ROOT / "docs/multi-fusion.md"
PICTURES = ROOT / "docs/images"


def recorded(part: str) -> dict | None:
    """What a part recorded, None where it has not run."""
    path = RESULTS / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write(bench: Bench) -> None:
    """Tables between the page's markers, plots beside it."""
    found = {name: content for name in TABLES if (content := recorded(name)) is not None}
    fill(PAGE, {name: TABLES[name](content) for name, content in found.items()})
    if content := recorded("robustness"):
        _robustness_plot(content)
    if content := recorded("localization"):
        _examples_plot(bench, content)


def _table(titles: list[str], rows: list[list[str]], left: int = 1) -> str:
    align = ["---"] * left + ["---:"] * (len(titles) - left)
    return "\n".join("| " + " | ".join(row) + " |" for row in (titles, align, *rows)).replace("| ---", "|---")


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else f"{value:.3f}"


def _test_table(content: dict) -> str:
    rows = []
    for name, figures in content["summary"].items():
        accuracy, auc = figures["accuracy"], figures["auc"]
        rows.append(
            [f"**{content['system']}**" if name == "model" else name,
             f"{100 * accuracy['mean']:.1f} ({100 * accuracy['low']:.1f} – {100 * accuracy['high']:.1f})",
             f"{figures['macro_f1']['mean']:.3f}",
             f"{auc['mean']:.3f} ({auc['low']:.3f} – {auc['high']:.3f})"]
        )  # fmt: skip
    return _table(["what decides", "accuracy %", "macro F1", "AUC"], rows)


MAP_TITLES = {
    "cam": "Grad-CAM", "cam_plus": "Grad-CAM++", "attention": "attention", "fused": "fused",
    "centre": "centre of the image", "everything": "everything",
}  # fmt: skip


def _localization_table(content: dict) -> str:
    rows = []
    for name, title in MAP_TITLES.items():
        images = content["figures"][name]["images"]
        mean = {figure: np.mean([row[figure] for row in images]) for figure in images[0]}
        rows.append(
            [title, f"{content['figures'][name]['threshold']:.2f}", *(f"{v:.3f}" for v in mean.values())]
        )
    titles = ["map", "threshold", "IoU", "precision", "recall", "top tenth inside", "over chance"]
    tests = [
        [MAP_TITLES[t["first"]], MAP_TITLES[t["second"]],
         {"iou": "IoU", "top_inside": "top tenth inside"}[t["figure"]], f"{t['difference']:+.3f}", _p(t["p"])]
        for t in content["tests"]
    ]  # fmt: skip
    count = len(content["figures"]["fused"]["images"])
    return (
        f"{_table(titles, rows)}\n\nMeans over {count} test images. Paired t-tests, corrected by Holm:\n\n"
        + _table(["first", "second", "figure", "mean difference", "p"], tests, 3)
        + "\n\n![Mask outlined on image, Grad-CAM++, attention, fused](images/multi-fusion-maps.png)"
    )


def _ablation_table(content: dict) -> str:
    rows = []
    for name, runs in content["runs"].items():
        tests = content["tests"].get(name)
        cells = [_spread(runs, "accuracy", 100, 1), _spread(runs, "macro_f1"), _spread(runs, "auc")]
        rows.append([name, *cells, *([_p(p) for p in tests.values()] if tests else ["–", "–"])])
    titles = ["branches", "accuracy %", "macro F1", "AUC", "p against all: t over seeds", "McNemar"]
    return _table(titles, rows)


def _spread(runs: list[dict], figure: str, factor: float = 1, digits: int = 3) -> str:
    values = [factor * run[figure] for run in runs]
    return f"{np.mean(values):.{digits}f} ± {np.std(values, ddof=1):.{digits}f}"


def _with_interval(one: dict) -> str:
    return f"{one['auc']:.3f} ({one['interval'][0]:.3f} – {one['interval'][1]:.3f})"


def _robustness_table(content: dict) -> str:
    rows = [
        [name, f"{100 * one['accuracy']:.1f}", _with_interval(one), "–" if name == "none" else _p(one["p"])]
        for name, one in content["conditions"].items()
    ]
    table = _table(["condition", "accuracy %", "AUC", "p against none (McNemar)"], rows)
    picture = "![AUC under each condition with its interval](images/multi-fusion-robustness.png)"
    return f"{table}\n\n{content['images']} test images.\n\n{picture}"


def _cross_table(content: dict) -> str:
    rows = []
    for title, one in content["sets"].items():
        auc = _with_interval(one) if "auc" in one else "–"
        cells = [
            f"{100 * one[figure][k]:.0f} %" if k in one[figure] else "–"
            for figure in ("above_half", "inconsistent") for k in ("0", "1")
        ]  # fmt: skip
        rows.append([title, str(one["authentic"]), str(one["tampered"]), auc, *cells])
    titles = ["dataset", "authentic", "tampered", "AUC", "authentic above .5", "tampered above .5",
              "authentic called inconsistent", "tampered called inconsistent"]  # fmt: skip
    return _table(titles, rows)


def _cost_table(content: dict) -> str:
    return f"{cost_table([Cost(**cost) for cost in content['costs']])}\n\n{content['machine']}."


TABLES = {
    "test": _test_table,
    "localization": _localization_table,
    "ablation": _ablation_table,
    "robustness": _robustness_table,
    "cross": _cross_table,
    "cost": _cost_table,
}


def _robustness_plot(content: dict) -> None:
    names = list(content["conditions"])
    values = [content["conditions"][name]["auc"] for name in names]
    spans = np.array([content["conditions"][name]["interval"] for name in names])
    figure = Figure(figsize=(8, 4.4), layout="constrained")
    axes = figure.subplots()
    errors = np.abs(spans.T - np.array(values))
    axes.errorbar(
        values, range(len(names)), xerr=errors, fmt="o", color="#1f4e79", ecolor="#9bb4cc", capsize=3
    )
    axes.axvline(0.5, color="#888", ls=":", lw=1)
    axes.axvline(values[0], color="#1f4e79", lw=0.8, alpha=0.4)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlim=(0.3, 1), xlabel="AUC with 95 % interval; dotted: chance")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURES / "multi-fusion-robustness.png", dpi=110)


def _examples_plot(bench: Bench, content: dict) -> None:
    """Four test images, their masks' outlines and maps: two the fused map marks best, two at the median."""
    rows = content["figures"]["fused"]["images"]
    order = np.argsort([row["iou"] for row in rows])
    shown = [order[-1], order[-2], order[len(order) // 2], order[len(order) // 2 + 1]]
    usable = [bench.samples[i] for i in bench.split.test if bench.samples[i].mask]
    figure = Figure(figsize=(10, 7.2), layout="constrained")
    for axes_row, index in zip(figure.subplots(4, 4), shown, strict=True):
        sample = usable[index]
        pixels, mask = load_evidence(sample.path).pixels, read_mask(sample.mask, sample.mask_colour)
        maps = bench.detector.explain(bench.detector.features(pixels)).maps
        for axes, name in zip(axes_row, ("image", "cam_plus", "attention", "fused"), strict=True):
            axes.imshow(pixels)
            if name != "image":
                extent = (0, pixels.shape[1], pixels.shape[0], 0)
                axes.imshow(maps[name], extent=extent, cmap="inferno", alpha=0.6, interpolation="bilinear",
                            vmin=0, vmax=1)  # fmt: skip
            axes.contour(mask, levels=[0.5], colors="#00c8ff", linewidths=1)
            axes.set_axis_off()
            if index == shown[0]:
                axes.set_title({"image": "image, mask outlined"}.get(name, MAP_TITLES.get(name, name)))
    figure.savefig(PICTURES / "multi-fusion-maps.png", dpi=90)


if __name__ == "__main__":
    write(bench_of(arguments(__doc__.splitlines()[0]).parse_args()))
