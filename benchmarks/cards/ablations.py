"""dual-convnext without its parts, at the small size: equal budgets, the same forged samples, several seeds.

    python benchmarks/cards/ablations.py --photos DIR --data DIR --runs DIR [--samples 5000] [--seeds 2]

Recipes as recipes/dual-convnext.toml, on squares of 64 pixels throughout, 16 a step, for as many steps as two
cores can give; what is stored of its stream lies in the folder of runs. Each variant sees the same samples in
the same order; a seed is that of the initial weights. Scores are per-image pixel AUC and pixel F1 at each
image's best threshold, for at such budgets hardly a pixel reaches 0.5, on forgeries of held-out photographs
and on every fourth tampered image of CASIA1. Finished runs of the same length are used again.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from tamperlens.data import find_samples, read_mask
from tamperlens.data.synthesis import ForgeryStream, PhotoPool, StoredStream, TinyAutoencoder
from tamperlens.evaluation._pixel_metrics import best_f1, histograms, roc_auc
from tamperlens.evidence import load_evidence
from tamperlens.models import MODELS
from tamperlens.training import LOSSES, LocalizerRecipe, load_recipe
from tamperlens.training._device import choose_device
from tamperlens.training._forged import Labelled, validation_images
from tamperlens.training._localizer_run import VALIDATION_SEED
from tamperlens.training._localizer_task import fit_localizer, predict

ROOT = Path(__file__).parents[2]
VARIANTS: dict[str, dict[str, bool]] = {
    "complete": {},
    "without edge extraction and loss": {"edges": False},
    "without enhancement": {"enhancement": False},
    "without noise branch": {"noise": False},
    "without RGB branch": {"color": False},
}


def recipe_of(name: str, seed: int, samples: int) -> LocalizerRecipe:
    """The small recipe without one part."""
    base = load_recipe(ROOT / "recipes/dual-convnext.toml")
    loop = base.loop.model_copy(update={"samples": samples, "validate_every": samples // 2, "batch_size": 16})
    optimizer = base.optimizer.model_copy(update={"warmup_samples": samples // 8})
    changes = {
        "name": f"ablation-{name.replace(' ', '-').lower()}-{seed}-{samples}",
        "loop": loop,
        "optimizer": optimizer,
        "model": {**base.model, **VARIANTS[name]},
        "crop": 64,
        "crop_share": 1.0,
    }
    return base.model_copy(update=changes)


def casia1(data: Path, recipe: LocalizerRecipe, every: int = 4) -> Labelled:
    """Every fourth tampered image of CASIA1, cut to multiples of 32 pixels."""
    features, masks = [], []
    for sample in [s for s in find_samples("casia1", data) if s.tampered and s.mask][::every]:
        pixels, mask = load_evidence(sample.path).pixels, read_mask(sample.mask, sample.mask_colour)
        rows, columns = (length // 32 * 32 for length in mask.shape)
        if mask.shape == pixels.shape[:2] and mask[:rows, :columns].any():
            features.append(recipe.input.settings()(pixels[:rows, :columns].copy()).astype(np.float16))
            masks.append(mask[:rows, :columns])
    return Labelled(tuple(features), tuple(masks))


def scores(maps: list, masks: tuple) -> dict[str, float]:
    """Means over tampered images."""
    pairs = [(p, m) for p, m in zip(maps, masks, strict=True) if m.any() and not m.all()]
    levels = np.stack([histograms(p, m) for p, m in pairs])
    return {"auc": float(roc_auc(levels).mean()), "best f1": float(best_f1(levels).mean())}


def run(name: str, seed: int, options: argparse.Namespace) -> dict[str, float]:
    """Train and test one variant with one seed."""
    recipe, device = recipe_of(name, seed, options.samples), choose_device("auto")
    folder = options.runs / recipe.name
    done = folder / "result.json"
    if done.exists():
        return json.loads(done.read_text(encoding="utf-8"))
    made, shares = recipe.synthesis, recipe.synthesis.shares
    generator = TinyAutoencoder(options.generator) if options.generator else None
    fresh = ForgeryStream(PhotoPool(options.photos), made.side, recipe.seed, shares, generator)
    held = PhotoPool(options.photos, held_out=True)
    validation = validation_images(
        ForgeryStream(held, made.side, recipe.seed + VALIDATION_SEED, shares, generator),
        recipe.input.settings(),
        made.validation_samples,
    )
    torch.manual_seed(seed)
    model = MODELS["dual-convnext"](**recipe.model)
    stream = StoredStream(fresh, options.runs, made.distinct)
    loss = LOSSES["dual-convnext"]
    model = fit_localizer(model, loss, stream, {"synthetic": validation}, recipe, folder, device)
    real = casia1(options.data, recipe)
    result = {"weights": sum(p.numel() for p in model.parameters())}
    for where, part in (("forged", validation), ("casia1", real)):
        figures = scores(predict(model, part, recipe, device), part.masks)
        result |= {f"{where} {figure}": value for figure, value in figures.items()}
    done.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return result


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """Mean and range over seeds."""
    columns = ("forged auc", "forged best f1", "casia1 auc", "casia1 best f1")
    lines = ["| variant | weights, millions | " + " | ".join(columns) + " |", "|---|" + 5 * "---:|"]
    for name, runs in results.items():
        cells = []
        for column in columns:
            values = [one[column] for one in runs]
            cells.append(f"{np.mean(values):.3f} ({min(values):.3f} – {max(values):.3f})")
        lines.append(f"| {name} | {runs[0]['weights'] / 1e6:.1f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Train what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, action="append", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    options = parser.parse_args()
    results: dict[str, list[dict[str, float]]] = {name: [] for name in VARIANTS}
    for seed in range(options.seeds):
        for name in VARIANTS:
            results[name].append(run(name, seed, options))
    content = {"samples": options.samples, "results": results}
    path = ROOT / "benchmarks/results/dual-convnext-ablations.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
