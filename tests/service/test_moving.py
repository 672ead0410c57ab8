"""Images move to another case with everything that belongs to them; both cases and their bundles tell it."""

import json

import pytest
import sqlalchemy as sa

from tamperlens.custody import Trusted, contradictions, verify_bundle
from tamperlens.service._tables import Evidence

from .conftest import BOTH

WHY = "it belongs to the other claim"
SECRET = "the shadow falls the wrong way"  # noqa: S105 - a note


@pytest.fixture
def old(eve) -> str:
    return eve.case("Old")


@pytest.fixture
def new(eve) -> str:
    return eve.case("New")


@pytest.fixture
def image(workbench, eve, old, tiny) -> str:
    """Examined, noted, concluded on, reviewed, marked, tagged; Bob may write to its case."""
    key = eve.upload(old, tiny(), "beach.jpg").json["id"]
    workbench.work()
    eve.post(f"/api/v1/evidence/{key}/notes", json={"text": SECRET})
    said = eve.conclude(key, "inconsistent", SECRET).json["id"]
    eve.conclude(key, "consistent", "on reflection")
    region = {"shape": "rectangle", "points": [[1, 1], [9, 9]], "text": SECRET}
    assert eve.post(f"/api/v1/evidence/{key}/annotations", json=region).status_code == 201
    bob = workbench.person("Bob")
    eve.post(f"/api/v1/cases/{old}/shares", json={"name": "Bob", "access": "write"})
    said = eve.get(f"/api/v1/evidence/{key}/conclusions").json["items"][0]["id"]
    review = {"verdict": "disagree", "text": SECRET}
    assert bob.post(f"/api/v1/evidence/{key}/conclusions/{said}/reviews", json=review).status_code == 201
    eve.post(f"/api/v1/cases/{old}/evidence/bulk", json={"action": "tag", "evidence": [key], "tag": "sea"})
    return key


def move(person, key: str, to: str, reason: str = WHY):
    return person.post(f"/api/v1/evidence/{key}/move", json={"case_id": to, "reason": reason})


def move_many(person, case: str, keys: list[str], to: str):
    body = {"evidence": keys, "case_id": to, "reason": WHY}
    return person.post(f"/api/v1/cases/{case}/evidence/move", json=body)


def opened(person, case: str):
    """The case's bundle, in which every check holds."""
    answer = person.get(f"/api/v1/cases/{case}/bundle?originals=1")
    assert answer.status_code == 200, answer.json
    found = verify_bundle(answer.data, Trusted(anyone=True))
    assert all(check.holds for check in found.checks), found.checks
    return found


def last(person, case: str) -> dict:
    return person.get(f"/api/v1/cases/{case}/history").json["items"][0]


@BOTH
def test_everything_goes_along_and_both_histories_tell_it(workbench, ada, eve, old, new, image):
    before = eve.get(f"/api/v1/evidence/{image}").json
    said = eve.get(f"/api/v1/evidence/{image}/conclusions").json
    marked = eve.get(f"/api/v1/evidence/{image}/annotations").json
    moved = move(eve, image, new).json
    assert moved["case_id"] == new
    assert {**moved, "case_id": old} == before
    assert eve.get(f"/api/v1/evidence/{image}").json == moved
    assert eve.get(f"/api/v1/evidence/{image}/conclusions").json == said
    assert eve.get(f"/api/v1/evidence/{image}/annotations").json == marked
    assert eve.get(f"/api/v1/evidence/{image}/notes").json["items"][0]["text"] == SECRET
    assert eve.get(f"/api/v1/evidence/{image}/finding").status_code == 200
    assert [eve.get(f"/api/v1/cases/{case}").json["evidence"] for case in (old, new)] == [0, 1]
    went = last(eve, old)
    told = {"name": "beach.jpg", "sha256": before["sha256"], "reason": WHY}
    came = next(
        one for one in eve.get(f"/api/v1/cases/{new}/history").json["items"] if one["details"].get("from")
    )
    assert (came["action"], came["actor"], came["evidence_id"]) == ("image moved in", "Eve", image)
    assert {name: came["details"][name] for name in (*told, "from")} == {**told, "from": old}
    assert (went["action"], went["actor"], went["evidence_id"]) == ("image moved out", "Eve", image)
    assert went["details"] == {**told, "arrival": came["hash"]}
    assert new not in json.dumps(eve.get(f"/api/v1/cases/{old}/history").json)
    actions = [one["action"] for one in eve.get(f"/api/v1/evidence/{image}/history").json["items"]]
    assert {"uploaded", "noted", "image moved in", "image moved out"} <= set(actions)
    assert ada.get("/api/v1/ledger/verification").json["intact"]


