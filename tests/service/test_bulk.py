"""One action for many images: what is done, what is skipped and why, what is recorded."""

import csv
import io

import pytest

from .conftest import BOTH


@pytest.fixture
def case(eve) -> str:
    return eve.case()


@pytest.fixture
def keys(eve, case, tiny) -> list[str]:
    return [eve.upload(case, tiny(n), f"{n}.jpg").json["id"] for n in range(3)]


def act(person, case: str, evidence: list[str], action: str, **more):
    return person.post(
        f"/api/v1/cases/{case}/evidence/bulk", json={"action": action, "evidence": evidence, **more}
    )


def shown(person, key: str) -> dict:
    return person.get(f"/api/v1/evidence/{key}").json


@BOTH
def test_many_are_tagged_found_by_the_tag_and_untagged(eve, case, keys):
    assert act(eve, case, keys[:2], "tag", tag="Für Später").json == {"done": 2, "skipped": []}
    again = act(eve, case, [*keys, "f" * 32], "tag", tag="Für Später").json
    assert again["done"] == 1
    assert {one["why"] for one in again["skipped"]} == {"already has this tag", "is not in this case"}
    assert shown(eve, keys[0])["tags"] == ["Für Später"]
    assert eve.get("/api/v1/search?words=SPÄTER").json["total"] == 3
    assert act(eve, case, keys, "untag", tag="Für Später").json["done"] == 3
    assert eve.get("/api/v1/search?words=SPÄTER").json["total"] == 0
    actions = [record["action"] for record in eve.get(f"/api/v1/cases/{case}/history").json["items"]]
    assert (actions.count("tagged"), actions.count("tag removed")) == (3, 3)


def test_many_are_concluded_but_none_that_one_has_concluded_on(workbench, eve, case, keys):
    eve.conclude(keys[0], "inconsistent", "looked at it")
    answer = act(eve, case, keys, "conclude", outcome="consistent", text="a series").json
    assert answer["done"] == 2
    assert answer["skipped"] == [
        {"id": keys[0], "why": "already has a conclusion of yours; open it to change it"}
    ]
    outcomes = [shown(eve, key)["conclusions"][0]["outcome"] for key in keys]
    assert outcomes == ["inconsistent", "consistent", "consistent"]
    workbench.work()
    assert eve.get(f"/api/v1/cases/{case}/bundle").status_code == 200


def test_many_are_cancelled_and_examined_again(workbench, eve, case, keys):
    assert act(eve, case, keys, "cancel").json["done"] == 3
    assert (
        act(eve, case, keys, "cancel").json["skipped"][0]["why"] == "is cancelled; there is nothing to cancel"
    )
    assert act(eve, case, keys, "examine").json["done"] == 3
    assert act(eve, case, keys, "examine").json["skipped"][0]["why"] == "is already queued"
    workbench.work()
    assert {shown(eve, key)["state"] for key in keys} == {"done"}


def test_copies_in_another_case_are_examined_there_and_hold_up(workbench, eve, case, keys):
    workbench.work()
    other = eve.case("Another")
    assert act(eve, case, keys, "copy", case_id=other).json["done"] == 3
    assert act(eve, case, keys, "copy", case_id=other).json["skipped"][0]["why"] == "is already in that case"
    workbench.work()
    items = eve.get(f"/api/v1/cases/{other}/evidence?sort=name").json["items"]
    assert [(one["name"], one["state"], one["duplicate"]) for one in items] == [
        (f"{n}.jpg", "done", True) for n in range(3)
    ]
    assert eve.get(f"/api/v1/cases/{other}/bundle").status_code == 200
    mallory = workbench.person("Mallory")
    assert act(eve, case, keys, "copy", case_id=mallory.case()).status_code == 404


def test_what_an_action_needs_is_asked_for(eve, case, keys):
    for action in ("conclude", "tag", "untag", "copy"):
        assert act(eve, case, keys, action).status_code == 422
    assert act(eve, case, [], "cancel").status_code == 422
    assert act(eve, case, keys, "delete").status_code == 422


def test_a_whole_list_is_chosen_as_it_is_filtered_and_sorted(eve, case, keys):
    def listed(query: str) -> list[str]:
        return eve.get(f"/api/v1/cases/{case}/evidence/keys?{query}").json["keys"]

    assert listed("sort=name") == keys
    assert listed("") == keys[::-1]
    assert listed("search=1.jpg") == [keys[1]]


def test_a_table_for_spreadsheets_holds_the_chosen_and_no_formula(workbench, eve, case, keys, tiny):
    bad = eve.upload(case, tiny(9), "=cmd.jpg").json["id"]
    eve.conclude(keys[0], "consistent")
    act(eve, case, keys[:1], "tag", tag="one")
    answer = eve.post(f"/api/v1/cases/{case}/evidence/table", json={"evidence": [bad, keys[0], "f" * 32]})
    assert answer.content_type == "text/csv; charset=utf-8"
    first, second = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert not first["name"].startswith("=")
    assert (second["name"], second["conclusions"], second["tags"]) == ("0.jpg", "Eve: consistent", "one")
    exported = eve.get(f"/api/v1/cases/{case}/history").json["items"][0]
    assert (exported["action"], exported["details"]) == ("exported", {"file": "table", "images": 2})
