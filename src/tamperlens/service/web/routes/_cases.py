"""Cases: who owns them, whom they are shared with, what happened in them."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._ledger import append, record_view
from tamperlens.service._tables import Case, Record, Share, now
from tamperlens.service.cases import case_version, case_views, case_with
from tamperlens.service.people import OWNS, case_for, hand_over, heir, visible_to
from tamperlens.service.people import accounts as people
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import cases as schemas
from tamperlens.service.schemas.conclusions import Seen
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web._pages import each, page
from tamperlens.service.web._preconditions import etag, refuse_unseen
from tamperlens.text import quoted

cases = APIBlueprint("cases", __name__, url_prefix="/api/v1/cases", tag="Cases")

_ORDERS: dict[str, Any] = {
    "active": Case.active_at.desc(),
    "created": Case.created_at.desc(),
    "title": Case.folded,
}


@cases.get("")
@signed_in()
@cases.input(schemas.CaseQuery, location="query")
@cases.output(schemas.CasePage)
def list_cases(query_data: dict[str, Any]) -> dict[str, Any]:
    """The cases that are yours or shared with you."""
    who = visitor()
    statement = (
        sa.select(Case)
        .where(visible_to(who), Case.closed == query_data["closed"], case_with(query_data["search"]))
        .order_by(_ORDERS[query_data["sort"]], Case.id)
    )
    with database().read() as session:
        return page(session, statement, query_data, lambda found: case_views(session, found, who))


@cases.post("")
@signed_in("administrator", "examiner")
@cases.input(schemas.CaseIn)
@cases.output(schemas.Case, status_code=201)
def open_case(json_data: dict[str, str]) -> dict[str, Any]:
    """Open a case of your own."""
    who = visitor()
    with database().write() as session:
        case = Case(owner_id=who.id, **json_data)
        session.add(case)
        session.flush()
        told = {"title": case.title, "description": case.description}
        append(session, who.actor, "case opened", told, case.id)
        return _one(session, case, who)


@cases.get("/<key:case_id>")
@signed_in()
@cases.output(schemas.Case)
@cases.doc(responses=[404])
def show_case(case_id: str) -> Any:  # noqa: ANN401 - with headers
    """One case."""
    who = visitor()
    with database().read() as session:
        case = case_for(session, who, case_id)
        return _one(session, case, who), 200, etag(case_version(case))


@cases.patch("/<key:case_id>")
@signed_in()
@cases.input(Seen, location="headers")
@cases.input(schemas.CaseChange)
@cases.output(schemas.Case)
@cases.doc(responses=[403, 404, 412, 428])
def change_case(case_id: str, headers_data: dict[str, str], json_data: dict[str, Any]) -> Any:  # noqa: ANN401, ARG001
    """Rename, describe, close or reopen a case; no evidence can be added to a closed case."""
    who = visitor()
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        refuse_unseen(case_version(case), "this case")
        for name, value in json_data.items():
            setattr(case, name, value)
        case.active_at = now()
        case.closed_at = (case.closed_at or case.active_at) if case.closed else None
        append(session, who.actor, "case changed", json_data, case.id)
        return _one(session, case, who), 200, etag(case_version(case))


@cases.put("/<key:case_id>/owner")
@signed_in(browser_only=True)
@cases.input(Seen, location="headers")
@cases.input(schemas.OwnerIn)
@cases.output(schemas.Case)
@cases.doc(responses=[403, 404, 409, 412, 428])
def change_owner(case_id: str, headers_data: dict[str, str], json_data: dict[str, str]) -> Any:  # noqa: ANN401, ARG001
    """Hand a case over to another owner; the former owner may still write."""
    who = visitor()
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        refuse_unseen(case_version(case), "this case")
        to = heir(session, json_data["name"])
        if to.id == case.owner_id:
            abort(409, "they already own this case")
        hand_over(session, who.actor, case, to)
        session.flush()
        return _one(session, case, who), 200, etag(case_version(case))


@cases.get("/<key:case_id>/shares")
@signed_in()
@cases.input(PageIn, location="query")
@cases.output(schemas.SharePage)
@cases.doc(responses=[404])
def list_shares(case_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """List whom a case is shared with."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        statement = sa.select(Share).where(Share.case_id == case_id).order_by(Share.user_id)
        return page(session, statement, query_data, each(_share_view))


@cases.post("/<key:case_id>/shares")
@signed_in()
@cases.input(schemas.ShareIn)
@cases.output(schemas.Share, status_code=201)
@cases.doc(responses=[403, 404, 409])
def share_case(case_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Share with somebody, or change what they may do; viewers can only read, whatever access they get."""
    who = visitor()
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        user = people.find_user(session, json_data["name"])
        if user is None or user.disabled:
            abort(404, f"there is no account called {quoted(json_data['name'])}")
        if user.id == case.owner_id:
            abort(409, "they already own this case")
        share = session.merge(Share(case_id=case.id, user_id=user.id, access=json_data["access"]))
        session.flush()
        append(session, who.actor, "case shared", {"with": user.name, "access": share.access}, case.id)
        return _share_view(share)


@cases.delete("/<key:case_id>/shares/<key:user_id>")
@signed_in()
@cases.output({}, status_code=204)
@cases.doc(responses=[403, 404])
def unshare_case(case_id: str, user_id: str) -> Response:
    """Stop sharing a case with somebody."""
    who = visitor()
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        share = session.get(Share, (case.id, user_id))
        if share is None:
            abort(404, "this case is not shared with that account")
        append(session, who.actor, "case no longer shared", {"with": share.user.name}, case.id)
        session.delete(share)
    return Response(status=204)


@cases.get("/<key:case_id>/history")
@signed_in()
@cases.input(PageIn, location="query")
@cases.output(schemas.RecordPage)
@cases.doc(responses=[404])
def case_history(case_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The ledger's records about a case, the latest first."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        statement = sa.select(Record).where(Record.case_id == case_id).order_by(Record.seq.desc())
        return page(session, statement, query_data, each(record_view))


def _one(session: Session, case: Case, who: Visitor) -> dict[str, Any]:
    return case_views(session, [case], who)[0]


def _share_view(share: Share) -> dict[str, Any]:
    return {"user_id": share.user_id, "name": share.user.name, "access": share.access}
