"""The protocols that MultiFusion's paper proposes and leaves undone, on a trained weight.

    python benchmarks/cards/multi_fusion.py PART … --data DIR --runs RUNS [--limit N]

Parts: `test` (the weight beside the baselines, leak-free), `localization` (its heat maps against masks),
`ablation` (heads on the frozen vectors of its branches, needs the run's checkpoint and cache), `robustness`
(surveillance conditions), `cross` (other datasets). What they
record in benchmarks/results/multi-fusion/ becomes docs/multi-fusion.md by multi_fusion_page.py.
The weight and its division are those of recipes/multi-fusion.toml; the run lies in RUNS/multi-fusion as
`tamperlens train` leaves it.
"""

import argparse
import dataclasses
import functools
import json
import os
import platform
from pathlib import Path

import numpy as np
import torch
from multi_fusion_figures import (
    CONDITIONS,
    best_threshold,
    centre_map,
    holm,
    map_figures,
    mcnemar,
    paired_t,
)
from scipy import stats
from torch.nn import functional

from tamperlens.data import HELD_OUT_DRAW, find_samples, read_mask, split_by_source
from tamperlens.evaluation import PROTOCOLS, classification_metrics, evaluate_protocol, markdown_table
from tamperlens.evaluation._protocols import Protocol
from tamperlens.evidence import load_evidence
from tamperlens.examine import load_weight
from tamperlens.examine.networks._multi_fusion import MultiFusionDetector
from tamperlens.models import MultiFusion
from tamperlens.training import MultiFusionRecipe, load_recipe
from tamperlens.training._denoising import denoise
from tamperlens.training._features import cached_features

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results/multi-fusion"
MACHINE = f"{platform.machine()}, {os.cpu_count()} cores"
SEEDS = range(5)
# Subsets of the branches that the paper expects figures of.
ABLATIONS = {
    "CNN": ("cnn",), "ViT": ("vit",), "SRM": ("srm",), "CNN + ViT": ("cnn", "vit"),
    "all": ("cnn", "vit", "srm"),
}  # fmt: skip
CROSS = {"coverage": "COVERAGE", "cmh": "CMH", "casia2_fragment": "CASIA2 (fragment)", "camera": "camera"}


@dataclasses.dataclass(frozen=True)
class Bench:
    """What every part works on."""

    data: Path
    runs: Path
    limit: int | None
    recipe: MultiFusionRecipe

    @functools.cached_property
    def samples(self):
        """All of the dataset."""
        return find_samples(self.recipe.dataset, self.data)

    @functools.cached_property
    def split(self):
        """The division that the weight was trained with."""
        return split_by_source(self.samples, self.recipe.seed, self.recipe.split)

    @functools.cached_property
    def detector(self):
        """The run's weight at work."""
        return MultiFusionDetector(load_weight(self.recipe.name, self.runs / self.recipe.name))

    @property
    def protocol(self):
        """The leak-free one, divided as the recipe divides."""
        divide = functools.partial(split_by_source, parts=self.recipe.split)
        return dataclasses.replace(PROTOCOLS["leak-free"], split=divide)

    def part(self, indices):
        """Samples of a part, evenly thinned to `limit` of them."""
        chosen = list(indices)
        if self.limit and len(chosen) > self.limit:
            chosen = [chosen[i] for i in np.linspace(0, len(chosen) - 1, self.limit).round().astype(int)]
        return [self.samples[i] for i in chosen]


def bench_of(options: argparse.Namespace) -> Bench:
    """What --data, --runs and --limit name."""
    return Bench(options.data, options.runs, options.limit, load_recipe(ROOT / "recipes/multi-fusion.toml"))


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that both scripts have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--limit", type=int, help="images of a part at most")
    return parser


def main() -> None:
    """Run the parts asked for."""
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", choices=sorted(PARTS))
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    for part in options.parts:
        PARTS[part](bench_of(options))


def record(part: str, content: dict) -> None:
    text = json.dumps({"machine": MACHINE, **content}, indent=1, ensure_ascii=False)
    (RESULTS / f"{part}.json").write_text(text + "\n", encoding="utf-8")
    print(part, "recorded", flush=True)


def test(bench: Bench) -> None:
    """Test images of the leak-free protocol, baselines beside."""
    protocol: Protocol = bench.protocol
    folder = bench.runs / bench.recipe.name
    result = evaluate_protocol(
        bench.recipe.name, bench.recipe.dataset, protocol, bench.samples, [bench.recipe.seed],
        lambda _split, _seed: folder,
    )  # fmt: skip
    record("test", result.to_json())
    print(markdown_table([result], {}))


def localization(bench: Bench) -> None:
    """Heat maps of tampered images as published against their masks; threshold of each from validation."""
    held = {part: _maps(bench, getattr(bench.split, part)) for part in ("validation", "test")}
    names = list(held["test"][0])
    masks = {part: [one.pop("mask") for one in held[part]] for part in held}
    names.remove("mask")
    figures = {}
    for name in names:
        threshold = best_threshold([one[name] for one in held["validation"]], masks["validation"])
        rows = [
            dataclasses.asdict(map_figures(one[name], mask, threshold))
            for one, mask in zip(held["test"], masks["test"], strict=True)
        ]
        figures[name] = {"threshold": threshold, "images": rows}
    record("localization", {"figures": figures, "tests": _map_tests(figures)})


