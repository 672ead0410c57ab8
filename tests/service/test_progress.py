"""Progress by server-sent events."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from tamperlens.service._tables import Evidence, now
from tamperlens.service.jobs import jobs, queue_state

from .conftest import BOTH


def events(text: str) -> list[tuple[str, dict]]:
    blocks = [block.splitlines() for block in text.split("\n\n") if "event:" in block]
    return [(lines[-2][7:], json.loads(lines[-1][6:])) for lines in blocks]


@BOTH
def test_every_step_is_told_until_the_end(workbench, eve, tiny):
    case = eve.case()
    evidence = eve.upload(case, tiny()).json["id"]
    working = threading.Timer(0.2, workbench.work)
    assert workbench.worker
    working.start()
    answer = eve.get(f"/api/v1/evidence/{evidence}/progress")
    working.join()
    assert answer.content_type.startswith("text/event-stream")
    told = events(answer.text)
    states = [data["state"] for name, data in told if name == "progress"]
    shares = [data["progress"] for name, data in told if name == "progress"]
    assert (states[0], states[-1], told[-1][0]) == ("queued", "done", "end")
    assert "running" in states
    assert shares == sorted(shares)
    assert told[-2][1]["outcome"] is not None


@pytest.fixture
def short(workbench):
    """Streams that end after the first look."""
    workbench.app.extensions["tamperlens.settings"] = replace(workbench.settings, stream_seconds=0)


def look(person, case: str, last: int | None = None) -> list[tuple[str, dict]]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    return events(person.get(f"/api/v1/cases/{case}/events", headers=headers).text)


@BOTH
def test_everyone_in_a_case_hears_what_others_do(workbench, eve, tiny, short):
    case = eve.case()
    bob = workbench.person("Bob")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    key = eve.upload(case, tiny()).json["id"]
    before = int(eve.get(f"/api/v1/cases/{case}/history").json["items"][0]["seq"])
    bob.conclude(key, "consistent")
    workbench.person("Mallory").case()
    changed = [data for name, data in look(eve, case, before) if name == "changed"]
    assert changed == [{"action": "concluded", "evidence_id": key}]
    assert [name for name, _data in look(eve, case)] == ["queue"]
    assert workbench.person("Mallory").get(f"/api/v1/cases/{case}/events").status_code == 404


def test_what_is_examined_is_told_until_it_has_ended(workbench, eve, tiny):
    live = import_module("tamperlens.service.web.routes._live")
    case = eve.case()
    key = eve.upload(case, tiny()).json["id"]
    watch = live._Watch(case, 0)

    def told() -> list[str]:
        with workbench.database.read() as session:
            return [data["state"] for name, data in events(watch.look(session)) if name == "progress"]

    assert told() == []
    with workbench.database.write() as session:
        jobs.claim(session, key, "w", 30, "v" * 64)
    assert told() == ["running"]
    assert told() == []
    with workbench.database.write() as session:
        jobs.cancel(session, key)
    assert (told(), told()) == (["cancelled"], [])


@BOTH
def test_the_queue_tells_how_long_a_case_still_waits(workbench, eve, tiny):
    mine, other = eve.case(), eve.case()
    own = [eve.upload(mine, tiny(n)).json["id"] for n in range(4)]
    for n in range(4, 9):
        eve.upload(other, tiny(n))

    def state() -> dict:
        with workbench.database.read() as session:
            return queue_state(session, mine)

    assert state() == {
        "waiting": 4, "running": 0, "total": 4, "ahead": 4, "per_minute": None, "seconds_left": None
    }  # fmt: skip
    with workbench.database.write() as session:
        for key, ago in ((own[0], 60), (own[1], 30), (own[2], 1)):
            done = session.get_one(Evidence, key)
            done.state, done.finished_at = "done", now() - timedelta(seconds=ago)
    found = state()
    assert (found["waiting"], found["ahead"]) == (1, 1)
    assert found["per_minute"] == pytest.approx(2.0, abs=0.1)
    assert found["seconds_left"] == pytest.approx(60, abs=3)


def test_streams_are_limited_and_given_back(workbench, eve, short):
    progress = import_module("tamperlens.service.web._streams")
    case = eve.case()
    for _ in range(3 * progress._MOST_STREAMS):
        assert eve.get(f"/api/v1/cases/{case}/events").status_code == 200
    held = [eve.id] * progress._MOST_OF_ONE
    assert all(progress._streams.begin(who) for who in held)
    busy = eve.get(f"/api/v1/cases/{case}/events")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    bob = workbench.person("Bob")
    assert bob.get(f"/api/v1/cases/{bob.case()}/events").status_code == 200  # what one holds is not another's
    for who in held:
        progress._streams.end(who)
    assert eve.get(f"/api/v1/cases/{case}/events").status_code == 200


def test_a_stream_ends_when_a_job_is_cancelled(workbench, eve, tiny):
    case = eve.case()
    key = eve.upload(case, tiny()).json["id"]

    def cancel():
        with workbench.database.write() as session:
            session.get_one(Evidence, key).state = "cancelled"

    timer = threading.Timer(0.2, cancel)
    timer.start()
    told = events(eve.get(f"/api/v1/evidence/{key}/progress").text)
    timer.join()
    assert told[-2][1]["state"] == "cancelled"
