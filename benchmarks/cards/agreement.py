"""How often a classifier's heat map and the localizer's mask point at one place: its paper's second check.

    python benchmarks/cards/agreement.py --data DIR [--every 4]

The paper says that in 96 % of cases both agree, without saying what counts. Here two things are counted, on
the altered images of CASIA1 (every fourth) and COVERAGE: whether the strongest place of the class activation
of the patch classifier, run over all of it, lies in the mask; and whether both share more cells than two
maps do that know nothing of each other. Beside it stands what chance gives, the mask's share of the image.
Both are asked of the mask that the default examination marks and of the true one. Results go to
benchmarks/results/agreement.json and between the markers of cards/kind-classifier.md.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from page import fill
from scipy.stats import binomtest

from tamperlens.data import Sample, find_samples, read_mask
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner, load_weight
from tamperlens.examine._agreement import agreements
from tamperlens.examine.networks._patch_detector import PatchDetector

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results/agreement.json"


def rows(samples: list[Sample], dataset: str) -> Iterator[dict[str, object]]:
    """What both maps say of each altered image, against the found mask and the true one."""
    examiner, classifier = Examiner(kinds=False), PatchDetector(load_weight("kind-classifier"))
    for sample in samples:
        evidence = load_evidence(sample.path)
        truth = read_mask(sample.mask, sample.mask_colour)
        if truth.shape != evidence.pixels.shape[:2] or not truth.any():
            continue
        finding = examiner.examine(evidence)
        _, activation = classifier.patches(evidence.pixels)
        masks = {"found": finding.mask >= finding.mask_threshold, "true": truth}
        yield {
            "dataset": dataset,
            **{name: compared(mask, activation) for name, mask in masks.items() if mask.any()},
        }


def compared(mask: NDArray[np.bool_], activation: NDArray[np.float32]) -> dict[str, float] | None:
    """Whether the strongest place lies in the mask, how much is shared, and what chance gives of either."""
    said = agreements(mask.astype(np.float32), 0.5, {"activation": activation})
    if not said:
        return None
    strongest = mask.ravel()[int(activation.argmax())]
    return {"strongest": float(strongest), "overlap": said[0].overlap, "chance": said[0].chance}


def table(found: list[dict[str, object]]) -> str:
    """A line for each dataset and mask."""
    lines = [
        "| images, mask | strongest place lies in it | by chance | more shared than by chance |",
        "|---|---:|---:|---:|",
    ]
    for dataset in dict.fromkeys(row["dataset"] for row in found):
        for mask in ("found", "true"):
            part = [row[mask] for row in found if row["dataset"] == dataset and row.get(mask)]
            hits = rate([one["strongest"] > 0 for one in part])
            more = rate([one["overlap"] > one["chance"] for one in part])
            chance = np.mean([one["chance"] for one in part])
            lines.append(f"| {dataset}, {len(part)} {mask} | {hits} | {100 * chance:.1f} % | {more} |")
    return "\n".join(lines)


def rate(hits: list[bool]) -> str:
    """Share with its 95 % Wilson interval."""
    low, high = binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    return f"{100 * np.mean(hits):.1f} % ({100 * low:.1f} – {100 * high:.1f})"


def main() -> None:
    """Measure, and rewrite the card's table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--every", type=int, default=4, help="of CASIA1's altered images")
    options = parser.parse_args()
    found = []
    for dataset, every in (("casia1", options.every), ("coverage", 1)):
        altered = [s for s in find_samples(dataset, options.data) if s.tampered and s.mask]
        found += rows(altered[::every], dataset)
    RESULTS.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    print(text := table(found))
    fill(ROOT / "cards/kind-classifier.md", {"agreement": text})


if __name__ == "__main__":
    main()
