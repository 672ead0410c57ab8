"""A request that is sent again with its key is done once."""

import pytest

from tamperlens.service._tables import Answer

from .conftest import BOTH

pytestmark = BOTH
KEY = {"Idempotency-Key": "claim-1234/1"}


def test_a_case_is_opened_once_and_answered_alike(workbench, eve):
    first = eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    second = eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert eve.get("/api/v1/cases").json["total"] == 1


def test_a_file_is_kept_once_though_the_form_differs(workbench, eve, tiny):
    case, image = eve.case(), tiny()
    first, second = (eve.upload(case, image, headers=KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json["id"] == first.json["id"]
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["total"] == 1


def test_another_file_under_the_same_key_is_refused_and_none_is_lost(workbench, eve, tiny):
    case = eve.case()
    assert eve.upload(case, tiny(), headers=KEY).status_code == 201
    other = eve.upload(case, tiny(1), headers=KEY)
    assert other.status_code == 422
    assert "another request" in other.json["detail"]
    assert eve.upload(case, tiny(1), headers={"Idempotency-Key": "new"}).status_code == 201


def test_another_persons_key_is_another(workbench, eve, ada):
    mine = eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    theirs = ada.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    assert mine.json["id"] != theirs.json["id"]


def test_what_was_refused_may_be_asked_again(workbench, eve):
    assert eve.post("/api/v1/cases", json={"title": ""}, headers=KEY).status_code == 422
    assert eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY).status_code == 201


def test_a_request_without_a_known_end_is_never_done_again(workbench, eve):
    """As where the server was killed between doing and answering."""
    first = eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    with workbench.database.write() as session:
        session.query(Answer).update({"status": None, "body": None})
    again = eve.post("/api/v1/cases", json={"title": "Claim"}, headers=KEY)
    assert again.status_code == 409
    assert "look whether it was done" in again.json["detail"]
    assert [case["id"] for case in eve.get("/api/v1/cases").json["items"]] == [first.json["id"]]


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
def test_a_key_that_cannot_be_kept_is_refused(workbench, eve, key):
    answer = eve.post("/api/v1/cases", json={"title": "Claim"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert "printable" in answer.json["detail"]


def test_secrets_are_not_kept_to_be_told_again(workbench, eve):
    made = [eve.post("/api/v1/tokens", json={"name": "script"}, headers=KEY) for _ in range(2)]
    assert made[0].json["secret"] != made[1].json["secret"]
    with workbench.database.read() as session:
        assert session.query(Answer).count() == 0
