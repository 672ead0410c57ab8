"""The loop learns, resumes to the same losses, and recipes say what is wrong with them."""

import json

import numpy as np
import pytest
import torch

from tamperlens.data import find_samples, split_by_source
from tamperlens.errors import DatasetError, RecipeError, UnknownNameError
from tamperlens.evaluation import PROTOCOLS, evaluate_protocol, markdown_table
from tamperlens.evaluation._baselines import BASELINES
from tamperlens.examine import load_weight
from tamperlens.models import LightweightCnn
from tamperlens.training import (
    Recipe,
    TrainingData,
    find_recipe,
    load_recipe,
    protocol_trainer,
    shipped_recipes,
    train,
    train_recipe,
)
from tamperlens.training._classifier_task import LabelledTensors, fit_classifier

CPU = torch.device("cpu")


def _recipe(**loop: object) -> Recipe:
    return Recipe.model_validate(
        {"name": "tiny", "system": "lightweight-cnn", "dataset": "casia1",
         "features": {"side": 32, "order": "resize-first"}, "chain": {"draws": 2},
         "loop": {"epochs": 4, "batch_size": 8, "precision": "fp32", **loop}}
    )  # fmt: skip


def _toy(n: int, seed: int) -> LabelledTensors:
    """Tampered images are brighter in the second channel."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    tensors = rng.random((n, 2, 5, 16, 16)) * 0.5
    tensors[labels == 1, :, 1] += 0.3
    return LabelledTensors(tensors.astype(np.float16), labels.astype(np.int64))


def _fit(run, recipe):
    torch.manual_seed(0)
    return fit_classifier(LightweightCnn(), _toy(32, 0), _toy(16, 1), recipe, run, CPU)


def _losses(run):
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [(f["loss"], f["validation_loss"]) for f in map(json.loads, lines)]


def test_learns_what_can_be_learned(tmp_path):
    model = _fit(tmp_path, _recipe(epochs=12, patience=12))
    held = _toy(40, 2)
    logits = model(torch.from_numpy(held.tensors[:, 0].astype(np.float32))).logits
    assert (logits.argmax(1).numpy() == held.labels).mean() > 0.9


def test_a_killed_run_goes_on_to_the_same_losses(tmp_path):
    _fit(tmp_path / "whole", _recipe(epochs=4))

    class Killed(BaseException):
        pass

    def kill(figures):
        if figures["sample"] == 64:
            raise Killed

    torch.manual_seed(0)
    with pytest.raises(Killed):
        fit_classifier(
            LightweightCnn(), _toy(32, 0), _toy(16, 1), _recipe(epochs=4), tmp_path / "cut", CPU, kill
        )
    torch.manual_seed(7)  # what a new process starts with does not matter
    fit_classifier(LightweightCnn(), _toy(32, 0), _toy(16, 1), _recipe(epochs=4), tmp_path / "cut", CPU)
    assert _losses(tmp_path / "cut") == _losses(tmp_path / "whole")


def test_another_recipe_or_other_images_are_refused(tmp_path):
    _fit(tmp_path, _recipe(epochs=1))
    with pytest.raises(RecipeError, match="another recipe or other images"):
        _fit(tmp_path, _recipe(epochs=2))
    with pytest.raises(RecipeError, match="another recipe or other images"):
        fit_classifier(LightweightCnn(), _toy(32, 5), _toy(16, 1), _recipe(epochs=1), tmp_path, CPU)
    assert len(_losses(tmp_path)) == 1


def test_stops_early(tmp_path):
    recipe = _recipe(epochs=50, patience=1)
    slow = recipe.model_copy(
        update={"optimizer": recipe.optimizer.model_copy(update={"learning_rate": 1e-12})}
    )
    _fit(tmp_path, slow)
    assert len(_losses(tmp_path)) < 50


def test_from_recipe_to_calibrated_weight(casia_tree, tmp_path):
    samples = find_samples("casia1", casia_tree)
    split = split_by_source(samples, 0)
    train_recipe(_recipe(epochs=2), samples, split, tmp_path / "run", tmp_path / "cache")
    weight = load_weight("tiny", tmp_path / "run")
    assert weight.training["images"] == {
        "train": len(split.train), "validation": len(split.validation), "test": len(split.test)
    }  # fmt: skip
    assert weight.domain.formats == ("JPEG",)
    assert (tmp_path / "run/tensorboard").is_dir()


def test_protocol_from_data_to_table(casia_tree, tmp_path):
    samples = find_samples("casia1", casia_tree)
    trainer = protocol_trainer(_recipe(epochs=1), PROTOCOLS["leak-free"], samples, tmp_path)
    result = evaluate_protocol("tiny", "casia1", PROTOCOLS["leak-free"], samples, [0, 1], trainer)
    assert len(result.runs) == 2
    assert set(result.summary) == {"model", *BASELINES}
    json.dumps(result.to_json())
    table = markdown_table([result], {"them": ("1", "2", "3", "4", "5")})
    assert table.count("\n") == 7
    assert "| leak-free | header-only |" in table


@pytest.mark.parametrize(
    ("text", "words"),
    [("name = ", "not valid TOML"), ("name = 'a'", "system"),
     ("x = 1\nname='a'\nsystem='lightweight-cnn'\ndataset='c'", "'x'"),
     ("name='a'\nsystem='lightweight-cnn'\ndataset='c'\n[loop]\nepochs=0", "loop.epochs"),
     ("name='a'\nsystem='lightweight-cnn'\ndataset='c'\n[chain]\nlow=90\nhigh=80", "90 > 80")],
)  # fmt: skip
def test_recipe_errors_name_the_setting(tmp_path, text, words):
    path = tmp_path / "r.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=words):
        load_recipe(path)


def test_a_missing_recipe(tmp_path):
    with pytest.raises(RecipeError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml")


def test_recipes_are_found_by_name(tmp_path):
    assert find_recipe("lightweight-cnn").name == "lightweight-cnn.toml"
    assert find_recipe(str(tmp_path / "mine.toml")) == tmp_path / "mine.toml"
    with pytest.raises(UnknownNameError, match="did you mean 'lightweight-cnn'"):
        find_recipe("lightweight-cn")


@pytest.mark.parametrize("name", shipped_recipes())
def test_every_recipe_that_ships_is_read(name):
    assert load_recipe(find_recipe(name)).name == name


def test_what_a_training_needs_is_said(tmp_path):
    for name, words in (
        ("fusion", "use tamperlens fuse"),
        ("unet-localizer", "with --photos"),
        ("lightweight-cnn", "with --data"),
        ("trace-localizer", "with --pictures and --held"),
    ):
        with pytest.raises(RecipeError, match=words):
            train(load_recipe(find_recipe(name)), TrainingData(), tmp_path)
    with pytest.raises(RecipeError, match="casia2 need their folder"):
        TrainingData(real=("casia2",)).validation_sets()


def test_training_errors_are_sentences(casia_tree, tmp_path):
    samples = find_samples("casia1", casia_tree)
    split = split_by_source(samples, 0)
    with pytest.raises(RecipeError, match="device 'abacus'"):
        train_recipe(_recipe(), samples, split, tmp_path, tmp_path, device="abacus")
    authentic = [sample for sample in samples if not sample.tampered]
    with pytest.raises(DatasetError, match="too small"):
        train_recipe(_recipe(), authentic, split_by_source(authentic, 0), tmp_path, tmp_path)
