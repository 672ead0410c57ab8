"""The life of a job: claimed once, kept by a lease, taken up again, given up, cancelled."""

import os
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tamperlens.errors import ServiceError
from tamperlens.service._tables import Evidence, Finding, Record, now
from tamperlens.service.jobs import jobs
from tamperlens.service.jobs._queue import Queue
from tamperlens.service.jobs._worker import Worker, _host, _release_dead

from .conftest import BOTH


@pytest.fixture
def job(eve, tiny) -> str:
    return eve.upload(eve.case(), tiny()).json["id"]


def claim(workbench, job, worker="one", lease=30.0):
    with workbench.database.write() as session:
        return jobs.claim(session, job, worker, lease, "v" * 64)


def lapse(workbench) -> None:
    """The worker that holds a job has shown no life for too long."""
    with workbench.database.write() as session:
        session.execute(sa.update(Evidence).values(lease_until=now() - timedelta(seconds=1)))


def examined(workbench) -> int:
    with workbench.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(Record.action == "examined"))


@BOTH
def test_a_job_is_claimed_once_until_its_lease_has_run_out(workbench, job):
    assert claim(workbench, job, "one").attempts == 1
    assert claim(workbench, job, "two") is None
    lapse(workbench)
    assert claim(workbench, job, "two").attempts == 2
    with workbench.database.write() as session:
        assert not jobs.renew(session, job, "one", 30)
        assert jobs.renew(session, job, "two", 30)


@BOTH
def test_cases_take_turns_and_what_is_known_or_left_behind_goes_first(workbench, eve, tiny):
    large, small = eve.case("large"), eve.case("small")
    first, second, third = (eve.upload(large, tiny(n)).json["id"] for n in range(3))
    other = eve.upload(small, tiny(3)).json["id"]
    known = eve.upload(large, tiny(4)).json["id"]
    served = []
    for _ in range(4):
        with workbench.database.read() as session:
            served.append(jobs.turn(session, "v" * 64))
        claim(workbench, served[-1])
    assert served == [first, other, second, third]
    with workbench.database.write() as session:
        session.execute(sa.update(Evidence).where(Evidence.id == second).values(state="queued"))
        sha256 = session.get_one(Evidence, known).sha256
        session.add(Finding(sha256=sha256, versions="v" * 64, outcome="consistent"))
    with workbench.database.read() as session:
        assert jobs.turn(session, "v" * 64) == known
        assert jobs.turn(session, "w" * 64) == second
    with workbench.database.write() as session:
        past = now() - timedelta(seconds=1)
        session.execute(sa.update(Evidence).where(Evidence.id == other).values(lease_until=past))
    with workbench.database.read() as session:
        assert jobs.turn(session, "v" * 64) == other


@BOTH
def test_what_a_worker_brings_too_late_is_not_taken(workbench, job, monkeypatch):
    late, prompt = workbench.worker, Worker(workbench.settings)
    make = late._make

    def slow(claimed):
        lapse(workbench)
        prompt.examine(job)
        return make(claimed)

    monkeypatch.setattr(late, "_make", slow)
    late.examine(job)
    assert examined(workbench) == 1
    with workbench.database.read() as session:
        done = session.get_one(Evidence, job)
        assert (done.state, done.attempts) == ("done", 2)
        assert session.scalar(sa.select(sa.func.count()).select_from(Finding)) == 1
    prompt.close()


@BOTH
def test_two_workers_with_the_same_bytes_make_one_finding(workbench, eve, tiny, monkeypatch):
    case = eve.case()
    first, second = (eve.upload(case, tiny()).json["id"] for _ in range(2))
    one, two = workbench.worker, Worker(workbench.settings)
    make = one._make

    def meanwhile(claimed):
        two.examine(second)
        return make(claimed)

    monkeypatch.setattr(one, "_make", meanwhile)
    one.examine(first)
    with workbench.database.read() as session:
        rows = [session.get_one(Evidence, key) for key in (first, second)]
        assert {row.state for row in rows} == {"done"}
        assert rows[0].finding_id == rows[1].finding_id
    assert examined(workbench) == 2
    two.close()


