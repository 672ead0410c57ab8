"""Rate limits, counted in the database so that they hold across several processes.

A limit's name → how many, in how many seconds. `Settings.limits` may set others.
"""

import time
from datetime import UTC, datetime

import sqlalchemy as sa
from apiflask import abort
from flask import Flask, Response, g

from tamperlens.service._database import Database
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Rate, now

LIMITS: dict[str, tuple[int, int]] = {
    "sign-in, one name from one address": (10, 300),
    "sign-in, one address": (60, 300),
    "sign-in, one name": (100, 3600),
    "password, one account": (10, 300),
    "second factor, one account": (10, 300),
    "invitation, one address": (60, 300),
    "invitation, one link": (20, 300),
    "uploads, one user": (600, 60),
    "webhook test, one user": (20, 60),
}
# Endpoints with large bodies, which are read only after checking that the person may upload.
UPLOADS = frozenset({"uploads.upload_evidence", "uploads.upload_files"})
_LIMIT = "tamperlens_limit"
_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
# How long an address from which somebody signed in is remembered as theirs.
_KNOWN_SECONDS = 30 * 24 * 3600


def count(database: Database, settings: Settings, limit: str, who: str) -> None:
    """Count one more, and abort with 429 if it is one too many."""
    most, seconds = settings.limits.get(limit, LIMITS[limit])
    window = int(time.time() // seconds)
    ends = datetime.fromtimestamp((window + 1) * seconds, UTC)
    counting = (
        database.insert(Rate)
        .values(key=f"{limit}: {who}", window=window, ends_at=ends, count=1)
        .on_conflict_do_update(index_elements=["key", "window"], set_={"count": Rate.count + 1})
        .returning(Rate.count)
    )
    with database.write() as session:
        counted = session.execute(counting).scalar_one()
        if counted == 1:
            session.execute(sa.delete(Rate).where(Rate.ends_at < now()))
    wait = max(1, round((ends - now()).total_seconds()))
    _told(most, max(0, most - counted), wait)
    if counted > most:
        abort(429, f"too many requests; try again in {wait} seconds", headers={"Retry-After": str(wait)})


def _told(most: int, left: int, wait: int) -> None:
    """Remember the limit with the least left, for the headers of the answer."""
    known = g.get(_LIMIT)
    if known is None or left < known[1]:
        setattr(g, _LIMIT, (most, left, wait))


def install(app: Flask) -> None:
    """Say in the headers of a limited answer how many more requests are allowed, and when it resets."""

    @app.after_request
    def _headers(answer: Response) -> Response:
        known = g.get(_LIMIT)
        for name, value in zip(_HEADERS, known or (), strict=False):
            answer.headers[name] = str(value)
        return answer


def count_sign_in(database: Database, settings: Settings, name: str, address: str) -> None:
    """Count an attempt to sign in, and abort with 429 if it is one too many.

    An attempt that one limit refuses does not count against later limits, so that nobody can use up another
    person's attempts beyond their own. Addresses from which the person has signed in before are exempt from
    the limit that others can use up.
    """
    count(database, settings, "sign-in, one address", address)
    count(database, settings, "sign-in, one name from one address", _pair(name, address))
    if not _is_known(database, name, address):
        count(database, settings, "sign-in, one name", name)


def know(database: Database, name: str, address: str) -> None:
    """Remember that this person signed in from this address."""
    ends = datetime.fromtimestamp(time.time() + _KNOWN_SECONDS, UTC)
    known = database.insert(Rate).values(
        key=f"known: {_pair(name, address)}", window=0, ends_at=ends, count=1
    )
    with database.write() as session:
        session.execute(known.on_conflict_do_update(index_elements=["key", "window"], set_={"ends_at": ends}))


def _is_known(database: Database, name: str, address: str) -> bool:
    with database.read() as session:
        found = session.get(Rate, (f"known: {_pair(name, address)}", 0))
    return found is not None and found.ends_at > now()


def _pair(name: str, address: str) -> str:
    return f"{name} from {address}"
