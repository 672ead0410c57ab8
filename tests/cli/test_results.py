"""Findings that are there are kept, and nothing is overwritten unasked."""

import hashlib
import json

import pytest

from tamperlens.cli.results import Results
from tamperlens.errors import TamperlensError

ENTRY = {"report": "a.html", "thumbnail": "", "tiny": "", "file": "a.jpg"}


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"bytes")
    (tmp_path / "a.html").touch()
    return path


def row(path):
    return {"file": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "error": "not told"}


def kept(tmp_path, photo, asked, force=False):
    return Results(tmp_path, asked, force).kept(str(photo), str(photo))


def test_the_same_file_by_the_same_options_is_kept(tmp_path, photo):
    results = Results(tmp_path, {"strict": False}, force=False)
    assert results.kept(str(photo), str(photo)) is None
    results.add(row(photo), ENTRY)
    assert results.kept(str(photo), str(photo)) is None  # named twice in one run, it is examined twice
    results.save()
    assert kept(tmp_path, photo, {"strict": False}) == row(photo)
    assert kept(tmp_path, photo, {"strict": True}, force=True) is None
    with pytest.raises(TamperlensError, match="--force"):
        kept(tmp_path, photo, {"strict": True})
    photo.write_bytes(b"others")
    assert kept(tmp_path, photo, {"strict": False}) is None


def test_a_report_that_is_gone_is_made_again(tmp_path, photo):
    results = Results(tmp_path, {}, force=False)
    results.add(row(photo), ENTRY)
    results.save()
    (tmp_path / "a.html").unlink()
    assert kept(tmp_path, photo, {}) is None


def test_new_findings_join_those_that_are_there_in_one_table(tmp_path, photo):
    for name in ("a.jpg", "b.jpg"):
        results = Results(tmp_path, {}, force=False)
        results.add({"file": name, "error": "no image"}, None)
        results.save()
    found = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert [one["file"] for one in found] == ["a.jpg", "b.jpg"]
    assert (tmp_path / "index.html").read_text(encoding="utf-8").count("<tr data-") == 2
    assert (tmp_path / "cards/fusion.html").is_file()


@pytest.mark.parametrize("text", ["[1", "{}"])
def test_a_folder_of_something_else_is_refused(tmp_path, text):
    (tmp_path / "findings.json").write_text(text, encoding="utf-8")
    with pytest.raises(TamperlensError, match="choose another --out"):
        Results(tmp_path, {}, force=False)
