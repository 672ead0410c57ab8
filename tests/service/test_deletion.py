"""Images and cases are deleted with a reason: content goes, hashes and records stay; a hold forbids it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tamperlens import cli
from tamperlens.custody import Trusted, text_hash, verify_bundle
from tamperlens.service import Settings, back_up, restore
from tamperlens.service._removal import sweep
from tamperlens.service._tables import Case, Evidence, Picture, Removal, Table, now

from .conftest import BOTH, Workbench

REASON = {"reason": "the court ordered it"}
SECRET = "the shadow falls the wrong way"  # noqa: S105 - a note


@pytest.fixture
def case(eve) -> str:
    return eve.case("Claim")


@pytest.fixture
def image(workbench, eve, case, tiny) -> str:
    key = eve.upload(case, tiny(), "beach.jpg").json["id"]
    workbench.work()
    eve.post(f"/api/v1/evidence/{key}/notes", json={"text": SECRET})
    eve.conclude(key, "inconsistent", SECRET)
    region = {"shape": "rectangle", "points": [[1, 1], [9, 9]], "text": SECRET}
    assert eve.post(f"/api/v1/evidence/{key}/annotations", json=region).status_code == 201
    workbench.person("Bob")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    bob, said = workbench.person("Bob"), eve.get(f"/api/v1/evidence/{key}/conclusions").json["items"][0]["id"]
    bob.post(
        f"/api/v1/evidence/{key}/conclusions/{said}/reviews", json={"verdict": "disagree", "text": SECRET}
    )
    bob.ask("PUT", f"/api/v1/evidence/{key}/drafts/note", json={"text": SECRET})
    eve.post(f"/api/v1/cases/{case}/evidence/bulk", json={"action": "tag", "evidence": [key], "tag": "sea"})
    return key


def delete(person, what: str, key: str):
    return person.post(f"/api/v1/{what}/{key}/deletion", json=REASON)


def hold(person, case: str, held: bool = True):
    return person.ask("PUT", f"/api/v1/cases/{case}/hold", json={"held": held, "reason": "litigation"})


def files(workbench) -> list[str]:
    return [path.name for path in workbench.settings.store.rglob("*") if path.is_file()]


def referring(column: str) -> list[sa.Table]:
    tables = Table.metadata.tables.values()
    return [one for one in tables if any(key.target_fullname == column for key in one.foreign_keys)]


@BOTH
def test_content_goes_and_hashes_and_records_stay(workbench, ada, eve, case, image, tiny):
    sha256 = eve.get(f"/api/v1/evidence/{image}").json["sha256"]
    assert delete(eve, "evidence", image).json == {"images": 1}
    assert files(workbench) == []
    with workbench.database.read() as session:
        for table in [Picture.__table__, Evidence.__table__, *referring("evidence.id")]:
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.name
    gone = eve.get(f"/api/v1/evidence/{image}")
    assert gone.status_code == 410
    assert "beach.jpg was deleted on" in gone.json["detail"]
    assert "by Eve because: the court ordered it" in gone.json["detail"]
    assert workbench.person("Zoe").get(f"/api/v1/evidence/{image}").status_code == 404
    record = eve.get(f"/api/v1/cases/{case}/history").json["items"][0]
    assert (record["action"], record["actor"], record["evidence_id"]) == ("image deleted", "Eve", image)
    details = record["details"]
    assert (details["sha256"], details["reason"]) == (sha256, REASON["reason"])
    assert details["texts"] == [text_hash(SECRET)] * 4
    assert all(len(details[what]) == 64 for what in ("finding", "mask"))
    assert ada.get("/api/v1/ledger/verification").json["intact"]
    assert SECRET not in json.dumps(ada.get("/api/v1/ledger?per_page=200").json)
    assert eve.get("/api/v1/search?words=shadow").json["items"] == []
    assert eve.get(f"/api/v1/cases/{case}").json["evidence"] == 0
    assert eve.upload(case, tiny()).status_code == 201
    workbench.work()
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["items"][0]["state"] == "done"


def test_nothing_of_it_is_left_in_the_database_file(workbench, eve, case, image):
    delete(eve, "evidence", image)
    with workbench.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET.encode() not in (workbench.settings.home / "workbench.sqlite3").read_bytes()


@BOTH
def test_the_same_bytes_in_another_case_survive(workbench, eve, case, image, tiny):
    other = eve.case("Other")
    kept = eve.upload(other, tiny(), "copy.jpg").json["id"]
    workbench.work()
    delete(eve, "evidence", image)
    history = eve.get(f"/api/v1/cases/{case}/history").json["items"]
    assert history[0]["details"]["bytes are elsewhere too"] is True
    assert eve.get(f"/api/v1/evidence/{kept}/original").data == tiny()
    assert eve.get(f"/api/v1/evidence/{kept}/finding").status_code == 200
    for key in (case, other):
        opened = verify_bundle(eve.get(f"/api/v1/cases/{key}/bundle").data, Trusted(anyone=True))
        assert all(check.holds for check in opened.checks), opened.checks
    assert delete(eve, "cases", other).json == {"images": 1}
    assert files(workbench) == []


def test_the_bundle_tells_what_was_deleted_and_nothing_else_may(workbench, eve, case, image, tiny):
    stays = eve.upload(case, tiny(1), "stays.jpg").json["id"]
    workbench.work()
    delete(eve, "evidence", image)
    opened = verify_bundle(eve.get(f"/api/v1/cases/{case}/bundle?originals=1").data, Trusted(anyone=True))
    assert all(check.holds for check in opened.checks), opened.checks
    told = json.loads(opened.members["case.json"])
    assert [one["id"] for one in told["evidence"]] == [stays]
    (gone,) = told["deleted"]
    assert (gone["id"], gone["name"], gone["by"], gone["reason"]) == (
        image, "beach.jpg", "Eve", REASON["reason"],
    )  # fmt: skip
    with workbench.database.write() as session:  # an image that vanishes without a record is missed
        session.execute(sa.delete(Evidence).where(Evidence.id == stays))
    assert eve.get(f"/api/v1/cases/{case}/bundle").status_code == 409


@BOTH
def test_a_held_case_keeps_everything_until_the_hold_is_lifted(workbench, ada, eve, case, image):
    assert hold(eve, case).json["hold"]["by"] == "Eve"
    assert hold(eve, case).status_code == 409
    for what, key in (("evidence", image), ("cases", case)):
        refused = delete(eve, what, key)
        assert refused.status_code == 409
        assert "litigation" in refused.json["detail"]
        assert delete(ada, what, key).status_code == 409
    assert eve.get(f"/api/v1/cases/{case}").json["hold"]["reason"] == "litigation"
    assert hold(eve, case, held=False).json == {"hold": None}
    assert hold(ada, case).json["hold"]["by_administrator"] is True
    assert hold(eve, case, held=False).status_code == 403
    assert hold(ada, case, held=False).status_code == 200
    assert delete(ada, "evidence", image).status_code == 200
    told = [one["action"] for one in eve.get(f"/api/v1/cases/{case}/history").json["items"]]
    assert told[:5] == ["image deleted", "hold lifted", "case held", "hold lifted", "case held"]


@BOTH
def test_a_case_is_deleted_with_all_its_images(workbench, ada, eve, case, image, tiny, monkeypatch):
    monkeypatch.setattr("tamperlens.service.cases._deleting._AT_ONCE", 2)
    for number in range(1, 5):
        eve.upload(case, tiny(number))
    assert delete(workbench.person("Bob"), "cases", case).status_code == 403
    assert delete(workbench.person("Zoe"), "cases", case).status_code == 404
    assert delete(eve, "cases", case).json == {"images": 5}
    assert eve.get(f"/api/v1/cases/{case}").status_code == 404
    assert files(workbench) == []
    records = ada.get("/api/v1/ledger?per_page=200").json["items"]
    assert (records[0]["action"], records[0]["details"]["images"]) == ("case deleted", 5)
    assert [one["action"] for one in records].count("image deleted") == 5
    assert ada.get("/api/v1/ledger/verification").json["intact"]
    assert workbench.work() >= 4  # names in the queue whose jobs are gone
    assert files(workbench) == []


@BOTH
def test_many_images_are_deleted_for_one_reason_and_the_others_say_why(
    workbench, ada, eve, case, image, tiny
):
    keys = [image, *(eve.upload(case, tiny(number), f"{number}.jpg").json["id"] for number in (1, 2))]
    foreign = eve.upload(eve.case("Other"), tiny(3)).json["id"]
    workbench.work()

    def delete_many(person, chosen):
        return person.post(f"/api/v1/cases/{case}/evidence/deletion", json={"evidence": chosen, **REASON})

    assert delete_many(workbench.person("Bob"), keys).status_code == 403
    hold(eve, case)
    assert "litigation" in delete_many(eve, keys).json["detail"]
    assert eve.get(f"/api/v1/cases/{case}").json["evidence"] == 3
    hold(eve, case, held=False)
    done = delete_many(eve, [*keys[:2], foreign, "f" * 32]).json
    assert done["done"] == 2
    assert {one["id"]: one["why"] for one in done["skipped"]} == dict.fromkeys(
        (foreign, "f" * 32), "is not in this case"
    )
    assert [eve.get(f"/api/v1/evidence/{key}").status_code for key in (*keys, foreign)] == [
        410,
        410,
        200,
        200,
    ]
    records = eve.get(f"/api/v1/cases/{case}/history").json["items"]
    gone = [one for one in records if one["action"] == "image deleted"]
    assert {one["evidence_id"] for one in gone} == set(keys[:2])
    assert {one["details"]["reason"] for one in gone} == {REASON["reason"]}
    opened = verify_bundle(eve.get(f"/api/v1/cases/{case}/bundle").data, Trusted(anyone=True))
    assert all(check.holds for check in opened.checks), opened.checks
    assert delete_many(ada, keys[2:]).json == {"done": 1, "skipped": []}
    assert delete_many(eve, []).status_code == 422
    assert eve.get(f"/api/v1/evidence/{foreign}/original").data == tiny(3)


def test_what_is_deleted_while_it_is_examined_leaves_nothing(workbench, eve, case, tiny, monkeypatch):
    key = eve.upload(case, tiny()).json["id"]
    learn = workbench.worker._learn

    def learn_and_delete(*given):
        learn(*given)
        assert delete(eve, "evidence", key).status_code == 200

    monkeypatch.setattr(workbench.worker, "_learn", learn_and_delete)
    workbench.work()
    assert files(workbench) == []


def test_files_that_a_stop_left_are_removed_at_the_next_start(workbench, eve, case, image, monkeypatch):
    monkeypatch.setattr("tamperlens.service.web.routes._deletion.sweep", lambda *_given: None)
    delete(eve, "evidence", image)
    store = workbench.worker.store
    assert files(workbench)
    sweep(workbench.database, store)
    assert files(workbench) == []
    with workbench.database.read() as session:
        assert len(session.scalars(sa.select(Removal)).all()) == 1


def test_bytes_that_were_handed_in_again_are_not_swept(workbench, eve, case, image, tiny, monkeypatch):
    monkeypatch.setattr("tamperlens.service.web.routes._deletion.sweep", lambda *_given: None)
    delete(eve, "evidence", image)
    again = eve.upload(case, tiny()).json["id"]
    sweep(workbench.database, workbench.worker.store)
    assert eve.get(f"/api/v1/evidence/{again}/original").data == tiny()
    workbench.worker.store.remove(eve.get(f"/api/v1/evidence/{again}").json["sha256"])


def test_a_backup_is_whole_after_a_deletion_and_forgets_too(workbench, eve, case, image, tiny, tmp_path):
    kept = eve.upload(case, tiny(1)).json["id"]
    assert back_up(workbench.settings, tmp_path / "backup").originals == 2
    delete(eve, "evidence", image)
    assert back_up(workbench.settings, tmp_path / "backup").originals == 1
    left = [path for path in (tmp_path / "backup/store/originals").glob("*/*") if path.is_file()]
    assert len(left) == 1
    settings = Settings(tmp_path / "new", threads=1, bcrypt_rounds=4)
    assert restore(tmp_path / "backup", settings).originals == 1
    again = Workbench(settings)
    try:
        assert again.person("Eve").get(f"/api/v1/evidence/{kept}/original").data == tiny(1)
        assert again.person("Eve").get(f"/api/v1/evidence/{image}").status_code == 410
    finally:
        again.close()


def close_long_ago(workbench, eve, case: str, days: int) -> None:
    assert eve.change_case(case, closed=True).json["closed_at"]
    with workbench.database.write() as session:
        session.execute(sa.update(Case).where(Case.id == case).values(closed_at=now() - timedelta(days=days)))


def listed(person, query: str = "") -> dict[str, bool]:
    return {one["title"]: one["due"] for one in person.get(f"/api/v1/retention{query}").json["items"]}


class TestRetention:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, retention_days=30)

    @BOTH
    def test_what_is_due_is_listed_and_deleted_by_nobody_but_an_administrator(
        self, workbench, ada, eve, case
    ):
        fresh, held = eve.case("Fresh"), eve.case("Held")
        eve.case("Open")
        close_long_ago(workbench, eve, case, 31)
        close_long_ago(workbench, eve, held, 400)
        eve.change_case(fresh, closed=True)
        hold(eve, held)
        assert listed(ada) == {"Held": False, "Claim": True, "Fresh": False}
        assert listed(ada, "?due=true") == {"Claim": True}
        assert ada.get("/api/v1/retention").json["days"] == 30
        assert ada.get(f"/api/v1/cases/{case}").status_code == 404  # it may be deleted, not read
        assert delete(ada, "cases", case).json == {"images": 0}
        assert listed(ada, "?due=true") == {}
        eve.change_case(fresh, closed=False)
        assert listed(ada) == {"Held": False}

    def test_the_commands_list_and_delete_only_when_told_to(self, workbench, ada, eve, image, case):
        held = eve.case("Held")
        close_long_ago(workbench, eve, case, 31)
        close_long_ago(workbench, eve, held, 31)
        hold(ada, held)
        home = ["--home", str(workbench.settings.home)]

        def run(*words: str):
            return CliRunner().invoke(cli.app, ["case", *words, *home])

        told = run("due", "--days", "30")
        assert (told.exit_code, case in told.output, held in told.output) == (0, True, False), told.output
        assert "1 cases are due" in told.output
        assert "--reason" in str(run("due", "--days", "30", "--delete").exception)
        assert "litigation" in str(run("delete", held, "--reason", "space").exception)
        assert "there is no case" in str(run("delete", "0" * 32, "--reason", "space").exception)
        assert eve.get(f"/api/v1/evidence/{image}").status_code == 200
        assert run("due", "--days", "30", "--delete", "--reason", "the rule").exit_code == 0
        assert eve.get(f"/api/v1/cases/{case}").status_code == 404
        record = ada.get("/api/v1/ledger").json["items"][0]
        assert (record["actor"], record["details"]["reason"]) == ("(command line)", "the rule")
        hold(ada, held, held=False)
        assert "images: 0" in run("delete", held, "--reason", "the rule").output
        assert files(workbench) == []


def test_without_a_rule_nothing_is_due(workbench, ada, eve, case):
    close_long_ago(workbench, eve, case, 9999)
    assert listed(ada) == {"Claim": False}
    assert listed(ada, "?due=true") == {}


def test_a_reason_is_asked(eve, image):
    assert eve.post(f"/api/v1/evidence/{image}/deletion", json={"reason": "    "}).status_code == 422
    assert eve.post(f"/api/v1/evidence/{image}/deletion", json={}).status_code == 422
