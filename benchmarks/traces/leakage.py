"""What a cheater scores on CASIA1 under ever stricter re-encoding, divided by source photograph.

    python benchmarks/traces/leakage.py --data DIR [--json benchmarks/results/leakage.json]

No classifier here looks at where or how an image was altered: the header, the file size, and statistics of
the whole image are all it sees. Whatever exceeds the constant is leakage.
"""

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from tamperlens.data import HELD_OUT_DRAW, Chain, Sample, find_samples, split_by_source
from tamperlens.evaluation._baselines import BASELINES, baseline_rows, baseline_scores
from tamperlens.evidence import load_evidence
from tamperlens.inputs._handcrafted import HandcraftedConfig, handcrafted_tensor

CHAINS = {
    "as published": None,
    "re-saved at quality 75": Chain(75, 75, off_grid=False),
    "re-saved at quality 70–95": Chain(70, 95, off_grid=False),
    "cut off the grid, re-saved at 75": Chain(75, 75, off_grid=True),
    "cut off the grid, re-saved at 70–95 (the leak-free protocol)": Chain(70, 95, off_grid=True),
}
FEATURES = HandcraftedConfig("ela-multi", "features-first")


def rows(sample: Sample, chain: Chain | None) -> dict[str, list[float]]:
    """What each baseline may see of an image."""
    evidence = load_evidence(sample.path)
    if chain:
        evidence = load_evidence(chain(evidence.pixels, evidence.sha256, HELD_OUT_DRAW))
    return baseline_rows(evidence, handcrafted_tensor(evidence.pixels, FEATURES))


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    samples = find_samples("casia1", options.data)
    labels = np.array([sample.tampered for sample in samples], dtype=np.int64)
    results: dict[str, dict[str, list[float]]] = {}
    for title, chain in CHAINS.items():
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            seen = list(pool.map(partial(rows, chain=chain), samples, chunksize=16))
        results[title] = {name: [] for name in BASELINES}
        for seed in range(options.seeds):
            split = split_by_source(samples, seed)
            known, test = split.train + split.validation, list(split.test)
            for name in BASELINES:
                table = np.array([row[name] for row in seen])
                scores = baseline_scores(name, table, labels, known, test, seed)
                results[title][name].append(float(np.mean((scores >= 0.5) == labels[test])))
    lines = ["| images | " + " | ".join(BASELINES) + " |", "|---|" + "---:|" * len(BASELINES)]
    for title, by_name in results.items():
        cells = [f"{100 * np.mean(v):.1f} ± {100 * np.std(v, ddof=1):.1f}" for v in by_name.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    print("\n".join(lines))
    if options.json:
        options.json.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
