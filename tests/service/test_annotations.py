"""Regions that examiners draw: seen by all of a case, changed by their author alone, kept in the ledger."""

import json

import pytest
import sqlalchemy as sa

from tamperlens.custody import Trusted, verify_bundle

from .conftest import BOTH

BOX = {"shape": "rectangle", "points": [[10, 20], [40, 60]], "text": "the shadow"}
OUTLINE = {"shape": "outline", "points": [[0, 0], [96, 0], [50, 96]], "text": ""}


@pytest.fixture
def evidence(workbench, eve, tiny) -> str:
    key = eve.upload(eve.case(), tiny()).json["id"]
    workbench.work()
    return key


@pytest.fixture
def bob(workbench, eve, evidence):
    case = eve.get(f"/api/v1/evidence/{evidence}").json["case_id"]
    person = workbench.person("Bob")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    return person


def at(evidence: str, one: dict | None = None) -> str:
    return f"/api/v1/evidence/{evidence}/annotations" + (f"/{one['id']}" if one else "")


def seen(one: dict) -> dict[str, str]:
    return {"If-Match": f'"{one["version"]}"'}


@BOTH
def test_all_see_what_each_drew_and_only_its_author_changes_it(eve, bob, evidence):
    drawn = eve.post(at(evidence), json=BOX)
    assert (drawn.status_code, drawn.headers["ETag"]) == (201, f'"{drawn.json["version"]}"')
    assert bob.post(at(evidence), json=OUTLINE).status_code == 201
    first, second = bob.get(at(evidence)).json["items"]
    assert (first["by"], first["points"], first["text"], first["changed_at"]) == (
        "Eve", [[10, 20], [40, 60]], "the shadow", None,
    )  # fmt: skip
    assert (second["by"], second["shape"]) == ("Bob", "outline")
    for method in ("PUT", "DELETE"):
        refused = bob.ask(method, at(evidence, first), json=BOX, headers=seen(first))
        assert (refused.status_code, refused.json["detail"]) == (
            403, "only Eve, who drew this, may change or remove it",
        )  # fmt: skip
    changed = eve.ask("PUT", at(evidence, first), json={**BOX, "text": "no shadow"}, headers=seen(first))
    assert (changed.status_code, changed.json["text"]) == (200, "no shadow")
    assert changed.json["changed_at"]
    assert eve.ask("DELETE", at(evidence, first), headers=seen(first)).status_code == 412
    assert eve.ask("DELETE", at(evidence, first)).status_code == 428
    assert eve.ask("DELETE", at(evidence, first), headers=seen(changed.json)).status_code == 204
    assert [one["by"] for one in eve.get(at(evidence)).json["items"]] == ["Bob"]


def test_the_draft_of_a_comment_goes_when_it_is_recorded(eve, evidence):
    drafts = f"/api/v1/evidence/{evidence}/drafts"
    assert eve.ask("PUT", f"{drafts}/annotation", json={"text": "half"}).status_code == 200
    one = eve.post(at(evidence), json=BOX).json
    assert eve.get(drafts).json["items"] == []
    eve.ask("PUT", f"{drafts}/annotation-{one['id']}", json={"text": "half"})
    eve.ask("PUT", at(evidence, one), json={**BOX, "text": "whole"}, headers=seen(one))
    assert eve.get(drafts).json["items"] == []


WRONG = [
    {**BOX, "points": [[40, 60], [10, 20]]},
    {**BOX, "points": [[10, 20], [10, 60]]},
    {**BOX, "points": [[10, 20], [40, 60], [1, 1]]},
    {**OUTLINE, "points": [[0, 0], [5, 5]]},
    {**BOX, "points": [[-1, 20], [40, 60]]},
    {**BOX, "points": [[1.5, 20], [40, 60]]},
    {**BOX, "points": [[10, 20], [97, 60]]},
    {**BOX, "points": [[10, 20, 3], [40, 60, 3]]},
    {**BOX, "shape": "circle"},
    {**BOX, "text": "a\u0000b"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_region_of_the_image_is_refused(eve, evidence, wrong):
    assert eve.post(at(evidence), json=wrong).status_code == 422
    assert eve.get(at(evidence)).json["items"] == []


def test_it_is_found_by_its_comment_and_told_in_the_history(eve, evidence):
    one = eve.post(at(evidence), json=BOX).json
    assert [item["id"] for item in eve.get("/api/v1/search?words=SHADOW").json["items"]] == [evidence]
    eve.ask("DELETE", at(evidence, one), headers=seen(one))
    removed, drawn = eve.get(f"/api/v1/evidence/{evidence}/history").json["items"][:2]
    assert (removed["action"], removed["details"]) == ("annotation removed", {"annotation": one["id"]})
    assert (drawn["action"], drawn["details"]["points"]) == ("annotated", BOX["points"])


def test_the_report_shows_every_region_with_its_number_and_comment(eve, bob, evidence):
    assert "Regions that examiners marked" not in eve.get(f"/api/v1/evidence/{evidence}/report.html").text
    eve.post(at(evidence), json={**BOX, "text": "<b>plain</b>"})
    bob.post(at(evidence), json=OUTLINE)
    report = eve.get(f"/api/v1/evidence/{evidence}/report.html").text
    assert 'd="M10 20L40 20L40 60L10 60Z"' in report
    assert 'd="M0 0L96 0L50 96Z"' in report
    assert "&lt;b&gt;plain&lt;/b&gt;" in report
    assert "rectangle of 30 × 40 px at (10, 20)" in report
    assert report.index('id="answer"') < report.index('id="examiners"') < report.index('id="limits"')


EDITS = {
    "a comment": "UPDATE annotations SET text = 'forged' WHERE by = 'Eve'",
    "its author": "UPDATE annotations SET by = 'Mallory' WHERE by = 'Eve'",
    "where it lies": "UPDATE annotations SET points = '[[0, 0], [9, 9]]' WHERE by = 'Eve'",
    "one taken out": "DELETE FROM annotations WHERE by = 'Eve'",
}


@pytest.fixture
def annotated(eve, bob, evidence) -> str:
    """The case: one changed, one removed, one left as it was."""
    kept, gone = (eve.post(at(evidence), json=BOX).json for _ in range(2))
    eve.ask("PUT", at(evidence, kept), json={**BOX, "text": "at last"}, headers=seen(kept))
    eve.ask("DELETE", at(evidence, gone), headers=seen(gone))
    bob.post(at(evidence), json=OUTLINE)
    return eve.get(f"/api/v1/evidence/{evidence}").json["case_id"]


def test_the_bundle_carries_them_and_holds_up(eve, annotated):
    answer = eve.get(f"/api/v1/cases/{annotated}/bundle")
    assert answer.status_code == 200, answer.text
    opened = verify_bundle(answer.data, Trusted())
    assert next(check for check in opened.checks if check.name == "case").state == "passed"
    (one,) = json.loads(opened.members["case.json"])["evidence"]
    assert [(each["by"], each["text"]) for each in one["annotations"]] == [("Eve", "at last"), ("Bob", "")]


@pytest.mark.parametrize("edit", EDITS)
def test_a_case_whose_regions_were_edited_by_hand_is_not_signed(workbench, eve, annotated, edit):
    with workbench.database.write() as session:
        session.execute(sa.text(EDITS[edit]))
    answer = eve.get(f"/api/v1/cases/{annotated}/bundle")
    assert (answer.status_code, "annotations are not those" in answer.json["detail"]) == (409, True)
