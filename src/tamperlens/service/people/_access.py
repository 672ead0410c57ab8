"""Who may do what with a case: the one place that decides.

A case that is not yours and not shared with you does not exist for you: the answer is the same 404 as for one
that nobody has.
"""

from apiflask import abort
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tamperlens.service._tables import Case, Evidence, Share
from tamperlens.service.people.visitors import Visitor

MAY_READ, MAY_WRITE, OWNS = 1, 2, 3
_ACCESS = {"read": MAY_READ, "write": MAY_WRITE, "owner": OWNS}
_REFUSALS = {
    MAY_WRITE: "this case is shared with you to read; ask its owner for more",
    OWNS: "only the owner of this case may do that",
}


def access_to(session: Session, case: Case, visitor: Visitor) -> str | None:
    """One of "owner", "write", "read" and None; a viewer reads, whatever else a share says."""
    if case.owner_id == visitor.id:
        return "owner"
    share = session.get(Share, (case.id, visitor.id))
    if share is None:
        return None
    return "read" if visitor.role == "viewer" else share.access


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
    have = MAY_READ if visitor.role == "viewer" else _ACCESS[granted]
    if have < needed:
        abort(403, _REFUSALS[needed])
    if open_only and case.closed:
        abort(409, "this case is closed; open it again first")
    return case


def evidence_for(
    session: Session, visitor: Visitor, evidence_id: str, needed: int = MAY_READ, open_only: bool = False
) -> Evidence:
    """Likewise for evidence, by its case."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        abort(404, "there is no such evidence, or its case is not shared with you")
    case_for(session, visitor, evidence.case_id, needed, open_only)
    return evidence


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Condition on `Case`: owned by or shared with the visitor."""
    shared = select(Share.case_id).where(Share.user_id == visitor.id)
    return or_(Case.owner_id == visitor.id, Case.id.in_(shared))
