"""Presets of channels: what goes through one is told to be its, or one's that shares its settings."""

import io

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tamperlens.data.synthesis import channel_presets, through_channel
from tamperlens.errors import UnknownNameError
from tamperlens.evidence import channel, load_evidence

LARGE = np.asarray(Image.fromarray(skimage.data.astronaut()).resize((1700, 1300)))


@pytest.mark.parametrize(
    "name", ["whatsapp", "telegram", "signal", "facebook", "instagram", "x", "wechat", "web", "screenshot"]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_went_through_is_told(name, seed):
    found = channel(load_evidence(through_channel(name, LARGE, np.random.default_rng(seed))))
    assert name in {found.name, *found.others}
    assert not found.certain


@pytest.mark.parametrize("name", channel_presets())
def test_nothing_is_ever_certainly_another(name):
    for seed, side in ((4, 1700), (5, 400)):
        file = through_channel(name, LARGE[:side, :side], np.random.default_rng(seed))
        found = channel(load_evidence(file))
        assert not found.certain or found.name == name


@pytest.mark.parametrize("name", channel_presets())
def test_a_seed_gives_the_same_file_without_metadata(name):
    small = LARGE[:300, :420]
    first, again = (through_channel(name, small, np.random.default_rng(7)) for _ in range(2))
    assert first == again
    image = Image.open(io.BytesIO(first))
    assert image.format in {"JPEG", "WEBP", "PNG"}
    assert not image.getexif()
    assert name == "screenshot" or image.size == (420, 300)


def test_the_shape_is_kept_and_nothing_enlarged():
    for seed in range(4):
        width, height = Image.open(
            io.BytesIO(through_channel("whatsapp", LARGE, np.random.default_rng(seed)))
        ).size
        assert max(width, height) in {1280, 1600}
        assert width / height == pytest.approx(1700 / 1300, rel=0.01)


def test_photoshop_saves_with_its_tables():
    found = channel(load_evidence(through_channel("photoshop", LARGE[:300, :300], np.random.default_rng(0))))
    assert found.name == "photoshop"


def test_an_unknown_channel_is_named():
    with pytest.raises(UnknownNameError, match="whatsapp"):
        through_channel("whatsap", LARGE, np.random.default_rng(0))
