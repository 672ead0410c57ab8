"""Signing in through a provider of identities, a tiny one of the tests' own: nobody else is ever asked."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server

from tamperlens.service import IdentityProvider
from tamperlens.service._tables import User

SECRET = "shared with the provider"  # noqa: S105 - of a provider that lives as long as a test
START, BACK = "/api/v1/oidc/start", "/api/v1/oidc/callback"
PERSON = {"sub": "77", "email": "Grace@Example.org", "email_verified": True, "name": "Grace Hopper"}


class Tiny:
    """A provider: gives out codes for a person, and tokens for codes to who proves PKCE's verifier."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing, self.codes, self.asked = self.key, {}, []
        self.changes: dict[str, object] = {}
        self.server = make_server("127.0.0.1", 0, self)
        self.issuer = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __call__(self, environ, start_response):
        asked = Request(environ)
        self.asked.append(asked.path)
        answer = {
            "/.well-known/openid-configuration": self._about,
            "/keys": lambda _asked: {"keys": [self.key.as_dict(private=False)]},
            "/token": self._token,
        }[asked.path](asked)
        if isinstance(answer, Response):
            return answer(environ, start_response)

        return Response(json.dumps(answer), mimetype="application/json")(environ, start_response)

    def _about(self, _asked):
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}

    def authorize(self, address: str, person: dict) -> dict[str, str]:
        """What a person's browser brings back from the provider's page."""
        given = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert given["code_challenge_method"] == "S256"
        assert given["redirect_uri"].endswith(BACK)
        code = f"code-{len(self.codes)}"
        self.codes[code] = (given, person)
        return {"code": code, "state": given["state"]}

    def _token(self, asked):
        user, secret = asked.authorization.username, asked.authorization.password
        given, person = self.codes.pop(asked.form["code"], (None, None))
        if given is None or (user, secret) != ("workbench", SECRET):
            return Response('{"error": "invalid_grant"}', 400, mimetype="application/json")
        digest = hashlib.sha256(asked.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == given["code_challenge"]
        moment = int(time.time())
        claims = {"iss": self.issuer, "aud": "workbench", "iat": moment, "exp": moment + 60}
        claims |= {"nonce": given["nonce"], **person, **self.changes}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def tiny_provider() -> Iterator[Tiny]:
    provider = Tiny()
    yield provider
    provider.server.shutdown()


@pytest.fixture
def settings(settings, tiny_provider, tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    return replace(settings, provider=IdentityProvider(tiny_provider.issuer, "workbench", file))


def sign_in(browser, provider: Tiny, person: dict = PERSON, **changes: str):
    """Where the browser is sent at last."""
    away = browser.get(START)
    assert away.status_code == 302, away.text
    brought = {**provider.authorize(away.headers["Location"], person), **changes}
    return browser.get(BACK, query_string=brought).headers["Location"]


def invite(ada, email: str | None = "grace@example.org"):
    return ada.post("/api/v1/users", json={"name": "Grace", "role": "examiner", "email": email}).json["user"]


def test_who_was_invited_signs_in_and_stays_the_same(workbench, ada, tiny_provider):
    assert workbench.anonymous().get("/api/v1/setup").json["provider"] == "127.0.0.1"
    user = invite(ada)
    assert user["state"] == "invited"
    browser = workbench.anonymous()
    assert sign_in(browser, tiny_provider) == "/"
    me = browser.get("/api/v1/session").json
    assert (me["id"], me["name"], me["role"]) == (user["id"], "Grace", "examiner")
    assert sign_in(workbench.anonymous(), tiny_provider, {**PERSON, "email": "other@example.org"}) == "/"
    assert [one["state"] for one in ada.get("/api/v1/users?search=grace").json["items"]] == ["active"]
    told = [(one["action"], one["actor"]) for one in ada.get("/api/v1/ledger").json["items"]]
    assert {("identity linked", "Grace"), ("sign-in", "Grace")} <= set(told)
    assert set(tiny_provider.asked) == {"/.well-known/openid-configuration", "/token", "/keys"}


def test_who_was_not_is_refused_and_so_is_an_address_that_is_not_verified(workbench, ada, tiny_provider):
    browser = workbench.anonymous()
    assert sign_in(browser, tiny_provider) == "/?refused=unknown"
    invite(ada)
    for unsure in ({"email_verified": False}, {"email_verified": "true"}, {"email": None}):
        assert sign_in(browser, tiny_provider, {**PERSON, **unsure}) == "/?refused=unverified"
    assert browser.get("/api/v1/session").status_code == 401
    failed = [one for one in ada.get("/api/v1/ledger").json["items"] if one["action"] == "sign-in failed"]
    assert {one["details"]["why"] for one in failed} == {"unknown", "unverified"}


def test_an_address_given_to_another_person_does_not_open_the_account(workbench, ada, tiny_provider):
    invite(ada)
    assert sign_in(workbench.anonymous(), tiny_provider) == "/"
    assert sign_in(workbench.anonymous(), tiny_provider, {**PERSON, "sub": "78"}) == "/?refused=taken"


def test_a_disabled_account_stays_shut(workbench, ada, tiny_provider):
    user = invite(ada)
    ada.ask("PATCH", f"/api/v1/users/{user['id']}", json={"disabled": True})
    assert sign_in(workbench.anonymous(), tiny_provider) == "/?refused=disabled"
    with workbench.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 2


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "of another"},
        {"exp": 1},
        {"nonce": None},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_opens_nothing(workbench, ada, tiny_provider, claims):
    invite(ada)
    tiny_provider.changes = claims
    assert sign_in(workbench.anonymous(), tiny_provider) == "/?refused=failed"


def test_a_token_that_another_signed_opens_nothing(workbench, ada, tiny_provider):
    invite(ada)
    tiny_provider.signing = RSAKey.generate_key(2048, {"kid": "one"})
    assert sign_in(workbench.anonymous(), tiny_provider) == "/?refused=failed"


def test_an_answer_to_another_browser_or_another_sign_in_opens_nothing(workbench, ada, tiny_provider):
    invite(ada)
    assert sign_in(workbench.anonymous(), tiny_provider, state="of another") == "/?refused=failed"
    brought = tiny_provider.authorize(workbench.anonymous().get(START).headers["Location"], PERSON)
    assert workbench.anonymous().get(BACK, query_string=brought).headers["Location"] == "/?refused=failed"
    refused = workbench.anonymous().get(BACK, query_string={"error": "access_denied"})
    assert refused.headers["Location"] == "/?refused=failed"


def test_a_provider_that_is_away_or_calls_itself_otherwise_is_said(workbench, tiny_provider):
    tiny_provider.issuer += "/else"
    answer = workbench.anonymous().get(START)
    assert (answer.status_code, "another name" in answer.json["detail"]) == (503, True)
    tiny_provider.server.shutdown()
    tiny_provider.server.server_close()
    assert workbench.anonymous().get(START).status_code == 503


class TestWithARole:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, provider=replace(settings.provider, role="viewer"), demand_factor=True)

    def test_an_account_is_made_and_the_provider_s_own_factor_counts(self, workbench, tiny_provider):
        browser = workbench.anonymous()
        assert sign_in(browser, tiny_provider) == "/"
        me = browser.get("/api/v1/session").json
        assert (me["name"], me["role"], me["must_enrol"]) == ("Grace Hopper", "viewer", False)
        workbench.person("Ada Lovelace")
        namesake = {**PERSON, "sub": "9", "email": "ada@example.org", "name": "ada  lovelace"}
        assert sign_in(browser, tiny_provider, namesake) == "/"
        assert browser.get("/api/v1/session").json["name"] == "ada@example.org"


