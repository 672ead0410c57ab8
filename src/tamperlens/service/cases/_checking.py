"""The ledger checked from outside, without a server."""

import sqlalchemy as sa

from tamperlens.custody import read_head
from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._ledger import Verification, verify
from tamperlens.service._settings import Settings


def check_ledger(settings: Settings, expected: str | None = None) -> Verification:
    """Read the whole chain of an installation.

    Args:
        settings: which installation.
        expected: a head that was noted earlier, 'number:hash'.

    Raises:
        ServiceError: there is no ledger.
        CustodyError: the head is not spelled so.
    """
    if expected is not None:
        read_head(expected)
    database = open_database(settings)
    try:
        with database.read() as session:
            return verify(session, expected)
    except sa.exc.DBAPIError as error:
        raise ServiceError(f"the database cannot be read: {error.orig}") from error
    finally:
        database.engine.dispose()


def open_database(settings: Settings) -> Database:
    """The database of an installation that is there already.

    Raises:
        ServiceError: there is none.
    """
    if not settings.database and not (settings.home / "workbench.sqlite3").is_file():
        raise ServiceError(f"there is no workbench in {settings.home}; name its folder with --home")
    return Database(settings.database_url)
