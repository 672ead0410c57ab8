"""A second factor: set up, asked for at every door, taken once, taken off, demanded of all."""

import json
import re
import time
from dataclasses import replace

import pyotp
import pytest
import sqlalchemy as sa

from tamperlens.service import Settings, back_up, restore
from tamperlens.service._tables import Factor, RecoveryCode

from .conftest import BOTH, PASSWORD, Workbench

FACTOR = "/api/v1/session/factor"


@pytest.fixture
def eve(workbench):
    return workbench.person("Eve", password=PASSWORD)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands, and goes on by whole steps when it is told to."""
    moment = [time.time()]
    monkeypatch.setattr("tamperlens.service.people.second_factor.time.time", lambda: moment[0])

    def on(steps: int = 1) -> None:
        moment[0] += 30 * steps

    on.now = lambda: moment[0]
    return on


def code_of(secret: str, clock, drift: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now()) + 30 * drift)


def set_up(person, clock) -> tuple[str, list[str]]:
    """The secret and the recovery codes; the clock goes on, for a code is taken once."""
    secret = person.post(FACTOR, json={"password": PASSWORD}).json["secret"]
    codes = person.ask("PUT", FACTOR, json={"code": code_of(secret, clock)}).json["codes"]
    clock()
    return secret, codes


def sign_in(workbench, **given: str):
    return workbench.anonymous().post("/api/v1/session", json={"name": "Eve", "password": PASSWORD, **given})


@BOTH
def test_whoever_has_one_gives_a_code_and_each_code_is_taken_once(workbench, ada, eve, clock):
    assert sign_in(workbench).status_code == 201
    secret, _codes = set_up(eve, clock)
    assert eve.get(FACTOR).json == {"on": True, "recovery_codes": 10, "demanded": False}
    asked = sign_in(workbench)
    assert (asked.status_code, list(asked.json["errors"]["json"])) == (401, ["code"])
    assert sign_in(workbench, code="000000").status_code == 401
    assert sign_in(workbench, code=code_of(secret, clock)).status_code == 201
    assert sign_in(workbench, code=code_of(secret, clock)).status_code == 401
    assert sign_in(workbench, code=code_of(secret, clock, -1)).status_code == 401  # an earlier one
    assert sign_in(workbench, code=code_of(secret, clock, 1)).status_code == 201  # their clock is fast
    assert sign_in(workbench, code=code_of(secret, clock, 3)).status_code == 401
    wrong = workbench.anonymous().post(
        "/api/v1/session", json={"name": "Eve", "password": "x", "code": code_of(secret, clock)}
    )
    assert wrong.json["detail"] == "name or password is wrong"
    records = ada.get("/api/v1/ledger?per_page=200").json["items"]
    told = [(one["action"], one["details"].get("second factor")) for one in records]
    assert ("sign-in", "code") in told
    assert ("sign-in failed", "wrong code") in told
    assert ("second factor set up", None) in told


def test_a_recovery_code_works_once(workbench, ada, eve, clock):
    secret, codes = set_up(eve, clock)
    assert len(set(codes)) == 10
    assert sign_in(workbench, code=codes[3].upper().replace("-", " ")).status_code == 201
    assert sign_in(workbench, code=codes[3]).status_code == 401
    assert eve.get(FACTOR).json["recovery_codes"] == 9
    renewed = eve.post(f"{FACTOR}/codes", json={"code": code_of(secret, clock)}).json["codes"]
    assert sign_in(workbench, code=codes[4]).status_code == 401
    assert sign_in(workbench, code=renewed[4]).status_code == 201
    assert "recovery code used" in [one["action"] for one in ada.get("/api/v1/ledger").json["items"]]


def test_it_is_set_up_with_password_and_code_and_ends_other_sessions(workbench, eve, clock):
    other = workbench.person("Eve")
    assert eve.post(FACTOR, json={"password": "wrong"}).status_code == 403
    assert eve.ask("PUT", FACTOR, json={"code": "000000"}).status_code == 409
    begun = eve.post(FACTOR, json={"password": PASSWORD}).json
    assert re.fullmatch(
        r"otpauth://totp/Tamperlens:Eve\?secret=[A-Z2-7]{32}&issuer=Tamperlens", begun["address"]
    )
    picture = eve.get(f"{FACTOR}/qr")
    assert (picture.mimetype, b"<svg" in picture.data) == ("image/svg+xml", True)
    assert sign_in(workbench).status_code == 201  # it does not count yet
    assert eve.ask("PUT", FACTOR, json={"code": "000000"}).status_code == 403
    assert other.get("/api/v1/session").status_code == 200
    set_up(eve, clock)
    assert other.get("/api/v1/session").status_code == 401
    assert eve.get("/api/v1/session").status_code == 200
    assert eve.get(f"{FACTOR}/qr").status_code == 409
    assert eve.post(FACTOR, json={"password": PASSWORD}).status_code == 409


def test_the_database_alone_tells_no_secret_and_no_code(workbench, eve, clock):
    secret, codes = set_up(eve, clock)
    with workbench.database.read() as session:
        factor = session.scalars(sa.select(Factor)).one()
        kept = [factor.sealed, *session.scalars(sa.select(RecoveryCode.hash))]
    assert not [one for one in (secret, *codes) if one in json.dumps(kept)]
    key = workbench.settings.home / "factor.key"
    assert key.stat().st_mode & 0o077 == 0
    key.unlink()
    lost = sign_in(workbench, code=code_of(secret, clock))
    assert (lost.status_code, "factor.key is not the key" in lost.json["detail"]) == (503, True)


def test_wrong_codes_are_slowed_down(workbench, eve, clock):
    set_up(eve, clock)
    answers = [sign_in(workbench, code="000000").status_code for _ in range(12)]
    assert answers[-1] == 429


def test_it_is_turned_off_by_a_code_or_by_an_administrator(workbench, ada, eve, clock):
    secret, _codes = set_up(eve, clock)
    assert eve.post(f"{FACTOR}/removal", json={"code": "000000"}).status_code == 403
    assert eve.post(f"{FACTOR}/removal", json={"code": code_of(secret, clock)}).status_code == 204
    assert sign_in(workbench).status_code == 201
    clock()
    set_up(eve, clock)
    users = {one["name"]: one["second_factor"] for one in ada.get("/api/v1/users").json["items"]}
    assert users == {"Ada": False, "Eve": True}
    assert ada.ask("DELETE", f"/api/v1/users/{ada.id}/factor").status_code == 409
    assert ada.ask("DELETE", f"/api/v1/users/{eve.id}/factor").status_code == 204
    assert eve.get("/api/v1/session").status_code == 401
    assert sign_in(workbench).status_code == 201
    assert ada.ask("DELETE", f"/api/v1/users/{eve.id}/factor").status_code == 409
    record = ada.get("/api/v1/ledger").json["items"][1]
    assert (record["action"], record["details"]["name"]) == ("second factor taken off", "Eve")


def test_tokens_go_on_without_it(workbench, eve, clock):
    program = workbench.program("Eve")
    set_up(eve, clock)
    assert program.get("/api/v1/cases").status_code == 200


def test_a_new_password_link_does_not_go_around_it(workbench, ada, eve, clock):
    secret, _codes = set_up(eve, clock)
    link = {
        "token": ada.post(f"/api/v1/users/{eve.id}/invitation").json["token"],
        "password": "four other long words",
    }
    refused = workbench.anonymous().post("/api/v1/invitations/accept", json=link)
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (401, ["code"])
    given = {**link, "code": code_of(secret, clock)}
    assert workbench.anonymous().post("/api/v1/invitations/accept", json=given).status_code == 201


class TestDemanded:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, demand_factor=True)

    def test_nothing_is_let_through_before_it_is_set_up(self, workbench, eve, clock):
        assert sign_in(workbench).json["must_enrol"] is True
        assert eve.get("/api/v1/session").json["must_enrol"] is True
        refused = eve.get("/api/v1/cases")
        assert (refused.status_code, "set yours up first" in refused.json["detail"]) == (403, True)
        assert workbench.program("Eve").get("/api/v1/cases").status_code == 200
        secret, _codes = set_up(eve, clock)
        assert eve.get("/api/v1/session").json["must_enrol"] is False
        assert eve.get("/api/v1/cases").status_code == 200
        assert eve.post(f"{FACTOR}/removal", json={"code": code_of(secret, clock)}).status_code == 409


def test_a_backup_takes_the_key_along(workbench, eve, clock, tmp_path):
    secret, _codes = set_up(eve, clock)
    back_up(workbench.settings, tmp_path / "backup")
    settings = Settings(tmp_path / "new", threads=1, bcrypt_rounds=4)
    restore(tmp_path / "backup", settings)
    again = Workbench(settings)
    try:
        assert sign_in(again, code=code_of(secret, clock)).status_code == 201
    finally:
        again.close()