@BOTH
def test_both_bundles_verify_and_only_the_new_one_says_where(workbench, eve, old, new, image, tiny):
    stays = eve.upload(old, tiny(1), "stays.jpg").json["id"]
    eve.upload(new, tiny(2), "other.jpg")
    workbench.work()
    move(eve, image, new)
    left, right = opened(eve, old), opened(eve, new)
    told = json.loads(left.members["case.json"])
    assert [one["id"] for one in told["evidence"]] == [stays]
    (gone,) = told["moved_out"]
    assert (gone["id"], gone["name"], gone["by"], gone["reason"]) == (image, "beach.jpg", "Eve", WHY)
    for text in (new, SECRET):
        assert text.encode() not in left.members["case.json"] + left.members["ledger.json"]
    told = json.loads(right.members["case.json"])
    (came,) = told["moved_in"]
    assert (came["id"], came["from"], came["by"], came["reason"]) == (image, old, "Eve", WHY)
    whole = next(one for one in told["evidence"] if one["id"] == image)
    assert (whole["notes"][0]["text"], len(whole["conclusions"]), len(whole["reviews"])) == (SECRET, 2, 1)
    assert stays.encode() not in right.members["ledger.json"]


def test_what_goes_on_after_the_move_belongs_to_the_new_case(workbench, eve, old, new, image):
    move(eve, image, new)
    eve.post(f"/api/v1/evidence/{image}/notes", json={"text": "seen again"})
    assert eve.post(f"/api/v1/evidence/{image}/retry").status_code == 200
    workbench.work()
    opened(eve, new)
    assert move(eve, image, old, "back again").json["case_id"] == old
    opened(eve, old)
    told = json.loads(opened(eve, new).members["case.json"])
    assert (told["evidence"], len(told["moved_in"]), len(told["moved_out"])) == ([], 1, 1)
    assert eve.post(f"/api/v1/evidence/{image}/deletion", json={"reason": "no use"}).status_code == 200
    told = json.loads(opened(eve, old).members["case.json"])
    assert [len(told[name]) for name in ("evidence", "moved_in", "moved_out", "deleted")] == [0, 1, 1, 1]


def test_a_waiting_image_is_examined_where_it_went(workbench, eve, old, new, tiny):
    key = eve.upload(old, tiny()).json["id"]
    assert move(eve, key, new).status_code == 200
    workbench.work()
    assert eve.get(f"/api/v1/evidence/{key}").json["state"] == "done"
    assert last(eve, new)["action"] == "examined"
    opened(eve, new)