@BOTH
def test_jobs_that_nobody_brings_to_a_worker_are_found(workbench, job):
    def forgotten(empty: bool) -> list[str]:
        with workbench.database.read() as session:
            return jobs.forgotten(session, empty)

    assert forgotten(empty=True) == []  # it has only just been queued
    with workbench.database.write() as session:
        session.execute(sa.update(Evidence).values(queued_at=now() - timedelta(minutes=1)))
    assert forgotten(empty=True) == [job]
    assert forgotten(empty=False) == []
    claim(workbench, job)
    assert forgotten(empty=True) == []
    lapse(workbench)
    assert forgotten(empty=False) == [job]


@BOTH
def test_the_job_of_a_process_that_is_no_more_is_queued_again_at_once(workbench, eve, job):
    ended = subprocess.Popen(["true"])
    ended.wait()
    claim(workbench, job, f"{_host()}:{ended.pid}:x")
    assert _release_dead(workbench.database) == [job]
    shown = eve.get(f"/api/v1/evidence/{job}").json
    assert (shown["state"], shown["attempts"]) == ("queued", 1)
    for worker in (f"{_host()}:{os.getpid()}:x", f"another-machine:{ended.pid}:x"):
        claim(workbench, job, worker)
        assert _release_dead(workbench.database) == []
        lapse(workbench)


def test_a_job_that_kills_every_worker_is_given_up(workbench, eve, job):
    for _ in range(jobs.MOST_ATTEMPTS):
        assert claim(workbench, job)
        lapse(workbench)
    assert claim(workbench, job) is None
    shown = eve.get(f"/api/v1/evidence/{job}").json
    assert shown["state"] == "failed"
    assert "broke off" in shown["error"]
    with workbench.database.read() as session:
        assert jobs.forgotten(session, queue_is_empty=True) == []


@BOTH
def test_a_waiting_job_is_cancelled_and_examined_when_it_is_retried(workbench, eve, job):
    at = f"/api/v1/evidence/{job}"
    assert eve.post(f"{at}/retry").status_code == 409
    assert eve.post(f"{at}/cancel").json["state"] == "cancelled"
    assert eve.post(f"{at}/cancel").status_code == 409
    workbench.work()
    assert eve.get(at).json["state"] == "cancelled"
    assert eve.post(f"{at}/retry").json["state"] == "queued"
    workbench.work()
    assert eve.get(at).json["state"] == "done"


def test_a_running_job_stops_when_it_is_cancelled(workbench, eve, job, monkeypatch):
    worker, steps = workbench.worker, []
    tell = worker._tell

    def told(key, step, share):
        steps.append(step)
        if len(steps) == 3:
            assert eve.post(f"/api/v1/evidence/{key}/cancel").status_code == 200
        tell(key, step, share)

    monkeypatch.setattr(worker, "_tell", told)
    workbench.work()
    assert len(steps) == 3
    assert eve.get(f"/api/v1/evidence/{job}").json["state"] == "cancelled"
    assert examined(workbench) == 0


def test_a_retry_with_the_same_versions_uses_the_finding_again_and_newer_ones_make_another(
    workbench, eve, job
):
    workbench.work()
    first = eve.get(f"/api/v1/evidence/{job}").json
    eve.post(f"/api/v1/evidence/{job}/retry")
    workbench.work()
    assert eve.get(f"/api/v1/evidence/{job}").json["duplicate"]
    workbench.worker.versions = "f" * 64
    eve.post(f"/api/v1/evidence/{job}/retry")
    workbench.work()
    again = eve.get(f"/api/v1/evidence/{job}").json
    assert (again["duplicate"], again["score"]) == (False, first["score"])
    assert eve.get(f"/api/v1/evidence/{job}/finding").status_code == 200
    with workbench.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Finding)) == 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "redis"])
def test_the_queue_carries_names_on_each_kind_of_storage(workbench, request, kind):
    settings = workbench.settings
    if kind == "redis":
        settings = replace(settings, jobs=request.getfixturevalue("redis_server"))
    if kind == "postgresql":
        settings = replace(settings, jobs=request.getfixturevalue("postgresql_server"))
    got = []
    sender, taker = Queue(settings), Queue(settings, got.append)
    assert taker.is_empty()
    for name in ("a", "b"):
        sender.send(name)
    assert not taker.is_empty()
    while task := taker.huey.dequeue():
        taker.huey.execute(task)
    assert got == ["a", "b"]
    sender.close()
    taker.close()


def test_an_address_of_another_kind_is_refused(workbench):
    with pytest.raises(ServiceError, match="begins with 'amqp'; expected redis:// or postgresql://"):
        Queue(replace(workbench.settings, jobs="amqp://here"))
