"""The second factor at the door: whoever has one gives a code of it beside the password."""

from apiflask import abort
from flask import request
from sqlalchemy.orm import Session

from tamperlens.service._ledger import NOBODY, Actor, append
from tamperlens.service._tables import User
from tamperlens.service.people import second_factor as factors
from tamperlens.service.people.visitors import database, settings
from tamperlens.service.web import _limits as limits

WRONG_CODE = "this code is wrong or was already used; wait for the next one"
NEEDS_CODE = "enter the code that your authenticator shows, or a recovery code"


def refuse_without_code(user: User, code: str | None) -> dict[str, str]:
    """Answer 401 to who has a second factor and gives no right code; else what the record tells of it."""
    with database().read() as session:
        if factors.confirmed(session, user.id) is None:
            return {}
    if not code:
        abort(401, NEEDS_CODE, _of_field(NEEDS_CODE))
    return {"second factor": refuse_wrong_code(Actor(user.id, user.name), code, 401)}


def refuse_wrong_code(actor: Actor, code: str, status: int = 403) -> str:
    """Answer to a wrong or used code of an account that has a factor; else which kind of code it was.

    Args:
        actor: whose account.
        code: of the authenticator, or a recovery code.
        status: of the answer to a wrong one.
    """
    limits.count(database(), settings(), "second factor, one account", str(actor.id))
    with database().write() as session:
        kind = _taken(session, actor, code)
        if kind is None:
            told = {"name": actor.name, "address": request.remote_addr, "second factor": "wrong code"}
            append(session, NOBODY, "sign-in failed", told)
    if kind is None:
        abort(status, WRONG_CODE, _of_field(WRONG_CODE))
    return kind


def _taken(session: Session, actor: Actor, code: str) -> str | None:
    factor = factors.confirmed(session, str(actor.id))
    if factor is None:
        return None
    if factors.takes(session, settings(), factor, code):
        return "code"
    if factors.takes_recovery(session, factor.user_id, code):
        left = factors.recovery_codes_left(session, factor.user_id)
        append(session, actor, "recovery code used", {"left": left})
        return "recovery code"
    return None


def _of_field(sentence: str) -> dict[str, dict[str, list[str]]]:
    """Say which field of the request it is, so that a page asks for it in place."""
    return {"json": {"code": [sentence]}}
