"""The case on paper: what the machine found and people wrote, the chain of custody, a line to sign."""

import io

import pytest
from pypdf import PdfReader

from tamperlens.service._tables import Case, Record
from tamperlens.service.cases import case_report

from .conftest import BOTH


@pytest.fixture
def told(workbench, eve, ada, tiny):
    """A case with a finding, two conclusions that differ, a note, a region, and an image that waits."""
    case = eve.post("/api/v1/cases", json={"title": "Claim 1234", "description": "Water damage"}).json["id"]
    image = eve.upload(case, tiny(), "kitchen 廚房.jpg").json["id"]
    workbench.work()
    eve.upload(case, tiny(1), "later.jpg")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Ada", "access": "write"})
    eve.conclude(image, "inconsistent", "The shadow falls\nthe wrong way.")
    mine = ada.conclude(image, "consistent").json["id"]
    review = {"verdict": "disagree", "text": "Look at the window."}
    eve.post(f"/api/v1/evidence/{image}/conclusions/{mine}/reviews", json=review)
    eve.post(f"/api/v1/evidence/{image}/notes", json={"text": "Asked for the original."})
    region = {"shape": "rectangle", "points": [[8, 8], [40, 40]], "text": "this shadow"}
    assert eve.post(f"/api/v1/evidence/{image}/annotations", json=region).status_code == 201
    return case


def words_of(answer):
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


@BOTH
def test_everything_that_was_found_and_written_is_on_paper(workbench, eve, told):
    asked = "?request=Claims+department&organisation=Example+Insurance"
    pages = words_of(eve.get(f"/api/v1/cases/{told}/report.pdf{asked}"))
    text = " ".join(pages)
    for words in (
        "Case report", "Claim 1234", "Water damage", "Claims department", "Example Insurance", "Eve",
        "The shadow falls", "Look at the window.", "Ada", "The examiners disagree.", "this shadow",
        "Asked for the original.", "later.jpg", "not examined (queued)", "Chain of custody", "was intact",
        "Signature of the examiner in charge",
    ):  # fmt: skip
        assert words in text, words
    assert len(pages) <= 5
    assert f"Page 1 of {len(pages)}" in pages[0]


def test_it_leaves_recorded_and_the_annex_lists_every_record(workbench, eve, told):
    plain = words_of(eve.get(f"/api/v1/cases/{told}/report.pdf"))
    pages = words_of(eve.get(f"/api/v1/cases/{told}/report.pdf?annex=1&paper=letter"))
    assert len(pages) > len(plain)
    with workbench.database.read() as session:
        records = session.query(Record).filter_by(case_id=told).order_by(Record.seq).all()
        exports = [record for record in records if record.action == "exported"]
    assert len(exports) == 2
    annex = " ".join(pages)
    for record in records[:-1]:
        assert f"{record.seq} {record.at[:19].replace('T', ' ')}" in annex, record.action
    assert "signing" not in annex


def test_the_same_case_says_the_same(workbench, eve, told):
    with workbench.database.read() as session:
        store = workbench.app.extensions["tamperlens.store"]
        case = session.get(Case, told)
        first, second = (case_report(session, case, store) for _ in range(2))
    assert first == second
    assert first.told == (1, 2)
    assert first.images[0].regions[0].points[0] == (8 / 96, 8 / 96)


def test_a_deleted_image_is_named_with_its_reason(workbench, eve, told):
    image = eve.get(f"/api/v1/cases/{told}/evidence").json["items"][0]
    deleted = eve.post(f"/api/v1/evidence/{image['id']}/deletion", json={"reason": "handed in by mistake"})
    assert deleted.status_code in {200, 204}, deleted.text
    text = " ".join(words_of(eve.get(f"/api/v1/cases/{told}/report.pdf")))
    assert "handed in by mistake" in text
    assert image["sha256"][:16] in text.replace(" ", "")


def test_nobody_prints_a_foreign_case(workbench, eve, told):
    assert workbench.person("Zoe").get(f"/api/v1/cases/{told}/report.pdf").status_code == 404


def test_a_case_too_large_for_paper_says_where_everything_is(workbench, eve, told, monkeypatch):
    monkeypatch.setattr("tamperlens.service.cases._case_report._MOST_IMAGES", 1)
    answer = eve.get(f"/api/v1/cases/{told}/report.pdf")
    assert answer.status_code == 409
    assert "has 2 images" in answer.json["detail"]


def test_a_report_of_chosen_images_tells_these_alone(workbench, eve, told):
    first = eve.get(f"/api/v1/cases/{told}/evidence?sort=name").json["items"][0]
    pages = words_of(eve.get(f"/api/v1/cases/{told}/report.pdf?annex=1&evidence={first['id']}"))
    text = " ".join(pages)
    assert "selected images of the case" in text
    assert "The shadow falls" in text
    assert "later.jpg" not in text
    assert "case opened" not in text
    last = eve.get(f"/api/v1/cases/{told}/history").json["items"][0]
    assert last["details"] == {"file": "report.pdf", "images": 1}


def test_a_chosen_image_of_another_case_is_refused(eve, told, tiny):
    other = eve.upload(eve.case(), tiny()).json["id"]
    answer = eve.get(f"/api/v1/cases/{told}/report.pdf?evidence={other}")
    assert (answer.status_code, answer.json["detail"]) == (
        409,
        "not every image that was chosen is in this case",
    )
    assert eve.get(f"/api/v1/cases/{told}/report.pdf?evidence=x").status_code == 422
