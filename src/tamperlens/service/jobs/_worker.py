"""A worker: takes names of jobs from the queue, has them examined, and takes over jobs that others left.

It decodes nothing itself: that happens in a confined process, so a file that crashes it does not crash the
worker. A worker may be killed at any moment. A job is claimed, done and recorded in the table, each in one
transaction, and files appear in the store only when complete. So another worker can simply start it again.
"""

import hashlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from huey.consumer import Consumer
from sqlalchemy.orm import Session

from tamperlens.errors import EvidenceError
from tamperlens.service._database import Database
from tamperlens.service._fingerprints import find_original
from tamperlens.service._removal import sweep
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence as Row
from tamperlens.service._tables import Finding, Picture, new_key, now
from tamperlens.service.jobs import jobs
from tamperlens.service.jobs._found import bound, is_whole
from tamperlens.service.jobs._making import Made
from tamperlens.service.jobs._making_apart import File, Shown, making_worker, read_made, read_told
from tamperlens.service.jobs._queue import Queue

_LOG = logging.getLogger(__name__)
_LOOK_AFTER_SECONDS = 1.0
_SEND_AGAIN_SECONDS = 60.0
# After losing this many races for a job to other workers, try only the announced one.
_TRIES = 8
# Requests have priority: they are answered while an image is examined.
_NICE = 10


class _LostError(Exception):
    """The job was cancelled, or has been taken over by another worker."""


