"""Gathering photographs: what is kept, what is left out, and what is said about it."""

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.data._photos import gather_photos
from tamperlens.data.synthesis import PhotoPool
from tamperlens.errors import DatasetError


@pytest.fixture
def benchmark(tmp_path, photo_folder):
    """One photograph of the folder again, smaller and recompressed, and another one mirrored."""
    folder = tmp_path / "benchmark"
    folder.mkdir()
    with Image.open(photo_folder / "images/03.png") as image:
        image.resize((200, 200)).save(folder / "recompressed.jpg", quality=60)
    with Image.open(photo_folder / "images/07.png") as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "mirrored.jpg", quality=80)
    return folder


def test_photographs_of_a_benchmark_are_left_out(photo_folder, benchmark, tmp_path):
    report = gather_photos([photo_folder], [], [benchmark], tmp_path / "out")
    left_out = dict(report.duplicates)
    assert left_out["03.png"] == "recompressed.jpg"
    assert left_out["07.png"] == "mirrored.jpg"
    kept = {path.name for path in (tmp_path / "out").rglob("images/*.png")}
    assert kept.isdisjoint(left_out)
    assert len(kept) + len(left_out) == 12


def test_outlines_come_along_and_the_result_is_a_pool(photo_folder, tmp_path):
    gather_photos([photo_folder], [], [], tmp_path / "out")
    pool, original = PhotoPool([tmp_path / "out"]), PhotoPool([photo_folder])
    assert len(pool) == len(original)
    assert pool.with_outlines == original.with_outlines


def test_large_photographs_are_cut_and_bad_files_named(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (1700, 2300, 3), np.uint8)
    Image.fromarray(pixels).save(source / "large.jpg")
    Image.fromarray(pixels[:90, :90]).save(source / "small.jpg")
    (source / "broken.png").write_bytes((source / "large.jpg").read_bytes()[:5000])
    report = gather_photos([source], [], [], tmp_path / "out")
    assert report.damaged == ("broken.png",)
    assert report.small == 1
    sizes = set()
    for path in (tmp_path / "out").rglob("*.png"):
        with Image.open(path) as image:
            sizes.add(image.size)
    assert sizes == {(1024, 768), (1024, 757), (640, 473)}


def test_command(photo_folder, tmp_path):
    result = CliRunner().invoke(app, ["data", "photos", str(tmp_path / "out"), "--from", str(photo_folder)])
    assert result.exit_code == 0, result.output
    assert "12 files kept" in result.output
    assert json.loads((tmp_path / "out/gathered.json").read_text())["kept"] == 12


def test_error_words(tmp_path):
    with pytest.raises(DatasetError, match="nothing to collect from"):
        gather_photos([], [], [], tmp_path)
    with pytest.raises(DatasetError, match="does not exist"):
        gather_photos([tmp_path / "none"], [], [], tmp_path)


def test_synth_command(photo_folder, tmp_path):
    arguments = ["synth", str(tmp_path / "out"), "--photos", str(photo_folder), "--n", "6", "--side", "96"]
    result = CliRunner().invoke(app, [*arguments, "--kind", "copy-move"])
    assert result.exit_code == 0, result.output
    assert "6 copy-move" in result.output
    assert (tmp_path / "out/contact-sheet.jpg").exists()
    again = CliRunner().invoke(app, arguments)
    assert "not empty" in str(again.exception)
