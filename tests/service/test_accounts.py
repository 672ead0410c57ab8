"""Set-up, sign-in, sessions, invitations, tokens, administration."""

from datetime import timedelta

import sqlalchemy as sa

from tamperlens.service._tables import Invitation, Record, Session, Token, User, now
from tamperlens.service.people import accounts

from .conftest import BOTH, PASSWORD

pytestmark = BOTH


def actions(workbench) -> list[str]:
    with workbench.database.read() as session:
        return list(session.scalars(sa.select(Record.action).order_by(Record.seq)))


def test_the_set_up_link_makes_one_administrator_and_works_once(workbench):
    with workbench.database.write() as session:
        secret = accounts.setup_secret(session)
    browser = workbench.anonymous()
    assert browser.get("/api/v1/setup").json["needed"] is True
    given = {"token": secret, "name": "Ada", "password": PASSWORD}
    assert browser.post("/api/v1/setup", json={**given, "token": "wrong"}).status_code == 403
    made = browser.post("/api/v1/setup", json=given)
    assert made.status_code == 201
    assert made.json["role"] == "administrator"
    assert browser.get("/api/v1/session").json["name"] == "Ada"
    assert browser.get("/api/v1/setup").json["needed"] is False
    assert workbench.anonymous().post("/api/v1/setup", json={**given, "name": "Mallory"}).status_code == 403
    with workbench.database.write() as session:
        assert accounts.setup_secret(session) is None
    assert actions(workbench) == ["set-up link", "set-up"]


