"""Removes files from the store when no case holds their bytes any more.

The rows go first, together with the ledger's record, then the files. If the machine stops in between, it
removes the files when it starts again. The same bytes may be added again at any time; adding and removing
both lock the ledger, so that neither acts on outdated information.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._database import Database
from tamperlens.service._ledger import lock
from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence, Picture, Removal, Table

# Number of files removed at a time while others wait.
_AT_ONCE = 50


def delete_rows(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Delete rows, after everything in other tables that belongs to them."""
    for other in Table.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table and other is not table and not key.ondelete:
                delete_rows(session, other, key.parent.in_(sa.select(key.column).where(which)))
    session.execute(sa.delete(table).where(which))


def doom_unheld(session: Session, sha256s: Iterable[str]) -> list[str]:
    """Forget bytes that no evidence holds any more, and mark their files for removal; returns the hashes."""
    held = sa.select(Evidence.sha256).where(Evidence.sha256 == Picture.sha256)
    unheld = sa.select(Picture.sha256).where(Picture.sha256.in_(set(sha256s)), ~held.exists())
    doomed = list(session.scalars(unheld))
    if doomed:
        pictures = Picture.metadata.tables[Picture.__tablename__]
        delete_rows(session, pictures, pictures.c.sha256.in_(doomed))
        for sha256 in doomed:
            session.merge(Removal(sha256=sha256))
    return doomed


def sweep(database: Database, store: Store, sha256s: Sequence[str] | None = None) -> None:
    """Remove the files of bytes that are marked for removal and were not added again.

    The marks stay, because a worker that is killed may leave files behind later.

    Args:
        database: database of the installation.
        store: store of the installation.
        sha256s: hashes of the bytes; None for all that were ever marked.
    """
    if sha256s is None:
        with database.read() as session:
            sha256s = list(session.scalars(sa.select(Removal.sha256)))
    for first in range(0, len(sha256s), _AT_ONCE):
        part = sha256s[first : first + _AT_ONCE]
        with database.write() as session:
            lock(session)
            again = sa.select(Picture.sha256).where(Picture.sha256.in_(part))
            session.execute(sa.delete(Removal).where(Removal.sha256.in_(again)))
            for sha256 in session.scalars(sa.select(Removal.sha256).where(Removal.sha256.in_(part))):
                store.remove(sha256)
