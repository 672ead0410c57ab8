"""What `tamperlens serve` starts: front, web server and workers, processes that are replaced when they end.

The front talks to clients. Gunicorn answers it over a local socket that its processes share; its threads
carry the streams of events that stay open. Every process gets its parent's number when it starts, and ends
when its parent ends.
"""

import http.client
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from tamperlens.confined import hide_memory
from tamperlens.errors import ServiceError
from tamperlens.service._database import Database
from tamperlens.service._removal import sweep
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service.people import accounts
from tamperlens.service.web._front import Front, serve_front

_THREADS = 40
_STARTING_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Address:
    """Where the server listens and how many processes answer.

    Attributes:
        host: name or IP address; loopback unless others should reach it.
        port: TCP port.
        workers: processes that answer requests.
        examiners: processes that examine.
    """

    host: str
    port: int
    workers: int
    examiners: int

    @property
    def url(self) -> str:
        """Address for a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def free_port(host: str) -> int:
    """A port that is not in use now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def serve(settings: Settings, address: Address, say: Callable[[str], None]) -> None:
    """Start everything, and keep it running until a signal arrives.

    Args:
        settings: settings of the installation.
        address: where to listen.
        say: called with the lines to show to the person who started it.

    Raises:
        ServiceError: the port is in use, or the server does not answer.
    """
    hide_memory()
    _refuse_used_port(address)
    store = Store(settings.store)
    store.tidy()
    database = Database(settings.database_url)
    database.upgrade()
    sweep(database, store)
    with database.write() as session:
        secret = accounts.setup_secret(session)
    database.engine.dispose()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as folder:
        _run(
            _parts(settings, address, f"{folder}/answers"),
            address,
            over,
            partial(_greet, say, address, secret),
        )


def _greet(say: Callable[[str], None], address: Address, secret: str | None) -> None:
    say(f"Tamperlens workbench: {address.url}")
    if secret:
        say(f"Make the first administrator, once: {address.url}/setup#{secret}")
    say("Stop it with Ctrl-C.")


def _run(parts: "list[_Part]", address: Address, over: threading.Event, greet: Callable[[], None]) -> None:
    try:
        _wait_until_up(address, parts, over)
        greet()
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
        """Start it if it is not running."""
        if self.process is None or not self.process.is_alive():
            self.process = multiprocessing.get_context("spawn").Process(
                target=self.target, args=self.arguments
            )
            self.process.start()


def _parts(settings: Settings, address: Address, answers: str) -> list[_Part]:
    parent = os.getpid()
    most = settings.max_upload_bytes + (1 << 20)  # the form around a file needs some
    front = Front(address.host, address.port, answers, settings.behind_proxy, most)
    return [
        _Part(_answer, (settings, answers, address.workers, parent)),
        _Part(_front, (front, parent)),
        *(_Part(_work, (settings, parent)) for _ in range(address.examiners)),
        *([_Part(_call_out, (settings, parent))] if settings.webhook_hosts else []),
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
        if _answers(address):
            return
        if time.monotonic() > ends:
            raise ServiceError(f"the server does not answer at {address.url}; see the lines above")
        time.sleep(0.1)


def _answers(address: Address) -> bool:
    """Whether the server behind the front answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - not to listen
    asking = http.client.HTTPConnection(host, address.port, timeout=2)
    try:
        asking.request("GET", "/api/v1/health")
        return asking.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


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


def _work(settings: Settings, parent: int) -> None:
    from tamperlens.service.jobs import work  # noqa: PLC0415 - only this process examines

    _ignore_interrupt()
    work(settings, parent)


def _call_out(settings: Settings, parent: int) -> None:
    from tamperlens.service.webhooks import call_out  # noqa: PLC0415 - only this process calls others

    hide_memory()
    _ignore_interrupt()
    call_out(settings, parent)


def _front(front: Front, parent: int) -> None:
    hide_memory()
    _ignore_interrupt()
    serve_front(front, lambda: os.getppid() == parent)


def _answer(settings: Settings, answers: str, workers: int, parent: int) -> None:
    """Run Gunicorn; it ends with its parent."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - only this process answers
    from gunicorn.arbiter import Arbiter  # noqa: PLC0415

    from tamperlens.service.web._app import create_app  # noqa: PLC0415

    class Watching(Arbiter):  # type: ignore[misc]
        def murder_workers(self) -> None:
            super().murder_workers()
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn_options(answers, workers).items():
                self.cfg.set(name, value)

        def load(self) -> Any:  # noqa: ANN401 - a WSGI application
            # The front states the client's address, or passes on what the proxy in front of it states.
            return create_app(replace(settings, behind_proxy=True))

    hide_memory()  # gunicorn's own processes are forked from this one
    sys.argv = sys.argv[:1]
    _ignore_interrupt()
    if os.getppid() == parent:
        Watching(Application()).run()


def _gunicorn_options(answers: str, workers: int) -> dict[str, Any]:
    return {
        "bind": f"unix:{answers}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": _THREADS,
        "timeout": 120,
        "graceful_timeout": 5,
        "keepalive": 0,  # the front sends one request per connection
        "loglevel": "warning",
        "proc_name": "tamperlens",
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",  # the front decides which headers to trust
    }


def _ignore_interrupt() -> None:
    """Ctrl-C reaches every process of the terminal; the parent ends the others in the right order."""
    handler: Callable[[int, FrameType | None], None] = lambda _number, _frame: None  # noqa: E731
    signal.signal(signal.SIGINT, handler)
