"""An installation of the workbench for each test, its people, and the servers that it may stand on."""

import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bcrypt
import numpy as np
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from tamperlens.evidence import encode_jpeg
from tamperlens.service import Settings, create_app
from tamperlens.service._database import Database
from tamperlens.service.jobs._queue import Queue
from tamperlens.service.jobs._worker import Worker
from tamperlens.service.people import accounts

BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
NO_PASSWORD = bcrypt.hashpw(os.urandom(16).hex().encode(), bcrypt.gensalt(4)).decode()
PASSWORD = "correct horse battery"  # noqa: S105 - of people that live as long as a test


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_postgres(*command: object) -> list[str]:
    """PostgreSQL does not run as root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a real server's maintenance database."""
    given = os.environ.get("TAMPERLENS_TEST_POSTGRES")
    if given:
        yield given
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed, and TAMPERLENS_TEST_POSTGRES names no server")
    binaries, port = found[-1].parent, free_port()
    folder = Path(
        tempfile.mkdtemp(prefix="tamperlens-postgresql-")
    )  # pytest's own is closed to other accounts
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    made = as_postgres(binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N")
    subprocess.run(made, check=True, capture_output=True, cwd="/")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = as_postgres(binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log")
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd="/")
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[str]:
    """Address of a real Redis."""
    given = os.environ.get("TAMPERLENS_TEST_REDIS")
    if given:
        yield given
        return
    binary = shutil.which("redis-server")
    if not binary:
        pytest.skip("Redis is not installed, and TAMPERLENS_TEST_REDIS names no server")
    port = free_port()
    command = [binary, "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path_factory.mktemp("redis"))
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


def fresh_postgresql(server: str) -> str:
    """Address of a database of its own."""
    name = f"test_{os.urandom(6).hex()}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture
def database_url(request) -> str:
    """SQLite in the home unless a test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    return fresh_postgresql(request.getfixturevalue("postgresql_server"))


@dataclass
class Person:
    """Someone with a browser, or a program with a token."""

    client: FlaskClient
    name: str
    headers: dict[str, str]
    id: str = ""

    def ask(self, method: str, path: str, **options: Any):
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, buffered=True, **options)

    def get(self, path: str, **options: Any):
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any):
        return self.ask("POST", path, **options)

    def conclude(self, evidence: str, outcome: str, text: str = ""):
        """Record one's conclusion as one who has read their former one."""
        at = f"/api/v1/evidence/{evidence}"
        items = self.get(f"{at}/conclusions").json["items"]
        own = next((one["id"] for one in items if one["by"] == self.name), None)
        seen = {"If-Match": f'"{own}"'} if own else {"If-None-Match": "*"}
        return self.ask("PUT", f"{at}/conclusion", json={"outcome": outcome, "text": text}, headers=seen)

    def change_case(self, case: str, **change: Any):
        """Change a case as one who has just read it."""
        seen = {"If-Match": self.get(f"/api/v1/cases/{case}").headers.get("ETag", '"none"')}
        return self.ask("PATCH", f"/api/v1/cases/{case}", json=change, headers=seen)

    def case(self, title: str = "Case") -> str:
        return self.post("/api/v1/cases", json={"title": title}).json["id"]

    def upload(self, case: str, data: bytes, name: str = "photo.jpg", **options: Any):
        form = {"file": (io.BytesIO(data), name)}
        return self.post(f"/api/v1/cases/{case}/evidence", data=form, **options)


class Workbench:
    """The application, its database, its people and one worker that works when it is told to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.database.upgrade()
        self.app = create_app(settings)
        self.app.testing = True
        self._worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        if self._worker is None:
            self._worker = Worker(self.settings)
        return self._worker

    def anonymous(self) -> Person:
        return Person(self.app.test_client(), "", {})

    def person(self, name: str, role: str = "examiner", password: str | None = None) -> Person:
        """A browser of an account that is made when it is missing; bcrypt is spared."""
        with self.database.write() as session:
            user = accounts.find_user(session, name) or accounts.add_user(session, name, role, NO_PASSWORD)
            if password:
                with self.app.app_context():
                    user.password = accounts.hash_password(password)
            opened, secret = accounts.open_session(session, user)
        client = self.app.test_client()
        client.set_cookie("tamperlens", secret)
        return Person(client, name, {"X-CSRF-Token": opened.csrf_token}, user.id)

    def program(self, name: str) -> Person:
        """The same account by a token."""
        with self.database.write() as session:
            user = accounts.find_user(session, name)
            _token, secret = accounts.make_token(session, accounts.Actor(user.id, user.name), "script", 1)
        client = self.app.test_client(use_cookies=False)
        return Person(client, name, {"Authorization": f"Bearer {secret}"}, user.id)

    def work(self) -> int:
        """Do what the queue holds; returns how many names it held."""
        queue, done = Queue(self.settings, self.worker.examine), 0
        while task := queue.huey.dequeue():
            queue.huey.execute(task)
            done += 1
        queue.close()
        return done

    def close(self) -> None:
        self.app.extensions["tamperlens.queue"].close()
        for database in (self.database, self.app.extensions["tamperlens.database"]):
            database.engine.dispose()
        if self._worker:
            self._worker.close()


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    return Settings(tmp_path / "home", database_url, threads=1, poll_seconds=0.02, bcrypt_rounds=4)


@pytest.fixture
def workbench(settings) -> Iterator[Workbench]:
    settings.home.mkdir()
    opened = Workbench(settings)
    yield opened
    opened.close()


@pytest.fixture
def ada(workbench) -> Person:
    return workbench.person("Ada", "administrator")


@pytest.fixture
def eve(workbench) -> Person:
    return workbench.person("Eve", "examiner")


@pytest.fixture(scope="session")
def tiny(photo) -> Callable[..., bytes]:
    """Small JPEG photographs, each with bytes of its own."""

    def make(number: int = 0, side: int = 96) -> bytes:
        pixels = np.ascontiguousarray(photo[:side, number : number + side])
        return encode_jpeg(pixels, 90)

    return make


@pytest.fixture(scope="session")
def as_format(photo) -> Callable[[str], bytes]:
    def make(kind: str) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(photo[:64, :96]).save(buffer, kind)
        return buffer.getvalue()

    return make