def _maps(bench: Bench, indices) -> list[dict]:
    found = []
    for sample in bench.part([i for i in indices if bench.samples[i].mask]):
        pixels, mask = load_evidence(sample.path).pixels, read_mask(sample.mask, sample.mask_colour)
        if mask.shape == pixels.shape[:2] and mask.any():
            maps = bench.detector.explain(bench.detector.features(pixels)).maps
            found.append(
                {**maps, "centre": centre_map(), "everything": np.ones((2, 2), np.float32), "mask": mask}
            )
    return found


def _map_tests(figures: dict) -> list[dict]:
    """Paired t-tests between maps, Holm-corrected within a figure."""
    pairs = [
        ("fused", "cam_plus"), ("fused", "attention"), ("cam_plus", "attention"), ("cam_plus", "cam"),
        ("fused", "centre"), ("fused", "everything"),
    ]  # fmt: skip
    tests = []
    for figure in ("iou", "top_inside"):
        values = {n: np.array([row[figure] for row in f["images"]]) for n, f in figures.items()}
        p_values = holm([paired_t(values[a], values[b]) for a, b in pairs])
        tests += [
            {"figure": figure, "first": a, "second": b,
             "difference": float((values[a] - values[b]).mean()), "p": p}
            for (a, b), p in zip(pairs, p_values, strict=True)
        ]  # fmt: skip
    return tests


def ablation(bench: Bench) -> None:
    """Heads of the paper's shape, trained anew on the frozen vectors of the branches, five seeds each."""
    vectors = {part: _vectors(bench, part) for part in ("train", "validation", "test")}
    rights, runs = {}, {}
    for name, kept in ABLATIONS.items():
        seeds = [_head(vectors, kept, seed) for seed in SEEDS]
        rights[name] = np.concatenate([right for right, _ in seeds])
        runs[name] = [figures for _, figures in seeds]
        print(name, np.mean([f["accuracy"] for f in runs[name]]), flush=True)
    others = [name for name in ABLATIONS if name != "all"]
    accuracies = {name: np.array([f["accuracy"] for f in runs[name]]) for name in ABLATIONS}
    by_seed = holm([paired_t(accuracies["all"], accuracies[name]) for name in others])
    # Seeds repeat the same images, so McNemar takes the majority of the five heads.
    majority = {name: right.reshape(len(SEEDS), -1).mean(axis=0) > 0.5 for name, right in rights.items()}
    by_image = holm([mcnemar(majority["all"], majority[name]) for name in others])
    tests = {
        name: {"paired_t_over_seeds": t, "mcnemar_of_majorities": m}
        for name, t, m in zip(others, by_seed, by_image, strict=True)
    }
    record("ablation", {"runs": runs, "tests": tests, "test_images": len(majority["all"])})


def _vectors(bench: Bench, part: str) -> tuple[dict, torch.Tensor]:
    """Vectors of the three branches of a part's images, and their labels."""
    model = _trained(bench)
    indices = list(getattr(bench.split, part))
    chain = bench.recipe.chain
    draws = range(chain.draws) if part == "train" else [HELD_OUT_DRAW]
    chosen, cache = [bench.samples[i] for i in indices], bench.runs / "cache"
    raw = cached_features(chosen, bench.detector.config, chain.chain(), draws, cache)
    features = bench.recipe.features
    graph = next(cache.glob(f"dncnn-{features.denoising}-{features.side}-*.onnx"))
    clean = denoise(raw, graph, cache)
    copies = clean[:, 0]  # one draw of each image
    parts = {"cnn": [], "vit": [], "srm": []}
    with torch.inference_mode():
        for start in range(0, len(copies), 32):
            image = torch.from_numpy(copies[start : start + 32].astype(np.float32))
            normal = (image - model.mean) / model.deviation
            parts["cnn"].append(model.cnn_projection(model.cnn(normal).mean(dim=(2, 3))))
            parts["vit"].append(model.vit_projection(model.vit(normal)[0]))
            parts["srm"].append(model.srm_projection(model.srm(image)))
    labels = torch.tensor([int(sample.tampered) for sample in chosen])
    return {name: torch.cat(values).clone() for name, values in parts.items()}, labels


def _trained(bench: Bench) -> MultiFusion:
    model = MultiFusion(bench.recipe.features.side, denoising=None)
    state = torch.load(bench.runs / bench.recipe.name / "best.pt", weights_only=True, map_location="cpu")
    model.load_state_dict(state)
    return model.eval()


