"""Your own account: set-up, sign-in, sign-out, password, invitation, tokens."""

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from tamperlens.service import _tables as tables
from tamperlens.service._folding import folded
from tamperlens.service._ledger import NOBODY, Actor, append
from tamperlens.service._naming import name_problem
from tamperlens.service._tables import Token, User
from tamperlens.service.people import accounts as people
from tamperlens.service.people import password_problem
from tamperlens.service.people import second_factor as factors
from tamperlens.service.people.visitors import (
    Visitor,
    clear_cookie,
    database,
    refuse_foreign_pages,
    secret_hash,
    set_cookie,
    settings,
    signed_in,
    visitor,
)
from tamperlens.service.schemas import accounts as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web import _limits as limits
from tamperlens.service.web._entrance import refuse_without_code
from tamperlens.service.web._pages import each, page

accounts = APIBlueprint("accounts", __name__, url_prefix="/api/v1", tag="Account")

_STALE_LINK = "this link was used, has expired or is not complete; ask for a new one"


@accounts.get("/setup")
@accounts.output(schemas.SetupState)
def setup_state() -> dict[str, Any]:
    """Whether the first administrator is still missing."""
    with database().read() as session:
        provider = settings().provider
        host = urlsplit(provider.issuer).hostname if provider else None
        return {"needed": people.needs_setup(session), "provider": host}


@accounts.post("/setup")
@accounts.input(schemas.SetupIn)
@accounts.output(schemas.Me, status_code=201)
@accounts.doc(responses=[403, 429])
def set_up(json_data: dict[str, str]) -> Response:
    """Make the first administrator with the link that `tamperlens serve` printed, and sign in."""
    _count_link(json_data["token"])
    with database().read() as session:
        invitation = people.find_invitation(session, json_data["token"])
        if invitation is None or invitation.user_id or not people.needs_setup(session):
            abort(403, _STALE_LINK)
    _refuse_weak(json_data["password"], json_data["name"])
    if problem := name_problem(json_data["name"], []):
        abort(422, problem)
    password = people.hash_password(json_data["password"])
    with database().write() as session:
        invitation = people.find_invitation(session, json_data["token"])
        if invitation is None or invitation.user_id or not people.needs_setup(session):
            abort(403, _STALE_LINK)
        session.delete(invitation)
        user = people.add_user(session, json_data["name"], "administrator", password)
        append(session, Actor(user.id, user.name), "set-up", {"role": user.role})
        return _welcome(session, user, 201)


@accounts.post("/session")
@accounts.input(schemas.SignIn)
@accounts.output(schemas.Me, status_code=201)
@accounts.doc(responses=[401, 403, 429])
def sign_in(json_data: dict[str, str]) -> Response:
    """Sign in; the answer sets the session's cookie."""
    name, address = json_data["name"], request.remote_addr or "unknown"
    refuse_foreign_pages()
    limits.count_sign_in(database(), settings(), folded(name), address)
    with database().read() as session:
        user = people.find_user(session, name)
    fits = people.password_fits(user, json_data["password"])
    if user is None or not fits:
        with database().write() as session:
            append(session, NOBODY, "sign-in failed", {"name": name, "address": request.remote_addr})
        abort(401, "name or password is wrong")
    told = {"address": request.remote_addr, **refuse_without_code(user, json_data.get("code"))}
    limits.know(database(), folded(name), address)
    with database().write() as session:
        append(session, Actor(user.id, user.name), "sign-in", told)
        return _welcome(session, session.get_one(User, user.id), 201)


@accounts.get("/session")
@signed_in(enrolling=True)
@accounts.output(schemas.Me)
def who_am_i() -> dict[str, Any]:
    """Who is signed in."""
    who = visitor()
    return _me(who, who.csrf_token, who.must_enrol)


@accounts.delete("/session")
@signed_in(browser_only=True, enrolling=True)
@accounts.output({}, status_code=204)
def sign_out() -> Response:
    """Sign out; the session ends on the server."""
    who = visitor()
    with database().write() as session:
        session.execute(sa.delete(tables.Session).where(tables.Session.id == who.session_id))
        append(session, who.actor, "sign-out", {})
    answer = Response(status=204)
    clear_cookie(answer)
    return answer


@accounts.put("/session/password")
@signed_in(browser_only=True)
@accounts.input(schemas.PasswordIn)
@accounts.output({}, status_code=204)
@accounts.doc(responses=[403, 429])
def change_password(json_data: dict[str, str]) -> Response:
    """Change your password; all other sessions and all API tokens of the account end."""
    who = visitor()
    limits.count(database(), settings(), "password, one account", who.id)
    with database().read() as session:
        user = session.get_one(User, who.id)
    if not people.password_fits(user, json_data["current"]):
        abort(403, "the current password is wrong")
    _refuse_weak(json_data["new"], who.name)
    password = people.hash_password(json_data["new"])
    with database().write() as session:
        session.get_one(User, who.id).password = password
        people.end_sessions(session, who.id, but=who.session_id)
        session.execute(sa.delete(Token).where(Token.user_id == who.id))
        append(session, who.actor, "password changed", {})
    return Response(status=204)


