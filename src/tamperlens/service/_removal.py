"""Files of bytes that no case holds any more leave the store.

The rows go first, with the ledger's record, then the files: a machine that stops between the two removes them
when it starts again. The same bytes may be handed in at any time; whoever hands them in and whoever removes
them lock the ledger, so that none works on what the other has looked at.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._database import Database
from tamperlens.service._ledger import lock
from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence, Picture, Removal, Table

# Removed while others wait.
_AT_ONCE = 50


def delete_rows(session: Session, table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Delete rows, and before them all that belongs to them, whichever table it is in."""
    for other in Table.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table and other is not table and not key.ondelete:
                delete_rows(session, other, key.parent.in_(sa.select(key.column).where(which)))
    session.execute(sa.delete(table).where(which))


def doom_unheld(session: Session, sha256s: Iterable[str]) -> list[str]:
    """Forget bytes that no evidence holds any more, and note that their files are to go; which they are."""
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
    """Remove the files of bytes that are doomed and have not been handed in again.

    The rows stay: a worker that was killed may leave something behind later.

    Args:
        database: of the installation.
        store: of the installation.
        sha256s: which bytes; None for all that ever were doomed.
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
