"""Back up an installation into a folder, and restore it: database, originals, derived files, the key.

The server may keep running. The database is copied first, in a consistent state. Originals are written before
their rows and never altered, so everything named in that copy is in the store, which is copied next.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._ledger import verify
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service._tables import Picture

_DATABASE = "workbench.sqlite3"
_KEYS = ("signing-key.pem", "factor.key")
_PARTS = ("originals", "made")


@dataclass(frozen=True)
class Checked:
    """What was found in a complete installation.

    Attributes:
        originals: number of originals; the bytes of each match its name.
        records: number of records in the ledger.
        head: head of the ledger, to be noted elsewhere.
    """

    originals: int
    records: int
    head: str


def back_up(settings: Settings, folder: Path) -> Checked:
    """Copy an installation into a folder; files from an earlier backup are not copied again.

    Raises:
        ServiceError: there is no workbench, it uses PostgreSQL, or the copy is incomplete.
    """
    source = settings.home / _DATABASE
    if settings.database:
        raise ServiceError("a PostgreSQL database is backed up with pg_dump; then copy the home folder")
    if not source.is_file():
        raise ServiceError(f"there is no workbench in {settings.home}; name its folder with --home")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{_DATABASE}.part"
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)
    part.replace(folder / _DATABASE)
    _copy_store(settings.home, folder)
    _drop_deleted(Settings(folder))
    return check(Settings(folder))


def restore(folder: Path, settings: Settings) -> Checked:
    """Make an installation from a backup, where there is none yet, and upgrade it.

    Raises:
        ServiceError: there is a workbench already, the folder is not a backup, or it is incomplete.
    """
    if (settings.home / _DATABASE).exists():
        raise ServiceError(f"{settings.home} already contains a workbench; restore into an empty folder")
    if not (folder / _DATABASE).is_file():
        raise ServiceError(f"there is no backup in {folder}")
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(folder / _DATABASE, settings.home / _DATABASE)
    _copy_store(folder, settings.home)
    database = Database(settings.database_url)
    database.upgrade()
    database.engine.dispose()
    return check(settings)


def _drop_deleted(settings: Settings) -> None:
    """Remove files that the backup's database does not name: copied by an earlier backup, deleted since."""
    database, store = Database(settings.database_url), Store(settings.store)
    try:
        with database.read() as session:
            named = set(session.scalars(sa.select(Picture.sha256)))
    finally:
        database.engine.dispose()
    there = {path.parent.name + path.name for part in _PARTS for path in (store.folder / part).glob("*/*")}
    for sha256 in there - named:
        store.remove(sha256)


def check(settings: Settings) -> Checked:
    """Read the ledger and every original.

    Raises:
        ServiceError: the ledger is not intact, or an original was changed or is missing.
    """
    database, store = Database(settings.database_url), Store(settings.store)
    try:
        with database.read() as session:
            found = verify(session)
            originals = list(session.scalars(sa.select(Picture.sha256).order_by(Picture.sha256)))
    finally:
        database.engine.dispose()
    if found.problem:
        raise ServiceError(f"the ledger is not intact: {found.problem}")
    lost = [sha256 for sha256 in originals if not store.is_intact(sha256)]
    if lost:
        raise ServiceError(f"{len(lost)} of {len(originals)} originals are changed or gone, first {lost[0]}")
    return Checked(len(originals), found.records, found.head)


def _copy_store(source: Path, target: Path) -> None:
    """Copy missing files; a file appears under its name only when it is complete."""
    for file in _files(source):
        copy = target / file.relative_to(source)
        if copy.exists() and copy.stat().st_size == file.stat().st_size:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = copy.with_name(f".{copy.name}.part")
        shutil.copy2(file, part)
        part.replace(copy)


def _files(home: Path) -> Iterator[Path]:
    yield from (home / key for key in _KEYS if (home / key).is_file())
    for part in _PARTS:
        for folder, _folders, names in os.walk(home / "store" / part):
            yield from (Path(folder, name) for name in names)
