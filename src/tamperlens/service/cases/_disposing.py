"""Retention from the command line, without a server: which closed cases are due, and their deletion."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._ledger import Actor
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service._tables import Case
from tamperlens.service.cases._checking import open_database
from tamperlens.service.cases._deleting import delete_case
from tamperlens.service.cases._retention import closed_cases
from tamperlens.service.people import held_because
from tamperlens.text import quoted

_COMMAND = Actor(None, "(command line)")


@dataclass(frozen=True)
class DueCase:
    """A closed case whose retention period is over, and which is not on hold.

    Attributes:
        id: identifier of the case.
        title: title of the case.
        owner: name of the account that owns it.
        closed_at: when it was closed, UTC.
    """

    id: str
    title: str
    owner: str
    closed_at: datetime


def list_due(settings: Settings, days: int) -> list[DueCase]:
    """Cases that were closed at least this many days ago, the longest closed first.

    Raises:
        ServiceError: there is no workbench, or its database cannot be read.
    """
    with _opened(settings) as database, database.read() as session:
        found = session.scalars(closed_cases(days, only_due=True))
        return [
            DueCase(case.id, case.title, case.owner.name, case.closed_at) for case in found if case.closed_at
        ]


def dispose(settings: Settings, case_id: str, reason: str) -> int:
    """Delete a case from the command line; returns the number of its images.

    Raises:
        ServiceError: there is no such case, it is on hold, or the database cannot be read.
    """
    with _opened(settings) as database:
        find = partial(_deletable, case_id=case_id)
        return delete_case(database, Store(settings.store), _COMMAND, reason, find)


def _deletable(session: Session, case_id: str) -> Case:
    session.execute(sa.select(Case.id).where(Case.id == case_id).with_for_update())
    case = session.get(Case, case_id)
    if case is None:
        raise ServiceError(f"there is no case {quoted(case_id)}; its page's address ends in the identifier")
    if case.hold:
        raise ServiceError(held_because(case.hold))
    return case


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    try:
        yield database
    except sa.exc.DBAPIError as error:
        raise ServiceError(f"the database cannot be used: {error.orig}") from error
    finally:
        database.engine.dispose()
