"""A hold: nothing of a case is deleted until somebody lifts it with a reason."""

from sqlalchemy.orm import Session

from tamperlens.service._ledger import Actor, append
from tamperlens.service._tables import Case, Hold


def hold(session: Session, actor: Actor, case: Case, reason: str, by_administrator: bool) -> None:
    """Hold a case that is not held."""
    session.add(Hold(case_id=case.id, reason=reason, by=actor.name, by_administrator=by_administrator))
    append(session, actor, "case held", {"reason": reason}, case.id)


def lift(session: Session, actor: Actor, case: Case, held: Hold, reason: str) -> None:
    """Let a case go."""
    told = {"reason": reason, "held by": held.by, "held because": held.reason}
    append(session, actor, "hold lifted", told, case.id)
    session.delete(held)
