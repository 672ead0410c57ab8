"""Results as Markdown, for cards and terminals."""

from collections.abc import Mapping, Sequence

from tamperlens.evaluation._localization import LocalizationResult
from tamperlens.evaluation._protocols import ProtocolResult

_COLUMNS = {
    "accuracy": "accuracy %",
    "macro_precision": "macro precision %",
    "macro_recall": "macro recall %",
    "macro_f1": "macro F1 %",
}

_NOT_MEASURED: Mapping[str, float | None] = {"value": None}  # written by an older version
# "per image": mean over tampered images; "pooled": all their pixels together.
_LOCALIZATION = {
    "f1_fixed": "F1 frozen, per image",
    "f1_half": "F1 at 0.5, per image",
    "f1_best": "F1 best, per image",
    "f1_fixed_pooled": "F1 frozen, pooled",
    "iou": "IoU frozen, per image",
    "mcc": "MCC frozen, per image",
    "ap_per_image": "AP per image",
    "ap_pooled": "AP pooled",
    "auc_per_image": "AUC per image",
    "auc_pooled": "AUC pooled",
    "image_auc": "image AUC",
    "balanced_accuracy": "balanced accuracy",
    "false_alarm_rate": "false alarms",
    "miss_rate": "misses",
    "detected_at_5": "detected at 5 % false alarms",
    "cllr": "C_llr",
}


def markdown_table(results: Sequence[ProtocolResult], published: Mapping[str, Sequence[str]]) -> str:
    """Table of the model and baselines under each protocol, with the published figures first.

    Args:
        results: one per protocol.
        published: row title → the figures as printed in the paper, in column order.
    """
    lines = [
        "| "
        + " | ".join(["protocol", "what decides", *_COLUMNS.values(), "AUC", "95 % interval of accuracy"])
        + " |",
        "|---|---|" + "---:|" * (len(_COLUMNS) + 2),
    ]
    for title, figures in published.items():
        lines.append(f"| paper, as printed | {title} | " + " | ".join(figures) + " | – |")
    for result in results:
        several = len(result.runs) > 1
        for name, figures_of in result.summary.items():
            cells = [_mean(figures_of[column], 100, 2, several) for column in _COLUMNS]
            cells.append(_mean(figures_of["auc"], 1, 3, several))
            accuracy = figures_of["accuracy"]
            cells.append(f"{100 * accuracy['low']:.1f} – {100 * accuracy['high']:.1f}")
            title = f"**{result.system}**" if name == "model" else name
            lines.append(f"| {result.protocol} | {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _mean(figure: Mapping[str, float], factor: int, digits: int, several: bool) -> str:
    """Mean ± deviation; a single run has no deviation."""
    mean = f"{factor * figure['mean']:.{digits}f}"
    return f"{mean} ± {factor * figure['deviation']:.{digits}f}" if several else mean


def localization_table(results: Sequence[LocalizationResult]) -> str:
    """Table of localizers: every figure with its 95 % interval over sources in brackets.

    Args:
        results: each one system on one dataset.
    """
    titles = ["dataset", "system", "condition", "thresholds", "images", *_LOCALIZATION.values()]
    lines = ["| " + " | ".join(titles) + " |", "|---|---|---|---|---|" + "---:|" * len(_LOCALIZATION)]
    for result in results:
        images = f"{result.images['authentic']} authentic, {result.images['located']} located"
        if unlocated := result.images["tampered"] - result.images["located"]:
            images += f", {unlocated} without usable mask"
        cells = [_with_interval(result.figures.get(name, _NOT_MEASURED)) for name in _LOCALIZATION]
        row = [result.dataset, result.system, result.condition, result.thresholds_from, images, *cells]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def area_table(results: Sequence[LocalizationResult]) -> str:
    """Table of F1 at the frozen threshold by altered share of the image; number of images in brackets.

    Args:
        results: each one system on one dataset.
    """
    areas = list(results[0].by_area)
    lines = ["| " + " | ".join(["dataset", "system", *areas]) + " |", "|---|---|" + "---:|" * len(areas)]
    for result in results:
        cells = [f"{_number(part['f1_fixed'])} ({part['images']})" for part in result.by_area.values()]
        lines.append("| " + " | ".join([result.dataset, result.system, *cells]) + " |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _with_interval(figure: Mapping[str, float | None]) -> str:
    """Value (low – high); an undefined figure is a dash."""
    if figure["value"] is None:
        return "–"
    return f"{_number(figure['value'])} ({_number(figure['low'])} – {_number(figure['high'])})"
