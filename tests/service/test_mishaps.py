"""Deep JSON, huge numbers, full disk, locked database; lock-outs, names that look alike, common passwords."""

import errno
import sqlite3
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tamperlens.service._naming import name_problem, skeleton
from tamperlens.service._tables import Invitation, Rate, Session, now
from tamperlens.service.people._passwords import password_problem

from .conftest import PASSWORD


def sentence(answer) -> str:
    assert answer.is_json, answer.data[:200]
    message = answer.json["detail"]
    assert "Traceback" not in message
    return message


DEEP = "[" * 100_000
BODIES = {
    "deep lists": DEEP + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep and cut off": DEEP,
    "a deep title": '{"title": ' + DEEP + "]" * 100_000 + "}",
    "infinite": '{"title": "t", "description": 1e999}',
    "not a number": '{"title": NaN}',
    "a huge number": '{"title": ' + "9" * 5000 + "}",
    "half a character": '{"title": "\\ud800"}',
    "no UTF-8": b'{"title": "\xff"}',
    "a list": "[]",
    "nothing": "",
}


@pytest.mark.parametrize("kind", BODIES)
def test_json_of_any_shape_is_the_clients_mistake(eve, kind):
    answer = eve.post("/api/v1/cases", data=BODIES[kind], content_type="application/json")
    assert 400 <= answer.status_code < 500, answer.text
    assert sentence(answer)


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "9" * 400, "9" * 19, "-" + "9" * 25, "NaN", "1e308", "true", "1.5"]
)
def test_a_number_of_any_size_is_the_clients_mistake(ada, number):
    answer = ada.post(
        "/api/v1/tokens", data=f'{{"name": "t", "days": {number}}}', content_type="application/json"
    )
    assert answer.status_code in {400, 422} or number in {"true", "1.5"}, answer.text
    for path in (f"/api/v1/cases?page={number}", f"/api/v1/ledger?per_page={number}"):
        assert ada.get(path).status_code in {200, 422}


def test_a_full_disk_is_507_and_leaves_nothing_behind(workbench, eve, tiny, monkeypatch):
    case = eve.case()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tamperlens.service._store.os.fsync", full)
    answer = eve.upload(case, tiny())
    assert answer.status_code == 507
    assert "disk is full" in sentence(answer)
    monkeypatch.undo()
    assert list((workbench.settings.home / "store/incoming").iterdir()) == []
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["total"] == 0
    assert eve.upload(case, tiny()).status_code == 201


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (sqlite3.OperationalError("database is locked"), 503),
        (sqlite3.OperationalError("database or disk is full"), 507),
        (sqlite3.OperationalError("unable to open database file"), 503),
    ],
)
def test_a_database_in_trouble_is_a_sentence(workbench, eve, monkeypatch, error, status):
    def trouble(*_):
        raise sa.exc.OperationalError("INSERT", {}, error)

    monkeypatch.setattr(sys.modules["tamperlens.service.web.routes._cases"], "append", trouble)
    answer = eve.post("/api/v1/cases", json={"title": "t"})
    assert answer.status_code == status
    assert sentence(answer)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_really_locked_database_is_503(workbench, eve, monkeypatch):
    path = workbench.settings.home / "workbench.sqlite3"
    engine = workbench.app.extensions["tamperlens.database"].engine
    sa.event.listen(
        engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=50"), insert=True
    )
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = eve.post("/api/v1/cases", json={"title": "t"})
        other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert "busy" in sentence(answer)
    assert eve.post("/api/v1/cases", json={"title": "t"}).status_code == 201


def sign_in(workbench, name: str, password: str, address: str):
    browser = workbench.anonymous()
    given = {"name": name, "password": password}
    return browser.post("/api/v1/session", json=given, environ_base={"REMOTE_ADDR": address}).status_code


def test_nobody_locks_another_person_out(workbench):
    workbench.person("Bob", password=PASSWORD)
    assert sign_in(workbench, "Bob", PASSWORD, "10.0.0.1") == 201
    tries = [sign_in(workbench, "Bob", "wrong", "10.6.6.6") for _ in range(150)]
    assert tries.count(401) <= 10
    assert tries.count(429) >= 140
    with workbench.database.read() as session:  # refused tries are no tries
        counted = session.scalars(sa.select(Rate.count).where(Rate.key == "sign-in, one name: bob")).one()
    assert counted <= 11
    assert sign_in(workbench, "Bob", PASSWORD, "10.0.0.2") == 201  # from an address that nobody saw


def test_many_addresses_do_not_lock_out_who_is_known_there(workbench, settings):
    workbench.app.extensions["tamperlens.settings"] = replace(
        settings, limits={"sign-in, one name": (5, 3600)}
    )
    workbench.person("Bob", password=PASSWORD)
    assert sign_in(workbench, "Bob", PASSWORD, "10.0.0.1") == 201
    tries = [sign_in(workbench, "Bob", "wrong", f"10.1.0.{number}") for number in range(20)]
    assert tries.count(429) > 10
    assert sign_in(workbench, "Bob", PASSWORD, "10.9.9.9") == 429
    assert sign_in(workbench, "Bob", PASSWORD, "10.0.0.1") == 201
    assert sign_in(workbench, "Bob", "wrong", "10.0.0.1") == 401


