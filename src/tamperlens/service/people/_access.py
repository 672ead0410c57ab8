"""Who may do what with a case: the one place that decides.

A case that is not yours and not shared with you does not exist for you: the answer is the same 404 as for one
that nobody has.
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
# How an image left a case, by the ledger's action.
_DEPARTURES = {"image deleted": "deleted", "image moved out": "moved to another case"}
_REFUSALS = {
    MAY_WRITE: "you can only read this case; ask its owner for more access",
    OWNS: "only the owner of this case may do that",
}


def access_to(session: Session, case: Case, visitor: Visitor) -> str | None:
    """One of "owner", "write", "read" and None; of several shares the widest, but a viewer reads."""
    if case.owner_id == visitor.id:
        return "owner"
    own = select(Share.access).where(Share.case_id == case.id, Share.user_id == visitor.id)
    through = select(GroupShare.access).where(GroupShare.case_id == case.id, _is_in_group(visitor))
    granted = set(session.scalars(union_all(own, through)))
    if not granted:
        return None
    return "write" if "write" in granted and visitor.role != "viewer" else "read"


def _is_in_group(visitor: Visitor) -> ColumnElement[bool]:
    """Condition on `GroupShare`: the visitor is in that group now."""
    return GroupShare.group_id.in_(select(GroupMember.group_id).where(GroupMember.user_id == visitor.id))


def case_for(
    session: Session, visitor: Visitor, case_id: str, needed: int = MAY_READ, open_only: bool = False
) -> Case:
    """The case, or the answer 404, 403 or 409.

    Args:
        session: an open transaction.
        visitor: who asks.
        case_id: of the case.
        needed: `MAY_READ`, `MAY_WRITE` or `OWNS`.
        open_only: whether a closed case is refused.
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
    """Likewise for evidence, by its case; 410 where the visitor could see it until it left a case."""
    evidence = session.get(Evidence, evidence_id)
    case = session.get(Case, evidence.case_id) if evidence else None
    granted = access_to(session, case, visitor) if case else None
    if evidence is None or case is None or granted is None:
        _refuse_missing(session, visitor, evidence_id)
    _require(visitor, case, granted, needed, open_only)
    return evidence


def _refuse_missing(session: Session, visitor: Visitor, evidence_id: str) -> NoReturn:
    """Answer 410 about what left a case that the visitor may see, otherwise 404.

    To which case it was moved is not told: the visitor may not see that one.
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
    """A case that the visitor may hold or delete, locked: its owner's, and for administrators every case.

    An administrator who may do that may still not read it.
    """
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    case = session.get(Case, case_id)
    if case and visitor.role == "administrator":
        return case
    return case_for(session, visitor, case_id, OWNS)


def deletable_case(session: Session, visitor: Visitor, case_id: str) -> Case:
    """Likewise one that is not held, or the answer 409."""
    case = governed_case(session, visitor, case_id)
    if case.hold:
        abort(409, held_because(case.hold))
    return case


def receiving_case(session: Session, visitor: Visitor, case_id: str, to: str) -> Case:
    """The case that receives what the visitor moves out of another, both locked.

    Whoever receives an image may delete it, so only the owner of a case gives anything away, and nothing
    leaves a case that is held.
    """
    session.execute(select(Case.id).where(Case.id.in_((case_id, to))).order_by(Case.id).with_for_update())
    case = case_for(session, visitor, case_id, OWNS, open_only=True)
    if case.hold:
        abort(409, held_because(case.hold))
    return case_for(session, visitor, to, MAY_WRITE, open_only=True)


def deletable_evidence(session: Session, visitor: Visitor, evidence_id: str) -> Evidence:
    """Likewise for evidence, by its case."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        _refuse_missing(session, visitor, evidence_id)
    deletable_case(session, visitor, evidence.case_id)
    return evidence


def held_because(hold: Hold) -> str:
    """Why nothing may be deleted, a sentence."""
    since = f"{hold.by} has held this case since {hold.at:%Y-%m-%d}: {hold.reason}"
    return f"{since}; nothing of it may be deleted or moved out"


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Condition on `Case`: owned by or shared with the visitor, or a group that the visitor is in."""
    shared = select(Share.case_id).where(Share.user_id == visitor.id)
    through = select(GroupShare.case_id).where(_is_in_group(visitor))
    return or_(Case.owner_id == visitor.id, Case.id.in_(shared), Case.id.in_(through))
