"""MultiFusion from images to an explaining weight, and what its training changes at random."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import save_file

from tamperlens.data import find_samples, split_by_source
from tamperlens.errors import RecipeError
from tamperlens.evaluation import PROTOCOLS, evaluate_protocol
from tamperlens.examine import load_weight
from tamperlens.examine._systems import EXPLANATIONS
from tamperlens.examine.networks._multi_fusion import MultiFusionDetector
from tamperlens.models import MultiFusion
from tamperlens.models._dncnn import DnCnn, load_dncnn
from tamperlens.training import MultiFusionRecipe, load_recipe, protocol_trainer, train_recipe
from tamperlens.training._augmentation import augment
from tamperlens.training._classifier_task import LabelledTensors, _balanced, fit_classifier
from tamperlens.training._denoising import denoise, export_denoiser
from tamperlens.training._recipe import AugmentationRecipe

CPU = torch.device("cpu")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def denoiser(tmp_path_factory):
    """A DnCNN that takes away little, so that its images keep their content."""
    torch.manual_seed(0)
    state = {name: value * 0.5 for name, value in DnCnn().state_dict().items()}
    path = tmp_path_factory.mktemp("denoiser") / "dncnn.safetensors"
    save_file(state, path)
    return path


def _recipe(denoiser="frozen", branches=None, **loop):
    return MultiFusionRecipe.model_validate(
        {"name": "tiny", "system": "multi-fusion", "dataset": "casia1", "split": (0.5, 0.25, 0.25),
         "features": {"side": 64, "denoising": "luma", "denoiser": denoiser},
         "model": {"pretrained": False, **(branches or {})},
         "chain": {"draws": 1}, "augmentation": {"rotation": 10, "light": 0.2, "blur": 0.2},
         "loop": {"epochs": 1, "batch_size": 8, "precision": "fp32", "balanced": True, **loop}}
    )  # fmt: skip


@pytest.fixture(scope="module")
def run(casia_tree, denoiser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("multi-fusion")
    samples = find_samples("casia1", casia_tree)
    split = split_by_source(samples, 0, (0.5, 0.25, 0.25))
    train_recipe(_recipe(), samples, split, folder / "run", folder / "cache", denoiser=denoiser)
    return folder / "run"


def test_the_weight_explains_an_image_with_maps_of_its_own_graph(run, photo_evidence):
    detector = MultiFusionDetector(load_weight("tiny", run))
    explained = detector.explain(detector.features(photo_evidence.pixels))
    assert set(explained.maps) == set(EXPLANATIONS)
    assert all(0 <= values.min() <= values.max() <= 1 for values in explained.maps.values())
    answer = detector.answer(photo_evidence)
    assert "72×56" in answer.opinion.reason  # what it learned on
    assert answer.heat_map.shape == (4, 4)
    assert answer.mask_threshold is None


def test_the_shipped_graph_is_denoiser_then_trained_network(run, denoiser, photo_evidence):
    """Rounding to sixteen and eight bits aside, it says what torch says."""
    detector = MultiFusionDetector(load_weight("tiny", run))
    tensor = detector.features(photo_evidence.pixels)
    model = MultiFusion(side=64, denoising="luma")
    model.load_state_dict(torch.load(run / "best.pt", weights_only=True), strict=False)
    model.denoiser.load_state_dict(load_dncnn(denoiser).state_dict())
    output = model.eval()(torch.from_numpy(tensor[None]))
    explained = detector.explain(tensor)
    margin = (output.logits[0, 1] - output.logits[0, 0]).item()
    assert explained.margin == pytest.approx(margin, abs=0.05)
    np.testing.assert_allclose(explained.maps["attention"], output.attention[0].detach(), atol=0.1)


def test_eight_bits_change_the_noise_little(denoiser, tmp_path):
    network = load_dncnn(denoiser, "luma")
    images = np.random.default_rng(0).random((4, 3, 64, 64)).astype(np.float32)
    export_denoiser(network, images, tmp_path / "d.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "d.onnx", providers=["CPUExecutionProvider"])
    exact = network(torch.from_numpy(images)).detach().numpy()
    rounded = np.concatenate([session.run(None, {"features": image[None]})[0] for image in images])
    noise = np.abs(exact - images).mean()
    assert np.abs(rounded - exact).mean() < 0.2 * noise
    stored = images[:, None].astype(np.float16)
    cached = denoise(stored, tmp_path / "d.onnx", tmp_path)
    np.testing.assert_allclose(cached[:, 0], rounded, atol=2e-2)
    assert denoise(stored, tmp_path / "d.onnx", tmp_path).filename == cached.filename


def test_a_tuned_denoiser_is_trained_with_the_rest(casia_tree, denoiser, tmp_path):
    samples = find_samples("casia1", casia_tree)
    split = split_by_source(samples, 0, (0.5, 0.25, 0.25))
    recipe = _recipe("tuned", {"vit": False, "cnn": True, "srm": True})
    train_recipe(recipe, samples, split, tmp_path / "run", tmp_path / "cache", denoiser=denoiser)
    before = load_dncnn(denoiser).model[0].weight
    after = torch.load(tmp_path / "run/best.pt", weights_only=True)["denoiser.model.0.weight"]
    assert not torch.equal(before, after)
    outputs = onnxruntime.InferenceSession(tmp_path / "run/tiny.onnx").get_outputs()
    assert [output.name for output in outputs] == ["logits", "cam", "cam_plus"]


def test_multi_fusion_runs_through_a_protocol(casia_tree, denoiser, tmp_path):
    samples = find_samples("casia1", casia_tree)
    protocol = PROTOCOLS["leak-free"]
    trainer = protocol_trainer(_recipe(), protocol, samples, tmp_path, denoiser=denoiser)
    result = evaluate_protocol("tiny", "casia1", protocol, samples, [0, 1], trainer)
    assert result.runs[0]["images"]["test"] > 0
    json.dumps(result.to_json())


def test_without_a_denoiser_it_says_what_to_give(casia_tree, tmp_path):
    samples = find_samples("casia1", casia_tree)
    with pytest.raises(RecipeError, match="with --denoiser"):
        train_recipe(_recipe(), samples, split_by_source(samples, 0), tmp_path, tmp_path)


def test_a_killed_run_with_dropout_and_augmentation_goes_on_to_the_same_losses(tmp_path):
    rng = np.random.default_rng(0)
    part = LabelledTensors(rng.random((12, 1, 3, 64, 64)).astype(np.float16), np.arange(12) % 3 // 2)
    recipe = _recipe(epochs=2)

    class Killed(BaseException):
        pass

    def kill(_figures):
        raise Killed

    def train(folder, advance=lambda _: None):
        torch.manual_seed(0)
        network = MultiFusion(64, cnn=False, vit=False, denoising=None)
        fit_classifier(network, part, part, recipe, folder, CPU, advance)
        lines = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["validation_loss"] for line in lines]

    with pytest.raises(Killed):
        train(tmp_path / "cut", kill)
    assert train(tmp_path / "cut") == train(tmp_path / "whole")


def test_the_rarer_class_is_shown_as_often():
    labels = np.array([0, 0, 0, 0, 0, 1, 1])
    rows = _balanced(labels)
    assert (labels[rows] == 0).sum() == (labels[rows] == 1).sum() == 5
    assert set(rows) == set(range(7))


def test_augmentation_does_what_it_is_asked_and_no_more():
    batch = torch.rand(6, 3, 32, 32)
    rng = np.random.default_rng(0)
    none = AugmentationRecipe(flip_horizontal=0, flip_vertical=0)
    assert torch.equal(augment(batch, none, rng), batch)
    flipped = augment(batch, none.model_copy(update={"flip_vertical": 1.0}), rng)
    assert torch.equal(flipped, batch.flip(2))
    smooth = augment(batch, none.model_copy(update={"blur": 1.0}), rng)
    assert smooth.std() < batch.std()
    torch.testing.assert_close(smooth.mean(), batch.mean(), atol=0.02, rtol=0)
    turned = augment(batch, none.model_copy(update={"rotation": 10.0}), rng)
    assert not torch.allclose(turned, batch)
    assert 0 <= turned.min() <= turned.max() <= 1
    lit = augment(torch.full((64, 3, 8, 8), 0.5), none.model_copy(update={"light": 0.2}), rng)
    assert 0.4 <= lit.min() < 0.45
    assert 0.55 < lit.max() <= 0.6


@pytest.mark.parametrize("name", ["multi-fusion", "multi-fusion-paper"])
def test_recipes_follow_the_paper(name):
    recipe = load_recipe(ROOT / f"recipes/{name}.toml")
    assert isinstance(recipe, MultiFusionRecipe)
    assert (recipe.seed, recipe.split, recipe.loop.batch_size) == (42, (0.7, 0.15, 0.15), 16)
    assert recipe.augmentation.flip_vertical == 0.3
    if name.endswith("paper"):
        assert (recipe.loop.epochs, recipe.loop.patience, recipe.features.denoiser) == (50, 10, "tuned")


def test_a_split_that_does_not_sum_up_is_refused(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text("name='a'\nsystem='multi-fusion'\ndataset='c'\nsplit=[0.5, 0.2, 0.2]", encoding="utf-8")
    with pytest.raises(RecipeError, match="sum to 1"):
        load_recipe(path)


def test_it_learns_what_can_be_learned(tmp_path):
    """Tampered images are greener, whatever light and blur do to them."""

    def toy(n, seed):
        rng = np.random.default_rng(seed)
        labels = np.arange(n) % 2
        tensors = rng.random((n, 1, 3, 64, 64)) * 0.5
        tensors[labels == 1, :, 1] += 0.3
        return LabelledTensors(tensors.astype(np.float16), labels)

    recipe = _recipe(epochs=4, batch_size=8)
    optimizer = recipe.optimizer.model_copy(update={"learning_rate": 3e-4})
    torch.manual_seed(0)
    network = MultiFusion(64, denoising=None)
    recipe = recipe.model_copy(update={"optimizer": optimizer})
    model = fit_classifier(network, toy(48, 0), toy(16, 1), recipe, tmp_path, CPU)
    held = toy(24, 2)
    logits = model(torch.from_numpy(held.tensors[:, 0].astype(np.float32))).logits
    assert (logits.argmax(1).numpy() == held.labels).mean() > 0.9
