"""A page of a list."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Views = Callable[[Sequence[Any]], list[dict[str, Any]]]


def page(session: Session, statement: sa.Select[Any], query: dict[str, Any], views: Views) -> dict[str, Any]:
    """Items of one page of a statement that selects rows of one table, and the total number of items."""
    number, size = query["page"], query["per_page"]
    total = session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery()))
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return {"items": views(rows), "total": total, "page": number, "per_page": size}


def each(view: Callable[[Any], dict[str, Any]]) -> Views:
    """Views of rows that do not depend on one another."""
    return lambda rows: [view(row) for row in rows]
