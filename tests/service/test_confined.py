"""The worker has files examined by a process that it outlives."""

import os
import signal
import sys

import pytest
from PIL import Image

from tamperlens.errors import EvidenceError, ExaminationEndedError
from tamperlens.evidence import printable
from tamperlens.service.jobs._making_apart import Shown, Step, read_made, read_told
from tamperlens.workers import _examining as examining

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces this")


def state(eve, evidence):
    shown = eve.get(f"/api/v1/evidence/{evidence}").json
    return shown["state"], shown["error"], shown["attempts"]


@linux
def test_a_memory_bomb_fails_with_a_sentence_and_the_next_job_is_done(
    workbench, eve, tiny, encode, monkeypatch
):
    monkeypatch.setattr(examining, "memory_for", lambda _: 1700 << 20)
    case = eve.case()
    bomb = eve.upload(case, encode("PNG", Image.new("L", (9900, 9900))), "bomb.png").json["id"]
    fine = eve.upload(case, tiny()).json["id"]
    process = os.getpid()
    workbench.work()
    assert os.getpid() == process
    said = "the examination needed more than 1.7 GiB of memory"
    assert state(eve, bomb) == ("failed", said, 1)
    assert state(eve, fine) == ("done", None, 1)
    assert {"memory", "network", "programs"} <= set(workbench.worker.apart.held)


def test_a_file_that_kills_every_process_fails_and_the_next_job_is_done(workbench, eve, tiny, monkeypatch):
    case, worker, tell = eve.case(), workbench.worker, workbench.worker._tell
    deadly, fine = (eve.upload(case, tiny(number)).json["id"] for number in range(2))

    def kill(key, step, share):
        if key == deadly:
            os.kill(worker.apart._process.pid, signal.SIGKILL)
        tell(key, step, share)

    monkeypatch.setattr(worker, "_tell", kill)
    workbench.work()
    assert "ended by signal 9 (SIGKILL" in state(eve, deadly)[1]
    assert state(eve, fine) == ("done", None, 1)
    monkeypatch.undo()
    assert eve.post(f"/api/v1/evidence/{deadly}/retry").status_code == 200
    workbench.work()
    assert state(eve, deadly)[0] == "done"


def test_what_a_process_tells_is_read_with_care():
    assert read_told({"step": {"name": "pictures", "share": 7}}) == Step("pictures", 1.0)
    shown = {"width": 3, "height": 2, "perceptual": "ff", "own_rendition": 0, "stated": "x\n"}
    assert read_told({"shown": shown}) == Shown(3, 2, "00000000000000ff", False, printable("x\n", 9))
    for told in (None, {}, {"step": 1}, {"step": {"name": "x"}}, {"shown": {**shown, "perceptual": "<x>"}}):
        with pytest.raises(ExaminationEndedError):
            read_told(told)
    made = {"outcome": "consistent", "score": 0, "kind": None, "priority": "none"}
    assert read_made({"made": made}).score == 0.0
    with pytest.raises(EvidenceError, match="damaged"):
        read_made({"error": "damaged"})
    with pytest.raises(ExaminationEndedError):
        read_made({"made": {**made, "priority": "urgent"}})
