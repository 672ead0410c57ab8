"""What `examine` is given, and which files that stands for."""

import io
import sys

import pytest

from tamperlens.cli.inputs import Input, Inputs
from tamperlens.errors import TamperlensError


@pytest.fixture
def folder(tmp_path, encode):
    root = tmp_path / "photos"
    for name in ("b.jpg", "a.jpg", "deep/c.png", ".hidden/d.jpg", "out/e.jpg"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode("PNG" if name.endswith("png") else "JPEG"))
    (root / "notes.txt").write_text("no image", encoding="utf-8")
    (root / "link.jpg").symlink_to(root / "a.jpg")
    return root


def names(found, root):
    return [one.path.removeprefix(f"{root}/") for one in found]


def make(tmp_path, outside=None, may_fetch=False, most=1 << 20):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Inputs(scratch, outside, may_fetch, most)


def test_a_folder_is_walked_in_order_without_hidden_files_links_and_results(tmp_path, folder):
    found = make(tmp_path, outside=folder / "out").all([str(folder)])
    assert names(found, folder) == ["a.jpg", "b.jpg", "deep/c.png"]


def test_a_pattern_is_expanded_and_a_file_of_that_very_name_wins(tmp_path, folder, encode):
    inputs = make(tmp_path)
    assert names(inputs.all([f"{folder}/*.jpg"]), folder) == ["a.jpg", "b.jpg", "link.jpg"]
    odd = folder / "[x].jpg"
    odd.write_bytes(encode("JPEG"))
    assert inputs.all([str(odd)]) == [Input(str(odd), str(odd))]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("*.gif", "no file matches the pattern"),
        ("deep/empty", "no images in the folder"),
        ("https://a.b/c", "--fetch"),
    ],
)
def test_what_stands_for_nothing_is_one_sentence(tmp_path, folder, name, said):
    (folder / "deep/empty").mkdir()
    with pytest.raises(TamperlensError, match=said):
        make(tmp_path).all([name if "://" in name else str(folder / name)])


def test_standard_input_is_kept_as_a_file_and_limited(tmp_path, monkeypatch):
    inputs = make(tmp_path, most=5)
    for data, error in ((b"12345", ""), (b"123456", "larger than 5 bytes")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        (one,) = inputs.all(["-"])
        assert one.shown == "-"
        assert error in one.error
    assert (tmp_path / "scratch/0/standard-input").read_bytes() == b"12345"