@accounts.post("/invitations/lookup")
@accounts.input(schemas.InvitationToken)
@accounts.output(schemas.InvitationFor)
@accounts.doc(responses=[404, 429])
def look_up_invitation(json_data: dict[str, str]) -> dict[str, Any]:
    """Say whom an invitation is for."""
    _count_link(json_data["token"])
    with database().read() as session:
        invitation = people.find_invitation(session, json_data["token"])
        if invitation is None or invitation.user is None:
            abort(404, _STALE_LINK)
        user = invitation.user
        return {"name": user.name, "role": user.role, "expires_at": invitation.expires_at}


@accounts.post("/invitations/accept")
@accounts.input(schemas.InvitationAccept)
@accounts.output(schemas.Me, status_code=201)
@accounts.doc(responses=[401, 403, 404, 429])
def accept_invitation(json_data: dict[str, str]) -> Response:
    """Set the password of the invited account, and sign in; the link works once."""
    _count_link(json_data["token"])
    with database().read() as session:
        invitation = people.find_invitation(session, json_data["token"])
        if invitation is None or invitation.user is None:
            abort(404, _STALE_LINK)
    _refuse_weak(json_data["password"], invitation.user.name)
    refuse_without_code(invitation.user, json_data.get("code"))
    password = people.hash_password(json_data["password"])
    with database().write() as session:
        invitation = people.find_invitation(session, json_data["token"])
        if invitation is None or invitation.user is None:
            abort(404, _STALE_LINK)
        user = invitation.user
        if user.disabled:
            abort(403, "this account is disabled")
        session.delete(invitation)
        user.password = password
        people.end_sessions(session, user.id)
        append(session, Actor(user.id, user.name), "invitation accepted", {})
        return _welcome(session, user, 201)


@accounts.get("/tokens")
@signed_in(browser_only=True)
@accounts.input(PageIn, location="query")
@accounts.output(schemas.TokenPage)
def list_tokens(query_data: dict[str, Any]) -> dict[str, Any]:
    """List your own API tokens, without their secrets."""
    statement = sa.select(Token).where(Token.user_id == visitor().id).order_by(Token.created_at.desc())
    with database().read() as session:
        return page(session, statement, query_data, each(_token_view))


@accounts.post("/tokens")
@signed_in(browser_only=True)
@accounts.input(schemas.TokenIn)
@accounts.output(schemas.NewToken, status_code=201)
def make_token(json_data: dict[str, Any]) -> dict[str, Any]:
    """Make an API token; its secret is shown only once."""
    who = visitor()
    with database().write() as session:
        token, secret = people.make_token(session, who.actor, **json_data)
        ends = token.expires_at.isoformat(timespec="seconds")
        details = {"token": token.id, "name": token.name, "scope": token.scope, "expires": ends}
        append(session, who.actor, "token made", details)
        return {**_token_view(token), "secret": secret}


@accounts.delete("/tokens/<key:token_id>")
@signed_in(browser_only=True)
@accounts.output({}, status_code=204)
@accounts.doc(responses=[404])
def revoke_token(token_id: str) -> Response:
    """Revoke one of your API tokens."""
    who = visitor()
    with database().write() as session:
        token = session.get(Token, token_id)
        if token is None or token.user_id != who.id:
            abort(404, "you have no such token")
        session.delete(token)
        append(session, who.actor, "token revoked", {"token": token.id, "name": token.name})
    return Response(status=204)


def _count_link(token: str) -> None:
    """Slow down people who guess links, without delaying those who have one."""
    refuse_foreign_pages()
    address = request.remote_addr or "unknown"
    limits.count(database(), settings(), "invitation, one address", address)
    limits.count(database(), settings(), "invitation, one link", secret_hash(token))


def _refuse_weak(password: str, name: str) -> None:
    if problem := password_problem(password, name):
        abort(422, problem)


def _welcome(session: Session, user: User, status: int) -> Response:
    opened, secret = people.open_session(session, user)
    must_enrol = settings().demand_factor and factors.confirmed(session, user.id) is None
    answer = jsonify(_me(user, opened.csrf_token, must_enrol))
    answer.status_code = status
    set_cookie(answer, secret)
    return answer


def _me(who: Visitor | User, csrf_token: str | None, must_enrol: bool) -> dict[str, Any]:
    told = {"id": who.id, "name": who.name, "role": who.role, "csrf_token": csrf_token}
    return {**told, "must_enrol": must_enrol, "max_upload_bytes": settings().max_upload_bytes}


def _token_view(token: Token) -> dict[str, Any]:
    shown = ("id", "name", "scope", "created_at", "expires_at", "used_at")
    return {name: getattr(token, name) for name in shown}
