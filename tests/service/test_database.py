"""Tables and migrations agree; a database of another kind is refused."""

import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._tables import Head, Rate, Table, now

from .conftest import BOTH


@BOTH
def test_the_migrations_make_the_tables_of_the_code(workbench):
    workbench.database.upgrade()  # a second time changes nothing
    with workbench.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_sqlite_is_set_up_for_several_processes(workbench):
    with workbench.database.read() as session:
        settings = [session.scalar(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")]
    assert settings == ["wal", 1]


@BOTH
def test_writes_that_read_first_take_turns(workbench):
    def count() -> None:
        for _ in range(20):
            with workbench.database.write() as session:
                row = session.get_one(Rate, ("k", 0), with_for_update=True)
                row.count += 1

    with workbench.database.write() as session:
        session.add(Rate(key="k", window=0, ends_at=now(), count=0))
    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with workbench.database.read() as session:
        assert session.get_one(Rate, ("k", 0)).count == 80
        assert session.get_one(Head, 1).seq == 0


@BOTH
def test_times_come_back_in_utc(workbench):
    at = now()
    with workbench.database.write() as session:
        session.add(Rate(key="t", window=0, ends_at=at, count=0))
    with workbench.database.read() as session:
        assert session.get_one(Rate, ("t", 0)).ends_at == at


@pytest.mark.parametrize("url", ["mysql://here/x", "oracle://x"])
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(ServiceError, match="expected sqlite:/// or postgresql://"):
        Database(url)
