"""Who may do what with a case: the only place that decides.

A case that is neither yours nor shared with you does not exist for you: the answer is the same 404 as for a
case that does not exist at all.
"""

import json
from typing import NoReturn

from apiflask import abort
from sqlalchemy import ColumnElement, or_, select, union_all
from sqlalchemy.orm import Session

from tamperlens.service._tables import Case, Evidence, GroupMember, GroupShare, Hold, Record, Share
from tamperlens.service.people.visitors import Visitor

MAY_READ, MAY_WRITE, OWNS = 1, 2, 3
_ACCESS = {"read": MAY_READ, "write": MAY_WRITE, "owner": OWNS}
_NO_EVIDENCE = "there is no such evidence, or its case is not shared with you"
# Action of the ledger → how an image left a case.
_DEPARTURES = {"image deleted": "deleted", "image moved out": "moved to another case"}
_REFUSALS = {
    MAY_WRITE: "you can only read this case; ask its owner for more access",
    OWNS: "only the owner of this case may do that",
}


def access_to(session: Session, case: Case, visitor: Visitor) -> str | None:
    """One of "owner", "write", "read" and None; the widest of several shares, but viewers can only read."""
    if case.owner_id == visitor.id:
        return "owner"
    own = select(Share.access).where(Share.case_id == case.id, Share.user_id == visitor.id)
    through = select(GroupShare.access).where(GroupShare.case_id == case.id, _is_in_group(visitor))
    granted = set(session.scalars(union_all(own, through)))
    if not granted:
        return None
    return "write" if "write" in granted and visitor.role != "viewer" else "read"


def _is_in_group(visitor: Visitor) -> ColumnElement[bool]:
    """Condition on `GroupShare`: the visitor is currently in that group."""
    return GroupShare.group_id.in_(select(GroupMember.group_id).where(GroupMember.user_id == visitor.id))


def case_for(
    session: Session, visitor: Visitor, case_id: str, needed: int = MAY_READ, open_only: bool = False
) -> Case:
    """The case; aborts with 404, 403 or 409 if the visitor may not have it.

    Args:
        session: an open transaction.
        visitor: who makes the request.
        case_id: identifier of the case.
        needed: `MAY_READ`, `MAY_WRITE` or `OWNS`.
        open_only: refuse closed cases.
    """
    case = session.get(Case, case_id)
    granted = access_to(session, case, visitor) if case else None
    if case is None or granted is None:
        abort(404, "there is no such case, or it is not shared with you")
    _require(visitor, case, granted, needed, open_only)
    return case


def _require(visitor: Visitor, case: Case, granted: str, needed: int, open_only: bool) -> None:
    have = MAY_READ if visitor.role == "viewer" else _ACCESS[granted]
    if have < needed:
        abort(403, _REFUSALS[needed])
    if open_only and case.closed:
        abort(409, "this case is closed; reopen it first")


def evidence_for(
    session: Session, visitor: Visitor, evidence_id: str, needed: int = MAY_READ, open_only: bool = False
) -> Evidence:
    """The evidence, by the same rules; aborts with 410 if it left a case that the visitor may see."""
    evidence = session.get(Evidence, evidence_id)
    case = session.get(Case, evidence.case_id) if evidence else None
    granted = access_to(session, case, visitor) if case else None
    if evidence is None or case is None or granted is None:
        _refuse_missing(session, visitor, evidence_id)
    _require(visitor, case, granted, needed, open_only)
    return evidence


def _refuse_missing(session: Session, visitor: Visitor, evidence_id: str) -> NoReturn:
    """Abort with 410 if the evidence left a case that the visitor may see, otherwise with 404.

    The answer does not say which case it was moved to, because the visitor may not see that one.
    """
    which = select(Record).where(Record.evidence_id == evidence_id, Record.action.in_(_DEPARTURES))
    for gone in session.scalars(which.order_by(Record.seq.desc())):
        case = session.get(Case, gone.case_id) if gone.case_id else None
        if case and access_to(session, case, visitor):
            told = json.loads(gone.details)
            what = f"{told['name']} was {_DEPARTURES[gone.action]} on {gone.at[:10]}"
            abort(410, f"{what} by {gone.actor} because: {told['reason']}")
    abort(404, _NO_EVIDENCE)


def governed_case(session: Session, visitor: Visitor, case_id: str) -> Case:
    """A case that the visitor may put on hold or delete, locked: one's own; for administrators, any case.

    Administrators may do so even with cases that they may not read.
    """
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    case = session.get(Case, case_id)
    if case and visitor.role == "administrator":
        return case
    return case_for(session, visitor, case_id, OWNS)


def deletable_case(session: Session, visitor: Visitor, case_id: str) -> Case:
    """A case that the visitor may delete, locked; aborts with 409 if it is on hold."""
    case = governed_case(session, visitor, case_id)
    if case.hold:
        abort(409, held_because(case.hold))
    return case


def receiving_case(session: Session, visitor: Visitor, case_id: str, to: str) -> Case:
    """The case that receives images that the visitor moves out of another case; both are locked.

    Whoever receives an image may delete it. So only the owner of a case may move images out, and not while
    the case is on hold.
    """
    session.execute(select(Case.id).where(Case.id.in_((case_id, to))).order_by(Case.id).with_for_update())
    case = case_for(session, visitor, case_id, OWNS, open_only=True)
    if case.hold:
        abort(409, held_because(case.hold))
    return case_for(session, visitor, to, MAY_WRITE, open_only=True)


def deletable_evidence(session: Session, visitor: Visitor, evidence_id: str) -> Evidence:
    """Evidence that the visitor may delete, by its case."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        _refuse_missing(session, visitor, evidence_id)
    deletable_case(session, visitor, evidence.case_id)
    return evidence


def held_because(hold: Hold) -> str:
    """Why nothing may be deleted, as a sentence."""
    since = f"{hold.by} has held this case since {hold.at:%Y-%m-%d}: {hold.reason}"
    return f"{since}; nothing of it may be deleted or moved out"


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Condition on `Case`: owned by the visitor, or shared with them or with one of their groups."""
    shared = select(Share.case_id).where(Share.user_id == visitor.id)
    through = select(GroupShare.case_id).where(_is_in_group(visitor))
    return or_(Case.owner_id == visitor.id, Case.id.in_(shared), Case.id.in_(through))
