"""From CASIA1 to the table of cards/lightweight-cnn.md, in one command.

    python benchmarks/cards/lightweight_cnn_card.py --data DIR [--runs runs] [--only READING/PROTOCOL …]

Trains and tests the lightweight CNN in its readings under both protocols, writes every figure to
benchmarks/results/lightweight-cnn/ and the tables between the markers of the card. Training runs that are
finished are used again, so a stopped command goes on where it was. With --only, the figures of the others are
taken as they lie there.
"""

import argparse
import collections
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from page import fill

from tamperlens.data import find_samples
from tamperlens.evaluation import PROTOCOLS, ProtocolResult, evaluate_protocol, markdown_table
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner
from tamperlens.training import Recipe, load_recipe, protocol_trainer

ROOT = Path(__file__).parents[2]
CARD = ROOT / "cards/lightweight-cnn.md"
RESULTS = ROOT / "benchmarks/results/lightweight-cnn"
MACHINE = f"{platform.machine()}, {os.cpu_count()} cores"
PUBLISHED = {"the paper, 5 runs": ("98.13 ± 0.13", "98.09 ± 0.16", "98.17 ± 0.09", "98.12 ± 0.13", "0.982")}


@dataclass(frozen=True)
class Reading:
    """One reading of the paper's extractor and the number of independent runs it gets."""

    name: str
    layout: str
    order: str
    runs: dict[str, int]

    def recipe(self, shipped: Recipe) -> Recipe:
        """The shipped recipe with this reading's features."""
        features = shipped.features.model_copy(update={"layout": self.layout, "order": self.order})
        name = shipped.name if features == shipped.features else f"{shipped.name}-{self.name}"
        return shipped.model_copy(update={"name": name, "features": features})


READINGS = (
    Reading("multi-features-first", "ela-multi", "features-first", {"paper": 5, "leak-free": 2}),
    Reading("multi-resize-first", "ela-multi", "resize-first", {"paper": 1}),
)


def main() -> None:
    """Train, test, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    shipped = load_recipe(ROOT / "recipes/lightweight-cnn.toml")
    samples = find_samples(shipped.dataset, options.data)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for reading, protocol, runs in _cells():
        if options.only is not None and f"{reading.name}/{protocol}" not in options.only:
            continue
        recipe = reading.recipe(shipped)
        trainer = protocol_trainer(recipe, PROTOCOLS[protocol], samples, options.runs)
        result = evaluate_protocol(
            recipe.name, shipped.dataset, PROTOCOLS[protocol], samples, range(runs), trainer
        )
        text = json.dumps({"machine": MACHINE, **result.to_json()}, indent=1)
        _file(reading, protocol).write_text(text + "\n", encoding="utf-8")
        print(reading.name, markdown_table([result], {}), sep="\n", flush=True)
    if all(_file(reading, protocol).exists() for reading, protocol, _ in _cells()):
        _write_card(_camera_table(options.data / "camera"))


def _cells() -> list[tuple[Reading, str, int]]:
    return [(reading, protocol, runs) for reading in READINGS for protocol, runs in reading.runs.items()]


def _file(reading: Reading, protocol: str) -> Path:
    return RESULTS / f"{reading.name}-{protocol}.json"


def _load(reading: Reading, protocol: str) -> ProtocolResult:
    plain = json.loads(_file(reading, protocol).read_text(encoding="utf-8"))
    return ProtocolResult(**{key: value for key, value in plain.items() if key != "machine"})


def _write_card(camera: str) -> None:
    """Replace what stands between the card's markers."""
    results: dict[str, dict[str, ProtocolResult]] = {}
    for reading, protocol, _ in _cells():
        results.setdefault(reading.name, {})[protocol] = _load(reading, protocol)
    main_reading = results["multi-features-first"]
    literal = results["multi-resize-first"]["paper"]
    parts = {
        "tables": markdown_table([literal, *main_reading.values()], PUBLISHED),
        "ablation": _ablation_table(results),
        "times": _times_table(main_reading),
        "outcomes": _outcomes_table(main_reading["leak-free"]),
        "camera": camera,
    }
    left_out = {"tables": ("macro precision %", "macro recall %", "macro F1 %")}
    fill(CARD, parts, left_out, ROOT / "cards/figures/lightweight-cnn.csv")


def _ablation_table(results: dict[str, dict[str, ProtocolResult]]) -> str:
    lines = ["| channels, order | protocol | runs | accuracy % | AUC |", "|---|---|---:|---:|---:|"]
    for reading in READINGS:
        for protocol, result in results[reading.name].items():
            model = result.summary["model"]
            lines.append(
                f"| {reading.layout}, {reading.order} | {protocol} | {len(result.runs)} "
                f"| {100 * model['accuracy']['mean']:.2f} | {model['auc']['mean']:.3f} |"
            )
    return "\n".join(lines)


def _times_table(by_protocol: dict[str, ProtocolResult]) -> str:
    lines = [
        "| protocol | extraction, ms an image | classification, ms an image | training, s a run |",
        "|---|---:|---:|---:|",
        "| paper, as printed | 50 | 2–3 | – |",
    ]
    for protocol, result in by_protocol.items():
        times = [run["times"] for run in result.runs]
        cells = [f"{sum(t[k] for t in times) / len(times):.1f}" for k in times[0]]
        lines.append(f"| {protocol} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _outcomes_table(result: ProtocolResult) -> str:
    lines = ["| | consistent | inconsistent | inconclusive |", "|---|---:|---:|---:|"]
    for truth in ("authentic", "tampered"):
        shares = [
            sum(run["outcomes"][f"{outcome}_if_{truth}"] for run in result.runs) / len(result.runs)
            for outcome in ("consistent", "inconsistent", "inconclusive")
        ]
        lines.append(f"| {truth} test images | " + " | ".join(f"{100 * s:.1f} %" for s in shares) + " |")
    by_kind = {
        kind: sum(run["auc_by_kind"][kind] for run in result.runs) / len(result.runs)
        for kind in result.runs[0]["auc_by_kind"]
    }
    means = ", ".join(f"{kind} {auc:.3f}" for kind, auc in by_kind.items())
    return "\n".join([*lines, "", f"AUC by kind against all authentic test images: {means}."])


def _camera_table(folder: Path) -> str:
    """Outcomes of the shipped weight on a folder of authentic photographs."""
    examiner = Examiner(["lightweight-cnn"])
    counts = collections.Counter()
    for file in sorted(folder.iterdir()):
        opinion = examiner.examine(load_evidence(file)).opinions[0]
        counts[opinion.outcome if opinion.applicable else "set aside"] += 1
    columns = ("set aside", "inconclusive", "consistent", "inconsistent")
    return "\n".join(
        [
            "| " + " | ".join(columns) + " |",
            "|---:" * len(columns) + "|",
            "| " + " | ".join(str(counts[column]) for column in columns) + " |",
        ]
    )


if __name__ == "__main__":
    main()
