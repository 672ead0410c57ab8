"""Whether error levels lift the patch classifier: trained twice with equal small budgets.

    python benchmarks/cards/error_levels.py --photos DIR … --test DIR … --runs DIR [--samples 2400]
        [--seeds 1]

EfficientNet-B0 from Lite0's ImageNet weights, once on colour alone and once on colour and error levels: the
same forgeries in the same order, the same initial weights but for the stem's further channels, all blocks
trained. Half of the samples are authentic, so that accuracy means something. Held-out photographs of --photos
choose the epoch; everything printed is of forgeries of the photographs of --test, where nothing was chosen.
Figures go to benchmarks/results/error-levels.json, the table to the card of kind-classifier. Finished runs of
the same length are used again.
"""

import argparse
import json
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from tamperlens.data.synthesis import KINDS, ForgeryStream, PhotoPool, StoredStream, TinyAutoencoder
from tamperlens.models import MODELS
from tamperlens.training import KindRecipe
from tamperlens.training._device import choose_device
from tamperlens.training._forged_task import ForgedTask, fit_forged
from tamperlens.training._kind_task import kind_loss, kind_weights, macro_f1
from tamperlens.training._kind_tensors import PatchTensors, labelled

ROOT = Path(__file__).parents[2]
VARIANTS: dict[str, tuple[int, ...]] = {"colour alone": (), "colour and error levels": (95, 85, 75)}
SIDE, VALIDATION, TEST, SEED = 128, 240, 600, 11
SHARES = {kind: 0.5 if kind == "authentic" else 0.1 for kind in KINDS}
FIGURES = ("accuracy", "auc", "macro_f1")


def recipe_of(name: str, seed: int, samples: int) -> KindRecipe:
    """The shipped classifier's settings but for size, length, start and frozen blocks."""
    return KindRecipe.model_validate(
        {
            "name": f"error-levels-{len(VARIANTS[name])}-{seed}-{samples}",
            "system": "kind-classifier",
            "seed": SEED,
            "input": {"qualities": VARIANTS[name]},
            "synthesis": {"side": SIDE, "distinct": samples, "shares": SHARES},
            "optimizer": {
                "learning_rate": 5e-4, "warmup_samples": samples // 8, "decay_share": 0.4, "ema": 0.99,
            },
            "loop": {
                "samples": samples, "batch_size": 16, "validate_every": samples // 6, "workers": 1,
            },
        }
    )  # fmt: skip


