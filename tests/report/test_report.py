"""What people and programs read."""

import dataclasses
import json
import math
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner, Patch
from tamperlens.report import (
    error_to_json,
    file_stem,
    finding_to_json,
    save_map,
    write_index,
    write_mask,
    write_pdf,
    write_report,
)
from tamperlens.report.content import opinion_rows, support, trace_pages
from tamperlens.report.pictures import outlined, preview_map, preview_size, with_copies
from tamperlens.traces import TRACES
from tamperlens.traces.copied_regions import Region
from tamperlens.traces.copy_move import Copy

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/finding.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def finding(photo_evidence):
    return Examiner().examine(photo_evidence)


def test_json_follows_the_published_schema(finding):
    plain = json.loads(json.dumps(finding_to_json(finding, "a/coffee.jpg")))
    jsonschema.validate(plain, SCHEMA)
    jsonschema.validate(error_to_json("a.jpg", ValueError("no")), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**plain, "outcome": "fake"}, SCHEMA)


def test_mask_is_written_at_the_images_own_size(finding, tmp_path):
    assert write_mask(dataclasses.replace(finding, mask=None), tmp_path, "m") is None
    height, width = finding.evidence.height, finding.evidence.width
    mask = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(height, axis=0)
    written = Image.open(write_mask(dataclasses.replace(finding, mask=mask), tmp_path, "m"))
    assert (written.mode, written.size) == ("L", (width, height))
    np.testing.assert_array_equal(np.asarray(written), np.rint(mask * 255))


def test_report_shows_where_and_the_suspicious_parts(finding, tmp_path):
    mask = np.zeros_like(finding.mask)
    mask[40:90, 200:260] = 0.9
    patch = Patch(120, 16, 224, 224, 0.9)
    found = dataclasses.replace(
        finding, mask=mask, mask_threshold=0.5, patches=(patch,), outcome="inconclusive"
    )
    text = (tmp_path / write_report(found, tmp_path, "w", "coffee.jpg").report).read_text(encoding="utf-8")
    share = 100 * 50 * 60 / mask.size
    assert f"{share:.1f} % of the area reaches the threshold of 0.50" in text
    assert "224 × 224 px, 120 from the left, 16 from the top" in text
    assert "untouched photographs can show as much" in text
    nothing = dataclasses.replace(found, mask=np.zeros_like(mask), patches=())
    text = (tmp_path / write_report(nothing, tmp_path, "n", "coffee.jpg").report).read_text(encoding="utf-8")
    assert "No part of the image reaches the threshold" in text
    silent = dataclasses.replace(found, mask=None, mask_threshold=None, patches=())
    text = (tmp_path / write_report(silent, tmp_path, "s", "coffee.jpg").report).read_text(encoding="utf-8")
    assert "Outline of the mask" not in text


def test_outline_runs_along_the_mask_and_hides_nothing_else():
    picture, mask = Image.new("RGB", (60, 40), (9, 99, 199)), np.zeros((40, 60), bool)
    mask[10:30, 20:40] = True
    marked = np.asarray(outlined(picture, mask))
    assert tuple(marked[10, 30]) == (255, 140, 0)
    assert tuple(marked[9, 30]) == (0, 0, 0)
    assert tuple(marked[20, 30]) == tuple(marked[3, 3]) == (9, 99, 199)
    assert np.array_equal(np.asarray(outlined(picture, np.ones((40, 60), bool))), np.asarray(picture))


def test_report_is_self_contained_and_repeatable(finding, tmp_path):
    path = tmp_path / write_report(finding, tmp_path, "r", "a/coffee.jpg").report
    text = path.read_text(encoding="utf-8")
    write_report(finding, tmp_path, "again", "a/coffee.jpg")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text
    outside = [address for address in re.findall(r'(?:src|href)="([^"]*)"', text)
               if not address.startswith(("data:", "#"))]  # fmt: skip
    assert outside == []
    assert "default-src 'none'" in text
    assert finding.evidence.sha256 in text
    for trace in TRACES.values():
        assert trace.title in text


@pytest.mark.parametrize("quality", [90, 98])
def test_a_map_that_can_show_nothing_is_not_drawn(finding, quality):
    evidence = load_evidence(encode_jpeg(finding.evidence.pixels, quality))
    page = next(
        p for p in trace_pages(dataclasses.replace(finding, evidence=evidence)) if p.name == "resampling"
    )
    assert (page.picture is None) == (page.void != "") == (quality < 96)


