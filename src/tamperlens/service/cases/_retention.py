"""Which closed cases are due for deletion by the retention rule, and when; nothing is deleted by itself."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from tamperlens.service._tables import Case, Hold, now


def due_at(case: Case, days: int) -> datetime | None:
    """When a closed case falls due; None without a rule."""
    return case.closed_at + timedelta(days=days) if days and case.closed_at else None


def closed_cases(days: int, only_due: bool) -> sa.Select[Case]:
    """Closed cases, the longest closed first; a case is due after this many days unless it is on hold."""
    closed = sa.select(Case).where(Case.closed_at.is_not(None)).order_by(Case.closed_at, Case.id)
    if not only_due:
        return closed
    if not days:
        return closed.where(sa.false())
    held = sa.exists().where(Hold.case_id == Case.id)
    return closed.where(Case.closed_at <= now() - timedelta(days=days), ~held)
