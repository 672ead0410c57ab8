"""Metrics of the installation for Prometheus, with an administrator's token."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from tamperlens import __version__
from tamperlens.service import _tables as tables
from tamperlens.service._tables import Case, Evidence, Finding, Head, Picture, User
from tamperlens.service.people.visitors import database, signed_in
from tamperlens.service.schemas.fields import OUTCOMES, STATES

metrics = APIBlueprint("metrics", __name__, tag="Service")

_KIND = "text/plain; version=0.0.4"
_METRICS: Any = {200: {"description": "metrics, one per line", "content": {_KIND: {}}}}
# Name → type and description; the values are counted below.
_TOLD = {
    "evidence": ("gauge", "Pieces of evidence by state of their examination."),
    "findings": ("gauge", "Findings by outcome, one for the same bytes and versions."),
    "examined_total": ("counter", "Records of the ledger about finished examinations."),
    "cases": ("gauge", "Cases, open and closed."),
    "users": ("gauge", "Accounts."),
    "sessions": ("gauge", "Sessions that have not been signed out."),
    "originals_bytes": ("gauge", "Bytes of all originals."),
    "ledger_records_total": ("counter", "Records of the ledger."),
    "info": ("gauge", "Version."),
}


@metrics.get("/metrics")
@signed_in("administrator")
@metrics.doc(responses=_METRICS)
def show_metrics() -> Response:
    """Metrics for Prometheus, which sends an administrator's token."""
    with database().read() as session:
        values = _values(session)
    lines = [line for name in _TOLD for line in _lines(name, values[name])]
    return Response("\n".join(lines) + "\n", content_type=f"{_KIND}; charset=utf-8")


def _lines(name: str, values: dict[str, int]) -> Iterator[str]:
    kind, what = _TOLD[name]
    yield f"# HELP tamperlens_{name} {what}"
    yield f"# TYPE tamperlens_{name} {kind}"
    for labels, value in values.items():
        yield f"tamperlens_{name}{labels} {value}"


def _values(session: Session) -> dict[str, dict[str, int]]:
    """Name → labels → value."""
    examined = sa.select(sa.func.count()).where(tables.Record.action == "examined")
    return {
        "evidence": _by(session, Evidence.state, "state", STATES),
        "findings": _by(session, Finding.outcome, "outcome", OUTCOMES),
        "examined_total": {"": session.scalar(examined) or 0},
        "cases": {"": _count(session, Case)},
        "users": {"": _count(session, User)},
        "sessions": {"": _count(session, tables.Session)},
        "originals_bytes": {"": session.scalar(sa.select(sa.func.sum(Picture.bytes))) or 0},
        "ledger_records_total": {"": session.scalar(sa.select(Head.seq)) or 0},
        "info": {f'{{version="{__version__}"}}': 1},
    }


def _by(session: Session, column: Any, label: str, names: tuple[str, ...]) -> dict[str, int]:  # noqa: ANN401
    grouped = session.execute(sa.select(column, sa.func.count()).group_by(column))
    counted: dict[str, int] = {name: many for name, many in grouped}  # noqa: C416 - for mypy, rows are not pairs
    return {f'{{{label}="{name}"}}': counted.get(name, 0) for name in names}


def _count(session: Session, table: type[tables.Table]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
