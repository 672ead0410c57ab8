"""Training of localizers: losses, loop, resume, and a weight that examines."""

import json

import pytest
import torch

from tamperlens.data.synthesis import ForgeryStream, PhotoPool
from tamperlens.errors import RecipeError
from tamperlens.examine import load_weight
from tamperlens.examine.networks._localizer import PixelLocalizer
from tamperlens.models import MODELS, Localization
from tamperlens.training import LOSSES, LocalizerRecipe, TrainingImages, load_recipe, train_localizer
from tamperlens.training._forged import validation_images
from tamperlens.training._forged_task import schedule
from tamperlens.training._localizer_task import fit_localizer
from tamperlens.training._losses import dice_loss, focal_loss, mask_outline, pixel_loss

SMALL = {
    "name": "tiny",
    "system": "unet-localizer",
    "input": {"qualities": [90]},
    "synthesis": {"side": 64, "validation_samples": 8},
    "optimizer": {"warmup_samples": 0},
    "loop": {"samples": 24, "batch_size": 4, "validate_every": 12, "workers": 0, "precision": "float32"},
    "inference": {"tile": 128, "overlap": 32},
}


def recipe(**loop):
    return LocalizerRecipe.model_validate({**SMALL, "loop": {**SMALL["loop"], **loop}})


def fit(settings, photo_folder, run):
    stream = ForgeryStream(PhotoPool([photo_folder]), 64, 0)
    validation = {
        "synthetic": validation_images(ForgeryStream(stream.pool, 64, 9), settings.input.settings(), 8)
    }
    torch.manual_seed(0)
    model = MODELS["unet-localizer"](channels=4)
    fit_localizer(model, LOSSES["unet-localizer"], stream, validation, settings, run, torch.device("cpu"))
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_checkpoint_continues_to_identical_losses(photo_folder, tmp_path, monkeypatch):
    """Killed after the first validation, by an error in the second part, and started again."""
    whole = fit(recipe(), photo_folder, tmp_path / "whole")
    real = ForgeryStream.__getitem__

    def fails(stream, number):
        if number >= 12 and stream.seed == 0:
            raise KeyboardInterrupt
        return real(stream, number)

    monkeypatch.setattr(ForgeryStream, "__getitem__", fails)
    with pytest.raises(KeyboardInterrupt):
        fit(recipe(), photo_folder, tmp_path / "killed")
    monkeypatch.setattr(ForgeryStream, "__getitem__", real)
    resumed = fit(recipe(), photo_folder, tmp_path / "killed")
    assert [line["loss"] for line in resumed] == [line["loss"] for line in whole]
    assert [line["score"] for line in resumed] == [line["score"] for line in whole]


def test_accumulated_batches_equal_one_large_step():
    """Two halves summed give the gradient of the whole, where no batch norm stands between."""
    logits = torch.randn(4, 1, 8, 8, requires_grad=True)
    masks = (torch.rand(4, 1, 8, 8) > 0.5).float()
    whole = torch.autograd.grad(pixel_loss(logits, masks), logits)[0]
    halves = torch.autograd.grad(
        (pixel_loss(logits[:2], masks[:2]) + pixel_loss(logits[2:], masks[2:])) / 2, logits
    )
    torch.testing.assert_close(whole, halves[0])


def test_trained_weight_examines_and_is_calibrated(photo_folder, tmp_path, monkeypatch, photo_evidence):
    monkeypatch.setattr("tamperlens.training._localizer_run._CALIBRATION_TWINS", 6)
    monkeypatch.setattr("tamperlens.data.synthesis._photos.HELD_OUT_SHARE", 0.5)
    run = train_localizer(recipe(), TrainingImages([photo_folder], None, {}), tmp_path / "run", "cpu")
    for name in ("recipe.json", "log.jsonl", "curves.png", "best.pt", "tiny.onnx", "tiny.json"):
        assert (run / name).stat().st_size > 0
    detector = PixelLocalizer(load_weight("tiny", run))
    answer = detector.answer(photo_evidence)
    assert answer.heat_map.shape == photo_evidence.pixels.shape[:2]
    assert 0.05 <= answer.mask_threshold <= 0.95


def test_authentic_samples_have_a_gradient():
    """smp's Dice gives none on them, and false alarms would be free."""
    logits = torch.zeros(2, 1, 8, 8, requires_grad=True)
    pixel_loss(logits, torch.zeros(2, 1, 8, 8)).backward()
    assert (logits.grad > 0).all()


def test_losses_by_hand():
    logits = torch.tensor([[[[2.0, -1.0]]]])
    mask = torch.tensor([[[[1.0, 0.0]]]])
    p = torch.sigmoid(logits)[0, 0, 0]
    dice = 1 - (2 * p[0] + 1) / (p.sum() + 2)
    assert dice_loss(logits, mask).item() == pytest.approx(dice.item(), abs=1e-6)
    terms = [-((1 - p[0]) ** 2) * p[0].log(), -(p[1] ** 2) * (1 - p[1]).log()]
    assert focal_loss(logits, mask).item() == pytest.approx((sum(terms) / 2).item(), abs=1e-6)


def test_outline_is_around_the_edge():
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    outline = mask_outline(mask, 32)[0, 0]
    assert outline[16, 7] == outline[16, 8] == 1
    assert outline[16, 16] == outline[16, 3] == 0
    assert mask_outline(mask, 8).shape == (1, 1, 8, 8)


def test_edge_loss_is_felt():
    masks = torch.zeros(1, 1, 32, 32)
    masks[..., 8:24, 8:24] = 1
    logits, right = torch.zeros(1, 1, 32, 32), 20 * mask_outline(masks, 8) - 10
    loss = LOSSES["dual-convnext"]
    assert loss(Localization(logits, right), masks) < loss(Localization(logits, -right), masks)


def test_rate_rises_stays_and_falls():
    settings = LocalizerRecipe.model_validate(
        {**SMALL, "loop": {"samples": 1000}, "optimizer": {"warmup_samples": 100, "decay_share": 0.2}}
    )
    rates = [
        schedule(settings).rate(n) / settings.optimizer.learning_rate for n in (50, 100, 500, 799, 900, 1000)
    ]
    assert rates == pytest.approx([0.5, 1, 1, 1, 0.5, 0.001])


def test_error_words(tmp_path, photo_folder):
    path = tmp_path / "r.toml"
    path.write_text('name = "x"\nsystem = "unet-localizer"\n[synthesis]\nside = 100\n')
    with pytest.raises(RecipeError, match=r"synthesis\.side.*multiple of 32"):
        load_recipe(path)
    path.write_text('name = "x"\nsystem = "unet-localizer"\n[synthesis]\nshares = {splice = 1}\n')
    with pytest.raises(RecipeError, match="shares are non-negative numbers"):
        load_recipe(path)
    path.write_text('name = "x"\nsystem = "unet-localiser"\n')
    with pytest.raises(RecipeError, match=r"wrong setting 'system'.*'unet-localizer'"):
        load_recipe(path)
