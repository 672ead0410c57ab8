"""A case leaves as a signed bundle that holds up without the workbench."""

import json
import re
import stat
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tamperlens.custody import Trusted, rerun, verify_bundle
from tamperlens.custody._container import unpack
from tamperlens.custody._keys import parse_public_key
from tamperlens.service._tables import Evidence

from .conftest import BOTH


@pytest.fixture
def filled(workbench, eve, tiny):
    """A case with two examined photographs and a damaged one, between those of somebody else."""
    case = eve.case("Claim 1234")
    first = eve.upload(case, tiny(0)).json["id"]
    workbench.person("Mallory").case("A secret of another case")
    eve.upload(case, tiny(1), "née.png")
    eve.upload(case, tiny(2)[:300], "cut.jpg")
    workbench.work()
    eve.post(f"/api/v1/evidence/{first}/notes", json={"text": "the shadow is wrong"})
    eve.conclude(first, "inconclusive", "so far")
    eve.conclude(first, "consistent", "at last")
    bob = workbench.person("Bob")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    said = eve.get(f"/api/v1/evidence/{first}/conclusions").json["items"][0]["id"]
    bob.post(
        f"/api/v1/evidence/{first}/conclusions/{said}/reviews",
        json={"verdict": "disagree", "text": "too sure"},
    )
    workbench.person("Mallory").case("Another one")
    return case


def taken(eve, case: str, query: str = "") -> bytes:
    answer = eve.get(f"/api/v1/cases/{case}/bundle{query}")
    assert answer.status_code == 200, answer.text
    return answer.data


@BOTH
def test_a_case_taken_away_holds_up(filled, eve):
    pem = eve.get("/api/v1/signing-key").data
    opened = verify_bundle(taken(eve, filled), Trusted(key=parse_public_key(pem, "the workbench's key")))
    assert {check.name: check.state for check in opened.checks} == {
        "container": "passed", "signature": "passed", "signer": "passed", "files": "passed",
        "images": "passed", "ledger": "passed", "case": "passed", "time": "not asked",
    }  # fmt: skip
    assert [image.name for image in opened.manifest.images] == ["photo.jpg", "née.png"]
    assert all(image.original is None for image in opened.manifest.images)


def test_it_tells_what_people_wrote_and_nothing_of_other_cases(filled, eve):
    data = taken(eve, filled)
    case = json.loads(verify_bundle(data, Trusted()).members["case.json"])
    assert case["title"] == "Claim 1234"
    first, second, damaged = case["evidence"]
    assert [note["text"] for note in first["notes"]] == ["the shadow is wrong"]
    assert [said["text"] for said in first["conclusions"]] == ["so far", "at last"]
    assert [(said["by"], said["verdict"], said["text"]) for said in first["reviews"]] == [
        ("Bob", "disagree", "too sure")
    ]
    assert (second["notes"], damaged["state"]) == ([], "failed")
    assert "damaged" in damaged["error"]
    assert b"Mallory" not in data
    assert b"secret" not in data


def test_its_ledger_reaches_the_head_and_ends_with_the_export(filled, eve, workbench):
    ada = workbench.person("Ada", "administrator")
    noted = ada.get("/api/v1/ledger/verification").json["head"]
    opened = verify_bundle(taken(eve, filled), Trusted(head=noted))
    assert next(check for check in opened.checks if check.name == "ledger").state == "passed"
    excerpt = json.loads(opened.members["ledger.json"])
    told = [one for one in excerpt["records"] if "action" in one]
    assert (excerpt["count"], excerpt["of_case"]) == (len(excerpt["records"]), len(told))
    assert excerpt["head"] == f"{excerpt['records'][-1]['seq']}:{excerpt['records'][-1]['hash']}"
    assert told[0]["action"] == "case opened"
    exported = told[-1]
    assert (exported["action"], exported["actor"]) == ("exported", "Eve")
    assert exported["details"] == {"file": "bundle", "originals": False}


def test_with_the_images_it_is_examined_again(filled, eve):
    opened = verify_bundle(taken(eve, filled, "?originals=1"), Trusted())
    assert [check.state for check in rerun(opened, threads=1)] == ["passed", "passed"]


def test_a_broken_ledger_is_not_signed(filled, eve, workbench):
    with workbench.database.write() as session:
        session.execute(sa.text("DROP TRIGGER ledger_refuses_update"))
        session.execute(sa.text("UPDATE ledger SET actor = 'x' WHERE action = 'case opened'"))
    answer = eve.get(f"/api/v1/cases/{filled}/bundle")
    assert answer.status_code == 409
    assert "not intact" in answer.json["detail"]