EDITS = {
    "left out": lambda case, _records: case.update(evidence=[]),
    "not told": lambda case, _records: case.update(moved_in=[]),
    "another reason": lambda case, _records: case["moved_in"][0].update(reason="none"),
    "another case": lambda case, _records: case["moved_in"][0].update({"from": "0" * 32}),
    "a note": lambda case, _records: case["evidence"][0].update(notes=[]),
    "a record of the old case": lambda _case, records: records.remove(
        next(one for one in records if one.get("action") == "viewed")
    ),
    "the arrival": lambda _case, records: records.remove(
        next(one for one in records if one.get("action") == "image moved in")
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_bundle_that_tells_the_move_otherwise_is_found(workbench, eve, old, new, image, edit):
    eve.get(f"/api/v1/evidence/{image}/finding")
    move(eve, image, new)
    members = opened(eve, new).members
    case, records = json.loads(members["case.json"]), json.loads(members["ledger.json"])["records"]
    case["evidence"][0]["state"] = "done"
    assert not [said for said in contradictions(case, records, []) if "findings are there" not in said]
    EDITS[edit](case, records)
    assert [said for said in contradictions(case, records, []) if "findings are there" not in said]


def test_a_departure_without_its_arrival_is_found(eve, old, new, image):
    move(eve, image, new)
    members = opened(eve, old).members
    case, excerpt = json.loads(members["case.json"]), json.loads(members["ledger.json"])
    arrival = next(one for one in excerpt["records"] if one.get("action") == "image moved out")["details"][
        "arrival"
    ]
    without = [one for one in excerpt["records"] if one["hash"] != arrival]
    assert contradictions(case, excerpt["records"], []) == []
    (said,) = contradictions(case, without, [])
    assert "the record of its arrival elsewhere is missing" in said


@BOTH
def test_old_links_say_where_it_went_to_those_who_may_see_it(workbench, eve, old, new, image):
    bob = workbench.person("Bob")
    assert bob.get(f"/api/v1/evidence/{image}").status_code == 200
    move(eve, image, new)
    gone = bob.get(f"/api/v1/evidence/{image}")
    assert gone.status_code == 410
    assert gone.content_type == "application/problem+json"
    assert "beach.jpg was moved to another case on" in gone.json["detail"]
    assert f"by Eve because: {WHY}" in gone.json["detail"]
    assert new not in gone.text
    assert bob.get(f"/api/v1/evidence/{image}/original").status_code == 410
    assert workbench.person("Zoe").get(f"/api/v1/evidence/{image}").status_code == 404
    eve.post(f"/api/v1/cases/{new}/shares", json={"name": "Bob", "access": "read"})
    assert bob.get(f"/api/v1/evidence/{image}").json["case_id"] == new


@BOTH
def test_what_may_not_move_stays_with_a_reason(workbench, ada, eve, old, new, image, tiny):
    bob = workbench.person("Bob")
    theirs = bob.case("Bob's")
    refused = move(
        bob, image, theirs
    )  # who receives an image may delete it, and only its owner may have that
    assert (refused.status_code, "only the owner" in refused.json["detail"]) == (403, True)
    assert move(workbench.person("Zoe"), image, theirs).status_code == 404
    assert move(ada, image, ada.case()).status_code == 404
    assert move(eve, image, theirs).status_code == 404
    bob.post(f"/api/v1/cases/{theirs}/shares", json={"name": "Eve", "access": "read"})
    assert move(eve, image, theirs).status_code == 403
    assert move(eve, image, old).json["detail"] == "this image is in that case already"
    assert move(eve, image, new, "  ").status_code == 422
    eve.change_case(new, closed=True)
    assert "closed" in move(eve, image, new).json["detail"]
    eve.change_case(new, closed=False)
    eve.change_case(old, closed=True)
    assert move(eve, image, new).status_code == 409
    eve.change_case(old, closed=False)
    eve.upload(new, tiny(), "same.jpg")
    refused = move(eve, image, new)
    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    assert "already, as the same file; delete one of the two" in refused.json["detail"]
    eve.ask("PUT", f"/api/v1/cases/{old}/hold", json={"held": True, "reason": "litigation"})
    refused = move(eve, image, eve.case("Third"))
    assert (refused.status_code, "litigation" in refused.json["detail"]) == (409, True)
    assert eve.get(f"/api/v1/evidence/{image}").json["case_id"] == old
    assert "image moved" not in eve.get(f"/api/v1/cases/{old}/history").text


def test_what_is_being_examined_stays(workbench, eve, old, new, image):
    with workbench.database.write() as session:
        session.execute(sa.update(Evidence).values(state="running"))
    refused = move(eve, image, new)
    assert (refused.status_code, "being examined" in refused.json["detail"]) == (409, True)


@BOTH
def test_many_move_at_once_and_the_others_say_why(workbench, eve, old, new, tiny):
    keys = [eve.upload(old, tiny(number), f"{number}.jpg").json["id"] for number in range(3)]
    eve.upload(new, tiny(2), "twin.jpg")
    done = move_many(eve, old, [*keys, keys[0], "f" * 32], new).json
    assert done["done"] == 2
    assert {one["id"]: one["why"].partition(";")[0] for one in done["skipped"]} == {
        keys[2]: "is in that case already, as the same file",
        "f" * 32: "is not in this case",
    }
    listed = eve.get(f"/api/v1/cases/{new}/evidence?sort=name").json["items"]
    assert [one["name"] for one in listed] == ["0.jpg", "1.jpg", "twin.jpg"]
    twins = [eve.upload(old, tiny(5), name).json["id"] for name in ("a.jpg", "b.jpg")]
    assert move_many(eve, old, twins, new).json["done"] == 1  # the second finds the first there
    workbench.work()
    opened(eve, old)
    opened(eve, new)


def test_the_printed_report_tells_both(workbench, eve, old, new, image):
    from tamperlens.service._tables import Case
    from tamperlens.service.cases import case_report

    move(eve, image, new)
    with workbench.database.read() as session:
        told = {
            key: case_report(session, session.get_one(Case, key), workbench.worker.store)
            for key in (old, new)
        }
    assert any("beach.jpg" in each and "moved to another case on" in each for each in told[old].custody)
    assert any(f"moved here from case {old}" in each for each in told[new].custody)
    assert not any(new in each for each in told[old].custody)
    assert "uploaded: beach.jpg" in [step.what for step in told[new].steps]


def test_both_streams_tell_it(workbench, eve, old, new, image):
    before = eve.get(f"/api/v1/cases/{new}/history").json["items"][0]["seq"]
    move(eve, image, new)
    for case, action in ((old, "image moved out"), (new, "image moved in")):
        heard = eve.get(f"/api/v1/cases/{case}/events", headers={"Last-Event-ID": str(before)}).text
        assert json.dumps({"action": action, "evidence_id": image}) in heard
