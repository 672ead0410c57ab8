"""The queue that carries jobs' names to workers: SQLite, Redis or PostgreSQL by address."""

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
        settings: whose `jobs` says where the queue is.
        examine: called in the worker with a name; other processes only send.

    Raises:
        ServiceError: an address of a kind that is not supported.
    """

    def __init__(self, settings: Settings, examine: Callable[[str], None] | None = None) -> None:
        self.huey, self._failures = _open(settings)
        handle = examine or _nowhere

        def job(
            evidence_id: str,
        ) -> None:  # huey knows tasks by module and name, so every process has this one
            handle(evidence_id)

        self._send = self.huey.task()(job)

    def send(self, evidence_id: str) -> None:
        """Tell the workers of a job; when the queue is out of reach they find it in the table, later."""
        try:
            self._send(evidence_id)
        except self._failures as error:
            _LOG.warning("the job queue is out of reach: %s", error)

    def is_empty(self) -> bool:
        """Whether no name waits."""
        return cast("int", self.huey.pending_count()) == 0

    def close(self) -> None:
        """Give its connections back."""
        self.huey.storage.close()


def _nowhere(evidence_id: str) -> None:
    raise ServiceError(f"the job {evidence_id} came to a process that is no worker")


def _open(settings: Settings) -> tuple[Any, tuple[type[Exception], ...]]:
    """The queue, and what it raises when its server is out of reach."""
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
