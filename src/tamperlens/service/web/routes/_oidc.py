"""Sign-in through an identity provider: the redirect to it, and the return."""

from typing import cast

from apiflask import APIBlueprint, abort
from flask import Response, redirect, request, url_for

from tamperlens.errors import ServiceError
from tamperlens.service._ledger import NOBODY, Actor, append
from tamperlens.service._settings import IdentityProvider
from tamperlens.service._tables import User
from tamperlens.service.people import accounts as people
from tamperlens.service.people import enter
from tamperlens.service.people.visitors import database, fresh_secret, set_cookie, settings
from tamperlens.service.schemas import accounts as schemas
from tamperlens.service.web import _limits as limits

oidc = APIBlueprint("oidc", __name__, url_prefix="/api/v1/oidc", tag="Account")

_COOKIE, _PATH, _SECONDS = "tamperlens-entry", "/api/v1/oidc", 600
_AWAY = {302: "to the provider", 404: "no provider is set up", 503: "it does not answer"}
_BACK = {302: "to the pages, signed in, or with refused=REASON", 404: "no provider is set up"}


@oidc.get("/start")
@oidc.doc(responses=_AWAY)
def start_sign_in() -> Response:
    """Redirect to the provider."""
    from tamperlens.service.people import provider as providers  # noqa: PLC0415 - only where one is set

    provider, secret = _provider(), fresh_secret()
    limits.count(database(), settings(), "sign-in, one address", request.remote_addr or "unknown")
    answer = _to(providers.start(provider, _back(), secret))
    # The browser comes back from another site, so it would not send a stricter cookie.
    answer.set_cookie(
        _COOKIE, secret, _SECONDS, path=_PATH, secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return answer


@oidc.get("/callback")
@oidc.input(schemas.ProviderAnswer, location="query")
@oidc.doc(responses=_BACK)
def finish_sign_in(query_data: dict[str, str]) -> Response:
    """Return from the provider; the answer sets the session's cookie."""
    provider = _provider()
    limits.count(database(), settings(), "sign-in, one address", request.remote_addr or "unknown")
    answer = _entered(provider, query_data)
    answer.delete_cookie(_COOKIE, path=_PATH, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


def _entered(provider: IdentityProvider, given: dict[str, str]) -> Response:
    from tamperlens.service.people import provider as providers  # noqa: PLC0415 - only where one is set

    told = {"through": provider.issuer, "address": request.remote_addr}
    try:
        secret = request.cookies.get(_COOKIE, "")
        if not secret or "code" not in given:
            raise ServiceError(f"the provider sent no code: {given.get('error', 'none')}")
        shown = providers.finish(provider, _back(), secret, given["code"], given.get("state", ""))
    except ServiceError as error:
        with database().write() as session:
            append(session, NOBODY, "sign-in failed", {**told, "why": str(error)})
        return _to("/?refused=failed")
    with database().write() as session:
        user = enter(session, provider, shown)
        if not isinstance(user, User):
            append(session, NOBODY, "sign-in failed", {**told, "subject": shown.subject, "why": user})
            return _to(f"/?refused={user}")
        append(session, Actor(user.id, user.name), "sign-in", told)
        _opened, secret = people.open_session(session, user, through="provider")
    answer = _to("/")
    set_cookie(answer, secret)
    return answer


def _provider() -> IdentityProvider:
    provider = settings().provider
    if provider is None:
        abort(404, "this workbench has no identity provider; sign in with name and password")
    return provider


def _to(address: str) -> Response:
    return cast("Response", redirect(address))


def _back() -> str:
    return url_for("oidc.finish_sign_in", _external=True)
