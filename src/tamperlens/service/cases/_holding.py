"""Holds: nothing in a case is deleted until somebody lifts the hold, with a reason."""

from sqlalchemy.orm import Session

from tamperlens.service._ledger import Actor, append
from tamperlens.service._tables import Case, Hold


def hold(session: Session, actor: Actor, case: Case, reason: str, by_administrator: bool) -> None:
    """Put a case on hold that is not on hold."""
    session.add(Hold(case_id=case.id, reason=reason, by=actor.name, by_administrator=by_administrator))
    append(session, actor, "case held", {"reason": reason}, case.id)


def lift(session: Session, actor: Actor, case: Case, held: Hold, reason: str) -> None:
    """Lift a hold."""
    told = {"reason": reason, "held by": held.by, "held because": held.reason}
    append(session, actor, "hold lifted", told, case.id)
    session.delete(held)