def test_who_guesses_links_holds_up_nobody_who_has_one(workbench, ada):
    made = ada.post("/api/v1/users", json={"name": "Bob", "role": "viewer"}).json
    browser = workbench.anonymous()
    for number in range(80):
        asked = {"json": {"token": f"guess {number}"}, "environ_base": {"REMOTE_ADDR": "10.6.6.6"}}
        browser.post("/api/v1/invitations/lookup", **asked)
    assert browser.post("/api/v1/invitations/lookup", **asked).status_code == 429
    answer = browser.post("/api/v1/invitations/lookup", json={"token": made["token"]})
    assert (answer.status_code, answer.json["name"]) == (200, "Bob")


def test_tokens_and_links_of_a_disabled_account_stay_dead(workbench, ada):
    bob = workbench.person("Bob")
    program = workbench.program("Bob")
    link = ada.post(f"/api/v1/users/{bob.id}/invitation").json["token"]
    program = workbench.program("Bob")
    assert program.get("/api/v1/session").status_code == 200
    for disabled in (True, False):
        ada.ask("PATCH", f"/api/v1/users/{bob.id}", json={"disabled": disabled})
    assert program.get("/api/v1/session").status_code == 401
    with workbench.database.read() as session:
        assert session.scalars(sa.select(Invitation).where(Invitation.user_id == bob.id)).all() == []
    accepted = {"token": link, "password": PASSWORD}
    assert workbench.anonymous().post("/api/v1/invitations/accept", json=accepted).status_code == 404


def test_a_session_ends_however_much_it_is_used(workbench, ada):
    with workbench.database.write() as session:
        session.execute(sa.update(Session).values(created_at=now() - timedelta(days=8), seen_at=now()))
    assert ada.get("/api/v1/session").status_code == 401


CONFUSABLE = {
    "Cyrillic о in Latin": "B\u043eb",
    "Greek omicron in Latin": "B\u03bfb",
    "all Cyrillic, reads as Latin": "\u0410\u0430",
    "zero-width space": "Bo\u200bb",
    "zero-width joiner": "Bo\u200db",
    "soft hyphen": "Bo\u00adb",
    "word joiner": "Bo\u2060b",
    "byte order mark": "\ufeffBob",
    "right-to-left override": "Bob\u202e",
    "variation selector": "Bob\ufe0f",
    "blank Hangul": "Bo\u3164b",
    "full width": "\uff22ob",
    "mathematical bold": "\U0001d401ob",
    "combining mark": "Bo\u0308b",
    "accent": "B\u00f6b",
    "another case": "bOB",
    "a digit": "B0b",
    "spaces": "B ob",
}


@pytest.mark.parametrize("kind", CONFUSABLE)
def test_a_name_that_looks_like_another_is_refused(workbench, ada, kind):
    workbench.person("Bob")
    workbench.person("Aa")
    answer = ada.post("/api/v1/users", json={"name": CONFUSABLE[kind], "role": "viewer"})
    assert answer.status_code in {409, 422}, (kind, answer.text)
    assert "\u202e" not in answer.text
    assert "\u200b" not in answer.text


@pytest.mark.parametrize(
    "name",
    ["Bob", "Anna Müller", "Иван Петров", "李雷", "田中 さくら", "김민수", "Ωμέγα", "O'Neil", "user-2"],
)
def test_honest_names_are_taken(name):
    assert name_problem(name, ["Ada", "Eve"]) is None


def test_names_that_look_alike_have_one_skeleton():
    assert skeleton("paypal") == skeleton("р\u0430ypal") == skeleton("PayPaI") == skeleton("paypa1")
    assert skeleton("modern") == skeleton("modem")
    assert skeleton("Ada") != skeleton("Eve")


@pytest.mark.parametrize(
    "password",
    [
        "p" * 12,
        "passwordpassword",
        "123456789012",
        "qwertyuiop12",
        "administrator1",
        "letmeinletmein",
        "tamperlens123",
        "Adalovelace1",
    ],
)
def test_common_passwords_are_refused(workbench, ada, password):
    made = ada.post("/api/v1/users", json={"name": "Adalovelace", "role": "viewer"}).json
    given = {"token": made["token"], "password": password}
    answer = workbench.anonymous().post("/api/v1/invitations/accept", json=given)
    assert answer.status_code == 422
    assert "common" in sentence(answer)
    assert password_problem(password, "Adalovelace")


def test_passwords_of_unrelated_words_are_taken():
    for password in (PASSWORD, "three unrelated words here", "x9$kQ2!vbR7z", "ж" * 6 + "шкаф лампа"):
        assert password_problem(password, "Ada") is None, password


def test_a_viewers_upload_is_refused_before_it_is_parsed(workbench, eve, monkeypatch):
    case = eve.case()
    vera = workbench.person("Vera", "viewer")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Vera", "access": "write"})

    def read(*_, **__):
        raise AssertionError("the body was read")

    monkeypatch.setattr("werkzeug.formparser.MultiPartParser.parse", read)
    assert vera.upload(case, b"x" * 100_000).status_code == 403
    assert workbench.anonymous().upload(case, b"x").status_code == 401
    assert workbench.person("Stranger").upload(case, b"x").status_code == 404
    eve.change_case(case, closed=True)
    assert eve.upload(case, b"x").status_code == 409
