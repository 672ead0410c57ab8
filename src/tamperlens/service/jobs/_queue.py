"""The queue that carries names of jobs to workers: SQLite, Redis or PostgreSQL, depending on the address."""

import logging
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, cast

from huey import PostgresHuey, RedisHuey, SqliteHuey

from tamperlens.errors import MissingExtraError, ServiceError
from tamperlens.service._settings import Settings

_LOG = logging.getLogger(__name__)
_NAME = "tamperlens"


class Queue:
    """Sends names; a worker gives it the function that handles them.

    Args:
        settings: settings whose `jobs` is the address of the queue.
        examine: called in a worker with each name; None in processes that only send.

    Raises:
        ServiceError: the kind of address is not supported.
    """

    def __init__(self, settings: Settings, examine: Callable[[str], None] | None = None) -> None:
        self.huey, self._failures = _open(settings)
        handle = examine or _nowhere

        def job(
            evidence_id: str,
        ) -> None:  # huey finds tasks by module and name, so every process needs this one
            handle(evidence_id)

        self._send = self.huey.task()(job)

    def send(self, evidence_id: str) -> None:
        """Tell the workers about a job; if the queue cannot be reached, they find it in the table later."""
        try:
            self._send(evidence_id)
        except self._failures as error:
            _LOG.warning("the job queue cannot be reached: %s", error)

    def is_empty(self) -> bool:
        """Whether no name is waiting."""
        return cast("int", self.huey.pending_count()) == 0

    def close(self) -> None:
        """Close its connections."""
        self.huey.storage.close()


def _nowhere(evidence_id: str) -> None:
    raise ServiceError(f"the job {evidence_id} came to a process that is no worker")


def _open(settings: Settings) -> tuple[Any, tuple[type[Exception], ...]]:
    """The queue, and the exceptions that it raises if its server cannot be reached."""
    options: dict[str, Any] = {"results": False, "utc": True}
    if not settings.jobs:
        file = str(settings.home / "jobs.sqlite3")
        return SqliteHuey(_NAME, filename=file, fsync=True, **options), (sqlite3.OperationalError,)
    kind = settings.jobs.partition("://")[0]
    if kind in {"redis", "rediss"}:
        _need("redis", "redis")
        from redis import RedisError  # noqa: PLC0415 - of an extra

        return RedisHuey(_NAME, url=settings.jobs, blocking=True, read_timeout=1, **options), (RedisError,)
    if kind in {"postgresql", "postgres"}:
        _need("psycopg", "postgresql")
        from psycopg import OperationalError  # noqa: PLC0415 - of an extra

        return PostgresHuey(_NAME, dsn=settings.jobs, **options), (OperationalError,)
    raise ServiceError(
        f"the address of the job queue begins with '{kind}'; expected redis:// or postgresql://, or none"
    )


def _need(package: str, extra: str) -> None:
    if find_spec(package) is None:
        raise MissingExtraError(package, "tamperlens serve --jobs", extra)
