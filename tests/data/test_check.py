"""`data check` on a tree that is whole, and on the same tree with one thing broken."""

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.data import check_dataset, find_samples

IMAGE, MASK = "image/2t.tif", "mask/2forged.tif"


@pytest.fixture
def tree(tmp_path, photo):
    root = tmp_path / "coverage"
    for part in ("image", "mask"):
        (root / part).mkdir(parents=True)
    for number in range(1, 4):
        Image.fromarray(photo[: 100 + number]).save(root / f"image/{number}.tif")
        Image.fromarray(photo[: 100 + number]).save(root / f"image/{number}t.tif")
        save_mask(root / f"mask/{number}forged.tif", (100 + number, 384))
    return root


def save_mask(path, shape, rows=slice(10, 20)):
    values = np.zeros(shape, np.uint8)
    values[rows] = 255
    Image.fromarray(values).save(path)


def check(root):
    return check_dataset("coverage", find_samples("coverage", root))


def test_a_whole_tree(tree):
    result = check(tree)
    assert result.problems == ()
    assert (result.authentic, result.tampered, result.masks) == (3, 3, 3)
    assert "100 authentic and 100 tampered" in result.notes[0]


def truncate(path):
    path.write_bytes(path.read_bytes()[:2000])


BREAKING = {
    "unreadable image": (lambda root: truncate(root / IMAGE), IMAGE),
    "unreadable mask": (lambda root: truncate(root / MASK), MASK),
    "mis-sized mask": (lambda root: save_mask(root / MASK, (103, 384)), MASK),
    "empty mask": (lambda root: save_mask(root / MASK, (102, 384), slice(0)), MASK),
    "full mask": (lambda root: save_mask(root / MASK, (102, 384), slice(None)), MASK),
    "image without mask": (lambda root: (root / MASK).unlink(), IMAGE),
    "mask without image": (lambda root: (root / IMAGE).unlink(), MASK),
    "unknown name": (lambda root: (root / "image/3.tif").rename(root / "image/three.tif"), "image/three.tif"),
}


@pytest.mark.parametrize("what", BREAKING)
def test_each_thing_that_can_be_wrong(what, tree):
    breaking, named = BREAKING[what]
    breaking(tree)
    assert [(problem.what, problem.path) for problem in check(tree).problems] == [(what, tree / named)]


def test_a_size_is_told_with_both_sizes(tree):
    save_mask(tree / MASK, (103, 384))
    assert check(tree).problems[0].detail == "384×103, but 2t.tif is 384×102"


def test_a_turned_photograph_is_compared_as_one_sees_it(tree, photo):
    """COVERAGE has none; but a mask is drawn on what a viewer shows."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photo[:102]).save(tree / "image/2t.jpg", exif=exif)
    (tree / IMAGE).unlink()
    assert check(tree).counts == {"mis-sized mask": 1}
    save_mask(tree / MASK, (384, 102))
    assert check(tree).problems == ()


def test_a_listed_file_that_is_not_there(tree):
    samples = find_samples("coverage", tree)
    (tree / "image/1.tif").unlink()
    assert [problem.what for problem in check_dataset("coverage", samples).problems] == ["missing image"]


def test_a_set_without_any_mask_is_in_order_and_says_so(tree):
    for path in (tree / "mask").iterdir():
        path.unlink()
    result = check(tree)
    assert result.problems == ()
    assert any("no masks" in note for note in result.notes)


def test_the_command_says_it_and_its_exit_code_is_true(tree):
    whole = CliRunner().invoke(app, ["data", "check", "coverage", "--data", str(tree)])
    assert whole.exit_code == 0, whole.output
    assert "3 authentic and 3 tampered images, 3 masks" in whole.output
    (tree / MASK).unlink()
    broken = CliRunner().invoke(app, ["data", "check", "coverage", "--data", str(tree.parent)])
    assert broken.exit_code == 2
    assert "| image without mask | 1 |" in broken.output
    assert "2t.tif" in broken.output


def test_the_command_shows_a_few_of_many(tree):
    for i in range(50):
        save_mask(tree / f"mask/{1000 + i}forged.tif", (9, 9), slice(2))
    output = CliRunner().invoke(app, ["data", "check", "coverage", "--data", str(tree)]).output
    assert "| mask without image | 50 |" in output
    assert output.count("mask without image: ") == 20
    assert "… and 30 more" in output
