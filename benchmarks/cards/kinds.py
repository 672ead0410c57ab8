"""How well the kind of alteration is told: on forgeries of photographs kept apart, and on published sets.

python benchmarks/cards/kinds.py --rows runs/kinds/examined [--data DIR] [--every N] [--sets NAME …]

The first table reads what `tamperlens fuse recipes/kinds.toml` examined, the photographs of its part "test";
what regressions need is fitted on its part "fit". The second examines CASIA1, COVERAGE and CMH, of which
nothing was trained on: the letter in CASIA1's names says whether a part was copied (S) or spliced (D).
Tables go to the card's markers, figures to benchmarks/results/kinds.json. What was said of the published
sets is kept beside the rows and used again; delete published-N-….json after a change of the fused map.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from page import fill
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score

from tamperlens.data import find_samples, read_mask
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner
from tamperlens.examine.fused._kinds import KindTeller, load_kind_teller, load_kind_weights
from tamperlens.training.fusion._fuse_kinds import ALTERED, KindRow, design, kind_row, usable

ROOT = Path(__file__).parents[2]
PAPERS = ("splicing", "copy-move", "removal")
# The paper leaves smaller regions out.
LEAST_AREA = 0.015
Teller = Callable[[KindRow], str]


def likeliest(said: dict[str, float], kinds: Sequence[str]) -> str:
    return max(kinds, key=lambda kind: said[kind])


def regressed(rows: Sequence[KindRow], *further: Callable[[KindRow], float]) -> Teller:
    """dual-module and further signs, regressed on the part that may be fitted on."""

    def inputs(row: KindRow) -> list[float]:
        return [*(np.log(max(row.masked[kind], 1e-4)) for kind in PAPERS), *(sign(row) for sign in further)]

    chosen = [row for row in rows if row.part == "fit" and row.kind in PAPERS and row.overlap > 0]
    fitted = LogisticRegression(C=3, max_iter=2000).fit(
        [inputs(row) for row in chosen], [row.kind for row in chosen]
    )
    return lambda row: str(fitted.predict([inputs(row)])[0])


def copied(row: KindRow) -> float:
    return float(row.copied)


def likeness(row: KindRow) -> float:
    return max(row.likeness, 0.0)


def lead(row: KindRow) -> float:
    return min(row.lead, 1.0)


def macro_f1(rows: Sequence[KindRow], tell: Teller, kinds: Sequence[str]) -> tuple[float, float, float]:
    """Macro F1 and the ends of its 95 % interval, by drawing rows again 500 times."""
    truth = np.array([row.kind for row in rows])
    told = np.array([tell(row) for row in rows])
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(500):
        i = rng.integers(len(rows), size=len(rows))
        draws.append(f1_score(truth[i], told[i], labels=list(kinds), average="macro", zero_division=0))
    score = f1_score(truth, told, labels=list(kinds), average="macro", zero_division=0)
    return score, *np.percentile(draws, [2.5, 97.5])


def made_table(rows: Sequence[KindRow]) -> tuple[str, list[dict[str, object]]]:
    """Macro F1 by system, mask and kinds."""
    weights = load_kind_weights()

    def together(row: KindRow) -> str:
        told = weights(design([row])[0][0])
        return likeliest(told, ALTERED)

    tellers: list[tuple[str, Sequence[str], Teller]] = [
        ("dual-module, the paper's three", PAPERS, lambda row: likeliest(row.masked, PAPERS)),
        ("dual-module regressed, three", PAPERS, regressed(rows)),
        ("dual-module + copy-move trace, three", PAPERS, regressed(rows, copied)),
        ("dual-module + repeated region, three", PAPERS, regressed(rows, likeness, lead)),
        ("dual-module + both, three", PAPERS, regressed(rows, copied, likeness, lead)),
        ("dual-module, five", ALTERED, lambda row: likeliest(row.masked, ALTERED)),
        ("the patch classifier, five", ALTERED, lambda row: likeliest(row.patches, ALTERED)),
        ("all together, five", ALTERED, together),
    ]
    masks = {
        "true masks": lambda row: row.mask == "true",
        "true masks, region ≥ 1.5 %": lambda row: row.mask == "true" and row.area >= LEAST_AREA,
        "found masks that meet the region": lambda row: usable(row, "found"),
        "end to end": lambda row: row.mask == "found",
    }
    lines = ["| " + " | ".join(["told by", *masks]) + " |", "|---|" + "---:|" * len(masks)]
    content = []
    test = [row for row in rows if row.part == "test"]
    for name, kinds, tell in tellers:
        cells = []
        for mask, wanted in masks.items():
            chosen = [row for row in test if wanted(row) and row.kind in kinds]
            ends = mask == "end to end"
            score, low, high = macro_f1(chosen, _missing_is_wrong(tell) if ends else tell, kinds)
            content.append({"told by": name, "masks": mask, "forgeries": len(chosen), "macro_f1": score})
            cells.append(f"{score:.3f} ({low:.3f} – {high:.3f}), {len(chosen)}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines), content


def auc_table(rows: Sequence[KindRow]) -> tuple[str, list[dict[str, object]]]:
    """Area under the ROC curve of each kind against the others, their mean."""
    weights = load_kind_weights()
    tellers: list[tuple[str, Sequence[str], Callable[[KindRow], Mapping[str, float]]]] = [
        ("dual-module, the paper's three", PAPERS, lambda row: row.masked),
        ("all together, the paper's three", PAPERS, lambda row: weights(design([row])[0][0])),
        ("dual-module, five", ALTERED, lambda row: row.masked),
        ("all together, five", ALTERED, lambda row: weights(design([row])[0][0])),
    ]
    lines = [
        "| mean AUC, one kind against the rest | true masks | found masks that meet the region |",
        "|---|---:|---:|",
    ]
    content: list[dict[str, object]] = []
    for name, kinds, tell in tellers:
        cells = []
        for mask in ("true", "found"):
            chosen = [row for row in rows if row.part == "test" and usable(row, mask) and row.kind in kinds]
            said = np.array([[tell(row)[kind] for kind in kinds] for row in chosen])
            truth = np.array([row.kind for row in chosen])
            said /= said.sum(axis=1, keepdims=True)
            scores = [roc_auc_score(truth == kind, said[:, i]) for i, kind in enumerate(kinds)]
            content.append({"told by": name, "masks": mask, "auc": float(np.mean(scores))})
            cells.append(f"{np.mean(scores):.3f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines), content


def _missing_is_wrong(tell: Teller) -> Teller:
    """End to end a region that was not found has no kind."""
    return lambda row: tell(row) if usable(row, "found") else "none"


def made_confusions(rows: Sequence[KindRow]) -> str:
    weights = load_kind_weights()
    test = [row for row in rows if row.part == "test" and usable(row, "found")]
    told = [likeliest(weights(design([row])[0][0]), ALTERED) for row in test]
    matrix = confusion_matrix([row.kind for row in test], told, labels=list(ALTERED))
    return _matrix("made, all together, found masks", ALTERED, ALTERED, matrix)


def _matrix(title: str, truths: Sequence[str], kinds: Sequence[str], matrix: np.ndarray) -> str:
    lines = [f"| {title}: true ↓ told → | " + " | ".join(kinds) + " |", "|---|" + "---:|" * len(kinds)]
    lines += [f"| {t} | " + " | ".join(map(str, r)) + " |" for t, r in zip(truths, matrix, strict=True)]
    return "\n".join(lines)


def real_rows(data: Path, every: int, sets: Sequence[str]) -> Iterator[KindRow]:
    """What the systems say of published forgeries, with true masks and with found ones."""
    examiner = Examiner(kinds=False)
    shipped = load_kind_teller()
    teller = KindTeller(shipped.patches, shipped.masked, None)
    for dataset in sets:
        samples = [s for s in find_samples(dataset, data) if s.tampered and s.mask]
        for sample in samples[::every] if dataset == "casia1" else samples:
            evidence = load_evidence(sample.path)
            truth = read_mask(sample.mask, sample.mask_colour)
            if truth.shape != evidence.pixels.shape[:2] or not truth.any():
                continue
            spliced = dataset == "casia1" and sample.path.name.startswith("Sp_D")
            part, kind = (f"{dataset} spliced", "splicing") if spliced else (f"{dataset} copied", "copy-move")
            finding = examiner.examine(evidence)
            found = finding.mask >= finding.mask_threshold
            yield kind_row(teller, finding, truth, truth, part, kind, "true")
            if found.any():
                yield kind_row(teller, finding, truth, found, part, kind, "found")


def real_table(rows: Sequence[KindRow]) -> tuple[str, dict[str, object]]:
    """Confusion on published sets, with the mask found and with the true one, and dual-module alone."""
    weights = load_kind_weights()
    tellers: dict[str, tuple[str, Teller]] = {
        "true mask": ("true", lambda row: likeliest(weights(design([row])[0][0]), ALTERED)),
        "found mask": ("found", lambda row: likeliest(weights(design([row])[0][0]), ALTERED)),
        "true mask, dual-module alone": ("true", lambda row: likeliest(row.masked, ALTERED)),
    }
    sets = list(dict.fromkeys(row.part for row in rows))
    parts, content = [], {}
    for name, (mask, tell) in tellers.items():
        matrix = np.zeros((len(sets), len(ALTERED) + 1), int)
        for row in rows:
            if row.mask == mask:
                matrix[sets.index(row.part), ALTERED.index(tell(row))] += 1
        asked = [sum(row.part == one and row.mask == "true" for row in rows) for one in sets]
        matrix[:, -1] = np.array(asked) - matrix.sum(axis=1)
        parts.append(_matrix(name, sets, [*ALTERED, "nothing marked"], matrix))
        content[name] = dict(zip(sets, matrix.tolist(), strict=True))
    return "\n\n".join(parts), content


def kept_rows(path: Path, make: Callable[[], Iterator[KindRow]]) -> list[KindRow]:
    """The rows that a file holds; made and written where there is none."""
    if not path.exists():
        rows = [asdict(row) for row in make()]
        path.write_text(json.dumps(rows), encoding="utf-8")
    return [KindRow(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sets", nargs="+", default=["casia1", "coverage", "cmh"])
    parser.add_argument("--every", type=int, default=2, help="of CASIA1's tampered images")
    options = parser.parse_args()
    paths = sorted(options.rows.glob("*.json"))
    rows = [KindRow(**row) for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]
    table, content = made_table(rows)
    aucs, auc_content = auc_table(rows)
    tables = {"made": table, "auc": aucs, "confusion": made_confusions(rows)}
    results: dict[str, object] = {"made": content, "auc": auc_content}
    if options.data:
        real = options.rows.parent / f"published-{options.every}-{'-'.join(options.sets)}.json"
        rows = kept_rows(real, partial(real_rows, options.data, options.every, options.sets))
        tables["real"], results["real"] = real_table(rows)
    print(*tables.values(), sep="\n\n")
    fill(ROOT / "cards/dual-module.md", tables)
    path = ROOT / "benchmarks/results/kinds.json"
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
