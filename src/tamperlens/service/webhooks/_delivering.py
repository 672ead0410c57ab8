"""Delivers calls, one webhook after the other, each in the order of the ledger, until they arrive."""

import http.client
import logging
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from tamperlens.service._database import Database
from tamperlens.service._ledger import MACHINE, append
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Head, User, Webhook, now
from tamperlens.service.cases import workbench_key
from tamperlens.service.webhooks._allowed import refused_url
from tamperlens.service.webhooks._messages import Message, message, ping, untold

_LOG = logging.getLogger(__name__)
_EVERY_SECONDS = 1.0
_ANSWER_SECONDS = 10.0
# While one process calls a webhook, no other does; each delivered call renews the lease.
_LEASE = timedelta(seconds=60)
_AT_ONCE = 100
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
# After failing for this long, a webhook is paused until its owner resumes it.
_PATIENCE = timedelta(days=3)
_GONE = 410
# Sends a message to an address; returns None if it arrived, or else what happened.
Send = Callable[[str, Message], "_Failure | None"]


@dataclass(frozen=True)
class _Failure:
    sentence: str
    is_final: bool = False


def send(url: str, what: Message) -> _Failure | None:
    """Send a message; follows no redirects, so that an allowed host cannot lead elsewhere."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("POST", path, what.body, what.headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return _Failure(f"it cannot be reached: {error or type(error).__name__}")
    finally:
        connection.close()
    return None if 200 <= status < 300 else _Failure(f"it answered {status}", status == _GONE)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=_ANSWER_SECONDS)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(host, port, timeout=_ANSWER_SECONDS, context=context)


def try_out(hook: Webhook, key: Ed25519PrivateKey, by: Send = send) -> str | None:
    """Make a test call; returns None if it arrived, or else a sentence."""
    failure = by(hook.url, ping(hook.id, key, now()))
    return failure.sentence if failure else None


def deliver(database: Database, settings: Settings, key: Ed25519PrivateKey, by: Send = send) -> bool:
    """Send one webhook what it has not yet received; False if nothing is due."""
    with database.write() as session:
        hook = _claimed(session)
        if hook is None:
            return False
        records, last = untold(session, hook, _AT_ONCE)
        out = _out_of_use(session, hook, settings)
    if out:
        _stop(database, hook.id, out)
        return True
    for record in records:
        if failure := by(hook.url, message(hook.id, record, key, now())):
            _failed(database, hook.id, failure)
            return True
        _arrived(database, hook.id, seq=record.seq, lease_until=now() + _LEASE, called_at=now())
    _arrived(database, hook.id, seq=last, lease_until=None)
    return True


def _claimed(session: Session) -> Webhook | None:
    """A webhook with undelivered records that no other process is calling now."""
    head = sa.select(Head.seq).scalar_subquery()
    free = sa.or_(Webhook.lease_until.is_(None), Webhook.lease_until < now())
    due = sa.and_(~Webhook.paused, Webhook.next_at <= now(), Webhook.seq < head, free)
    which = sa.select(Webhook).where(due).order_by(Webhook.next_at).limit(1)
    hook = session.scalars(which.with_for_update(skip_locked=True)).one_or_none()
    if hook:
        hook.lease_until = now() + _LEASE
    return hook


def _out_of_use(session: Session, hook: Webhook, settings: Settings) -> str | None:
    if session.get_one(User, hook.user_id).disabled:
        return "the account is disabled"
    return refused_url(hook.url, settings.webhook_hosts)


def _arrived(database: Database, hook_id: str, **changed: object) -> None:
    """Record that everything up to a record has arrived."""
    values = {"failures": 0, "failing_since": None, "problem": None, "next_at": now(), **changed}
    with database.write() as session:
        session.execute(sa.update(Webhook).where(Webhook.id == hook_id).values(**values))


def _failed(database: Database, hook_id: str, failure: _Failure) -> None:
    with database.write() as session:
        hook = session.get(Webhook, hook_id)
        if hook is None:  # it was removed meanwhile
            return
        hook.failures, hook.problem, hook.lease_until = hook.failures + 1, failure.sentence, None
        hook.failing_since = hook.failing_since or now()
        hook.next_at = now() + min(_FIRST_WAIT * 2 ** min(hook.failures, 10), _LONGEST_WAIT)
        too_long = now() - hook.failing_since > _PATIENCE
    if failure.is_final or too_long:
        _stop(database, hook_id, failure.sentence)


def _stop(database: Database, hook_id: str, why: str) -> None:
    """Pause a webhook; undelivered records wait until the owner resumes it."""
    with database.write() as session:
        hook = session.get(Webhook, hook_id)
        if hook is None:
            return
        hook.paused, hook.problem, hook.lease_until = True, why, None
        append(session, MACHINE, "webhook stopped", {"webhook": hook.id, "url": hook.url, "why": why})


def call_out(settings: Settings, parent: int) -> None:
    """Deliver until the parent has ended."""
    database = Database(settings.database_url)
    with database.write() as session:
        key = workbench_key(session, settings)
    while os.getppid() == parent:
        try:
            busy = deliver(database, settings, key)
        except sa.exc.OperationalError as error:  # the next time may succeed
            _LOG.warning("the database did not say whom to call: %s", error)
            busy = False
        if not busy:
            time.sleep(_EVERY_SECONDS)
