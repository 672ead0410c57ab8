"""Your own second factor: set it up, turn it off, renew recovery codes."""

from typing import Any

from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._ledger import append
from tamperlens.service._tables import Factor, User
from tamperlens.service.people import accounts as people
from tamperlens.service.people import second_factor as factors
from tamperlens.service.people.visitors import Visitor, database, settings, signed_in, visitor
from tamperlens.service.schemas import factor as schemas
from tamperlens.service.web import _limits as limits
from tamperlens.service.web._entrance import refuse_wrong_code

factor = APIBlueprint("factor", __name__, url_prefix="/api/v1/session/factor", tag="Account")

_PICTURE: Any = {200: {"description": "SVG", "content": {"image/svg+xml": {}}}, 409: "not begun"}


@factor.get("")
@signed_in(browser_only=True, enrolling=True)
@factor.output(schemas.FactorState)
def factor_state() -> dict[str, Any]:
    """Whether your account has a second factor."""
    with database().read() as session:
        return _state(session, visitor().id)


@factor.post("")
@signed_in(browser_only=True, enrolling=True)
@factor.input(schemas.FactorBegin)
@factor.output(schemas.FactorBegun, status_code=201)
@factor.doc(responses=[403, 409, 429])
def begin_factor(json_data: dict[str, str]) -> dict[str, str]:
    """Make a secret for your authenticator; it takes effect once you enter a code from it."""
    who = visitor()
    limits.count(database(), settings(), "password, one account", who.id)
    with database().read() as session:
        user = session.get_one(User, who.id)
    if not people.password_fits(user, json_data["password"]):
        abort(403, "the password is wrong")
    with database().write() as session:
        if factors.confirmed(session, who.id):
            abort(409, "your account has a second factor; turn it off first")
        secret = factors.begin(session, settings(), who.id)
    return {"secret": secret, "address": factors.address(secret, who.name)}


@factor.get("/qr")
@signed_in(browser_only=True, enrolling=True)
@factor.doc(responses=_PICTURE)
def factor_qr() -> Response:
    """The secret as a QR code for the authenticator, until a code from it was entered."""
    who = visitor()
    with database().read() as session:
        picture = factors.qr_code(settings(), _begun(session, who), who.name)
    return Response(picture, mimetype="image/svg+xml")


@factor.put("")
@signed_in(browser_only=True, enrolling=True)
@factor.input(schemas.FactorCode)
@factor.output(schemas.RecoveryCodes)
@factor.doc(responses=[403, 409, 429])
def confirm_factor(json_data: dict[str, str]) -> dict[str, list[str]]:
    """Turn your second factor on with a code; other sessions end, and recovery codes are shown only once."""
    who = visitor()
    limits.count(database(), settings(), "second factor, one account", who.id)
    with database().write() as session:
        begun = _begun(session, who)
        if not factors.takes(session, settings(), begun, json_data["code"]):
            abort(403, "this code is wrong; check that the clocks of both devices are right")
        codes = factors.confirm(session, begun)
        people.end_sessions(session, who.id, but=who.session_id)
        append(session, who.actor, "second factor set up", {})
    return {"codes": codes}


@factor.post("/codes")
@signed_in(browser_only=True)
@factor.input(schemas.FactorCode)
@factor.output(schemas.RecoveryCodes, status_code=201)
@factor.doc(responses=[403, 409, 429])
def renew_codes(json_data: dict[str, str]) -> dict[str, list[str]]:
    """Make new recovery codes, which replace the old ones; shown only once."""
    who = visitor()
    _refuse_none(who)
    refuse_wrong_code(who.actor, json_data["code"])
    with database().write() as session:
        append(session, who.actor, "recovery codes made", {})
        return {"codes": factors.fresh_recovery_codes(session, who.id)}


@factor.post("/removal")
@signed_in(browser_only=True)
@factor.input(schemas.FactorCode)
@factor.output({}, status_code=204)
@factor.doc(responses=[403, 409, 429])
def remove_factor(json_data: dict[str, str]) -> Response:
    """Turn your second factor off with a code."""
    who = visitor()
    if settings().demand_factor:
        abort(409, "this workbench requires a second factor from everybody")
    _refuse_none(who)
    refuse_wrong_code(who.actor, json_data["code"])
    with database().write() as session:
        factors.forget(session, who.id)
        append(session, who.actor, "second factor turned off", {})
    return Response(status=204)


def _state(session: Session, user_id: str) -> dict[str, Any]:
    left, demanded = factors.recovery_codes_left(session, user_id), settings().demand_factor
    is_on = factors.confirmed(session, user_id) is not None
    return {"on": is_on, "recovery_codes": left, "demanded": demanded}


def _begun(session: Session, who: Visitor) -> Factor:
    begun = session.get(Factor, who.id)
    if begun is None or begun.confirmed_at:
        abort(409, "no second factor is being set up")
    return begun


def _refuse_none(who: Visitor) -> None:
    with database().read() as session:
        if factors.confirmed(session, who.id) is None:
            abort(409, "your account has no second factor")
