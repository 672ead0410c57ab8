"""Faces that are changed, on a made pool whose outlines stand for faces."""

import numpy as np
import pytest
from PIL import Image

from tamperlens.data.synthesis import PhotoPool
from tamperlens.data.synthesis._faces import FaceStream, reenact, swap_face


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(0)
    for part in ("images", "instances"):
        (folder / part).mkdir()
    rows, columns = np.mgrid[:300, :300]
    for number in range(12):
        coarse = rng.integers(0, 255, (12, 12, 3), dtype=np.uint8)
        photo = np.asarray(Image.fromarray(coarse).resize((300, 300), Image.Resampling.BICUBIC)).astype(int)
        photo = np.clip(photo + rng.normal(0, 6, photo.shape), 0, 255).astype(np.uint8)
        face = ((rows - 150) / 80) ** 2 + ((columns - 140) / 60) ** 2 <= 1
        Image.fromarray(photo).save(folder / "images" / f"{number}.png")
        Image.fromarray(face.astype(np.uint8)).save(folder / "instances" / f"{number}.png")
    return PhotoPool([folder], held_out=None)


@pytest.mark.parametrize("kind", ["splicing", "retouching"])
def test_only_the_face_changes(faces, kind):
    stream = FaceStream(faces, 128, 0, {kind: 1.0})
    forged, authentic = stream.twins(3)
    assert forged.mask.any()
    assert not authentic.mask.any()
    assert forged.kind == kind
    assert len(forged.sources) == (2 if kind == "splicing" else 1)
    assert (forged.pixels != authentic.pixels)[forged.mask].any()
    assert stream[5].file == FaceStream(faces, 128, 0, {kind: 1.0})[5].file


@pytest.mark.parametrize("change", [swap_face, reenact])
def test_outside_the_face_every_pixel_stays(change):
    rng = np.random.default_rng(1)
    base = rng.integers(0, 255, (96, 96, 3), dtype=np.uint8)
    outline = np.zeros((96, 96), bool)
    outline[20:70, 30:75] = True
    arguments = (rng.integers(0, 255, (40, 40, 3), dtype=np.uint8),) if change is swap_face else ()
    changed, mask = change(np.random.default_rng(2), base, outline, *arguments)
    assert np.array_equal(mask, outline)
    assert np.array_equal(changed[~outline], base[~outline])
    assert (changed[outline] != base[outline]).mean() > 0.3
