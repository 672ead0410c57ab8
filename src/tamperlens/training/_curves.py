"""A run's log as a picture."""

import json
from pathlib import Path


def draw_curves(log: Path, picture: Path) -> None:
    """Draw loss and validation scores over the number of samples seen.

    Args:
        log: `log.jsonl` of a localizer's run.
        picture: PNG to write.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second that only a finished run pays

    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    samples = [line["sample"] for line in lines]
    names = [name for name in lines[0] if name not in {"sample", "loss", "seconds", "skipped"}]
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    losses.plot(samples, [line["loss"] for line in lines], color="#444")
    losses.set(xlabel="forged samples", ylabel="training loss")
    for name in names:
        scores.plot(samples, [line[name] for line in lines], label=name, lw=2 if name == "score" else 1)
    scores.set(xlabel="forged samples", ylabel="validation pixel F1 at 0.5", ylim=(0, 1))
    scores.legend(frameon=False)
    figure.savefig(picture, dpi=110)
