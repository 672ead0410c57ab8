"""How long the images of a case still have to wait, given those of other cases."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._tables import Evidence, now

# The rate is measured over examinations that ended within this time.
_WINDOW = timedelta(minutes=10)


def queue_state(session: Session, case_id: str) -> dict[str, Any]:
    """Progress of a case: counts, how many images of other cases come before its last one, and the time left.

    `per_minute` and `seconds_left` are None if too few examinations ended recently.
    """
    own = dict(
        _counted(session, sa.select(Evidence.state).where(Evidence.case_id == case_id), Evidence.state)
    )
    waiting, running = own.get("queued", 0), own.get("running", 0)
    busy = sa.select(Evidence.case_id).where(
        Evidence.case_id != case_id, Evidence.state.in_(("queued", "running"))
    )
    # Cases take turns, so another case delays this one by at most as many images as this one has.
    ahead = sum(min(many, waiting) for _case, many in _counted(session, busy, Evidence.case_id))
    rate = _per_second(session)
    left = (waiting + running + ahead) / rate if rate and waiting + running else None
    return {
        "waiting": waiting,
        "running": running,
        "total": sum(own.values()),
        "ahead": ahead,
        "per_minute": None if rate is None else round(60 * rate, 1),
        "seconds_left": None if left is None else round(left),
    }


def _counted(session: Session, which: sa.Select[Any], column: Any) -> list[tuple[str, int]]:  # noqa: ANN401
    counted = which.add_columns(sa.func.count()).group_by(column)
    return [(name, many) for name, many in session.execute(counted)]


def _per_second(session: Session) -> float | None:
    """Rate of recently finished examinations, without cancelled ones and those whose finding was known."""
    moment = now()
    ended = sa.select(
        sa.func.count(), sa.func.min(Evidence.finished_at, type_=Evidence.finished_at.type)
    ).where(
        Evidence.finished_at > moment - _WINDOW,
        Evidence.state.in_(("done", "failed")),
        Evidence.duplicate.is_(False),
    )
    many, first = session.execute(ended).one()
    # The first one only marks the start of the time.
    return (many - 1) / max(1.0, (moment - first).total_seconds()) if first and many > 1 else None
