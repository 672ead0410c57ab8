"""Many findings in one table: what to look at first, what files state, which show the same photograph."""

import csv
import io

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import finding_to_json, folder_rows, to_csv, write_index
from tamperlens.report.alike import alike, tiny

CAMERA = {
    "EXIF:Make": "NIKON", "EXIF:Model": "COOLPIX P6000", "EXIF:Software": "=cmd()",
    "Exif:DateTimeOriginal": "2008:10:22 16:28:39", "GPS:GPSLatitude": "(43.0, 28.0, 2.814)",
    "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": "(11.0, 53.0, 6.456)", "GPS:GPSLongitudeRef": "W",
}  # fmt: skip


@pytest.fixture(scope="module")
def row(photo_evidence):
    return finding_to_json(Examiner().examine(photo_evidence), "a/one.jpg")


def changed(row, file, **changes):
    return {**row, "file": file, **changes}


def test_what_needs_a_look_comes_first_and_failures_last(row):
    rows = [
        {"file": "e.jpg", "error": "no image"}, changed(row, "d.jpg", outcome="consistent", priority="none"),
        changed(row, "c.jpg", outcome="inconclusive", because="too-little-left", priority="low"),
        changed(row, "b.jpg", outcome="inconclusive", because="contradictory", priority="medium"),
        changed(row, "a.jpg", outcome="inconsistent", priority="high"),
    ]  # fmt: skip
    told = folder_rows(rows, {})
    assert [(one.file, one.priority) for one in told] == [
        ("a.jpg", "high"), ("b.jpg", "medium"), ("c.jpg", "low"), ("d.jpg", "none"), ("e.jpg", ""),
    ]  # fmt: skip
    assert told[-1].why == "no image"


def test_what_a_file_states_and_same_bytes_are_in_the_row(row):
    stated = changed(row, "b/two.jpg", evidence={**row["evidence"], "metadata": CAMERA})
    first, second = sorted(folder_rows([row, stated], {}), key=lambda one: one.file)
    assert (second.camera, second.date) == ("NIKON COOLPIX P6000", "2008-10-22 16:28:39")
    assert second.gps == "43.46745, -11.88513"
    assert (first.same, second.same) == (("b/two.jpg",), ("a/one.jpg",))
    assert (first.folder, second.folder) == ("a", "b")


def test_csv_is_read_back_and_no_cell_is_a_formula(row):
    stated = changed(row, "=a.jpg", evidence={**row["evidence"], "metadata": CAMERA})
    (read,) = csv.DictReader(io.StringIO(to_csv(folder_rows([stated], {}))))
    assert (read["file"], read["software"]) == ("'=a.jpg", "'=cmd()")
    assert float(read["score"]) == pytest.approx(row["score"])


def test_copies_are_found_saved_again_halved_and_cut_and_others_are_not():
    scenes = [skimage.data.coffee(), skimage.data.astronaut(), skimage.data.chelsea()]
    coffee = Image.fromarray(scenes[0])
    again = Image.fromarray(load_evidence(encode_jpeg(scenes[0], 40)).pixels)
    pictures = [
        *map(Image.fromarray, scenes), again, coffee.resize((300, 200)), coffee.crop((60, 30, 560, 380)),
        Image.new("RGB", (90, 60), "gray"), Image.new("RGB", (90, 60), "white"),
    ]  # fmt: skip
    found = alike([tiny(one) for one in pictures])
    assert found[0] == {3, 4, 5}
    assert found[1:3] == [set(), set()]
    assert found[6:] == [set(), set()]


def test_a_picture_that_is_not_compared_is_alike_none():
    noise = tiny(Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)))
    assert alike(["", noise, ""]) == [set(), set(), set()]
    assert alike([]) == []


def test_the_table_names_the_same_photograph_and_links_reports(row, tmp_path):
    picture = tiny(Image.fromarray(skimage.data.coffee()))
    shown = {name: {"report": f"{name}.html", "thumbnail": "", "tiny": picture} for name in ("x", "y")}
    write_index([changed(row, "x", sha256="1" * 64), changed(row, "y", sha256="2" * 64)], shown, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count('href="x.html"') == 1
    assert page.count("data-copies>") == 2
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8").startswith("file,folder,priority")
