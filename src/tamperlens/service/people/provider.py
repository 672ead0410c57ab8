"""An identity provider (OpenID Connect), used by the authorization code flow with PKCE, state and nonce.

State, nonce and PKCE verifier of a sign-in are derived from one secret in the browser's cookie, so nothing
needs to be stored here until the browser comes back. No other server than the provider is contacted.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from tamperlens.errors import ServiceError
from tamperlens.service._settings import IdentityProvider

_SECONDS = 10
_LEEWAY_SECONDS = 60
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Identity:
    """A person whom the provider has identified.

    Attributes:
        issuer: the provider.
        subject: the provider's identifier for the person, which it never reassigns.
        email: e-mail address; None unless the provider has verified it.
        name: the person's name at the provider; "" if it does not say.
    """

    issuer: str
    subject: str
    email: str | None
    name: str


def start(provider: IdentityProvider, back: str, secret: str) -> str:
    """The provider's address to which the browser is sent.

    Args:
        provider: the provider.
        back: address of this server to which the browser returns.
        secret: secret of this sign-in, kept in the browser's cookie.

    Raises:
        ServiceError: the provider does not answer, or not like an identity provider.
    """
    with _session(provider, back) as session:
        known = _about(session, provider)
        address, _state = session.create_authorization_url(
            _safe(known["authorization_endpoint"]),
            state=_of(secret, "state"),
            nonce=_of(secret, "nonce"),
            code_verifier=_of(secret, "verifier"),
        )
    return str(address)


def finish(provider: IdentityProvider, back: str, secret: str, code: str, state: str) -> Identity:
    """The person whom the provider has identified, once the browser has returned.

    Raises:
        ServiceError: the answer belongs to another sign-in, or is not valid.
    """
    if not hmac.compare_digest(state.encode(), _of(secret, "state").encode()):
        raise ServiceError("the provider's answer belongs to another sign-in")
    try:
        with _session(provider, back) as session:
            known = _about(session, provider)
            token = session.fetch_token(
                _safe(known["token_endpoint"]),
                code=code,
                code_verifier=_of(secret, "verifier"),
                timeout=_SECONDS,
            )
            keys = KeySet.import_key_set(cast("Any", _read(session, _safe(known["jwks_uri"]))))
        decoded = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims, decoded.header, _wanted(provider), {"nonce": _of(secret, "nonce")}
        )
        claims.validate(leeway=_LEEWAY_SECONDS)
    except (AuthlibBaseError, JoseError, LookupError, TypeError, ValueError) as error:
        raise ServiceError(f"the provider's answer does not hold: {type(error).__name__}") from error
    return _identity(provider, claims)


def _identity(provider: IdentityProvider, claims: dict[str, Any]) -> Identity:
    verified = claims.get("email") if claims.get("email_verified") is True else None
    email = verified if isinstance(verified, str) else None
    name = claims.get("name") or claims.get("preferred_username") or ""
    return Identity(provider.issuer, str(claims["sub"]), email, str(name))


def _wanted(provider: IdentityProvider) -> dict[str, Any]:
    """Values that the claims must have."""
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True},
    }


def _session(provider: IdentityProvider, back: str) -> OAuth2Session:
    secret = provider.secret_file.read_text(encoding="utf-8").strip()
    return OAuth2Session(
        provider.client_id,
        secret,
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _about(session: OAuth2Session, provider: IdentityProvider) -> dict[str, Any]:
    """The provider's metadata."""
    known = _read(session, _safe(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if known.get("issuer") != provider.issuer:
        raise ServiceError("the provider calls itself by another name than --oidc-issuer")
    return known


def _read(session: OAuth2Session, address: str) -> dict[str, Any]:
    try:
        answer = session.get(address, timeout=_SECONDS, allow_redirects=False, withhold_token=True)
        answer.raise_for_status()
        found = answer.json()
    except (RequestException, ValueError) as error:
        raise ServiceError(f"the provider does not answer: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise ServiceError("the provider does not answer as one")
    return found


def _safe(address: str) -> str:
    """The address, if it uses TLS, so that nobody can read or change the traffic."""
    parts = urlsplit(str(address))
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ServiceError("the provider names an address without TLS")
    return str(address)


def _of(secret: str, purpose: str) -> str:
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
