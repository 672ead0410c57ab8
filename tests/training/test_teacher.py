"""A localizer taught by a trained U-Net."""

import pytest
import torch

from tamperlens.errors import RecipeError
from tamperlens.models import MODELS, UnetLocalizer
from tamperlens.training._forged_recipe import LocalizerRecipe
from tamperlens.training._teacher import Pupil, Taught, Teacher


@pytest.fixture(scope="module")
def unet():
    torch.manual_seed(0)
    return UnetLocalizer(6).eval().requires_grad_(False)


def test_the_pupil_comes_nearer_and_the_teacher_stays(unet):
    torch.manual_seed(1)
    pupil = Pupil(MODELS["dual-convnext"](encoder="convnext_atto"), unet)
    before = {key: value.clone() for key, value in unet.state_dict().items()}
    features = torch.rand(4, 6, 64, 64)
    steps = torch.optim.AdamW(pupil.parameters(), 1e-3)
    differences = []
    for _ in range(8):
        taught = pupil.train()(features)
        assert isinstance(taught, Taught)
        steps.zero_grad()
        (taught.stages + taught.map).backward()
        steps.step()
        differences.append(taught.stages.item() + taught.map.item())
    assert differences[-1] < differences[0]
    assert all(torch.equal(value, before[key]) for key, value in unet.state_dict().items())
    assert not any("teacher" in key for key in pupil.state_dict())


def test_the_localizer_comes_out_alone(unet, tmp_path):
    pupil = Pupil(MODELS["dual-convnext"](encoder="convnext_atto"), unet).eval()
    torch.save(pupil.state_dict(), tmp_path / "best.pt")
    other = Pupil(MODELS["dual-convnext"](encoder="convnext_atto"), unet)
    alone, color = other.load_best(tmp_path / "best.pt"), torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(alone(color).logits, pupil(color).logits)


def test_a_teacher_is_read_from_its_run_or_from_what_ships(unet, tmp_path):
    with pytest.raises(RecipeError, match="nor a weight that ships"):
        Teacher.find("nobody", tmp_path)
    assert Teacher.find("unet-localizer", tmp_path).network_input.channels == 6
    recipe = LocalizerRecipe(name="u", system="unet-localizer", input={"qualities": (95,)})
    run = tmp_path / "unet-localizer"
    run.mkdir()
    (run / "recipe.json").write_text(recipe.model_dump_json())
    torch.save(UnetLocalizer(4).state_dict(), run / "best.pt")
    assert Teacher.find("unet-localizer", tmp_path).network_input.channels == 4