EDITS = {
    "a note's text": "UPDATE notes SET text = 'forged'",
    "a note's writer": "UPDATE notes SET by = 'Mallory'",
    "a note taken out": "DELETE FROM notes",
    "a conclusion's outcome": "UPDATE conclusions SET outcome = 'inconsistent'",
    "a conclusion taken out": "DELETE FROM conclusions WHERE outcome = 'inconclusive'",
    "a review's verdict": "UPDATE reviews SET verdict = 'agree'",
    "a review taken out": "DELETE FROM reviews",
    "a name": "UPDATE evidence SET name = 'other.jpg' WHERE name = 'photo.jpg'",
    "who handed it in": "UPDATE evidence SET uploaded_by = 'Mallory'",
    "a state": "UPDATE evidence SET state = 'cancelled' WHERE name = 'photo.jpg'",
    "why it failed": "UPDATE evidence SET error = 'forged' WHERE state = 'failed'",
    "a title": "UPDATE cases SET title = 'forged' WHERE title = 'Claim 1234'",
    "a description": "UPDATE cases SET description = 'forged' WHERE title = 'Claim 1234'",
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_case_whose_tables_were_edited_is_not_signed(filled, eve, workbench, edit):
    with workbench.database.write() as session:
        session.execute(sa.text(EDITS[edit]))
    answer = eve.get(f"/api/v1/cases/{filled}/bundle")
    assert answer.status_code == 409, edit
    assert "does not match the ledger, so nothing is signed" in answer.json["detail"]


@pytest.mark.parametrize("what", ["finding.json", "mask.png", "original", "finding gone", "original gone"])
def test_a_case_whose_files_were_changed_is_not_signed(filled, eve, workbench, what):
    store = workbench.worker.store
    with workbench.database.read() as session:
        one = session.scalars(sa.select(Evidence).where(Evidence.name == "photo.jpg")).one()
    made = store.made(one.sha256, one.versions)
    path = (
        store.original(one.sha256) if what.startswith("original") else made / what.replace(" gone", ".json")
    )
    if what.endswith("gone"):
        path.unlink()
    elif what == "finding.json":
        path.write_text(path.read_text(encoding="utf-8").replace('"outcome": "', '"outcome": "in', 1))
    else:
        path.chmod(0o600)
        path.write_bytes(path.read_bytes() + b"x")
    answer = eve.get(f"/api/v1/cases/{filled}/bundle")
    assert answer.status_code == 409, answer.data[:100]
    words = {
        "finding gone": "are gone",
        "original": "was changed or removed",
        "original gone": "was changed or",
    }
    assert words.get(what, "is not the one whose SHA-256 was recorded") in answer.json["detail"]


def test_a_ledger_without_its_head_is_not_signed_and_takes_no_record(filled, eve, workbench):
    with workbench.database.write() as session:
        session.execute(sa.text("DELETE FROM ledger_head"))
    answer = eve.get(f"/api/v1/cases/{filled}/bundle")
    assert answer.status_code in {409, 503}  # by which check meets it first
    assert "head is missing" in answer.json["detail"]
    ada = workbench.person("Ada", "administrator")
    assert "head is missing" in ada.get("/api/v1/ledger/verification").json["problem"]


def test_records_cut_from_the_end_of_the_ledger_are_missed_before_signing(filled, eve, workbench):
    with workbench.database.write() as session:
        session.execute(sa.text("DROP TRIGGER ledger_refuses_delete"))
        session.execute(sa.text("DELETE FROM ledger WHERE seq > (SELECT max(seq) - 2 FROM ledger)"))
    answer = eve.get(f"/api/v1/cases/{filled}/bundle")
    assert answer.status_code in {409, 503}
    assert "not intact" in answer.json["detail"]


def test_two_exports_of_the_same_moment_have_equal_findings(filled, eve):
    """Also of the file that cannot be examined, and in another process."""
    one, two = (unpack(taken(eve, filled)).members for _ in range(2))
    same = [name for name in one if name.startswith(("findings/", "masks/")) or name == "case.json"]
    assert {name: one[name] for name in same} == {name: two[name] for name in same}
    assert not re.search(rb"0x[0-9a-f]{6,}|/tmp/|tamperlens-[a-z0-9_]{8}", one["case.json"])


def test_the_key_is_made_once_and_closed_to_others(eve, workbench):
    first = eve.get("/api/v1/signing-key").data
    assert eve.get("/api/v1/signing-key").data == first
    path = workbench.settings.home / "signing-key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    records = workbench.person("Ada", "administrator").get("/api/v1/ledger").json["items"]
    assert [one["action"] for one in records].count("signing key made") == 1


def test_a_key_that_was_moved_away_is_followed_by_another(eve, workbench, tmp_path):
    first = eve.get("/api/v1/signing-key").data
    for name in ("signing-key.pem", "signing-key.pem.pub"):
        (workbench.settings.home / name).rename(tmp_path / name)
    assert eve.get("/api/v1/signing-key").data != first
    records = workbench.person("Ada", "administrator").get("/api/v1/ledger").json["items"]
    assert [one["action"] for one in records].count("signing key made") == 2


def test_the_command_exports_and_verifies(filled, eve, workbench, tmp_path):
    def run(*words: object):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "tamperlens", *map(str, words)],
            capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip

    out, home = tmp_path / "case.zip", workbench.settings.home
    done = run("case", "export", filled, "--home", home, "-o", out, "--with-original")
    assert done.returncode == 0, done.stderr
    public = f"{home / 'signing-key.pem'}.pub"
    done = run("verify", out, "--key", public)
    assert done.returncode == 0, done.stdout
    assert "née.png" in done.stdout
    done = run("case", "export", "0" * 32, "--home", home, "-o", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no case" in done.stderr


def test_an_empty_case_is_a_bundle_too(eve):
    opened = verify_bundle(taken(eve, eve.case("Empty")), Trusted(anyone=True))
    assert all(check.holds for check in opened.checks)
    assert opened.manifest.images == ()


def test_an_examination_in_progress_is_told_but_has_no_finding(eve, workbench, tiny):
    case = eve.case("Waiting")
    eve.upload(case, tiny())
    opened = verify_bundle(taken(eve, case), Trusted())
    assert opened.manifest.images == ()
    assert json.loads(opened.members["case.json"])["evidence"][0]["state"] == "queued"
    with workbench.database.read() as session:
        assert session.scalars(sa.select(Evidence)).one().state == "queued"
