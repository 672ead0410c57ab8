"""The ledger: whoever edits, removes or reorders a record is found out."""

import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa

from tamperlens.errors import ServiceError
from tamperlens.service._ledger import MACHINE, START, append, record_hash, verify
from tamperlens.service._tables import Head, Record

from .conftest import BOTH


@pytest.fixture
def filled(workbench):
    with workbench.database.write() as session:
        for number in range(5):
            append(session, MACHINE, "tested", {"number": number, "word": "ü"})
    return workbench


def check(workbench, expected=None):
    with workbench.database.read() as session:
        return verify(session, expected)


def tamper(workbench, *statements: str) -> None:
    """As one who owns the database: the guard is taken off first."""
    with workbench.database.write() as session:
        if workbench.database.is_sqlite:
            for act in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER ledger_refuses_{act}"))
        else:
            session.execute(sa.text("ALTER TABLE ledger DISABLE TRIGGER ALL"))
        for statement in statements:
            session.execute(sa.text(statement))


@BOTH
def test_an_untouched_ledger_is_intact(filled):
    found = check(filled)
    assert (found.records, found.problem) == (5, None)
    assert found.head.startswith("5:")


@BOTH
def test_the_database_refuses_to_change_or_remove_records(filled):
    for statement in ("UPDATE ledger SET actor = 'x'", "DELETE FROM ledger WHERE seq = 5"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), filled.database.write() as session:
            session.execute(sa.text(statement))
    assert check(filled).problem is None


@BOTH
@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE ledger SET actor = 'x' WHERE seq = 3"], "record 3 was edited"),
        (['UPDATE ledger SET details = \'{"number": 2,"word":"ü"}\' WHERE seq = 3'], "record 3 was edited"),
        (["UPDATE ledger SET details = 'x' WHERE seq = 3"], "record 3 was edited"),
        (["UPDATE ledger SET at = '2020-01-01' WHERE seq = 1"], "record 1 was edited"),
        (["DELETE FROM ledger WHERE seq = 2"], "record 2 is missing"),
        (["DELETE FROM ledger WHERE seq = 1"], "record 1 is missing"),
        (["DELETE FROM ledger WHERE seq = 5"], "records at its end were removed"),
        (["DELETE FROM ledger"], "records at its end were removed"),
        (
            [
                "UPDATE ledger SET seq = 99 WHERE seq = 2",
                "UPDATE ledger SET seq = 2 WHERE seq = 3",
                "UPDATE ledger SET seq = 3 WHERE seq = 99",
            ],
            "record 2 does not continue record 1",
        ),
    ],
)
def test_tampering_is_found(filled, statements, words):
    tamper(filled, *statements)
    assert words in check(filled).problem


@BOTH
def test_a_ledger_cut_at_its_end_or_written_anew_is_found_by_a_noted_head(filled):
    noted = check(filled).head
    assert check(filled, noted).problem is None
    with filled.database.write() as session:
        append(session, MACHINE, "later", {})
    assert check(filled, noted).problem is None
    with filled.database.read() as session:
        fourth = session.get_one(Record, 4).hash
    cut = f"UPDATE ledger_head SET seq = 4, hash = '{fourth}'"  # noqa: S608 - a test's own
    tamper(filled, "DELETE FROM ledger WHERE seq > 4", cut)
    assert check(filled).problem is None  # whole in itself: only the noted head tells
    assert "record 5, which was noted, is missing" in check(filled, noted).problem


def test_a_chain_written_anew_is_whole_but_not_the_noted_one(filled):
    noted = check(filled).head
    emptied = f"UPDATE ledger_head SET seq = 0, hash = '{START}'"  # noqa: S608 - a test's own
    tamper(filled, "DELETE FROM ledger", emptied)
    with filled.database.write() as session:
        for number in range(6):
            append(session, MACHINE, "forged", {"number": number})
    assert check(filled).problem is None
    for spelled in (noted, f"00{noted}"):
        assert "record 5 is not the one that was noted" in check(filled, spelled).problem


def test_the_hash_is_what_the_documentation_says():
    # printf '{"a":1,"b":"ü"}' | sha256sum
    expected = "1a59e522e02ce50ad2c27c11a6d30f8667489c199580627fe9e3e33e2b0e91d5"
    assert record_hash({"b": "ü", "a": 1}) == expected


@BOTH
def test_appending_at_once_keeps_one_chain(workbench):
    def many(name: str) -> None:
        for number in range(15):
            with workbench.database.write() as session:
                append(session, MACHINE, name, {"number": number})

    threads = [threading.Thread(target=many, args=(f"thread {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = check(workbench)
    assert (found.records, found.problem) == (90, None)


@BOTH
def test_what_is_undone_leaves_no_record(workbench):
    def fail() -> None:
        with workbench.database.write() as session:
            append(session, MACHINE, "undone", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with workbench.database.write() as session:
        append(session, MACHINE, "done", {})
    assert check(workbench).records == 1
    with workbench.database.read() as session:
        assert session.get_one(Head, 1).seq == 1


def run(workbench, *options: str):
    command = [sys.executable, "-W", "error", "-m", "tamperlens", "ledger", "verify", *options]
    home = ["--home", str(workbench.settings.home)]
    return subprocess.run([*command, *home], capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_command_prints_the_head_and_its_exit_code_tells(filled):
    done = run(filled)
    assert done.returncode == 0, done.stderr
    head = done.stdout.split()[-1]
    assert head == check(filled).head
    assert run(filled, "--expect", head).returncode == 0
    tamper(filled, "DELETE FROM ledger WHERE seq = 5")
    cut = run(filled, "--expect", head)
    assert cut.returncode == 2
    assert "the ledger is not intact" in cut.stderr
    for nonsense in ("nonsense", "", "5:", f"0:{'a' * 64}", f"5:{'A' * 64}"):
        done = run(filled, "--expect", nonsense)
        assert (done.returncode, done.stdout) == (2, "")
        assert "number:hash" in done.stderr


@BOTH
def test_a_missing_head_is_found(filled):
    with filled.database.write() as session:
        session.execute(sa.text("DELETE FROM ledger_head"))
    assert "head is missing" in check(filled).problem
    with pytest.raises(ServiceError, match="head is missing"), filled.database.write() as session:
        append(session, MACHINE, "later", {})


def test_the_command_says_when_there_is_no_workbench(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tamperlens", "ledger", "verify", "--home", str(tmp_path / "none")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "there is no workbench in" in done.stderr
    assert not (tmp_path / "none").exists()
