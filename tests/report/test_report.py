"""What people and programs read."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import msgspec
import numpy as np
import pypdf
import pytest
from PIL import Image

from tamperlens.errors import UnknownNameError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import MASK, Examiner, LookedMaps, Maps, MarkedRegion
from tamperlens.examine._described import copied_pair
from tamperlens.report import (
    error_to_json,
    file_stem,
    finding_to_json,
    report_view,
    save_map,
    write_index,
    write_mask,
    write_pdf,
    write_report,
)
from tamperlens.report.drawn import MARK, Drawn
from tamperlens.report.paper import Paper, TitleBlock
from tamperlens.report.pictures import copies_layer, laid_over, mask_layer, preview_size, reduced
from tamperlens.report.schema import document_schema, field_table
from tamperlens.traces import LOOKED, MEASURED
from tamperlens.traces.copies._copied_regions import Region
from tamperlens.traces.copies._copy_move import Copy

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/finding.schema.json").read_text(encoding="utf-8"))


_FOLDED = r"<details\b[^>]*>\s*<summary>(.*?)</summary>(?:(?!<details\b).)*?</details>"


@pytest.fixture(scope="module")
def finding(photo_evidence):
    return Examiner().examine(photo_evidence)


def read(path):
    return path.read_text(encoding="utf-8")


def with_mask(finding, mask, **changes):
    """The finding with another mask."""
    maps = finding.maps.also({MASK: mask})
    return replace(finding, mask=mask, maps=maps).saying(marked_share=float((mask >= 0.5).mean()), **changes)


def test_json_follows_the_published_schema(finding):
    plain = json.loads(json.dumps(finding_to_json(finding, "a/coffee.jpg")))
    jsonschema.validate(plain, SCHEMA)
    jsonschema.validate(error_to_json("a.jpg", ValueError("no")), SCHEMA)
    for wrong in ({"outcome": "fake"}, {"score": 1.5}, {"kind": "magic"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**plain, **wrong}, SCHEMA)


def test_the_published_schema_is_that_of_the_types():
    generated = json.loads(json.dumps(document_schema()))
    assert generated == SCHEMA, "run: python -m tamperlens.report.schema docs"
    assert field_table() in read(ROOT / "docs/json.md")


def test_every_field_of_the_schema_says_what_it_is():
    for name, part in SCHEMA["$defs"].items():
        for field, schema in part["properties"].items():
            assert schema.get("description"), (name, field)


@pytest.mark.parametrize("systems", [None, ["lightweight-cnn"], ["unet-localizer"]])
@pytest.mark.parametrize("shape", [(256, 384), (5, 900)])
def test_what_is_absent_has_its_reason_and_nothing_else(photo, systems, shape):
    pixels = np.resize(photo, (*shape, 3))
    found = Examiner(systems).examine(load_evidence(encode_jpeg(pixels, 90)))
    plain = finding_to_json(found, "a.jpg")
    assert {name for name, value in plain.items() if value is None} == set(plain["absent"])
    assert all(one["score"] is not None or one["reason"] for one in plain["opinions"])
    written = finding_to_json(found, "a.jpg", Path("m.png"))
    assert (written["mask_file"], "mask_file" in written["absent"]) == ("m.png", False)


def test_a_finding_survives_its_json(finding):
    plain = finding_to_json(finding, "a/coffee.jpg")
    document = msgspec.convert(json.loads(json.dumps(plain)), type(finding.document))
    assert finding_to_json(replace(finding, document=document)) == plain


def test_mask_is_written_at_the_images_own_size(finding, tmp_path):
    assert write_mask(replace(finding, mask=None), tmp_path, "m") is None
    height, width = finding.evidence.height, finding.evidence.width
    mask = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(height, axis=0)
    written = Image.open(write_mask(replace(finding, mask=mask), tmp_path, "m"))
    assert (written.mode, written.size) == ("L", (width, height))
    np.testing.assert_array_equal(np.asarray(written), np.rint(mask * 255))


def test_report_shows_where_and_the_suspicious_parts(finding, tmp_path):
    mask = np.zeros_like(finding.mask)
    mask[40:90, 200:260] = 0.9
    region = MarkedRegion(120, 16, 224, 224, 0.9)
    found = with_mask(finding, mask, mask_threshold=0.5, regions=(region,), outcome="inconclusive")
    text = read(tmp_path / write_report(found, tmp_path, "w").report)
    share = 100 * 50 * 60 / mask.size
    assert f"{share:.1f} % of the area reaches 0.50, the level" in text
    assert "224 × 224 px, 120 from the left, 16 from the top" in text
    assert "untouched photographs can show as much" in text
    nothing = with_mask(found, np.zeros_like(mask), regions=())
    assert "No part of the image reaches 0.50" in read(tmp_path / write_report(nothing, tmp_path, "n").report)
    silent = replace(found, mask=None, maps=Maps({}, LookedMaps(finding.evidence)))
    silent = silent.saying(mask_threshold=None, marked_share=None, regions=(), maps=tuple(silent.maps))
    assert "Outline of the mask" not in read(tmp_path / write_report(silent, tmp_path, "s").report)


def test_outline_runs_along_the_mask_and_hides_nothing_else():
    picture, mask = Image.new("RGB", (60, 40), (9, 99, 199)), np.zeros((40, 60), bool)
    mask[10:30, 20:40] = True
    marked = np.asarray(laid_over(picture, mask_layer(mask)))
    assert tuple(marked[10, 30]) == (255, 140, 0)
    assert tuple(marked[9, 30]) == (0, 0, 0)
    assert tuple(marked[20, 30]) == tuple(marked[3, 3]) == (9, 99, 199)
    whole = laid_over(picture, mask_layer(np.ones((40, 60), bool)))
    assert np.array_equal(np.asarray(whole), np.asarray(picture))


def test_report_is_self_contained_and_repeatable(finding, tmp_path):
    text = read(tmp_path / write_report(finding, tmp_path, "r", "a/coffee.jpg").report)
    write_report(finding, tmp_path, "again", "a/coffee.jpg")
    assert read(tmp_path / "again.html") == text
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    links = {one for one in addresses if not one.startswith(("data:", "#"))}
    assert links
    assert all((tmp_path / link).is_file() and link.startswith("cards/") for link in links)
    assert "default-src 'none'" in text
    assert finding.evidence.sha256 in text
    for trace in LOOKED.values():
        assert trace.title in text
    alone = read(tmp_path / write_report(finding, tmp_path, "alone", with_cards=False).report)
    assert not re.findall(r'(?:src|href)="(?!data:|#)', alone)


def test_the_photograph_is_in_a_report_once(finding, tmp_path):
    found = finding.saying(kinds={"splicing": 1.0}, kind="splicing")
    text = read(tmp_path / write_report(found, tmp_path, "r").report)
    photographs = re.findall(r"data:image/jpeg;base64,[^\"]{20000,}", text)
    assert len(photographs) == 1
    assert text.count('href="#photograph"') >= 4


def test_before_unfolding_a_report_has_few_words(finding, tmp_path):
    found = with_copy(finding).saying(outcome="inconsistent")
    text = read(tmp_path / write_report(found, tmp_path, "w").report)
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", text, flags=re.DOTALL)
    while (shorter := re.sub(_FOLDED, r"\1", text, flags=re.DOTALL)) != text:
        text = shorter
    assert 300 < len(re.sub(r"<[^>]+>", " ", text).split()) <= 2500


@pytest.mark.parametrize("quality", [90, 98])
def test_a_map_that_can_show_nothing_is_not_drawn(finding, quality):
    found = Examiner(["lightweight-cnn"]).examine(
        load_evidence(encode_jpeg(finding.evidence.pixels, quality))
    )
    page = next(p for p in report_view(found.document).traces if p.name == "resampling")
    assert ("resampling" not in found.maps) == (page.void != "") == (quality < 96)


def test_one_examination_with_html_and_pdf_measures_each_trace_once(photo, tmp_path, monkeypatch):
    measured = []
    for name, trace in LOOKED.items():

        def counted(pixels, name=name, compute=trace.compute):
            measured.append(name)
            return compute(pixels)

        monkeypatch.setitem(LOOKED, name, replace(trace, compute=counted))
    measured_traces = {
        name: replace(
            trace, measure=lambda evidence, name=name, of=trace.measure: measured.append(name) or of(evidence)
        )
        for name, trace in MEASURED.items()
    }
    monkeypatch.setattr("tamperlens.examine.fused._measuring.MEASURED", measured_traces)
    found = Examiner().examine(load_evidence(encode_jpeg(photo, 97), name="a.jpg"), explain=True)
    write_report(found, tmp_path, "a")
    write_pdf(found, tmp_path, "a")
    write_report(found, tmp_path, "b")
    assert sorted(measured) == sorted([*LOOKED, *MEASURED])


def test_pdf_is_the_same_again_and_says_the_same(finding, tmp_path):
    found = with_copy(finding)
    first, second = (write_pdf(found, tmp_path, stem, "a/coffee.jpg") for stem in "ab")
    data = first.read_bytes()
    assert data == second.read_bytes()
    assert data.startswith(b"%PDF")


@pytest.mark.parametrize(("size", "sheet"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_paper_has_its_title_block_its_size_and_a_line_to_sign_on(finding, tmp_path, size, sheet):
    found = with_copy(finding).saying(outcome="inconsistent")
    title = TitleBlock(case="2026-17", exhibit="A-3", examiner="J. Doe", date="2026-11-30 10:00 +01:00")
    pages = pypdf.PdfReader(write_pdf(found, tmp_path, "p", paper=Paper(title=title, size=size))).pages
    assert 3 <= len(pages) <= 5
    assert [round(side) for side in pages[0].mediabox[2:]] == list(sheet)
    first, last = pages[0].extract_text(), pages[-1].extract_text()
    for said in ("2026-17", "A-3", "J. Doe", "+01:00", found.evidence.sha256, "Signs of alteration found"):
        assert said in first
    assert "Signature of the examiner" in last
    assert f"Page {len(pages)} of {len(pages)}" in last
    longer = write_pdf(found, tmp_path, "q", paper=Paper(size=size, annex=True))
    assert len(pypdf.PdfReader(longer).pages) > len(pages)


def test_paper_of_another_size_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'letter'"):
        Paper(size="leter")


def test_the_tint_follows_the_value_and_the_line_is_seen_at_any_size(finding):
    mask = np.zeros_like(finding.mask)
    mask[40:90, 200:260] = 1.0
    found = with_mask(finding, mask, mask_threshold=0.5)
    white = Image.new("RGB", (mask.shape[1], mask.shape[0]), "white")
    drawn = np.asarray(Drawn(found, white.size, outlined=True).over(white, MASK)).astype(int)
    assert np.abs(drawn[65, 230] - [255, 163, 229]).max() <= 2  # 40 % of the mark's colour over white
    assert tuple(drawn[5, 5]) == (255, 255, 255)
    assert tuple(drawn[65, 200]) == MARK
    small = white.resize((96, 64))
    assert (np.asarray(Drawn(found, white.size, outlined=True).over(small, "")) == MARK).all(axis=2).any()


def with_copy(finding):
    mask = np.ones((20, 30), bool)
    copy = Copy(Region(10, 10, mask), Region(200, 120, mask), 0.2, np.eye(2, 3), 1.0, 0.0, False, 12, 9.0)
    return replace(finding, copies=(copy,)).saying(copies=(copied_pair(copy),))


def test_copies_are_drawn_and_listed(finding, tmp_path):
    found = with_copy(finding)
    text = read(tmp_path / write_report(found, tmp_path, "c", "coffee.jpg").report)
    assert "Copied regions" in text
    plain = json.loads(json.dumps(finding_to_json(found, "a.jpg")))
    jsonschema.validate(plain, SCHEMA)
    assert plain["copies"][0]["target"] == {"left": 200, "top": 120, "width": 30, "height": 20}
    picture = Image.new("RGB", (384, 256), (9, 99, 199))
    drawn = np.asarray(laid_over(picture, copies_layer(found.copies, picture.size, 384)))
    assert tuple(drawn[10, 20]) == (90, 180, 255)
    assert tuple(drawn[120, 215]) == (255, 140, 0)
    assert (drawn[20:120, 40:200] == 255).all(axis=2).any()


def test_hostile_text_stays_text(encode, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "<script>alert('maker')</script>"
    evidence = load_evidence(encode("JPEG", exif=exif), name="<img src=x onerror=alert(1)>.jpg")
    finding = Examiner().examine(evidence)
    entry = write_report(finding, tmp_path, "r", "<img src=x onerror=alert(1)>.jpg")
    name = "<img src=x onerror=alert(1)>.jpg"
    rows = [finding_to_json(finding, name), error_to_json("<b>x</b>", ValueError("<i>no</i>"))]
    index = write_index(rows, {name: vars(entry)}, tmp_path)
    report = tmp_path / entry.report
    for path in (report, index):
        text = read(path)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>x" not in text
    assert "&lt;script&gt;alert" in read(report)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "a/b\\c.jpg", "…", "", ".hidden", "x" * 500, "a\nb.png"]
)
def test_file_names_stay_in_the_folder(photo_evidence, name):
    stem = file_stem(replace(photo_evidence, name=name))
    assert re.fullmatch(r"[\w-][\w.-]{0,80}", stem, re.ASCII)
    assert ".." not in stem[:3]


@pytest.mark.parametrize("name", LOOKED)
def test_levels_by_strips_are_those_of_the_whole(name):
    pixels = np.random.default_rng(0).integers(0, 256, (2100, 139, 3), np.uint8)
    looked = LookedMaps(load_evidence(encode_jpeg(pixels, 97)))
    whole = np.rint(LOOKED[name].compute(looked._pixels) * 255).astype(int)
    assert np.abs(looked.levels(name) - whole).max() <= 1


def test_previews_never_enlarge():
    assert preview_size(300, 200) == (300, 200)
    assert preview_size(12_000, 3) == (1280, 1)
    assert reduced(np.zeros((200, 300), np.uint8)).shape == (200, 300)
    assert reduced(np.zeros((2000, 3000), np.uint8)).shape == (853, 1280)


def test_saved_map(tmp_path):
    values = np.array([[0, 0.5, 1]], dtype=np.float32)
    save_map(values, tmp_path / "m.png")
    assert np.asarray(Image.open(tmp_path / "m.png")).tolist() == [[0, 128, 255]]
