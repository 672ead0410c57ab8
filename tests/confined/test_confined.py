"""Workers that really die, hang, swell and reach out."""

import os
import sys
import threading

import pytest

from tamperlens.confined import Confinement, Worker
from tamperlens.confined._scratch import Scratch
from tamperlens.errors import ExaminationEndedError, TamperlensError, UnreadableFileError
from tamperlens.workers import ask_about, examining_worker, memory_for

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces this")

MISCHIEF = """
import ctypes, os, pathlib, socket, subprocess, sys, time
from tamperlens.confined._worker import Work
from tamperlens.errors import TamperlensError

kept = []

def crash(): ctypes.string_at(0)
def abort(): os.abort()
def swell(): return len(bytearray(1 << 40))
def sleep(): time.sleep(60)
def spin():
    while True: pass
def fail(): raise KeyError("nobody\\x1b[31m thought of this")
def reach(): socket.create_connection(("127.0.0.1", 9), timeout=1)
def run(): subprocess.run(["true"])
def murder(): os.kill(os.getppid(), 9)
def scribble():
    with open(os.environ["TMPDIR"] + "/big", "wb") as file:
        for _ in range(9): file.write(bytes(1 << 20))
def descend(): os.close(sys.stdin.fileno()); [os.open("/dev/null", 0) for _ in range(300)]
def chat(): print("hello", flush=True); os.write(1, b"hello"); return sys.stdin.read()
def secrets(): return sorted(name for name in os.environ if "SECRET" in name)
def grow(): kept.append(b"x" * (300 << 20)); return started
def misconfigured(): raise TamperlensError("a weight is altered")
started = time.monotonic_ns()
def identity(): return started
def crash_when_old():
    kept.append(1)
    if len(kept) > 1: crash()
    return "young"
def errors():
    try: reach()
    except OSError as error: return error.errno

def examine(message, data, tell):
    if "crash" in message["name"]: crash()
    if "report" in message: tell({"file": message["tell"]})
    return {"row": {"file": message["file"]}}

def prepare(confinement, refuse=False, examining=False):
    if examining: return Work({}, examine)
    if refuse: raise TamperlensError("there is nothing to work with")
    def answer(message, data, tell):
        for told in range(message.get("tell", 0)): tell({"step": told})
        return {"said": globals()[message["do"]](), "bytes": len(data)}
    return Work({"ready": True}, answer)
"""
LIMITS = Confinement(memory=1 << 30, seconds=3.0, file_bytes=4 << 20)


