"""One database, SQLite or PostgreSQL: short reads, and writes that take their turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.util import find_spec
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from tamperlens.errors import MissingExtraError, ServiceError
from tamperlens.service._tables import Table

_WRITES = "tamperlens_writes"
_PRAGMAS = (
    "busy_timeout=15000",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",  # leaves no deleted content in the file's free pages
)


class Database:
    """Opens transactions.

    On SQLite, a write transaction takes the lock when it begins. Otherwise one that reads first and then
    writes would be refused if another came in between.

    Args:
        url: SQLAlchemy address, sqlite:///… or postgresql://…

    Raises:
        ServiceError: the address is of another kind.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
        if self.url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise ServiceError(
                f"the database address begins with '{self.url.drivername}'; expected sqlite:/// or postgresql://"
            )
        if not self.is_sqlite and find_spec("psycopg") is None:
            raise MissingExtraError("psycopg", "tamperlens serve --database", "postgresql")
        self.engine = sa.create_engine(self.url, pool_pre_ping=True)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _set_up_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._reading = self.engine
        if not self.is_sqlite:  # SQLite readers see one state anyway
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read-only transaction, which sees one state of the database from its first query to its last."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed at its end, or rolled back by an exception."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def insert(self, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
        """An INSERT with ON CONFLICT, which both dialects spell the same way."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upgrade(self, revision: str = "head") -> None:
        """Migrate the tables to this version, or to an earlier one; several processes may call it at once."""
        from alembic import command  # noqa: PLC0415 - only at the start
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        with resources.as_file(resources.files(__package__) / "migrations") as folder:
            config.set_main_option("script_location", str(folder))
            with self._writing.begin() as connection:
                if not self.is_sqlite:
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7246115)"))
                config.attributes["connection"] = connection
                command.upgrade(config, revision)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin below, not in the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")
