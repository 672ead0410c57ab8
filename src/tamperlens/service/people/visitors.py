"""Who makes a request: a session's cookie or an API token → `Visitor`."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from apiflask import abort
from flask import Request, Response, current_app, request
from flask_login import LoginManager, current_user

from tamperlens.service._database import Database
from tamperlens.service._ledger import Actor
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Factor, Session, Token, User, now

# Attribute that `signed_in` sets on a view, for the OpenAPI document.
BROWSER_ONLY = "browser_only"

_SEEN_EVERY = timedelta(minutes=1)
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Visitor:
    """Someone who is signed in, for the duration of one request.

    Attributes:
        id: identifier of the account.
        name: name of the account.
        role: "administrator", "examiner" or "viewer".
        session_id: identifier of the session; None for API tokens.
        csrf_token: needed for writes; None for API tokens, which browsers do not send by themselves.
        may_write: False for API tokens that may only read.
        must_enrol: whether the workbench requires a second factor that the account does not have.
    """

    id: str
    name: str
    role: str
    session_id: str | None
    csrf_token: str | None
    may_write: bool = True
    must_enrol: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """For Flask-Login."""
        return self.id

    @property
    def actor(self) -> Actor:
        """The visitor as an actor in the ledger."""
        return Actor(self.id, self.name)


def visitor() -> Visitor:
    """Who makes this request; only for views with `signed_in`."""
    return cast("Visitor", current_user)


def fresh_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """The hash that is stored instead of a random secret; not suitable for passwords."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def signed_in(
    *roles: str, browser_only: bool = False, enrolling: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Admit only people who are signed in with one of the roles, and no writes from other sites' pages.

    Args:
        roles: allowed roles; any if empty.
        browser_only: refuse API tokens, where a stolen token could be used to gain lasting access.
        enrolling: also admit people who still have to set up a required second factor.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the view's own arguments
            if not current_user.is_authenticated:
                abort(401, "sign in first, or send an API token: Authorization: Bearer …")
            who = visitor()
            if who.must_enrol and not enrolling:
                abort(403, "this workbench requires a second factor; set yours up first")
            if roles and who.role not in roles:
                abort(403, f"this is for the role {' or '.join(roles)}; yours is {who.role}")
            _refuse_token(who, browser_only)
            refuse_foreign_pages(who)
            return view(*arguments, **named)

        guarded.__dict__[BROWSER_ONLY] = browser_only
        return guarded

    return decorate


def _refuse_token(who: Visitor, browser_only: bool) -> None:
    if browser_only and who.session_id is None:
        abort(403, "an API token may not do this; sign in")
    if not who.may_write and request.method in _WRITING:
        abort(403, "this API token may only read; make one that may write")


def refuse_foreign_pages(who: Visitor | None = None) -> None:
    """Abort with 403 on a write that another site's page made the browser send."""
    if request.method not in _WRITING:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403, "this request comes from another site's page")
    if (
        who
        and who.csrf_token
        and not secrets.compare_digest(
            request.headers.get("X-CSRF-Token", "").encode(), who.csrf_token.encode()
        )
    ):
        abort(403, "the header X-CSRF-Token is missing or wrong; GET /api/v1/session tells it")


def install(login: LoginManager, database: Database, settings: Settings) -> None:
    """Set up Flask-Login to find the visitor of a request."""

    @login.request_loader  # type: ignore[untyped-decorator]
    def _load(asked: Request) -> Visitor | None:
        scheme, _, secret = asked.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return _token_visitor(database, secret.strip())
        cookie = asked.cookies.get(cookie_name(asked))
        return _session_visitor(database, cookie, settings) if cookie else None


def cookie_name(asked: Request) -> str:
    """Behind TLS, a name that browsers accept only from exactly this host, and only over TLS."""
    return "__Host-tamperlens" if asked.is_secure else "tamperlens"


def set_cookie(response: Response, secret: str) -> None:
    """Give a session's secret to the browser, out of reach of scripts and other sites."""
    response.set_cookie(
        cookie_name(request), secret, path="/", secure=request.is_secure, httponly=True, samesite="Strict"
    )


def clear_cookie(response: Response) -> None:
    """Remove the cookie from the browser."""
    response.delete_cookie(
        cookie_name(request), path="/", secure=request.is_secure, httponly=True, samesite="Strict"
    )


def _token_visitor(database: Database, secret: str) -> Visitor | None:
    with database.read() as session:
        token = session.query(Token).filter_by(hash=secret_hash(secret)).one_or_none()
    if token is None or token.expires_at < now() or token.user.disabled:
        return None
    if _stale(token.used_at):
        with database.write() as session:
            session.query(Token).filter_by(id=token.id).update({"used_at": now()})
    user, may_write = token.user, token.scope == "write"
    return Visitor(user.id, user.name, user.role, None, None, may_write)


def _session_visitor(database: Database, secret: str, settings: Settings) -> Visitor | None:
    with database.read() as session:
        found = session.query(Session).filter_by(hash=secret_hash(secret)).one_or_none()
    if found is None or found.user.disabled:
        return None
    unused, longest = timedelta(hours=settings.session_hours), timedelta(days=settings.session_days)
    if min(found.seen_at + unused, found.created_at + longest) < now():
        return None
    if _stale(found.seen_at):
        with database.write() as session:
            session.query(Session).filter_by(id=found.id).update({"seen_at": now()})
            session.query(User).filter_by(id=found.user_id).update({"seen_at": now()})
    user, demanded = found.user, settings.demand_factor and found.through == "password"
    must_enrol = demanded and not _has_factor(database, found.user_id)
    return Visitor(user.id, user.name, user.role, found.id, found.csrf_token, must_enrol=must_enrol)


def _has_factor(database: Database, user_id: str) -> bool:
    with database.read() as session:
        factor = session.get(Factor, user_id)
    return factor is not None and factor.confirmed_at is not None


def _stale(seen_at: datetime | None) -> bool:
    """Whether to write the time again; at most once a minute, so that reading pages rarely writes."""
    return seen_at is None or now() - seen_at > _SEEN_EVERY


def database() -> Database:
    """The application's database."""
    return cast("Database", current_app.extensions["tamperlens.database"])


def settings() -> Settings:
    """The application's settings."""
    return cast("Settings", current_app.extensions["tamperlens.settings"])
