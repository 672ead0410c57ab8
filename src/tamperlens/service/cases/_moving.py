"""Moves an image to another case, with everything that was found, concluded and written about it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import came_and_went
from tamperlens.service._ledger import Actor, append, lock, record_view
from tamperlens.service._tables import Case, Evidence, Record, now

_MOVES = ("image deleted", "image moved out", "image moved in")


def move_image(session: Session, actor: Actor, one: Evidence, to: Case, reason: str) -> str | None:
    """Move a piece of evidence, which keeps its identifier; returns a sentence if it cannot be moved.

    The receiving case gets the first of two records. The other case gets the second, which holds the hash of
    the first: that ties them together without revealing one case to readers of the other.

    Args:
        session: a write transaction.
        actor: who moves it.
        one: evidence to move.
        to: the case that receives it.
        reason: why it is moved.
    """
    former = one.case_id
    if former == to.id:
        return "is in that case already"
    same = sa.select(Evidence.id).where(Evidence.case_id == to.id, Evidence.sha256 == one.sha256)
    if session.scalars(same.limit(1)).first():
        return "is in that case already, as the same file; delete one of the two, or leave this one here"
    moved = sa.update(Evidence).where(
        Evidence.id == one.id, Evidence.case_id == former, Evidence.state != "running"
    )
    if session.execute(moved.values(case_id=to.id).returning(Evidence.id)).one_or_none() is None:
        return "is being examined; wait until that is done, or cancel it first"
    _record(session, actor, one, (former, to.id), reason)
    session.execute(sa.update(Case).where(Case.id.in_((former, to.id))).values(active_at=now()))
    session.refresh(one)
    return None


def _record(session: Session, actor: Actor, one: Evidence, cases: tuple[str, str], reason: str) -> None:
    former, to = cases
    lock(session)  # so that no record about the image is added between the count and the move
    counted = sa.select(sa.func.count()).where(Record.evidence_id == one.id)
    told = {"name": one.name, "sha256": one.sha256, "reason": reason}
    came = {**told, "from": former, "records": session.scalar(counted) or 0}
    arrival = append(session, actor, "image moved in", came, to, one.id)
    append(session, actor, "image moved out", {**told, "arrival": arrival}, former, one.id)


def gone_and_come(session: Session, case_id: str) -> dict[str, list[dict[str, Any]]]:
    """From the ledger: what was deleted from a case, moved out of it and into it; by whom, when and why."""
    which = sa.select(Record).where(Record.case_id == case_id, Record.action.in_(_MOVES))
    return came_and_went([record_view(record) for record in session.scalars(which.order_by(Record.seq))])


def told_with(case_id: str) -> sa.ColumnElement[bool]:
    """Condition on `Record`: belongs to a case, or to another one but concerns an image now in this case."""
    held = sa.select(Evidence.id).where(Evidence.case_id == case_id)
    return sa.or_(Record.case_id == case_id, Record.evidence_id.in_(held))
