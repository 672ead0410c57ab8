"""A made camera: the scene stays what it was, and the file is one that a camera could have written."""

import numpy as np
import pytest
import skimage.data

from tamperlens.data.synthesis import Camera, draw_camera
from tamperlens.data.synthesis._saves import Save
from tamperlens.evidence import load_evidence
from tamperlens.traces.interpolation._cfa import cfa_map


def _camera(**changes):
    plain = {
        "mosaic": (0, 0), "demosaicing": 137, "shot": 1e-7, "read": 1e-5, "smoothing": 0.0, "sharpening": 0.0,
        "radius": 1.0, "contrast": 1.0, "saturation": 1.0, "save": Save(98), "sampling": 0,
    }  # fmt: skip
    return Camera(**{**plain, **changes})


@pytest.fixture(scope="module")
def scene():
    """Red, green and blue squares, and a ramp below them."""
    pixels = np.full((96, 96, 3), 60, np.uint8)
    for i in range(3):
        pixels[:64, 32 * i : 32 * i + 32, i] = 200
    pixels[64:] = np.linspace(20, 230, 96).astype(np.uint8)[None, :, None]
    return pixels


@pytest.mark.parametrize("mosaic", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_colours_and_tones_stay(scene, mosaic):
    found = load_evidence(_camera(mosaic=mosaic).shoot(scene)).pixels.astype(int)
    truth = scene[mosaic[0] :, mosaic[1] :].astype(int)
    assert found.shape == truth.shape
    away = np.abs(found - truth)
    for i in range(3):
        assert away[8:56, 32 * i + 8 : 32 * i + 24].mean() < 4
    assert away[72:88, 8:88].mean() < 4


def test_noise_is_that_of_the_sensor(scene):
    """At a gray level the spread follows from shot and read noise, through the slope of the gamma curve."""
    flat = np.full((256, 256, 3), 128, np.uint8)
    camera = _camera(shot=4e-4, read=1e-3, demosaicing=48)
    light = (128 / 255) ** 2.2
    spread = np.sqrt(4e-4 * light + 1e-6) * 128 / 2.2 / light
    green = load_evidence(camera.shoot(flat)).pixels[..., 1]
    # Half of the greens are measured, half are means of four.
    assert green.std() == pytest.approx(spread * np.sqrt((1 + 1 / 4) / 2), rel=0.1)


def test_a_made_file_is_a_jpeg_of_a_cameras_kind_and_comes_again():
    photo = skimage.data.astronaut()[:256, :256]
    drawn = [draw_camera(np.random.default_rng(i)) for i in range(60)]
    assert {camera.sampling for camera in drawn} == {0, 1, 2}
    assert {camera.mosaic for camera in drawn} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert drawn[0].shoot(photo) == draw_camera(np.random.default_rng(0)).shoot(photo)
    evidence = load_evidence(drawn[0].shoot(photo))
    assert evidence.format == "JPEG"
    assert 80 <= evidence.jpeg.quality <= 99


def test_the_mosaic_can_be_seen():
    """The trace that cameras leave: all over a made camera's file of a resampled photograph."""
    photo = skimage.data.astronaut()[::2, ::2].copy()
    taken = load_evidence(_camera(demosaicing=48, shot=1e-6, read=2e-3, save=Save(100)).shoot(photo)).pixels
    assert cfa_map(taken).mean() < 0.5
