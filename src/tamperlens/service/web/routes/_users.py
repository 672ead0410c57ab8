"""Administration of accounts."""

from functools import partial
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._folding import folded
from tamperlens.service._ledger import append
from tamperlens.service._naming import address_problem, name_problem
from tamperlens.service._tables import Case, Identity, Invitation, Token, User
from tamperlens.service.people import accounts as people
from tamperlens.service.people import hand_over, heir
from tamperlens.service.people import second_factor as factors
from tamperlens.service.people.visitors import database, signed_in, visitor
from tamperlens.service.schemas import accounts as schemas
from tamperlens.service.schemas.cases import OwnerIn
from tamperlens.service.web._pages import each, page
from tamperlens.text import quoted

users = APIBlueprint("users", __name__, url_prefix="/api/v1/users", tag="Administration")


@users.get("")
@signed_in("administrator", browser_only=True)
@users.input(schemas.UserQuery, location="query")
@users.output(schemas.UserPage)
def list_users(query_data: dict[str, Any]) -> dict[str, Any]:
    """All accounts by name."""
    named = User.folded.contains(folded(query_data["search"]), autoescape=True)
    statement = sa.select(User).where(named).order_by(User.folded)
    with database().read() as session:
        return page(session, statement, query_data, each(partial(_view, session)))


@users.post("")
@signed_in("administrator", browser_only=True)
@users.input(schemas.UserIn)
@users.output(schemas.Invitation, status_code=201)
@users.doc(responses=[409])
def add_user(json_data: dict[str, str]) -> dict[str, Any]:
    """Create an account; the answer contains the link with which its owner sets a password."""
    who = visitor()
    with database().write() as session:
        if people.find_user(session, json_data["name"]):
            abort(409, f"there is already an account called {quoted(json_data['name'])}")
        if problem := name_problem(json_data["name"], session.scalars(sa.select(User.name))):
            abort(422, problem)
        user = people.add_user(session, json_data["name"], json_data["role"])
        _set_email(session, user, json_data.get("email"))
        told = {"user": user.id, "name": user.name, "role": user.role, "email": user.email}
        append(session, who.actor, "user added", told)
        return _invitation(session, user)


@users.patch("/<key:user_id>")
@signed_in("administrator", browser_only=True)
@users.input(schemas.UserChange)
@users.output(schemas.User)
@users.doc(responses=[404, 409])
def change_user(user_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change role or e-mail address, disable or enable an account; disabling signs its owner out at once."""
    who = visitor()
    with database().write() as session:
        user = _find(session, user_id)
        if user.id == who.id:
            abort(409, "you cannot change your own account; another administrator must do it")
        if "email" in json_data:
            _set_email(session, user, json_data["email"])
            json_data["email"] = user.email
        for name in {"role", "disabled"} & json_data.keys():
            setattr(user, name, json_data[name])
        if user.disabled:  # for good: sessions and tokens do not come back when the account is enabled
            people.end_sessions(session, user.id)
            session.execute(sa.delete(Token).where(Token.user_id == user.id))
            session.execute(sa.delete(Invitation).where(Invitation.user_id == user.id))
        append(session, who.actor, "user changed", {"user": user.id, "name": user.name, **json_data})
        return _view(session, user)


@users.post("/<key:user_id>/invitation")
@signed_in("administrator", browser_only=True)
@users.output(schemas.Invitation, status_code=201)
@users.doc(responses=[404, 409])
def reset_user(user_id: str) -> dict[str, Any]:
    """Remove the password, end all sessions and tokens, and make a new link."""
    who = visitor()
    with database().write() as session:
        user = _find(session, user_id)
        if user.id == who.id:
            abort(409, "you cannot reset your own account; another administrator must do it")
        user.password = None
        people.end_sessions(session, user.id)
        session.execute(sa.delete(Token).where(Token.user_id == user.id))
        append(session, who.actor, "user reset", {"user": user.id, "name": user.name})
        return _invitation(session, user)


@users.post("/<key:user_id>/handover")
@signed_in("administrator", browser_only=True)
@users.input(OwnerIn)
@users.output(schemas.Handover)
@users.doc(responses=[404, 409])
def hand_over_cases(user_id: str, json_data: dict[str, str]) -> dict[str, int]:
    """Hand over all cases of somebody who has left; only for disabled accounts."""
    who = visitor()
    with database().write() as session:
        leaver, to = _find(session, user_id), heir(session, json_data["name"])
        if not leaver.disabled:
            abort(
                409,
                f"{quoted(leaver.name)} is not disabled; only a disabled account's cases can be transferred",
            )
        owned = session.scalars(sa.select(Case).where(Case.owner_id == leaver.id)).all()
        for case in owned:
            hand_over(session, who.actor, case, to)
        return {"cases": len(owned)}


@users.delete("/<key:user_id>/factor")
@signed_in("administrator", browser_only=True)
@users.output({}, status_code=204)
@users.doc(responses=[404, 409])
def remove_factor_of(user_id: str) -> Response:
    """Remove the second factor of an account whose owner lost it; all sessions of the account end."""
    who = visitor()
    with database().write() as session:
        user = _find(session, user_id)
        if user.id == who.id:
            abort(409, "another administrator must remove your second factor, or you turn it off with a code")
        if not factors.forget(session, user.id):
            abort(409, f"{quoted(user.name)} has no second factor")
        people.end_sessions(session, user.id)
        append(session, who.actor, "second factor taken off", {"user": user.id, "name": user.name})
    return Response(status=204)


def _view(session: Session, user: User) -> dict[str, Any]:
    """An account as shown to administrators."""
    linked = sa.select(Identity.subject).where(Identity.user_id == user.id).limit(1)
    may_enter = user.password or session.scalars(linked).first()
    state = "disabled" if user.disabled else "active" if may_enter else "invited"
    shown = ("id", "name", "role", "email", "created_at", "seen_at")
    has_factor = factors.confirmed(session, user.id) is not None
    return {**{name: getattr(user, name) for name in shown}, "state": state, "second_factor": has_factor}


def _set_email(session: Session, user: User, email: str | None) -> None:
    known = folded(email) if email else None
    other = session.scalars(sa.select(User).where(User.email == known)).one_or_none() if known else None
    if other and other.id != user.id:
        abort(409, f"{quoted(other.name)} already has this address")
    taken = sa.select(User.email).where(User.email.is_not(None), User.id != user.id)
    if known and (problem := address_problem(known, filter(None, session.scalars(taken)))):
        abort(422, problem)
    user.email = known


def _find(session: Session, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None:
        abort(404, "there is no such account")
    return user


def _invitation(session: Session, user: User) -> dict[str, Any]:
    invitation, secret = people.invite(session, user)
    return {
        "user": _view(session, user),
        "token": secret,
        "link": f"/invitation#{secret}",
        "expires_at": invitation.expires_at,
    }
