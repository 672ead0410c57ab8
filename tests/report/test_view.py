"""What a report says, whatever it is printed on."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from tamperlens.examine import DETECTORS, SYSTEMS, Examiner
from tamperlens.examine._systems import EXPLANATIONS, explanation_name, map_words, title
from tamperlens.report import (
    answer_words,
    finding_to_json,
    print_finding,
    print_findings,
    report_view,
    write_report,
)
from tamperlens.report import words as sentences
from tamperlens.report.words import KIND_WORDS, support

INTERNAL = re.compile(
    r"fused-map|cam_plus|multi-fusion-(fused|cam|attention)|multi-fusion (fused|cam)|\bllr\b"
)


@pytest.fixture(scope="module")
def finding(photo_evidence):
    return Examiner().examine(photo_evidence, explain=True)


def changed(finding, **changes):
    return msgspec.structs.replace(finding.document, **changes)


def test_support_in_words_follows_the_ratio(finding):
    said = {
        0.1: "support neither", 0.5: "3.2 times", 1.5: "moderate support", 3.2: "strong support",
        -2.5: "was not altered", 5: "100,000 times",
    }  # fmt: skip
    for ratio, words in said.items():
        assert words in support(changed(finding, log10_lr=ratio))
    assert "support" not in support(changed(finding, log10_lr=0.5))
    assert support(changed(finding, log10_lr=None)) == ""


def test_void_opinions_are_gray_and_last(finding):
    void = msgspec.structs.replace(
        finding.opinions[0], applicable=False, score=None, log10_lr=None, reason="too small"
    )
    rows = report_view(changed(finding, opinions=(void, *finding.opinions[1:]))).opinions.rows
    assert (rows[-1].void, rows[-1].adds, rows[-1].alone) == (True, "–", "–")
    assert rows[-1].reason == "too small"


def test_no_score_is_said_and_never_made_up(finding):
    view = report_view(
        changed(finding, score=None, thresholds=None, absent={"score": "this looks like no photograph"})
    )
    assert (view.gauge.score, view.gauge.text, view.support) == (None, "–", "")
    assert view.gauge.note == "No score is given, because this looks like no photograph."


@pytest.mark.parametrize(("kind", "ticked"), [("copy-move", True), (None, False)])
def test_only_a_kind_that_is_named_is_ticked(finding, kind, ticked):
    kinds = {"splicing": 0.3, "copy-move": 0.7}
    view = report_view(changed(finding, kind=kind, kinds=kinds)).kinds
    assert {row.title: row.ticked for row in view.rows} == {"Splicing": False, "Copy-move": ticked}
    assert [row.probability for row in view.rows] == sorted(kinds.values(), reverse=True)
    assert ("most likely by copy-move (70\N{NO-BREAK SPACE}%)" in view.sentence) == ticked


def test_why_no_kind_is_named_is_the_findings_own_reason(finding):
    document = changed(finding, kind=None, kinds={}, absent={"kind": "no part of the image is marked"})
    assert report_view(document).kinds.sentence == "No kind of edit is named: no part of the image is marked."


def test_every_name_in_a_finding_has_a_title_for_people(finding):
    names = [*DETECTORS, *SYSTEMS, *finding.maps, *(o.system for o in finding.opinions)]
    names += [explanation_name(output) for output in EXPLANATIONS]
    for name in names:
        assert title(name) != name
    assert all(map_words(name).reading for name in finding.maps)
    assert len({map_words(name).title for name in finding.maps}) == len(finding.maps)


def test_internal_names_appear_nowhere_a_person_reads(finding, tmp_path, capsys):
    text = (tmp_path / write_report(finding, tmp_path, "r").report).read_text(encoding="utf-8")
    seen = re.sub(r"<script>.*?</script>|<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    row = json.loads(json.dumps(finding_to_json(finding, "a.jpg")))
    print_finding(row)
    print_findings([row, row])
    assert not INTERNAL.search(seen + capsys.readouterr().out)
    for kind in ("copy-move", "ai-edit"):
        assert KIND_WORDS[kind][0] != kind


def test_terminal_and_page_say_the_same(finding, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    view = report_view(finding.document)
    print_finding(finding_to_json(finding), verbose=True)
    printed = " ".join(capsys.readouterr().out.split())
    page = (tmp_path / write_report(finding, tmp_path, "r").report).read_text(encoding="utf-8")
    text = " ".join(page.split())
    card = view.answer
    said = (card.what, card.where, card.next[0], view.headline, view.gauge.note, view.opinions.rows[0].title)
    for sentence in said:
        assert " ".join(sentence.split()) in printed
        assert " ".join(sentence.split()) in text


def test_no_sentence_about_a_finding_stands_in_another_place():
    """A sentence is written in `words` alone; pages, templates and typst print what they are given."""
    root = Path(sentences.__file__).parents[3]
    places = [*(root / "ui/src/words").iterdir(), *(root / "src/tamperlens/report/templates").iterdir()]
    texts = {place.name: place.read_text(encoding="utf-8") for place in places}
    written = (*vars(sentences).values(), *vars(answer_words).values())
    said = [value for value in written if isinstance(value, str) and value.count(" ") > 4]
    said += sentences._MEANINGS.values()
    parts = [part for text in said for part in text.split(". ") if part.count(" ") > 4]
    assert len(parts) > 20
    for part in parts:
        assert not [name for name, text in texts.items() if part in text]
