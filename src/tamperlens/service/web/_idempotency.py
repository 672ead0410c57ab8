"""A request sent again with the same `Idempotency-Key` is done once, and gets the same answer.

A client that lost the answer sends the same request and key again. Nothing is done twice. If the server ended
while answering, nobody knows whether the request was done, and the answer says so. Keys belong to one person
and last a day.
"""

import hashlib
import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from apiflask import abort
from flask import Flask, Response, g, request
from flask_login import current_user

from tamperlens.service._database import Database
from tamperlens.service._tables import Answer, now
from tamperlens.service.people.visitors import visitor

HEADER = "Idempotency-Key"
# Blueprints whose answers contain secrets that must not be stored.
SECRETIVE = frozenset({"accounts", "factor", "users"})

# The header in the OpenAPI document.
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "a request repeated with the same key within a day is done once and gets the same answer",
    "schema": {"type": "string", "maxLength": 255},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}

_KEPT = timedelta(days=1)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_OWED = "tamperlens_answer_owed"
# With these statuses nothing was done, and the client should try again.
_UNDONE = frozenset({503, 507})


def install(app: Flask, database: Database, later: Collection[str]) -> None:
    """Make every POST of a signed-in person respect the key.

    Args:
        app: the application.
        database: database of the application.
        later: endpoints whose views call `answered` themselves, after checking that the person may upload.
    """

    @app.before_request
    def _again() -> Response | None:
        return None if request.endpoint in later else answered(database, request.get_data)

    @app.after_request
    def _remember(answer: Response) -> Response:
        if owed := g.pop(_OWED, None):
            _keep(database, owed, answer)
        return answer


def answered(database: Database, body: Callable[[], bytes]) -> Response | None:
    """The earlier answer to this key; None if the key is new, or there is no key.

    Args:
        database: database of the application.
        body: returns what distinguishes this request from others to the same path.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or request.blueprint in SECRETIVE:
        return None
    if not current_user.is_authenticated:
        return None
    if not _KEY.fullmatch(key):
        abort(400, f"{HEADER} takes 1 to 255 printable characters of ASCII, without spaces")
    asked = hashlib.sha256(f"{request.full_path}\n".encode() + body()).hexdigest()
    known = _begun(database, visitor().id, key, asked)
    return _told(known, asked) if known else None


def _begun(database: Database, user_id: str, key: str, asked: str) -> Answer | None:
    """Note that a request with this key is being answered, or return what is already noted."""
    first = database.insert(Answer).values(user_id=user_id, key=key, asked=asked, at=now())
    with database.write() as session:
        session.execute(sa.delete(Answer).where(Answer.at < now() - _KEPT))
        if session.execute(first.on_conflict_do_nothing().returning(Answer.key)).one_or_none() is None:
            return session.get(Answer, (user_id, key))
    setattr(g, _OWED, (user_id, key))
    return None


def _told(known: Answer, asked: str) -> Response:
    if known.asked != asked:
        abort(422, f"this {HEADER} was used for another request; use a new one")
    if known.status is None:
        abort(
            409,
            f"the request of this {HEADER} is being answered, or the server ended meanwhile; "
            "look whether it was done before you take a new one",
        )
    headers = {"Idempotency-Replayed": "true"}
    return Response(known.body, known.status, headers, content_type="application/json")


def _keep(database: Database, owed: tuple[str, str], answer: Response) -> None:
    """Store the answer if something was done; forget the key if not; leave it open if nobody knows."""
    this: Any = sa.and_(Answer.user_id == owed[0], Answer.key == owed[1])
    done = answer.status_code < 300 and answer.is_json and not answer.is_streamed
    if not done and answer.status_code >= 500 and answer.status_code not in _UNDONE:
        return
    with database.write() as session:
        if done:
            kept = {"status": answer.status_code, "body": answer.get_data(as_text=True)}
            session.execute(sa.update(Answer).where(this).values(kept))
        else:
            session.execute(sa.delete(Answer).where(this))
