"""What `tamperlens serve` starts: the web server and the workers, processes that are replaced when they end.

Gunicorn answers: its processes share one port, and its threads bear streams of events that stay open.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from tamperlens.confined import hide_memory
from tamperlens.errors import ServiceError
from tamperlens.service import accounts
from tamperlens.service.database import Database
from tamperlens.service.settings import Settings
from tamperlens.service.store import Store

_THREADS = 40
_STARTING_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Address:
    """Where the server listens and how many processes answer.

    Attributes:
        host: name or number; loopback unless others shall reach it.
        port: of TCP.
        workers: processes that answer requests.
        examiners: processes that examine.
    """

    host: str
    port: int
    workers: int
    examiners: int

    @property
    def url(self) -> str:
        """For a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def free_port(host: str) -> int:
    """A port that nobody uses now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def serve(settings: Settings, address: Address, say: Callable[[str], None]) -> None:
    """Start everything and stay until a signal ends it.

    Args:
        settings: of the installation.
        address: where to listen.
        say: takes the lines a person needs.

    Raises:
        ServiceError: the port is in use, or the server does not answer.
    """
    hide_memory()
    _refuse_used_port(address)
    Store(settings.store).tidy()
    database = Database(settings.database_url)
    database.upgrade()
    with database.write() as session:
        secret = accounts.setup_secret(session)
    database.engine.dispose()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    parts = _parts(settings, address)
    try:
        _wait_until_up(address, parts, over)
        say(f"Tamperlens workbench: {address.url}")
        if secret:
            say(f"Make the first administrator, once: {address.url}/setup#{secret}")
        say("Stop it with Ctrl-C.")
        _keep_running(parts, over)
    finally:
        _stop(parts)


@dataclass
class _Part:
    """A process and how to start it again."""

    target: Callable[..., None]
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None

    def ensure(self) -> None:
        """Start it where it does not run."""
        if self.process is None or not self.process.is_alive():
            self.process = multiprocessing.get_context("spawn").Process(
                target=self.target, args=self.arguments
            )
            self.process.start()


def _parts(settings: Settings, address: Address) -> list[_Part]:
    return [
        _Part(_answer, (settings, address)),
        *(_Part(_work, (settings,)) for _ in range(address.examiners)),
    ]


def _keep_running(parts: list[_Part], over: threading.Event) -> None:
    while not over.wait(_LOOK_EVERY_SECONDS):
        for part in parts:
            part.ensure()


def _wait_until_up(address: Address, parts: list[_Part], over: threading.Event) -> None:
    ends = time.monotonic() + _STARTING_SECONDS
    while not over.is_set():
        for part in parts:
            part.ensure()
        try:
            socket.create_connection((address.host, address.port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > ends:
                raise ServiceError(
                    f"the server does not answer at {address.url}; see the lines above"
                ) from None
        time.sleep(0.1)


def _stop(parts: list[_Part]) -> None:
    running = [part.process for part in parts if part.process]
    for process in running:
        process.terminate()
    for process in running:
        process.join(timeout=10)
        process.kill()


def _refuse_used_port(address: Address) -> None:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise ServiceError(
                f"{address.host} port {address.port} cannot be used: {error.strerror}; "
                "choose another with --port"
            ) from error


def _work(settings: Settings) -> None:
    from tamperlens.service.worker import work  # noqa: PLC0415 - only this process examines

    _ignore_interrupt()
    work(settings)


def _answer(settings: Settings, address: Address) -> None:
    """Run Gunicorn; it ends with its parent."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - only this process answers
    from gunicorn.arbiter import Arbiter  # noqa: PLC0415

    from tamperlens.service.app import create_app  # noqa: PLC0415

    parent = os.getppid()

    class Watching(Arbiter):  # type: ignore[misc]
        def murder_workers(self) -> None:
            super().murder_workers()
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn_options(address).items():
                self.cfg.set(name, value)

        def load(self) -> Any:  # noqa: ANN401 - a WSGI application
            return create_app(settings)

    hide_memory()  # gunicorn's own processes are forked from this one
    sys.argv = sys.argv[:1]
    _ignore_interrupt()
    Watching(Application()).run()


def _gunicorn_options(address: Address) -> dict[str, Any]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return {
        "bind": f"{host}:{address.port}",
        "workers": address.workers,
        "worker_class": "gthread",
        "threads": _THREADS,
        "timeout": 120,
        "graceful_timeout": 5,
        "keepalive": 15,
        "loglevel": "warning",
        "proc_name": "tamperlens",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # whom to believe is decided once, by `Settings.behind_proxy`
    }


def _ignore_interrupt() -> None:
    """Ctrl-C reaches every process of the terminal; the parent ends the others in order."""
    handler: Callable[[int, FrameType | None], None] = lambda _number, _frame: None  # noqa: E731
    signal.signal(signal.SIGINT, handler)
