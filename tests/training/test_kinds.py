"""Training of the classifiers of kinds: what they are shown, weights that tell, the regression."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from tamperlens.data.synthesis import KINDS, ForgeryStream, PhotoPool, StoredStream
from tamperlens.errors import RecipeError, WeightError
from tamperlens.examine import load_weight
from tamperlens.examine.fused._kinds import KindTeller, kind_inputs, load_kind_weights
from tamperlens.examine.networks._kind_networks import MaskedClassifier, PatchClassifier
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY
from tamperlens.inputs._network_input import NetworkInput
from tamperlens.models import MASKED_KINDS, KindClassifier, UnetLocalizer
from tamperlens.traces.copies._copy_move import MIN_SIGNIFICANCE
from tamperlens.training import KindFusionRecipe, KindRecipe, TrainingImages, fit_kinds, train_kinds
from tamperlens.training._kind_run import temperature
from tamperlens.training._kind_tensors import MaskedTensors, PatchTensors
from tamperlens.training.fusion._fuse_kinds import ALTERED, KindRow
from tamperlens.training.fusion._fusion_sources import Sources

LOOP = {"samples": 16, "batch_size": 4, "validate_every": 8, "workers": 0, "precision": "float32"}
SMALL = {
    "kind-classifier": {
        "name": "patches",
        "system": "kind-classifier",
        "input": {"qualities": [90]},
        "synthesis": {
            "side": 64,
            "validation_samples": 8,
            "distinct": 12,
            "shares": dict.fromkeys(KINDS, 1.0),
        },
        "loop": LOOP,
    },
    "dual-module": {
        "name": "masked",
        "system": "dual-module",
        "crop": 64,
        "synthesis": {"side": 64, "validation_samples": 8, "shares": dict.fromkeys(MASKED_KINDS, 1.0)},
        "loop": LOOP,
    },
}


@pytest.fixture(scope="module")
def weights(photo_folder, tmp_path_factory):
    """Both classifiers, hardly trained, in one folder."""
    runs = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tamperlens.data.synthesis._photos.HELD_OUT_SHARE", 0.5)
        for settings in SMALL.values():
            recipe = KindRecipe.model_validate(settings)
            run = train_kinds(recipe, TrainingImages([photo_folder], None, {}), runs / recipe.name, "cpu")
            for suffix in ("onnx", "json"):
                (runs / f"{recipe.name}.{suffix}").write_bytes((run / f"{recipe.name}.{suffix}").read_bytes())
    return runs


@pytest.fixture
def stream(photo_folder):
    return ForgeryStream(PhotoPool([photo_folder]), 64, 3, dict.fromkeys(MASKED_KINDS, 1.0))


def test_stored_samples_are_the_stream_s_and_made_once(stream, tmp_path, monkeypatch):
    first = StoredStream(stream, tmp_path, 5)
    made = [first[n] for n in (4, 1, 6)]
    assert made[2].kind == stream[1].kind  # the sixth of five is the first again
    np.testing.assert_array_equal(made[0].pixels, stream[4].pixels)
    np.testing.assert_array_equal(made[0].mask, stream[4].mask)
    monkeypatch.setattr(ForgeryStream, "__getitem__", lambda *_: pytest.fail("made again"))
    again = StoredStream(stream, tmp_path, 5)
    np.testing.assert_array_equal(again[1].pixels, made[1].pixels)


def test_kind_is_known_before_the_sample_is_made(photo_folder):
    stream = ForgeryStream(PhotoPool([photo_folder]), 64, 3)
    assert [stream.kind(n) for n in range(12)] == [stream[n].kind for n in range(12)]


def test_s2_is_shown_no_authentic_sample(photo_folder):
    stream = ForgeryStream(PhotoPool([photo_folder]), 64, 3)
    data = MaskedTensors(stream, 0, 20, 32)
    assert {stream.kind(n) for n in range(20)} >= {"authentic"}
    assert all(data[n][0][3].any() for n in range(20))


def test_another_stream_is_stored_elsewhere(stream, photo_folder, tmp_path):
    other = ForgeryStream(stream.pool, 64, 4, stream.shares)
    assert StoredStream(stream, tmp_path, 5).folder != StoredStream(other, tmp_path, 5).folder


def test_what_is_drawn_depends_on_the_number_alone(stream):
    for data in (
        PatchTensors(stream, NetworkInput((90,)), 0, 9, seed=1),
        MaskedTensors(stream, 0, 9, 64, seed=1),
    ):
        data[2]
        for ours, theirs in zip(data[7], type(data)(*_arguments(data, first=7))[0], strict=True):
            torch.testing.assert_close(ours, theirs)


def _arguments(data, first):
    middle = (data.network_input,) if isinstance(data, PatchTensors) else ()
    side = () if isinstance(data, PatchTensors) else (data.side,)
    return (data.stream, *middle, first, 9, *side, 1)


def test_turned_samples_keep_mask_and_pixels_together(stream, monkeypatch):
    """Paint the masked pixels first, so that one can see where they went."""
    sample = stream[0]
    painted = np.repeat(sample.mask[:, :, None], 3, axis=2).astype(np.uint8)

    class Painted:
        kind = stream.kind

        def __getitem__(self, _number):
            return type("Sample", (), {"pixels": painted, "mask": sample.mask, "kind": sample.kind})

    for number in range(12):
        features, _ = MaskedTensors(Painted(), number, number + 1, 32, seed=0)[0]
        inside, shown = features[0] > 0, features[3] > 0
        assert (inside & shown).sum() > 0.5 * min(inside.sum(), shown.sum())


def test_found_masks_stand_in_for_true_ones_where_they_meet(stream):
    sample = stream[0]
    wrong, right = ~sample.mask, sample.mask.copy()
    right[np.argmax(right.any(axis=1))] = False
    seen = {
        name: [
            (MaskedTensors(stream, 0, 1, 64, seed, lambda _, found=found: found)[0][0][3] > 0).sum().item()
            for seed in range(30)
        ]
        for name, found in (("wrong", wrong), ("right", right))
    }
    assert wrong.sum() not in seen["wrong"]
    assert right.sum() in seen["right"]


def test_frozen_blocks_never_change():
    torch.manual_seed(0)
    model = KindClassifier(channels=4, frozen=2).train()
    before = {name: tensor.clone() for name, tensor in model.encoder.state_dict().items()}
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 0.1)
    model(torch.rand(4, 4, 64, 64)).logits.square().sum().backward()
    optimizer.step()
    changed = {n for n, tensor in model.encoder.state_dict().items() if not torch.equal(tensor, before[n])}
    assert not any(name.startswith(("conv_stem", "bn1", "blocks.0", "blocks.1")) for name in changed)
    assert any(name.startswith("blocks.2") for name in changed)


def test_encoder_of_a_localizer_is_taken_over():
    torch.manual_seed(0)
    localizer, model = UnetLocalizer(channels=4), KindClassifier(channels=4)
    model.start_from(localizer.state_dict())
    ours, theirs = model.encoder.state_dict(), localizer.network.encoder.model.state_dict()
    assert set(theirs) < set(ours)
    assert all(torch.equal(ours[name], tensor) for name, tensor in theirs.items())
    with pytest.raises(WeightError, match="U-Net on the same input"):
        KindClassifier(channels=6).start_from(localizer.state_dict())


def test_activation_is_grad_cam():
    """Against autograd: mean gradient of the log-odds over each map, times the map."""
    torch.manual_seed(0)
    model = KindClassifier(channels=4).eval()
    batch = torch.rand(2, 4, 64, 96)
    maps = model.encoder.forward_features(2 * batch - 1).detach().requires_grad_()
    model.read_tampered(maps.mean(dim=(2, 3))).sum().backward()
    expected = torch.relu((maps.grad.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1, keepdim=True))
    torch.testing.assert_close(model(batch).activation, expected.detach())


def test_temperature_calms_a_boaster():
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=2000)
    logits = rng.normal(size=(2000, 3))
    logits[np.arange(2000), labels] += 1
    fair = temperature(logits, labels)
    assert temperature(5 * logits, labels) == pytest.approx(5 * fair, rel=0.02)


def test_trained_weights_tell(weights, photo_evidence):
    teller = KindTeller(
        PatchClassifier(load_weight("patches", weights)),
        MaskedClassifier(load_weight("masked", weights)),
        None,
    )
    mask = np.zeros(photo_evidence.pixels.shape[:2], bool)
    mask[40:90, 200:260] = True
    told = teller.tell(photo_evidence.pixels, mask, ())
    patches, masked = told.opinions
    assert set(patches.kinds) == set(KINDS[1:])
    assert set(masked.kinds) == set(MASKED_KINDS)
    for opinion in told.opinions:
        assert sum(opinion.kinds.values()) == pytest.approx(1)
    assert told.activation.shape == mask.shape


def test_regression_trusts_whom_it_may(weights, tmp_path, photo_evidence):
    """One system says what is true, the other draws lots: the first is believed."""
    rng = np.random.default_rng(0)
    rows = []
    for number in range(200):
        kind = ALTERED[number % 5]
        right = {k: 0.8 if k == kind else 0.05 for k in ALTERED}
        lots = dict(zip(MASKED_KINDS, rng.dirichlet([1] * 5), strict=True))
        rows.append(KindRow("fit", kind, "found", 0.5, right, lots, False, 0.2, 0.0, 0.0, 0.1))
    sources = Sources((), (), None, weights)
    path = tmp_path / "kinds.json"
    fit_kinds(rows, KindFusionRecipe(patches="patches", masked="masked"), sources, path)
    fitted = load_kind_weights(path)
    assert fitted.coefficients[0, 0] > 5 * fitted.coefficients[0, 5]
    networks = (
        PatchClassifier(load_weight("patches", weights)),
        MaskedClassifier(load_weight("masked", weights)),
    )
    mask = np.zeros(photo_evidence.pixels.shape[:2], bool)
    mask[40:90, 200:260] = True
    told = KindTeller(*networks, fitted).tell(photo_evidence.pixels, mask, ())
    assert sum(told.kinds.values()) == pytest.approx(1)
    content = json.loads(path.read_text())
    content["training"]["networks"]["masked"] = "0" * 64
    path.write_text(json.dumps(content))
    with pytest.raises(WeightError, match="fitted with other networks"):
        KindTeller(*networks, load_kind_weights(path))


def test_a_region_that_stands_elsewhere_is_a_copy(tmp_path):
    """Two systems that know nothing, and a lead that copies alone have."""
    rng = np.random.default_rng(0)
    even, rows = dict.fromkeys(ALTERED, 0.2), []
    for number in range(200):
        kind = ALTERED[number % 5]
        lead = rng.uniform(0.3, 2) if kind == "copy-move" else rng.exponential(0.05)
        rows.append(KindRow("fit", kind, "true", 1.0, even, even, False, 0.5, lead, 0.0, 0.1))
    path = tmp_path / "kinds.json"
    fit_kinds(rows, KindFusionRecipe(), Sources((), (), None, WEIGHTS_DIRECTORY), path)
    fitted = load_kind_weights(path)
    for_others = np.delete(fitted.coefficients[:, -3:], ALTERED.index("copy-move"), axis=0)
    np.testing.assert_array_equal(for_others, 0)
    said = [fitted(kind_inputs([even, even], False, 0.5, lead))["copy-move"] for lead in (0.0, 0.3, 1.0, 5.0)]
    assert said[0] < 0.2 < said[1] < said[2] == said[3]
    assert said[2] > 0.9


def test_source_of_a_copy_is_told_with_its_kind(photo_evidence):
    pixels, mask = photo_evidence.pixels.copy(), np.zeros(photo_evidence.pixels.shape[:2], bool)
    pixels[40:90, 200:260], mask[40:90, 200:260] = pixels[100:150, 100:160], True
    networks = PatchClassifier(load_weight("kind-classifier")), MaskedClassifier(load_weight("dual-module"))
    told = KindTeller(*networks, None).tell(pixels, mask, ())
    assert told.copies == ()  # the kind is not told
    for kind in ("copy-move", "splicing"):
        said = replace(told, kinds={**dict.fromkeys(ALTERED, 0.1), kind: 0.6})
        assert len(said.copies) == (kind == "copy-move")
    copy = replace(told, kinds={"copy-move": 1.0}).copies[0]
    np.testing.assert_allclose(copy.transform, [[1, 0, 100], [0, 1, -60]], atol=0.01)
    assert (copy.source.left, copy.source.top) == (100, 100)
    assert (copy.target.left, copy.target.top) == (200, 40)
    assert (copy.mirrored, copy.matches) == (False, 0)
    assert copy.significance >= MIN_SIGNIFICANCE


def test_error_words(photo_folder, tmp_path):
    images = TrainingImages([photo_folder], None, {})
    shares = {"splicing": 1.0, "copy-move": 1.0, "retouching": 1.0, "removal": 1.0}
    wrong = KindRecipe.model_validate({**SMALL["dual-module"], "synthesis": {"side": 64, "shares": shares}})
    with pytest.raises(RecipeError, match=r"tells splicing, copy-move, .* each of them needs a share"):
        train_kinds(wrong, images, tmp_path / "a", "cpu")
    missing = KindRecipe.model_validate({**SMALL["kind-classifier"], "encoder_of": "unet"})
    with pytest.raises(RecipeError, match=r"unet.*train that first"):
        train_kinds(missing, images, tmp_path / "b", "cpu")
    endless = KindRecipe.model_validate({**SMALL["dual-module"], "masks_of": "unet-localizer"})
    with pytest.raises(RecipeError, match=r"synthesis\.distinct"):
        train_kinds(endless, images, tmp_path / "c", "cpu")
