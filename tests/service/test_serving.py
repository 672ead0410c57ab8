"""The real thing: `tamperlens serve`, its processes, and what happens when they are killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from tamperlens.service._database import Database
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Evidence, Finding, Record
from tamperlens.service.cases._checking import check_ledger

from .conftest import free_port, fresh_postgresql
from .test_openapi import ROOT

_LONG = 120.0


class Server:
    """One installation that is started, killed and started again."""

    def __init__(self, home, *options: str) -> None:
        self.home, self.options, self.port = home, options, free_port()
        self.process: subprocess.Popen | None = None
        self.secret, self.clients = "", []

    def start(self) -> None:
        self.begin()
        log = self.home.with_suffix(".log")
        until(lambda: "Stop it" in log.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, log.read_text()
        if found := re.search(r"/setup#(\S+)", log.read_text()):
            self.secret = found[1]

    def begin(self) -> None:
        command = [sys.executable, "-m", "tamperlens", "serve", "--home", str(self.home)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        log = self.home.with_suffix(".log")
        with log.open("w") as said:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self.options],
                stdout=said, stderr=said, env=environment,
            )  # fmt: skip

    def end(self, number: int = signal.SIGTERM) -> int:
        for client in self.clients:
            client.close()
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def another(self) -> httpx.Client:
        client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        self.clients.append(client)
        return client

    def browser(self) -> httpx.Client:
        client = self.another()
        given = {"name": "Ada", "password": "correct horse battery"}
        path = "/api/v1/setup" if client.get("/api/v1/setup").json()["needed"] else "/api/v1/session"
        given |= {"token": self.secret} if path == "/api/v1/setup" else {}
        client.headers["X-CSRF-Token"] = client.post(path, json=given).json()["csrf_token"]
        return client


def until(condition, seconds: float = _LONG):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def upload(browser: httpx.Client, case: str, data: bytes) -> str:
    answer = browser.post(f"/api/v1/cases/{case}/evidence", files={"file": ("photo.jpg", data)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("serving") / "home", "--workers", "2")
    made.start()
    yield made
    made.end()


def running(database: Database) -> int | None:
    """Process number of the worker that has a job now."""
    with database.read() as session:
        worker = session.scalars(sa.select(Evidence.worker).where(Evidence.state == "running")).first()
    return int(worker.split(":")[-2]) if worker else None


def all_done(database: Database, many: int) -> bool:
    with database.read() as session:
        states = list(session.scalars(sa.select(Evidence.state)))
    return states == ["done"] * many


def examined_once(database: Database, many: int) -> None:
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Finding)) == many
        told = session.scalars(sa.select(Record.evidence_id).where(Record.action == "examined"))
        assert sorted(told) == sorted(session.scalars(sa.select(Evidence.id)))


def children(process: int) -> list[str]:
    listed = ["ps", "-o", "pid=", "--ppid", str(process)]
    return subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()


def test_killed_workers_and_a_killed_server_lose_nothing_and_examine_once(tmp_path, tiny):
    server = Server(tmp_path / "home")
    server.start()
    database = Database(f"sqlite:///{server.home / 'workbench.sqlite3'}")
    browser = server.browser()
    case = browser.post("/api/v1/cases", json={"title": "Killed"}).json()["id"]
    for number in range(3):
        upload(browser, case, tiny(number, 256))
    os.kill(until(lambda: running(database)), signal.SIGKILL)
    until(lambda: all_done(database, 3))
    upload(browser, case, tiny(3, 256))
    worker = until(lambda: running(database))
    server.end(signal.SIGKILL)
    until(lambda: not os.path.exists(f"/proc/{worker}"), 30)  # noqa: PTH110 - it ends with its parent
    server.start()
    until(lambda: all_done(database, 4))
    examined_once(database, 4)
    assert check_ledger(Settings(server.home)).problem is None
    database.engine.dispose()
    processes = children(server.process.pid)
    assert len(processes) >= 2
    assert server.end() == 0
    until(lambda: not any(os.path.exists(f"/proc/{one}") for one in processes), 30)  # noqa: PTH110


def test_any_process_streams_the_progress_of_any_worker(server, tiny):
    browser = server.browser()
    case = browser.post("/api/v1/cases", json={"title": "Streams"}).json()["id"]
    key = upload(browser, case, tiny())
    texts = []

    def watch() -> None:
        with httpx.Client(base_url=browser.base_url, cookies=browser.cookies, timeout=_LONG) as another:
            texts.append(another.get(f"/api/v1/evidence/{key}/progress").text)

    watching = [threading.Thread(target=watch) for _ in range(6)]
    for thread in watching:
        thread.start()
    for thread in watching:
        thread.join()
    assert len(texts) == 6
    assert all('"state": "done"' in text and "event: end" in text for text in texts)


def test_the_script_of_the_documentation_runs(server, tiny, tmp_path):
    page = (ROOT / "docs/workbench.md").read_text(encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(tiny())
    token = server.browser().post("/api/v1/tokens", json={"name": "script"}).json()["secret"]
    environment = {
        **os.environ, "TAMPERLENS_TOKEN": token, "TAMPERLENS_URL": f"http://127.0.0.1:{server.port}"
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, script, tmp_path / "photo.jpg", script],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=_LONG,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "script.py this is not an image in a supported format" in done.stdout
    assert "photo.jpg done" in done.stdout
    assert "<html" in (tmp_path / "photo.jpg.html").read_text(encoding="utf-8")


def test_a_used_port_is_said_in_one_sentence(server):
    command = [sys.executable, "-m", "tamperlens", "serve", "--home", str(server.home)]
    done = subprocess.run(
        [*command, "--port", str(server.port)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "choose another with --port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_runs_on_postgresql_and_redis(tmp_path, postgresql_server, redis_server, tiny):
    database_url = fresh_postgresql(postgresql_server)
    server = Server(tmp_path / "home", "--database", database_url, "--jobs", redis_server)
    server.start()
    browser = server.browser()
    case = browser.post("/api/v1/cases", json={"title": "Elsewhere"}).json()["id"]
    upload(browser, case, tiny())
    database = Database(database_url)
    os.kill(until(lambda: running(database)), signal.SIGKILL)
    until(lambda: all_done(database, 1))
    examined_once(database, 1)
    database.engine.dispose()
    assert server.end() == 0
    assert not (tmp_path / "home/workbench.sqlite3").exists()


@pytest.mark.parametrize("words", [["serve"], ["ledger", "verify"]])
def test_without_the_extra_it_says_what_to_install(words):
    missing = f"import sys; sys.modules['huey'] = None; sys.argv[1:] = {words}"
    code = f"{missing}; from tamperlens.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "[serve]'" in done.stderr
    assert done.stderr.count("\n") == 1