def test_pdf_is_the_same_again_and_says_the_same(finding, tmp_path):
    found = dataclasses.replace(finding, copies=(_copy(),))
    first, second = (write_pdf(found, tmp_path, stem, "a/coffee.jpg") for stem in "ab")
    data = first.read_bytes()
    assert data == second.read_bytes()
    assert data.startswith(b"%PDF")


def _copy():
    mask = np.ones((20, 30), bool)
    return Copy(Region(10, 10, mask), Region(200, 120, mask), 0.2, np.eye(2, 3), 1.0, 0.0, False, 12, 9.0)


def test_copies_are_drawn_and_listed(finding, tmp_path):
    found = dataclasses.replace(finding, copies=(_copy(),))
    text = (tmp_path / write_report(found, tmp_path, "c", "coffee.jpg").report).read_text(encoding="utf-8")
    assert "Copied regions" in text
    plain = json.loads(json.dumps(finding_to_json(found, "a.jpg")))
    jsonschema.validate(plain, SCHEMA)
    assert plain["copies"][0]["target"] == {"left": 200, "top": 120, "width": 30, "height": 20}
    picture = Image.new("RGB", (384, 256), (9, 99, 199))
    drawn = np.asarray(with_copies(picture, found.copies, 384))
    assert tuple(drawn[10, 20]) == (90, 180, 255)
    assert tuple(drawn[120, 215]) == (255, 140, 0)
    assert (drawn[20:120, 40:200] == 255).all(axis=2).any()


def test_support_in_words_follows_the_ratio(finding):
    said = {
        0.1: "no support worth the name", 0.5: "weak", 1.5: "moderate support", 3.2: "strong support",
        -2.5: "was not altered", 5: "100,000 times",
    }  # fmt: skip
    for ratio, words in said.items():
        assert words in support(dataclasses.replace(finding, llr=ratio * math.log(10)))
    assert support(dataclasses.replace(finding, llr=None)) == ""


def test_void_opinions_are_grey_and_last(finding):
    void = dataclasses.replace(finding.opinions[0], applicable=False, llr=None, reason="too small")
    rows = opinion_rows(dataclasses.replace(finding, opinions=(void, *finding.opinions[1:])))
    assert (rows[-1].void, rows[-1].adds, rows[-1].alone) == (True, "–", "–")
    assert rows[-1].reason == "too small"


def test_hostile_text_stays_text(encode, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "<script>alert('maker')</script>"
    evidence = load_evidence(encode("JPEG", exif=exif), name="<img src=x onerror=alert(1)>.jpg")
    finding = Examiner().examine(evidence)
    entry = write_report(finding, tmp_path, "r", "<img src=x onerror=alert(1)>.jpg")
    index = write_index([entry], [("<b>x</b>", "<i>no</i>")], tmp_path)
    report = tmp_path / entry.report
    for path in (report, index):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>x" not in text
    assert "&lt;script&gt;alert" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "a/b\\c.jpg", "…", "", ".hidden", "x" * 500, "a\nb.png"]
)
def test_file_names_stay_in_the_folder(photo_evidence, name):
    stem = file_stem(dataclasses.replace(photo_evidence, name=name))
    assert re.fullmatch(r"[\w-][\w.-]{0,80}", stem, re.ASCII)
    assert ".." not in stem[:3]


@pytest.mark.parametrize("name", TRACES)
def test_a_preview_by_strips_equals_the_whole(name):
    pixels = np.random.default_rng(0).integers(0, 256, (2100, 40, 3), np.uint8)
    width, height = preview_size(40, 2100)
    whole = Image.fromarray(np.rint(TRACES[name].compute(pixels) * 255).astype(np.uint8))
    reduced = np.asarray(whole.resize((width, height), Image.Resampling.BOX)).astype(int)
    assert np.abs(preview_map(TRACES[name], pixels) - reduced).max() <= 1


def test_previews_never_enlarge():
    assert preview_size(300, 200) == (300, 200)
    assert preview_size(12_000, 3) == (1280, 1)


def test_saved_map(tmp_path):
    values = np.array([[0, 0.5, 1]], dtype=np.float32)
    save_map(values, tmp_path / "m.png")
    assert np.asarray(Image.open(tmp_path / "m.png")).tolist() == [[0, 128, 255]]
