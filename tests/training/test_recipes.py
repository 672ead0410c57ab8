"""Every recipe in `recipes/` that trains on forgeries says what its network can be built from."""

import tomllib
from pathlib import Path

import pytest
import torch

from tamperlens.models import MODELS
from tamperlens.training import KINDS_OF, LOSSES, load_recipe

ROOT = Path(__file__).parents[2]
RECIPES = {
    path: tomllib.loads(path.read_text(encoding="utf-8")).get("system")
    for path in sorted((ROOT / "recipes").glob("*.toml"))
}
FORGED = [path for path, system in RECIPES.items() if system in {*LOSSES, *KINDS_OF}]


@pytest.mark.parametrize("path", FORGED, ids=lambda path: path.stem)
def test_recipe_builds_its_network(path):
    system = RECIPES[path]
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    channels = 4 if system == "dual-module" else recipe.input.settings().channels
    given = {name: value for name, value in recipe.model.items() if name != "pretrained"}
    with torch.device("meta"):  # the largest has 68 million weights; that they work, the contract tests see
        model = MODELS[system](channels=channels, **given)
    assert sum(p.numel() for p in model.parameters()) > 1e6


def test_the_paper_s_segmentation_is_b7():
    recipe = load_recipe(ROOT / "recipes/dual-module-segmentation.toml")
    with torch.device("meta"):
        model = MODELS[recipe.system](channels=3, **recipe.model).eval()
        assert model(torch.empty(1, 3, 64, 64))[0].shape == (1, 1, 64, 64)
    # M. Tan, Q. Le, "EfficientNet" (2019): B7 has 66 million weights. A U-Net leaves out its classifier
    # (2,560 × 1,000) and its last convolution (640 × 2,560).
    encoder = sum(p.numel() for p in model.network.get_submodule("encoder").parameters())
    assert encoder == pytest.approx(66e6 - 2.56e6 - 1.64e6, rel=0.02)