class Worker:
    """Lets a warm confined process examine what the queue names.

    Args:
        settings: settings of the installation.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.name = f"{_host()}:{os.getpid()}:{new_key()[:8]}"
        self.database = Database(settings.database_url)
        self.store = Store(settings.store)
        self.apart = making_worker(settings)
        self.versions = str(self.apart.about["versions"])

    def close(self) -> None:
        """End the confined process, and close the database."""
        self.apart.close()
        self.database.engine.dispose()

    def take(self, announced: str) -> None:
        """Do the next job: a name in the queue only says that there is one more to do."""
        for _ in range(_TRIES):
            with self.database.read() as session:
                turn = jobs.turn(session, self.versions)
            if turn is None or self.examine(turn):
                return
        self.examine(announced)

    def examine(self, evidence_id: str) -> bool:
        """Do one job; False if another worker has it."""
        with self.database.write() as session:
            claimed = jobs.claim(session, evidence_id, self.name, self.settings.lease_seconds, self.versions)
        if claimed is None:
            return False
        with self._lease(evidence_id):
            try:
                self._do_or_lose(claimed)
            except EvidenceError as error:
                with self.database.write() as session:
                    jobs.fail_held(session, evidence_id, self.name, str(error))
            except _LostError:
                _LOG.info("job %s was cancelled, deleted or taken over", evidence_id)
        sweep(self.database, self.store, [claimed.sha256])  # in case it was deleted meanwhile
        return True

    def _do_or_lose(self, job: Row) -> None:
        """Examine; if files are missing because the image was deleted, the job is lost."""
        try:
            self._do(job)
        except FileNotFoundError:
            with self.database.read() as session:
                _picture(session, job.sha256)
            raise

    def _do(self, job: Row) -> None:
        """Examine, or reuse the finding of the same bytes by the same versions."""
        with self.database.read() as session:
            known = _known(session, job.sha256, self.versions)
        made = None
        if known is None or not is_whole(self.store, job.sha256, self.versions):
            made = self._make(job)
        kept = bound(self.store, job)
        with self.database.write() as session:
            _picture(session, job.sha256)
            finding = self._keep(session, job.sha256, made)
            _match(session, job)
            if not jobs.finish(session, job.id, self.name, finding, kept, made is None):
                raise _LostError

    def _keep(self, session: Session, sha256: str, made: Made | None) -> Finding:
        """The only finding of these bytes by these versions."""
        if made:
            fresh = self.database.insert(Finding).values(
                id=new_key(), sha256=sha256, versions=self.versions, examined_at=now(), **vars(made)
            )
            session.execute(fresh.on_conflict_do_nothing(index_elements=["sha256", "versions"]))
        found = _known(session, sha256, self.versions)
        if found is None:
            raise _LostError
        return found

    def _make(self, job: Row) -> Made:
        """Have all files made from the original, and follow the progress."""

        def hear(told: Any) -> None:  # noqa: ANN401 - checked when it is parsed
            heard = read_told(told)
            if isinstance(heard, Shown):
                self._learn(job.sha256, heard)
            elif isinstance(heard, File):
                folder = self.store.made(job.sha256, "" if heard.of_bytes else self.versions)
                with self.store.making(folder / heard.name) as path:
                    self.apart.scratch.take(heard.name, path)
            else:
                self._tell(job.id, heard.name, heard.share)

        data = self.store.original(job.sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != job.sha256:
            raise EvidenceError("the original was changed in the store: its bytes no longer match its hash")
        return read_made(self.apart.ask({"format": job.picture.format}, data, hear))

    def _learn(self, sha256: str, shown: Shown) -> None:
        """Store the properties of the picture, so that lists can show it while the examination goes on."""
        with self.database.write() as session:
            picture = _picture(session, sha256)
            for name, value in vars(shown).items():
                setattr(picture, name, value)

    def _tell(self, evidence_id: str, step: str, share: float) -> None:
        with self.database.write() as session:
            held = jobs.renew(
                session,
                evidence_id,
                self.name,
                self.settings.lease_seconds,
                step=step,
                progress=round(share, 3),
            )
        if not held:
            raise _LostError

    @contextmanager
    def _lease(self, evidence_id: str) -> Iterator[None]:
        """Give signs of life from a separate thread, because some steps take longer than the lease."""
        over = threading.Event()
        beating = threading.Thread(target=self._beat, args=(evidence_id, over), daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()

    def _beat(self, evidence_id: str, over: threading.Event) -> None:
        while not over.wait(self.settings.lease_seconds / 4):
            try:
                with self.database.write() as session:
                    jobs.renew(session, evidence_id, self.name, self.settings.lease_seconds)
            except sa.exc.OperationalError as error:  # the next one may succeed
                _LOG.warning("the database did not take a sign of life: %s", error)


def _host() -> str:
    return socket.gethostname() or "localhost"


def _known(session: Session, sha256: str, versions: str) -> Finding | None:
    which = sa.select(Finding).where(Finding.sha256 == sha256, Finding.versions == versions)
    return session.scalars(which).one_or_none()


def _picture(session: Session, sha256: str) -> Picture:
    """What is known about bytes that are still stored."""
    picture = session.get(Picture, sha256)
    if picture is None:
        raise _LostError
    return picture


def _match(session: Session, job: Row) -> None:
    """Compare the picture with the registered originals."""
    found = find_original(session, session.get_one(Picture, job.sha256))
    if found:
        matched = {"original_id": found[0].id, "original_distance": found[1]}
        session.execute(sa.update(Row).where(Row.id == job.id).values(**matched))


def work(settings: Settings, parent: int) -> None:
    """Run a worker in this process until it is told to stop, or its parent is gone."""
    os.nice(_NICE)
    worker = Worker(settings)
    queue = Queue(settings, worker.take)
    caring = threading.Thread(target=_look_after, args=(worker.database, queue, parent), daemon=True)
    caring.start()
    try:
        Consumer(queue.huey, workers=1, periodic=False, initial_delay=0.05, max_delay=0.5).run()
    finally:
        worker.apart.close()


def _release_dead(database: Database) -> list[str]:
    """Requeue jobs whose worker was a process on this machine that no longer exists."""
    with database.read() as session:
        held = jobs.held_on(session, _host())
    dead = [key for key, process in held if not _lives(process)]
    if dead:
        with database.write() as session:
            jobs.release(session, dead)
    return dead


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it belongs to another account
        pass
    return True


def _look_after(database: Database, queue: Queue, parent: int) -> None:
    """Resend names that were lost with a worker or a queue; end when the parent has ended."""
    sent: dict[str, float] = {}
    try:
        while os.getppid() == parent:
            lost = _release_dead(database)
            with database.read() as session:
                lost += jobs.forgotten(session, queue.is_empty())
            sent = {key: at for key, at in sent.items() if time.monotonic() - at < _SEND_AGAIN_SECONDS}
            for key in lost:
                if key not in sent:
                    queue.send(key)
                    sent[key] = time.monotonic()
            time.sleep(_LOOK_AFTER_SECONDS)
    finally:  # without parent, database or queue this process is useless; its parent starts another
        os.kill(os.getpid(), signal.SIGTERM)
