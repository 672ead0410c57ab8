"""A conclusion per examiner, peer review, preconditions and drafts."""

import pytest

from .conftest import BOTH


@pytest.fixture
def evidence(eve, tiny) -> str:
    return eve.upload(eve.case(), tiny()).json["id"]


@pytest.fixture
def bob(workbench, eve, evidence):
    case = eve.get(f"/api/v1/evidence/{evidence}").json["case_id"]
    person = workbench.person("Bob")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    return person


def said(person, evidence: str) -> list[dict]:
    return person.get(f"/api/v1/evidence/{evidence}/conclusions").json["items"]


def review(person, evidence: str, conclusion: str, verdict: str, text: str = ""):
    path = f"/api/v1/evidence/{evidence}/conclusions/{conclusion}/reviews"
    return person.post(path, json={"verdict": verdict, "text": text})


@BOTH
def test_a_second_examiner_does_not_overwrite_the_first(eve, bob, evidence):
    assert eve.conclude(evidence, "consistent", "as it is").status_code == 200
    assert bob.conclude(evidence, "inconsistent", "the shadow").status_code == 200
    assert eve.conclude(evidence, "inconclusive", "on second thoughts").status_code == 200
    own, other = said(eve, evidence)
    assert (own["by"], own["outcome"], own["text"]) == ("Eve", "inconclusive", "on second thoughts")
    assert [(one["outcome"], one["text"]) for one in own["earlier"]] == [("consistent", "as it is")]
    assert (other["by"], other["outcome"], other["earlier"]) == ("Bob", "inconsistent", [])


def test_what_was_changed_in_another_window_is_not_overwritten(eve, evidence):
    path, body = f"/api/v1/evidence/{evidence}/conclusion", {"outcome": "consistent"}
    first = eve.ask("PUT", path, json=body, headers={"If-None-Match": "*"})
    assert first.headers["ETag"] == f'"{first.json["id"]}"'
    seen = {"If-Match": first.headers["ETag"]}
    assert eve.ask("PUT", path, json={"outcome": "inconclusive"}, headers=seen).status_code == 200
    for stale in (seen, {"If-None-Match": "*"}, {"If-Match": "*"}):
        refused = eve.ask("PUT", path, json=body, headers=stale)
        assert refused.status_code in {412, 428}
    assert eve.ask("PUT", path, json=body, headers=seen).json["detail"] == (
        "your conclusion was changed since you read it, so nothing is overwritten; read it again first"
    )
    assert "If-Match" in eve.ask("PUT", path, json=body).json["detail"]
    assert [one["outcome"] for one in said(eve, evidence)] == ["inconclusive"]


def test_a_case_is_changed_only_as_it_was_read(eve):
    case = eve.case("First title")
    seen = {"If-Match": eve.get(f"/api/v1/cases/{case}").headers["ETag"]}
    assert eve.change_case(case, title="Second title").status_code == 200
    stale = eve.ask("PATCH", f"/api/v1/cases/{case}", json={"title": "Third"}, headers=seen)
    assert (stale.status_code, eve.get(f"/api/v1/cases/{case}").json["title"]) == (412, "Second title")
    assert eve.ask("PATCH", f"/api/v1/cases/{case}", json={"title": "Third"}).status_code == 428


@BOTH
def test_peers_agree_disagree_and_sign_off(workbench, eve, bob, evidence):
    conclusion = eve.conclude(evidence, "consistent").json["id"]
    assert review(eve, evidence, conclusion, "agree").status_code == 409
    assert review(bob, evidence, conclusion, "disagree", "  ").status_code == 422
    assert review(bob, evidence, conclusion, "disagree", "the shadow").status_code == 201
    assert eve.get(f"/api/v1/evidence/{evidence}/conclusions").json["disagreement"] is True
    shown = eve.get(f"/api/v1/evidence/{evidence}").json
    assert (shown["disagreement"], shown["conclusions"][0]["disagree"]) == (True, ["Bob"])
    assert review(bob, evidence, conclusion, "sign-off").status_code == 201
    shown = eve.get(f"/api/v1/evidence/{evidence}").json
    assert (shown["disagreement"], shown["conclusions"][0]["signed_off"]) == (False, ["Bob"])
    assert [one["verdict"] for one in said(eve, evidence)[0]["reviews"]] == ["sign-off"]


def test_a_conclusion_that_was_replaced_is_not_reviewed(eve, bob, evidence):
    old = eve.conclude(evidence, "consistent").json["id"]
    eve.conclude(evidence, "inconsistent")
    refused = review(bob, evidence, old, "agree")
    assert refused.status_code == 412
    assert (
        refused.json["detail"] == "Eve has recorded a new conclusion since you read this; read it again first"
    )
    assert review(bob, evidence, "0" * 32, "agree").status_code == 404


def test_differing_outcomes_are_a_disagreement_on_card_and_report(workbench, eve, bob, evidence):
    workbench.work()
    eve.conclude(evidence, "consistent", "<b>plain</b>")
    assert "disagree" not in eve.get(f"/api/v1/evidence/{evidence}/report.html").text
    bob.conclude(evidence, "inconsistent")
    case = eve.get(f"/api/v1/evidence/{evidence}").json["case_id"]
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["items"][0]["disagreement"] is True
    report = eve.get(f"/api/v1/evidence/{evidence}/report.html").text
    assert "The examiners disagree." in report
    assert "&lt;b&gt;plain&lt;/b&gt;" in report
    assert report.index('id="answer"') < report.index('id="examiners"') < report.index('id="limits"')


def test_a_draft_is_ones_own_and_goes_when_it_is_recorded(eve, bob, evidence):
    at = f"/api/v1/evidence/{evidence}/drafts"
    kept = eve.ask("PUT", f"{at}/conclusion", json={"choice": "inconsistent", "text": "half a sen"})
    assert (kept.status_code, kept.json["choice"]) == (200, "inconsistent")
    eve.ask("PUT", f"{at}/conclusion", json={"choice": None, "text": "half a sentence"})
    eve.ask("PUT", f"{at}/note", json={"text": "ask the agency"})
    assert [(one["subject"], one["text"]) for one in eve.get(at).json["items"]] == [
        ("conclusion", "half a sentence"),
        ("note", "ask the agency"),
    ]
    assert bob.get(at).json["items"] == []
    eve.conclude(evidence, "inconsistent", "a whole sentence")
    eve.post(f"/api/v1/evidence/{evidence}/notes", json={"text": "asked the agency"})
    assert eve.get(at).json["items"] == []
    eve.ask("PUT", f"{at}/note", json={"text": "no more"})
    assert eve.ask("DELETE", f"{at}/note").status_code == 204
    assert eve.get(at).json["items"] == []
    assert eve.ask("PUT", f"{at}/diary", json={"text": "x"}).status_code == 405