def run(name: str, seed: int, options: argparse.Namespace) -> dict[str, list]:
    """Train one variant; what it says of the test forgeries, and the truth."""
    recipe, device = recipe_of(name, seed, options.samples), choose_device("auto")
    folder = options.runs / recipe.name
    done = folder / "result.json"
    if done.exists():
        return json.loads(done.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    generator = TinyAutoencoder(options.generator) if options.generator else None
    fresh = ForgeryStream(PhotoPool(options.photos), SIDE, SEED, SHARES, generator)
    stored = StoredStream(fresh, options.runs, options.samples)
    held = ForgeryStream(PhotoPool(options.photos, held_out=True), SIDE, SEED + 1, SHARES, generator)
    settings = recipe.input.settings()
    validation = labelled(PatchTensors(held, settings, 0, VALIDATION), VALIDATION)
    torch.manual_seed(seed)
    model = MODELS["kind-classifier"](channels=settings.channels, pretrained=True)
    task = ForgedTask(
        samples=lambda first, last: PatchTensors(stored, settings, first, last, SEED),
        target_loss=partial(kind_loss, kind_weights([SHARES[kind] for kind in KINDS])),
        figures={"macro F1": lambda averaged: macro_f1(averaged, validation, recipe, device)},
        recipe=recipe,
        device=device,
    )
    model = fit_forged(model, task, folder, lambda f: print(name, f, flush=True))
    test = ForgeryStream(PhotoPool(options.test, held_out=None), SIDE, SEED + 2, SHARES, generator)
    result: dict[str, list] = {"photo": [], "kind": [], "tampered": [], "told": []}
    with torch.no_grad():
        for number in range(TEST):
            sample = test[number]
            answer = model(torch.from_numpy(settings(sample.pixels))[None].to(device))
            result["photo"].append(sample.sources[0])
            result["kind"].append(sample.kind)
            result["tampered"].append(float(answer.tampered[0, 0]))
            result["told"].append(KINDS[int(answer.logits[0].argmax())])
    done.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return result


def figures(result: dict[str, list], rows: np.ndarray) -> dict[str, float]:
    """Of some rows: accuracy at even odds and AUC of "tampered", macro F1 of the six kinds."""
    kinds, told = np.array(result["kind"])[rows], np.array(result["told"])[rows]
    odds, altered = np.array(result["tampered"])[rows], kinds != "authentic"
    return {
        "accuracy": float(accuracy_score(altered, odds > 0)),
        "auc": float(roc_auc_score(altered, odds)),
        "macro_f1": float(f1_score(kinds, told, labels=KINDS, average="macro", zero_division=0)),
    }


def intervals(one: dict[str, list], other: dict[str, list]) -> dict[str, dict[str, list[float]]]:
    """95 % intervals by drawing photographs again 500 times: of both, and of their difference."""
    rng = np.random.default_rng(0)
    photos = np.array(one["photo"])
    rows_of = [np.flatnonzero(photos == photo) for photo in np.unique(photos)]
    draws = {"first": [], "second": [], "difference": []}
    for _ in range(500):
        rows = np.concatenate([rows_of[i] for i in rng.integers(len(rows_of), size=len(rows_of))])
        first, second = figures(one, rows), figures(other, rows)
        draws["first"].append(first)
        draws["second"].append(second)
        draws["difference"].append({name: second[name] - first[name] for name in FIGURES})
    return {
        which: {name: np.percentile([d[name] for d in drawn], [2.5, 97.5]).tolist() for name in FIGURES}
        for which, drawn in draws.items()
    }


def compare(seed: int, options: argparse.Namespace) -> list[dict[str, object]]:
    """Both variants and their difference, one seed."""
    one, other = (run(name, seed, options) for name in VARIANTS)
    every, spread = np.arange(len(one["kind"])), intervals(one, other)
    first, second = figures(one, every), figures(other, every)
    difference = {name: second[name] - first[name] for name in FIGURES}
    names = [*VARIANTS, "difference"]
    parts = zip(names, (first, second, difference), spread.values(), strict=True)
    return [{"input": n, "seed": seed, "figures": f, "interval": s} for n, f, s in parts]


def table(rows: list[dict]) -> str:
    """One line a variant and seed."""
    lines = ["| input | seed | accuracy | AUC | macro F1, six kinds |", "|---|---:|" + 3 * "---:|"]
    for row in rows:
        cells = [
            f"{row['figures'][n]:.3f} ({row['interval'][n][0]:.3f} – {row['interval'][n][1]:.3f})"
            for n in FIGURES
        ]
        lines.append(f"| {row['input']} | {row['seed']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Train what is missing, write and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--test", type=Path, nargs="+", required=True)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--samples", type=int, default=2400)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    options = parser.parse_args()
    rows = [row for seed in range(options.seeds) for row in compare(seed, options)]
    content = {"samples": options.samples, "side": SIDE, "test": TEST, "rows": rows}
    path = ROOT / "benchmarks/results/error-levels.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    card = ROOT / "cards/kind-classifier.md"
    before, begin, rest = card.read_text(encoding="utf-8").partition("<!-- error-levels -->")
    after = rest.partition("<!-- /error-levels -->")
    if begin and after[1]:
        card.write_text(f"{before}{begin}\n{table(rows)}\n{after[1]}{after[2]}", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
