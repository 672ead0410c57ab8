"""Cases as shown on the dashboard: a few grouped queries for a whole page."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import canonical
from tamperlens.service._tables import Case, Evidence, Finding, Hold, Picture
from tamperlens.service.people import access_to
from tamperlens.service.people.visitors import Visitor
from tamperlens.service.schemas.fields import OUTCOMES, STATES

_SHOWN = 4


def case_views(session: Session, cases: Sequence[Case], visitor: Visitor) -> list[dict[str, Any]]:
    """What the dashboard shows about each case."""
    keys = [case.id for case in cases]
    states = _counts(session, sa.select(Evidence.case_id, Evidence.state), Evidence.state, keys)
    outcomes = _counts(
        session, sa.select(Evidence.case_id, Finding.outcome).join(Evidence.finding), Finding.outcome, keys
    )
    thumbnails = _thumbnails(session, keys)
    return [
        {
            **{
                n: getattr(case, n)
                for n in ("id", "title", "description", "closed", "closed_at", "created_at", "active_at")
            },
            "hold": hold_view(case.hold),
            "version": case_version(case),
            "owner": case.owner.name,
            "access": access_to(session, case, visitor),
            "evidence": sum(states[case.id].values()),
            "states": _all_of(STATES, states[case.id]),
            "outcomes": _all_of(OUTCOMES, outcomes[case.id]),
            "thumbnails": thumbnails[case.id],
        }
        for case in cases
    ]


def hold_view(hold: Hold | None) -> dict[str, Any] | None:
    """Who holds a case, since when and why."""
    names = ("reason", "by", "by_administrator", "at")
    return {name: getattr(hold, name) for name in names} if hold else None


def case_version(case: Case) -> str:
    """Its ETag, 32 hexadecimal digits, which changes with everything its owner may change."""
    changed = canonical([case.title, case.description, case.closed, case.owner_id])
    return hashlib.sha256(changed.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _counts(
    session: Session,
    statement: Any,  # noqa: ANN401 - a selection of two columns
    column: Any,  # noqa: ANN401 - a mapped column
    keys: Sequence[str],
) -> dict[str, dict[str, int]]:
    """Case → value → number of rows."""
    grouped = (
        statement.add_columns(sa.func.count())
        .where(Evidence.case_id.in_(keys))
        .group_by(Evidence.case_id, column)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for key, value, many in session.execute(grouped):
        counts[key][value] = many
    return counts


def _all_of(names: Iterable[str], counts: dict[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in names}


def _thumbnails(session: Session, keys: Sequence[str]) -> dict[str, list[str]]:
    """Case → paths of its first pictures."""
    place = sa.func.row_number().over(partition_by=Evidence.case_id, order_by=Evidence.uploaded_at)
    seen = (
        sa.select(Evidence.id, Evidence.case_id, place.label("place"))
        .join(Picture, Picture.sha256 == Evidence.sha256)
        .where(Evidence.case_id.in_(keys), Picture.width.is_not(None))
        .subquery()
    )
    first = sa.select(seen.c.case_id, seen.c.id).where(seen.c.place <= _SHOWN).order_by(seen.c.place)
    paths: dict[str, list[str]] = defaultdict(list)
    for case_id, key in session.execute(first):
        paths[case_id].append(f"/api/v1/evidence/{key}/thumbnail")
    return paths
