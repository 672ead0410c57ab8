"""The second factor at sign-in: whoever has one must enter a code in addition to the password."""

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
    """Abort with 401 if a second factor has no right code; otherwise returns details for the ledger."""
    with database().read() as session:
        if factors.confirmed(session, user.id) is None:
            return {}
    if not code:
        abort(401, NEEDS_CODE, _of_field(NEEDS_CODE))
    return {"second factor": refuse_wrong_code(Actor(user.id, user.name), code, 401)}


def refuse_wrong_code(actor: Actor, code: str, status: int = 403) -> str:
    """Abort if the code is wrong or already used; otherwise returns which kind of code it was.

    Args:
        actor: owner of the account, which has a second factor.
        code: code of the authenticator, or a recovery code.
        status: status of the answer to a wrong code.
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
    """Say which field of the request is wrong, so that the page can ask for it in place."""
    return {"json": {"code": [sentence]}}
