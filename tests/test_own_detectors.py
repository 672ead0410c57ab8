"""The example of detectors from elsewhere runs: what is shown is what works."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tamperlens as tl

EXAMPLE = Path(__file__).parents[1] / "examples/own_detectors.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("own_detectors", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def own(tmp_path, photo):
    """Two altered images whose altered part is bright."""
    for part in ("images", "masks"):
        (tmp_path / part).mkdir()
    for i in range(2):
        pixels = photo[: 96 + i, :128] // 4
        pixels[20:60, 30:90] = 255
        Image.fromarray(pixels).save(tmp_path / f"images/{i}.png")
        mask = np.zeros(pixels.shape[:2], np.uint8)
        mask[20:60, 30:90] = 255
        Image.fromarray(mask).save(tmp_path / f"masks/{i}.png")
    return str(tmp_path)


class Naive:
    """Stands in for a method of photoholmes: the same keywords in, the same mapping out."""

    def benchmark(self, image):
        return {"heatmap": image.mean(dim=0), "mask": None, "detection": None}


def test_a_method_as_photoholmes_has_them(example, own):
    pytest.importorskip("torch")
    detect = example.from_photoholmes(Naive(), lambda image: {"image": image.float() / 255})
    assert tl.evaluate(detect, own).figures["f1_half"]["value"] > 0.99


def test_a_torch_module(example, own):
    torch = pytest.importorskip("torch")
    module = torch.nn.Conv2d(3, 1, 4, stride=4)
    torch.nn.init.constant_(module.weight, 1 / 48)
    torch.nn.init.constant_(module.bias, 0)
    detect = example.from_torch(module, (0.5, 0.5, 0.5), (0.05, 0.05, 0.05))
    assert tl.evaluate(detect, own).figures["f1_half"]["value"] > 0.9


def test_the_script_runs(own):
    done = subprocess.run([sys.executable, EXAMPLE, own], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("f1_half 0.")
