"""Search across cases."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint
from sqlalchemy.orm import Session, contains_eager

from tamperlens.service._tables import Case, Evidence
from tamperlens.service.cases import case_views, case_with, evidence_views, evidence_with
from tamperlens.service.people import visible_to
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import search as schemas
from tamperlens.service.web._pages import page

search = APIBlueprint("search", __name__, url_prefix="/api/v1", tag="Search")

_MOST_CASES = 20


@search.get("/search")
@signed_in()
@search.input(schemas.SearchQuery, location="query")
@search.output(schemas.Found)
def find(query_data: dict[str, Any]) -> dict[str, Any]:
    """Find cases and evidence by titles, names, hashes, cameras, dates, notes, conclusions and outcomes."""
    who, words = visitor(), query_data["words"]
    cases = sa.select(Case).where(visible_to(who), case_with(words)).order_by(Case.active_at.desc(), Case.id)
    evidence = (
        sa.select(Evidence)
        .join(Evidence.case)
        .options(contains_eager(Evidence.case))
        .where(visible_to(who), evidence_with(words))
        .order_by(Evidence.uploaded_at.desc(), Evidence.id)
    )
    with database().read() as session:
        found = page(session, evidence, query_data, lambda rows: _with_titles(session, who, rows))
        return {**found, "cases": case_views(session, session.scalars(cases.limit(_MOST_CASES)).all(), who)}


def _with_titles(session: Session, who: Visitor, rows: Sequence[Evidence]) -> list[dict[str, Any]]:
    views = evidence_views(session, who, rows)
    return [{**view, "case_title": one.case.title} for view, one in zip(views, rows, strict=True)]
