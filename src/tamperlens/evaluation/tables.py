"""Results as Markdown, for cards and terminals."""

from collections.abc import Mapping, Sequence

from tamperlens.evaluation.protocols import ProtocolResult

_COLUMNS = {
    "accuracy": "accuracy %",
    "macro_precision": "macro precision %",
    "macro_recall": "macro recall %",
    "macro_f1": "macro F1 %",
}


def markdown_table(results: Sequence[ProtocolResult], published: Mapping[str, Sequence[str]]) -> str:
    """Table of model and baselines under each protocol, with the published figures first.

    Args:
        results: one protocol each.
        published: row title → the figures as their paper prints them, in the order of the columns.
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
    """Mean ± deviation; one run has no deviation."""
    mean = f"{factor * figure['mean']:.{digits}f}"
    return f"{mean} ± {factor * figure['deviation']:.{digits}f}" if several else mean