def test_sign_in_and_out_end_on_the_server(workbench):
    workbench.person("Ada", password=PASSWORD)
    browser = workbench.anonymous()
    wrong = browser.post("/api/v1/session", json={"name": "Ada", "password": "wrong password"})
    unknown = browser.post("/api/v1/session", json={"name": "Bob", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json
    entered = browser.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    assert entered.status_code == 201
    cookie = entered.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    stolen = browser.client.get_cookie("tamperlens").value
    browser.headers["X-CSRF-Token"] = entered.json["csrf_token"]
    assert browser.ask("DELETE", "/api/v1/session").status_code == 204
    browser.client.set_cookie("tamperlens", stolen)
    assert browser.get("/api/v1/session").status_code == 401
    assert actions(workbench) == ["sign-in failed", "sign-in failed", "sign-in", "sign-out"]


def test_no_secret_is_in_the_database(workbench):
    workbench.person("Ada", password=PASSWORD)
    browser = workbench.anonymous()
    browser.post("/api/v1/session", json={"name": "Ada", "password": PASSWORD})
    secret = browser.client.get_cookie("tamperlens").value
    with workbench.database.read() as session:
        kept = [*session.scalars(sa.select(Session.hash)), *session.scalars(sa.select(User.password))]
    assert secret not in kept
    assert PASSWORD not in kept


def test_passwords_of_more_than_72_bytes_differ_to_the_end(workbench):
    long = "ü" * 60
    workbench.person("Ada", password=long + "a")
    browser = workbench.anonymous()
    assert browser.post("/api/v1/session", json={"name": "Ada", "password": long + "b"}).status_code == 401
    assert browser.post("/api/v1/session", json={"name": "Ada", "password": long + "a"}).status_code == 201


def test_a_new_password_ends_every_other_session_and_token(workbench):
    here, there = workbench.person("Ada", password=PASSWORD), workbench.person("Ada")
    program = workbench.program("Ada")
    changed = {"current": PASSWORD, "new": "another long password"}
    assert here.ask("PUT", "/api/v1/session/password", json={**changed, "current": "no"}).status_code == 403
    assert here.ask("PUT", "/api/v1/session/password", json={**changed, "new": "short"}).status_code == 422
    assert here.ask("PUT", "/api/v1/session/password", json=changed).status_code == 204
    assert here.get("/api/v1/session").status_code == 200
    assert there.get("/api/v1/session").status_code == 401
    assert program.get("/api/v1/session").status_code == 401


def test_writes_of_a_browser_need_the_token_that_other_pages_cannot_read(workbench, ada):
    token = ada.headers.pop("X-CSRF-Token")
    assert ada.post("/api/v1/cases", json={"title": "Case"}).status_code == 403
    assert ada.post("/api/v1/cases", json={"title": "Case"}, headers={"X-CSRF-Token": "x"}).status_code == 403
    ada.headers["X-CSRF-Token"] = token
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert ada.post("/api/v1/cases", json={"title": "Case"}, headers=cross).status_code == 403
    assert ada.post("/api/v1/cases", json={"title": "Case"}).status_code == 201
    forced = workbench.anonymous().post(
        "/api/v1/session", json={"name": "Ada", "password": "x"}, headers=cross
    )
    assert forced.status_code == 403


def test_an_unused_session_ends(workbench, ada):
    with workbench.database.write() as session:
        session.execute(sa.update(Session).values(seen_at=now() - timedelta(hours=13)))
    assert ada.get("/api/v1/session").status_code == 401


def test_an_invitation_sets_a_password_once(workbench, ada):
    made = ada.post("/api/v1/users", json={"name": "Bob", "role": "viewer"})
    assert made.status_code == 201
    assert made.json["user"]["state"] == "invited"
    assert made.json["link"] == f"/invitation#{made.json['token']}"
    browser = workbench.anonymous()
    token = {"token": made.json["token"]}
    assert browser.post("/api/v1/invitations/lookup", json=token).json["name"] == "Bob"
    accepted = {**token, "password": PASSWORD}
    assert browser.post("/api/v1/invitations/accept", json=accepted).status_code == 201
    assert browser.get("/api/v1/session").json["role"] == "viewer"
    assert browser.post("/api/v1/invitations/accept", json=accepted).status_code == 404
    assert ada.post("/api/v1/users", json={"name": "BOB", "role": "viewer"}).status_code == 409


def test_an_invitation_expires(workbench, ada):
    made = ada.post("/api/v1/users", json={"name": "Bob", "role": "viewer"}).json
    with workbench.database.write() as session:
        session.execute(sa.update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    asked = workbench.anonymous().post("/api/v1/invitations/lookup", json={"token": made["token"]})
    assert asked.status_code == 404


def test_disabling_and_resetting_end_sessions(workbench, ada):
    bob = workbench.person("Bob", "examiner", PASSWORD)
    assert ada.ask("PATCH", f"/api/v1/users/{bob.id}", json={"disabled": True}).json["state"] == "disabled"
    assert bob.get("/api/v1/session").status_code == 401
    refused = workbench.anonymous().post("/api/v1/session", json={"name": "Bob", "password": PASSWORD})
    assert refused.status_code == 401
    ada.ask("PATCH", f"/api/v1/users/{bob.id}", json={"disabled": False})
    bob = workbench.person("Bob")
    assert bob.get("/api/v1/session").status_code == 200
    assert ada.post(f"/api/v1/users/{bob.id}/invitation").status_code == 201
    assert bob.get("/api/v1/session").status_code == 401
    refused = workbench.anonymous().post("/api/v1/session", json={"name": "Bob", "password": PASSWORD})
    assert refused.status_code == 401


def test_nobody_changes_their_own_role(ada):
    assert ada.ask("PATCH", f"/api/v1/users/{ada.id}", json={"role": "viewer"}).status_code == 409
    assert ada.post(f"/api/v1/users/{ada.id}/invitation").status_code == 409


def test_a_token_is_shown_once_expires_and_is_revoked(workbench, ada):
    made = ada.post("/api/v1/tokens", json={"name": "script"}).json
    program = workbench.anonymous()
    program.headers["Authorization"] = f"Bearer {made['secret']}"
    assert program.get("/api/v1/session").json["csrf_token"] is None
    assert program.post("/api/v1/cases", json={"title": "By a program"}).status_code == 201
    listed = ada.get("/api/v1/tokens").json["items"]
    assert [token["name"] for token in listed] == ["script"]
    assert "secret" not in listed[0]
    with workbench.database.write() as session:
        session.execute(sa.update(Token).values(expires_at=now() - timedelta(seconds=1)))
    assert program.get("/api/v1/session").status_code == 401
    assert ada.ask("DELETE", f"/api/v1/tokens/{made['id']}").status_code == 204
    assert ada.get("/api/v1/tokens").json["total"] == 0


def test_names_are_one_line_of_printable_text(ada):
    for name in ("", "a\nb", "a\x00", "\ud800", " a", "x" * 65):
        assert ada.post("/api/v1/users", json={"name": name, "role": "viewer"}).status_code == 422, name
