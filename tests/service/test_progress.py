"""Progress by server-sent events."""

import json
import threading
from importlib import import_module

from tamperlens.service._tables import Evidence

from .conftest import BOTH


def events(text: str) -> list[tuple[str, dict]]:
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("event:")]
    return [(lines[0][7:], json.loads(lines[1][6:])) for lines in blocks]


@BOTH
def test_every_step_is_told_until_the_end(workbench, eve, tiny):
    case = eve.case()
    evidence = eve.upload(case, tiny()).json["id"]
    working = threading.Timer(0.2, workbench.work)
    assert workbench.worker
    working.start()
    answer = eve.get(f"/api/evidence/{evidence}/progress")
    working.join()
    assert answer.content_type.startswith("text/event-stream")
    told = events(answer.text)
    states = [data["state"] for name, data in told if name == "progress"]
    shares = [data["progress"] for name, data in told if name == "progress"]
    assert (states[0], states[-1], told[-1][0]) == ("queued", "done", "end")
    assert "running" in states
    assert shares == sorted(shares)
    assert told[-2][1]["outcome"] is not None


def test_one_stream_tells_of_a_whole_case(workbench, eve, tiny):
    case = eve.case()
    keys = {eve.upload(case, data).json["id"] for data in (tiny(0), tiny(1)[:300])}
    workbench.work()
    told = events(eve.get(f"/api/cases/{case}/progress").text)
    assert {data["id"] for name, data in told if name == "progress"} == keys
    assert {data["state"] for name, data in told if name == "progress"} == {"done", "failed"}
    assert told[-1][0] == "end"


def test_streams_are_limited_and_given_back(workbench, eve, tiny):
    progress = import_module(
        "tamperlens.service.web.routes._progress"
    )  # the package has a blueprint of that name
    case = eve.case()
    for _ in range(3 * progress._MOST_STREAMS):
        assert eve.get(f"/api/cases/{case}/progress").status_code == 200
    held = [eve.id] * progress._MOST_OF_ONE
    assert all(progress._streams.begin(who) for who in held)
    busy = eve.get(f"/api/cases/{case}/progress")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    bob = workbench.person("Bob")
    assert bob.get(f"/api/cases/{bob.case()}/progress").status_code == 200  # what one holds is not another's
    for who in held:
        progress._streams.end(who)
    assert eve.get(f"/api/cases/{case}/progress").status_code == 200


def test_a_stream_ends_when_a_job_is_cancelled(workbench, eve, tiny):
    case = eve.case()
    key = eve.upload(case, tiny()).json["id"]

    def cancel():
        with workbench.database.write() as session:
            session.get_one(Evidence, key).state = "cancelled"

    timer = threading.Timer(0.2, cancel)
    timer.start()
    told = events(eve.get(f"/api/evidence/{key}/progress").text)
    timer.join()
    assert told[-2][1]["state"] == "cancelled"
