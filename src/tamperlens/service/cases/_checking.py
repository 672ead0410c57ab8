"""Checks the ledger from the command line, without a server."""

import sqlalchemy as sa

from tamperlens.custody import read_head
from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._ledger import Verification, verify
from tamperlens.service._settings import Settings


def check_ledger(settings: Settings, expected: str | None = None) -> Verification:
    """Read the whole chain of an installation.

    Args:
        settings: settings of the installation.
        expected: a head noted earlier, as 'number:hash'.

    Raises:
        ServiceError: there is no ledger.
        CustodyError: the head does not have this form.
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
    """The database of an existing installation.

    Raises:
        ServiceError: there is none.
    """
    if not settings.database and not (settings.home / "workbench.sqlite3").is_file():
        raise ServiceError(f"there is no workbench in {settings.home}; name its folder with --home")
    return Database(settings.database_url)
