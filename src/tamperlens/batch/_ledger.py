"""The ledger of a scan: one JSON line per file, appended, and an index that can be rebuilt from it.

A killed scan loses no line that was written: a torn last line is dropped, and lines missing from the index
are read again. The index is SQLite, so memory does not grow with the number of files.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tamperlens.batch._sources import Item
from tamperlens.errors import ScanError

Row = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, stamp TEXT, failed INTEGER, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (content TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (up_to INTEGER);
"""
# A power failure may cost the files of this many seconds; a killed process costs none.
_SYNC_SECONDS = 5.0


class Ledger:
    """Rows on disk; used by one scan at a time, from any of its threads.

    Args:
        folder: must exist; holds `findings.jsonl` and `index.sqlite3`.

    Raises:
        ScanError: another scan is using it.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self._index_path = folder / "findings.jsonl", folder / "index.sqlite3"
        self._lock, self._synced = threading.RLock(), time.monotonic()
        self._index = self._open_index()
        self._file = self.path.open("ab+", buffering=0)
        self._end = self._drop_torn_line()
        self._catch_up()

    def is_done(self, item: Item, retry: bool = False) -> bool:
        """Whether there is a row for exactly this state of the file; with `retry`, failures do not count."""
        with self._lock:
            found = self._index.execute(
                "SELECT stamp, failed FROM files WHERE key = ?", (item.key,)
            ).fetchone()
        return found is not None and found[0] == item.stamp and not (retry and found[1])

    def known(self, content: str) -> Row | None:
        """The row of a file with the same bytes; None if there is none."""
        with self._lock:
            found = self._index.execute("SELECT at FROM contents WHERE content = ?", (content,)).fetchone()
        return self._read(found[0]) if found else None

    def append(self, row: Row) -> None:
        """Add a row in one write."""
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with self._lock:
            if self._file.write(line) != len(line):
                raise OSError(None, "the disk is full", str(self.path))
            self._note(row, self._end)
            self._end += len(line)
            if time.monotonic() - self._synced > _SYNC_SECONDS:
                self._sync()

    def rows(self) -> Iterator[Row]:
        """The last row of each file, in the order they were written."""
        with self.path.open("rb") as file:
            at = 0
            for line in file:
                row: Row = json.loads(line)
                if self._is_last(row, at):
                    yield row
                at += len(line)

    def close(self) -> None:
        """Flush everything to disk."""
        with self._lock:
            self._sync()
            self._file.close()
            self._index.close()

    def _open_index(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            raise ScanError(
                f"another scan is writing to {self.path.parent}; wait until it ends, or choose another --out"
            ) from error
        except sqlite3.DatabaseError:  # damaged by a power failure; it is rebuilt from the ledger
            self._index_path.unlink()
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        index = sqlite3.connect(self._index_path, timeout=0.5, check_same_thread=False, isolation_level=None)
        try:
            # The lock lasts as long as this process. The ledger takes care of the order of writes.
            index.execute("PRAGMA locking_mode = EXCLUSIVE")
            index.execute("PRAGMA synchronous = OFF")
            index.execute("BEGIN EXCLUSIVE")
            index.executescript(_TABLES)
            index.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError:
            index.close()
            raise
        return index

    def _drop_torn_line(self) -> int:
        """Cut what follows the last line break; returns the end."""
        end = self._file.seek(0, os.SEEK_END)
        whole = end
        while whole and (tail := self._tail(whole)).rfind(b"\n") < 0:
            whole -= len(tail)
        if whole:
            tail = self._tail(whole)
            whole -= len(tail) - tail.rfind(b"\n") - 1
        if whole < end:
            self._file.truncate(whole)
        return whole

    def _tail(self, end: int) -> bytes:
        start = max(0, end - 65536)
        return os.pread(self._file.fileno(), end - start, start)

    def _catch_up(self) -> None:
        """Read lines missing from the index; all of them if it does not fit the ledger."""
        found = self._index.execute("SELECT up_to FROM seen").fetchone()
        at = found[0] if found and found[0] <= self._end else 0
        if at == 0:
            self._index.execute("DELETE FROM files")
            self._index.execute("DELETE FROM contents")
        with self.path.open("rb") as file:
            file.seek(at)
            for line in file:
                self._note(json.loads(line), at)
                at += len(line)
        self._sync()

    def _note(self, row: Row, at: int) -> None:
        scanned, failed = row["scan"], "error" in row
        self._index.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            (scanned["key"], scanned["stamp"], failed, at),
        )
        if scanned.get("content") and not failed and "same_as" not in scanned:
            self._index.execute("INSERT OR IGNORE INTO contents VALUES (?, ?)", (scanned["content"], at))

    def _is_last(self, row: Row, at: int) -> bool:
        with self._lock:
            found = self._index.execute(
                "SELECT at FROM files WHERE key = ?", (row["scan"]["key"],)
            ).fetchone()
        return bool(found and found[0] == at)

    def _read(self, at: int) -> Row:
        with self.path.open("rb") as file:
            file.seek(at)
            row: Row = json.loads(file.readline())
        return row

    def _sync(self) -> None:
        os.fsync(self._file.fileno())
        self._index.execute("DELETE FROM seen")
        self._index.execute("INSERT INTO seen VALUES (?)", (self._end,))
        self._index.execute("COMMIT")
        self._index.execute("BEGIN IMMEDIATE")
        self._synced = time.monotonic()