@pytest.fixture
def start(tmp_path, monkeypatch):
    (tmp_path / "mischief.py").write_text(MISCHIEF, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    started = []

    def make(options=None, limits=LIMITS):
        started.append(Worker("mischief:prepare", options or {}, limits))
        return started[-1]

    yield make
    for worker in started:
        worker.close()


def death(worker, do):
    with pytest.raises(ExaminationEndedError) as caught:
        worker.ask({"do": do})
    return str(caught.value)


@linux
def test_each_death_is_one_sentence_and_the_next_message_is_answered(start):
    worker = start()
    assert worker.about == {"ready": True}
    assert death(worker, "crash") == "the examination ended by signal 11 (SIGSEGV)"
    assert death(worker, "abort") == "the examination ended by signal 6 (SIGABRT)"
    assert death(worker, "swell") == (
        "the examination needed more than 1.0 GiB of memory (scan --max-memory sets another)"
    )
    assert death(worker, "fail").startswith("the examination ended with an unexpected error: KeyError")
    assert "\x1b" not in death(worker, "fail")
    assert "File too large" in death(worker, "scribble")
    assert "Too many open files" in death(worker, "descend")
    assert worker.ask({"do": "identity"}, b"abc")["bytes"] == 3


@linux
@pytest.mark.parametrize("do", ["sleep", "spin"])
def test_what_takes_too_long_is_stopped(start, do):
    assert death(start(limits=Confinement(1 << 30, 1.0)), do) == (
        "the examination took longer than 1 s (scan --time-limit sets another)"
    )


@linux
def test_neither_network_nor_programs_nor_other_processes(start):
    worker = start()
    assert worker.ask({"do": "errors"})["said"] == 13  # not "connection refused": no socket was made
    for do in ("reach", "run", "murder"):
        assert "PermissionError" in death(worker, do)
    assert {"memory", "network", "programs", "file size", "time"} <= set(worker.held)


def test_nothing_is_shared_but_the_pipe(start, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    worker = start()
    assert worker.ask({"do": "chat"})["said"] == ""  # what it prints is no answer; nothing can be read
    assert worker.ask({"do": "secrets"})["said"] == []


@linux
def test_a_worker_that_has_grown_is_replaced(start):
    worker = start(limits=Confinement(1 << 30, 10.0))
    first = worker.ask({"do": "identity"})["said"]
    assert worker.ask({"do": "identity"})["said"] == first
    assert worker.ask({"do": "grow"})["said"] == first
    assert worker.ask({"do": "grow"})["said"] == first
    assert worker.ask({"do": "identity"})["said"] != first


@linux
def test_a_worker_that_dies_of_an_earlier_file_is_not_the_next_files_fault(start):
    worker = start()
    assert [worker.ask({"do": "crash_when_old"})["said"] for _ in range(3)] == ["young"] * 3


@linux
def test_examine_makes_a_row_of_a_death_and_goes_on(start, capsys, tmp_path):
    from tamperlens.cli.asking import Asking
    from tamperlens.cli.inputs import Input

    ask = Asking(start({"examining": True}), None, {}, None)
    crash, fine = tmp_path / "crash.jpg", tmp_path / "fine.jpg"
    for path in (crash, fine):
        path.write_bytes(b"x")
    assert "signal 11 (SIGSEGV)" in ask.about(Input(str(crash), str(crash)))["error"]
    assert ask.about(Input(str(fine), str(fine)))["file"] == str(fine)
    assert capsys.readouterr().err == (f"tamperlens: {crash}: the examination ended by signal 11 (SIGSEGV)\n")


@pytest.mark.parametrize(
    "name", ["index.html", "../../outside.html", "photo-00000000.html", "report", "a\0b", ""]
)
def test_a_file_that_belongs_to_no_report_is_not_taken(start, tmp_path, name):
    photo, out = tmp_path / "photo.jpg", tmp_path / "out"
    photo.write_bytes(b"x")
    out.mkdir()
    message = {"file": "photo.jpg", "tell": name, "report": {"since": 0}}
    with pytest.raises(ExaminationEndedError, match="belongs to none of its reports"):
        ask_about(start({"examining": True}), str(photo), message, 1, out)
    assert list(out.iterdir()) == []


@linux
@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large", "missing"])
def test_what_is_no_plain_file_is_not_taken_out(tmp_path, kind):
    scratch = Scratch(most_bytes=10)
    made, secret = scratch.outbox / "report.html", tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    if kind == "link":
        made.symlink_to(secret)
    elif kind == "pipe":
        os.mkfifo(made)
    elif kind == "folder":
        made.mkdir()
    elif kind == "large":
        made.write_bytes(bytes(11))
    with pytest.raises(ExaminationEndedError):
        scratch.take("report.html", tmp_path / "taken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]
    scratch.clean()


def test_what_is_taken_out_is_whole_or_not_there(tmp_path, monkeypatch):
    scratch = Scratch(most_bytes=10)
    for _ in range(2):
        (scratch.outbox / "a").write_bytes(b"whole")
        scratch.take("a", tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"whole"
    (scratch.outbox / "a").write_bytes(b"other")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(TamperlensError, match="taken cannot be written: No space left"):
        scratch.take("a", tmp_path / "taken")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]
    scratch.clean()


@linux
def test_a_pipe_is_no_file_to_examine(start, tmp_path):
    os.mkfifo(tmp_path / "fifo.jpg")
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        ask_about(start({"examining": True}), str(tmp_path / "fifo.jpg"), {"file": "f"}, 1, None)


@linux
def test_what_is_told_before_the_reply_is_heard_and_may_end_the_work(start):
    worker, heard = start(), []
    first = worker.ask({"do": "identity", "tell": 3}, hear=heard.append)["said"]
    assert heard == [{"step": 0}, {"step": 1}, {"step": 2}]

    def give_up(told):
        raise LookupError(told["step"])

    with pytest.raises(LookupError, match="0"):
        worker.ask({"do": "sleep", "tell": 2}, hear=give_up)
    assert worker.ask({"do": "identity"})["said"] != first  # another took its place


def test_a_worker_that_cannot_start_says_why(start):
    with pytest.raises(TamperlensError, match="there is nothing to work with"):
        _ = start({"refuse": True}).about
    with pytest.raises(TamperlensError, match=r"no worker can be started: .*unexpected keyword"):
        start({"wrong": True}).ask({"do": "identity"})
    with pytest.raises(TamperlensError, match="a weight is altered") as caught:
        start().ask({"do": "misconfigured"})
    assert not isinstance(caught.value, ExaminationEndedError)


def test_a_worker_can_be_stopped_while_another_thread_waits_for_it(start):
    worker = start(limits=Confinement(1 << 30, 60.0))
    _ = worker.about
    said = []
    waiting = threading.Thread(target=lambda: said.append(death(worker, "sleep")))
    waiting.start()
    worker.stop()
    waiting.join(30)
    assert "signal 9" in said[0]


@linux
def test_a_memory_bomb_is_refused_and_the_next_file_examined(encode, photo):
    from PIL import Image

    bomb = encode("PNG", Image.new("L", (9000, 9000)))
    assert len(bomb) < 200_000
    worker = examining_worker(Confinement(800 << 20, 120.0), ["lightweight-cnn"])
    try:
        with pytest.raises(ExaminationEndedError, match=r"needed more than 0\.8 GiB"):
            worker.ask({"file": "bomb.png", "name": "bomb.png"}, bomb)
        row = worker.ask({"file": "a.jpg", "name": "a.jpg"}, encode("JPEG"))["row"]
    finally:
        worker.close()
    assert (row["file"], row["width"]) == ("a.jpg", photo.shape[1])


def test_memory_grows_with_the_pixels_that_are_let_in():
    assert memory_for(100_000_000) > 6 << 30
    assert memory_for(1_000_000) < 3 << 30
