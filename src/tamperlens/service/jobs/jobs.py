"""The life of a job, in the table: queued → running → done, failed or cancelled.

The queue only carries names. A worker claims a job with a lease, which it renews while it works. A job whose
lease has expired belongs to whoever claims it next, and results from its former worker are rejected.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import Bound
from tamperlens.service._ledger import MACHINE, append
from tamperlens.service._tables import Case, Evidence, Finding, now

# A job that kills its worker each time is given up after this many attempts.
MOST_ATTEMPTS = 5
_GIVEN_UP = f"the examination broke off {MOST_ATTEMPTS} times; the file may be at fault, or memory too small"


def claim(session: Session, evidence_id: str, worker: str, lease: float, versions: str) -> Evidence | None:
    """Claim a job that is waiting or whose lease has expired; None if another has it, or it is finished."""
    claimed = session.execute(
        sa.update(Evidence)
        .where(Evidence.id == evidence_id, sa.or_(Evidence.state == "queued", _abandoned()))
        .values(
            state="running",
            worker=worker,
            lease_until=now() + timedelta(seconds=lease),
            versions=versions,
            attempts=Evidence.attempts + 1,
            step="reading",
            progress=0.0,
            error=None,
        )
    )
    if not _one_row(claimed):
        return None
    evidence = session.get_one(Evidence, evidence_id, populate_existing=True)
    session.execute(sa.update(Case).where(Case.id == evidence.case_id).values(served_at=now()))
    if evidence.attempts > MOST_ATTEMPTS:
        fail(session, evidence, _GIVEN_UP)
        return None
    return evidence


def turn(session: Session, versions: str) -> str | None:
    """The next job; None if none is waiting.

    First come jobs that a worker left unfinished, then those whose finding is already known. After that,
    cases take turns, the one that has waited longest first, each in the order of its uploads.
    """
    known = sa.exists().where(Finding.sha256 == Evidence.sha256, Finding.versions == versions)
    waiting = sa.select(Evidence.id).join(Evidence.case)
    waiting = waiting.where(sa.or_(Evidence.state == "queued", _abandoned()))
    order = (
        Evidence.state.desc(),  # running before queued
        known.desc(),
        sa.nulls_first(Case.served_at),
        Evidence.queued_at,
        Evidence.id,
    )
    return session.scalars(waiting.order_by(*order).limit(1)).first()


def renew(session: Session, evidence_id: str, worker: str, lease: float, **shown: Any) -> bool:  # noqa: ANN401
    """Renew the lease of a job and record its progress; False if it was cancelled or taken over."""
    kept = session.execute(
        sa.update(Evidence)
        .where(*_held(evidence_id, worker))
        .values(lease_until=now() + timedelta(seconds=lease), **shown)
    )
    return _one_row(kept)


def finish(
    session: Session, evidence_id: str, worker: str, finding: Finding, kept: Bound, duplicate: bool
) -> bool:
    """Record the finding of a job that is still held; False if it was cancelled or taken over."""
    done = session.execute(
        sa.update(Evidence)
        .where(*_held(evidence_id, worker))
        .values(
            state="done",
            step="done",
            progress=1.0,
            finding_id=finding.id,
            duplicate=duplicate,
            finished_at=now(),
            worker=None,
            lease_until=None,
        )
    )
    if not _one_row(done):
        return False
    evidence = session.get_one(Evidence, evidence_id, populate_existing=True)
    _touch(session, evidence)
    details = {
        "sha256": evidence.sha256, "versions": finding.versions, "outcome": finding.outcome,
        "score": None if finding.score is None else f"{finding.score:.6f}",
        "used again": duplicate, "finding": kept.finding, "mask": kept.mask,
    }  # fmt: skip
    append(session, MACHINE, "examined", details, evidence.case_id, evidence.id)
    return True


def fail(session: Session, evidence: Evidence, reason: str) -> None:
    """Record why a job failed."""
    evidence.state, evidence.step, evidence.error = "failed", "failed", reason
    evidence.finished_at, evidence.worker, evidence.lease_until = now(), None, None
    session.flush()
    _touch(session, evidence)
    append(session, MACHINE, "not examined", {"reason": reason}, evidence.case_id, evidence.id)


def fail_held(session: Session, evidence_id: str, worker: str, reason: str) -> None:
    """Record why a job failed, if it is still held."""
    evidence = session.scalars(sa.select(Evidence).where(*_held(evidence_id, worker))).one_or_none()
    if evidence:
        fail(session, evidence, reason)


def cancel(session: Session, evidence_id: str) -> bool:
    """Stop a job that is waiting or running; its worker notices at its next progress report."""
    stopped = session.execute(
        sa.update(Evidence)
        .where(Evidence.id == evidence_id, Evidence.state.in_(("queued", "running")))
        .values(state="cancelled", step="cancelled", worker=None, lease_until=None, finished_at=now())
    )
    return _one_row(stopped)


def retry(session: Session, evidence_id: str) -> bool:
    """Requeue a finished job, whatever its result; newer versions make a new finding."""
    again = session.execute(
        sa.update(Evidence)
        .where(Evidence.id == evidence_id, Evidence.state.in_(("done", "failed", "cancelled")))
        .values(
            state="queued",
            step="waiting",
            progress=0.0,
            attempts=0,
            error=None,
            queued_at=now(),
            finished_at=None,
        )
    )
    return _one_row(again)


def forgotten(session: Session, queue_is_empty: bool) -> list[str]:
    """Jobs that no worker will get by itself: their worker died, or the queue lost their name."""
    lost = _abandoned()
    if queue_is_empty:
        lost = sa.or_(
            lost, sa.and_(Evidence.state == "queued", Evidence.queued_at < now() - timedelta(seconds=5))
        )
    return list(session.scalars(sa.select(Evidence.id).where(lost).order_by(Evidence.queued_at)))


def held_on(session: Session, host: str) -> list[tuple[str, int]]:
    """Jobs that are running on a machine, each with the number of its process."""
    running = sa.select(Evidence.id, Evidence.worker).where(
        Evidence.state == "running", Evidence.worker.startswith(f"{host}:", autoescape=True)
    )
    return [(key, int((worker or "").rsplit(":", 2)[1])) for key, worker in session.execute(running)]


def release(session: Session, evidence_ids: Sequence[str]) -> None:
    """Requeue jobs whose workers are known to be dead, without waiting for their leases to expire."""
    session.execute(
        sa.update(Evidence)
        .where(Evidence.id.in_(evidence_ids), Evidence.state == "running")
        .values(state="queued", step="waiting", progress=0.0, worker=None, lease_until=None, queued_at=now())
    )


def _abandoned() -> sa.ColumnElement[bool]:
    return sa.and_(Evidence.state == "running", Evidence.lease_until < now())


def _held(evidence_id: str, worker: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Evidence.id == evidence_id, Evidence.state == "running", Evidence.worker == worker


def _touch(session: Session, evidence: Evidence) -> None:
    session.execute(sa.update(Case).where(Case.id == evidence.case_id).values(active_at=now()))


def _one_row(result: sa.Result[Any]) -> bool:
    return isinstance(result, sa.CursorResult) and result.rowcount == 1