def test_addresses_are_each_of_one_account(workbench, ada):
    user = invite(ada)
    assert user["email"] == "grace@example.org"
    other = {"name": "Bob", "role": "viewer", "email": "GRACE@example.org"}
    assert ada.post("/api/v1/users", json=other).status_code == 409
    path = f"/api/v1/users/{user['id']}"
    assert ada.ask("PATCH", path, json={"email": None}).json["email"] is None
    assert ada.post("/api/v1/users", json=other).status_code == 201
    assert ada.ask("PATCH", path, json={"email": "grace@example.org"}).status_code == 409


def test_an_address_that_looks_like_anothers_is_refused_and_a_change_is_recorded(workbench, ada):
    invite(ada)
    bob = workbench.person("Bob")

    def give(email: str | None):
        return ada.ask("PATCH", f"/api/v1/users/{bob.id}", json={"email": email})

    assert give("Bob@Example.org").json["email"] == "bob@example.org"
    record = ada.get("/api/v1/ledger").json["items"][0]
    assert (record["action"], record["details"]["email"]) == ("user changed", "bob@example.org")
    assert "already has this address" in give("GRACE@example.org").json["detail"]
    assert "mixes scripts" in give("gr\u0430ce@example.org").json["detail"]  # a Cyrillic letter
    assert give("grace\u200b@example.org").status_code == 422
    assert give("gr4ce@example.org").status_code == 200  # another address, though it looks alike
    assert give(None).json["email"] is None