def _head(vectors: dict, kept: tuple[str, ...], seed: int) -> tuple[np.ndarray, dict]:
    """Train one head; which test images it got right, and its figures."""
    torch.manual_seed(seed)
    joined = {part: torch.cat([v[name] for name in kept], 1) for part, (v, _) in vectors.items()}
    labels = {part: y for part, (_, y) in vectors.items()}
    mean, deviation = joined["train"].mean(0), joined["train"].std(0) + 1e-6
    joined = {part: (x - mean) / deviation for part, x in joined.items()}
    head = torch.nn.Sequential(
        torch.nn.Linear(joined["train"].shape[1], 256), torch.nn.ReLU(), torch.nn.Dropout(0.3),
        torch.nn.Linear(256, 128), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(128, 2),
    )  # fmt: skip
    optimizer = torch.optim.Adam(head.parameters(), 3e-4, weight_decay=1e-4)
    best, state = np.inf, None
    for _ in range(40):
        head.train()
        for rows in torch.randperm(len(labels["train"])).split(16):
            loss = functional.cross_entropy(head(joined["train"][rows]), labels["train"][rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        head.eval()
        with torch.no_grad():
            loss = functional.cross_entropy(head(joined["validation"]), labels["validation"]).item()
        if loss < best:
            best, state = loss, {key: value.clone() for key, value in head.state_dict().items()}
    head.load_state_dict(state)
    with torch.no_grad():
        scores = head(joined["test"]).softmax(1)[:, 1].numpy()
    truth = labels["test"].numpy()
    return (scores > 0.5) == (truth == 1), classification_metrics(truth, scores.astype(np.float64))


def robustness(bench: Bench) -> None:
    """Test images of the leak-free protocol under each surveillance condition."""
    chosen = bench.part(bench.split.test)
    originals = [bench.protocol.evidence(sample).pixels for sample in chosen]
    labels = np.array([sample.tampered for sample in chosen], np.int64)
    conditions, clean = {}, None
    for name, change in CONDITIONS.items():
        scores = np.array([_score(bench, change(pixels)) for pixels in originals])
        right = (scores > 0.5) == (labels == 1)
        clean = right if clean is None else clean
        figures = classification_metrics(labels, scores)
        conditions[name] = {**figures, "interval": _auc_interval(labels, scores), "p": mcnemar(clean, right)}
        print(name, round(figures["auc"], 3), flush=True)
    corrected = holm([one["p"] for one in conditions.values()])
    for one, p in zip(conditions.values(), corrected, strict=True):
        one["p"] = p
    record("robustness", {"images": len(chosen), "conditions": conditions})


def _score(bench: Bench, pixels: np.ndarray) -> float:
    margin, _ = bench.detector.classify(bench.detector.features(pixels))
    return bench.detector.weight.calibration.probability(margin)


def _auc_interval(labels: np.ndarray, scores: np.ndarray) -> list[float]:
    """95 %, by DeLong's variance for independent images."""
    above, below = scores[labels == 1], scores[labels == 0]
    wins = (above[:, None] > below) + 0.5 * (above[:, None] == below)
    variance = wins.mean(1).var(ddof=1) / len(above) + wins.mean(0).var(ddof=1) / len(below)
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    return [float(max(0, wins.mean() - half)), float(min(1, wins.mean() + half))]


def cross(bench: Bench) -> None:
    """Other datasets as published; outcomes as if the images were in the weight's domain."""
    sets = {}
    for folder, title in CROSS.items():
        images = _labelled(bench, folder)
        if not images:
            continue
        scores = np.array([_score(bench, load_evidence(path).pixels) for path, _ in images])
        labels = np.array([tampered for _, tampered in images], np.int64)
        calibration = bench.detector.weight.calibration
        called = np.array([calibration.outcome(float(score)) for score in scores])
        sets[title] = {
            "authentic": int((labels == 0).sum()),
            "tampered": int(labels.sum()),
            "above_half": {str(k): float((scores[labels == k] > 0.5).mean()) for k in set(labels.tolist())},
            "inconsistent": {
                str(k): float((called[labels == k] == "inconsistent").mean()) for k in set(labels.tolist())
            },
        }
        if len(set(labels.tolist())) == 2:
            sets[title]["auc"] = classification_metrics(labels, scores)["auc"]
            sets[title]["interval"] = _auc_interval(labels, scores)
        print(title, sets[title], flush=True)
    record("cross", {"sets": sets, "absent": ["Columbia", "NIST16"]})


def _labelled(bench: Bench, folder: str) -> list[tuple[Path, int]]:
    if not (bench.data / folder).is_dir():
        return []
    if folder in ("coverage", "cmh"):
        return [(s.path, int(s.tampered)) for s in find_samples(folder, bench.data)]
    if folder == "camera":
        return [(path, 0) for path in sorted((bench.data / folder).iterdir()) if path.is_file()]
    return [(path, 1) for path in sorted((bench.data / folder / "Tp").iterdir())]


PARTS = {
    "test": test,
    "localization": localization,
    "ablation": ablation,
    "robustness": robustness,
    "cross": cross,
}

if __name__ == "__main__":
    main()
