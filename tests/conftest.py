"""Photographs and files that the tests make themselves."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

import tamperlens.models._backbones  # noqa: F401 - torchmetrics needs the operators it declares
from tamperlens.evidence import Evidence, encode_jpeg, load_evidence

Pixels = NDArray[np.uint8]


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a failed test at once: a run that is cut off for its time says nothing at the end."""
    if report.failed and not os.environ.get("PYTEST_XDIST_WORKER"):
        sys.stderr.write(
            f"\n{report.outcome}: {report.nodeid} ({report.when})\n{report.longreprtext[-1500:]}\n"
        )


@pytest.fixture(scope="session")
def photo() -> Pixels:
    """A real photograph, 384 × 256: part of scikit-image's "coffee" (public domain)."""
    return np.ascontiguousarray(skimage.data.coffee()[60:316, 100:484])


@pytest.fixture(scope="session")
def photo_evidence(photo: Pixels) -> Evidence:
    return load_evidence(encode_jpeg(photo, 90), name="coffee.jpg")


@pytest.fixture
def encode(photo: Pixels) -> Callable[..., bytes]:
    """Encode the photograph, or another image, in any format of Pillow."""

    def make(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
        buffer = io.BytesIO()
        (image or Image.fromarray(photo)).save(buffer, kind, **options)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def casia_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as CASIA1: 24 authentic, 16 tampered images, saved at two different qualities."""
    root = tmp_path_factory.mktemp("data") / "casia1"
    rng = np.random.default_rng(0)
    for part in ("Au", "Sp", "Gt"):
        (root / part).mkdir(parents=True)
    for i in range(24):
        pixels = _scene(rng)
        name = f"Au_ani_{i:04d}.jpg"
        (root / "Au" / name).write_bytes(encode_jpeg(pixels, 92))
        if i < 16:
            other = (i + 1) if i % 4 == 0 else i
            pixels[16:32, 24:48] = _scene(rng)[:16, :24]
            stem = f"Sp_{'D' if other != i else 'S'}_NNN_A_ani{i:04d}_ani{other:04d}_{i:04d}"
            (root / "Sp" / f"{stem}.jpg").write_bytes(encode_jpeg(pixels, 85))
            mask = np.zeros(pixels.shape[:2], np.uint8)
            mask[16:32, 24:48] = 255
            Image.fromarray(mask).save(root / "Gt" / f"{stem}_gt.png")
    return root


def _scene(rng: np.random.Generator) -> Pixels:
    """Smooth colour and fine noise, 72 × 56."""
    coarse = Image.fromarray(rng.integers(40, 216, (5, 6, 3), np.uint8)).resize((72, 56), 3)
    noise = rng.normal(0, 4, (56, 72, 3))
    return np.clip(np.asarray(coarse) + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen parts of scikit-image's photographs, half of them with the outline of an object."""
    root = tmp_path_factory.mktemp("photos")
    for folder in ("images", "masks"):
        (root / folder).mkdir()
    rng = np.random.default_rng(0)
    scenes = (skimage.data.coffee(), skimage.data.astronaut(), skimage.data.rocket())
    for i in range(12):
        scene = scenes[i % 3]
        top, left = rng.integers(0, scene.shape[0] - 300), rng.integers(0, scene.shape[1] - 300)
        Image.fromarray(scene[top : top + 300, left : left + 300]).save(root / f"images/{i:02d}.png")
        if i % 2:
            rows, columns = np.indices((300, 300))
            disc = (rows - 150) ** 2 + (columns - 140) ** 2 < (40 + 6 * i) ** 2
            Image.fromarray(disc).save(root / f"masks/{i:02d}.png")
    return root
