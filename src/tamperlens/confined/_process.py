"""The parent's side of a confined worker: start it, send it messages, say why it died, start the next."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tamperlens.confined._kernel import hide_memory
from tamperlens.confined._limits import Confinement
from tamperlens.confined._scratch import Scratch
from tamperlens.confined._wire import MAX_REPLY, receive, send
from tamperlens.errors import ExaminationEndedError, TamperlensError
from tamperlens.text import escaped, steady

# The only environment variables passed on: where libraries and signature files are, and how networks are
# computed. Those in _PASSED_FOLDERS hold paths of folders.
_PASSED = ("SYSTEMROOT", "TAMPERLENS_PROVIDER", "TAMPERLENS_PRECISION")
_PASSED_FOLDERS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TAMPERLENS_SIGNATURES")
# Providers that compute on the CPU; all others need a driver.
_PROCESSOR = frozenset({"", "cpu", "openvino"})
_START = """
import sys
sys.path[:] = sys.argv[3:]
from tamperlens.confined._worker import main
main(int(sys.argv[1]), sys.argv[2])
"""
_OUT_OF_MEMORY = re.compile(
    r"MemoryError|bad_alloc|[Ff]ailed to allocate|[Ii]nsufficient memory|memory allocation of"
    r"|Memory allocation still failed"  # OpenBLAS
)
# An idle worker that uses more than this share of its memory limit is replaced by a fresh one.
_GROWN = 0.5
_END_SECONDS = 3.0


class _DiedError(Exception):
    """A process is gone; `late` if it was stopped at its time limit."""

    def __init__(self, why: str, late: bool) -> None:
        super().__init__(why)
        self.late = late


class Worker:
    """One warm confined process; it is started at once, and again if it dies.

    Args:
        work: `module:function` that makes the `Work` in the process.
        options: arguments of that function, plain data.
        limits: what it may use.
        command: command whose options set the limits, named when a limit was reached; "" for none.
        readable: files and folders that it may read besides what Python needs.
    """

    def __init__(
        self,
        work: str,
        options: dict[str, Any],
        limits: Confinement,
        command: str = "scan",
        readable: Sequence[Path] = (),
    ) -> None:
        self._readable = readable
        self.work, self.options, self.limits, self.command = work, options, limits, command
        self.held: list[str] = []
        self.missing: dict[str, str] = {}
        self._about: dict[str, Any] | None = None
        self._stopped = self._has_worked = self._is_asked = False
        self._start()

    @property
    def about(self) -> dict[str, Any]:
        """What the work says about itself; waits until it is ready.

        Raises:
            TamperlensError: it cannot start.
        """
        if self._about is None:
            self._await_ready()
        return self._about or {}

    def ask(
        self, message: dict[str, Any], data: bytes = b"", hear: Callable[[Any], None] = lambda _: None
    ) -> dict[str, Any]:
        """Send a message and wait for the reply.

        If a worker that has answered before dies now, an earlier file may be the cause: a fresh one is tried.

        Args:
            message: plain data.
            data: bytes to send with it.
            hear: called with what the work tells before it replies; an error that it raises ends the work,
                and another worker takes its place.

        Raises:
            ExaminationEndedError: the worker died, or was stopped at its time limit; another takes its place.
            TamperlensError: it cannot start.
        """
        with closing(self._ask_twice(message, data)) as telling:
            while True:
                try:
                    told = next(telling)
                except StopIteration as end:
                    reply: dict[str, Any] = end.value
                    return reply
                hear(told)

    def _ask_twice(self, message: dict[str, Any], data: bytes) -> Generator[Any, None, dict[str, Any]]:
        _ = self.about
        had_worked = self._has_worked
        try:
            return (yield from self._ask_once(message, data))
        except _DiedError as death:
            if death.late or self._stopped or not had_worked:
                raise ExaminationEndedError(str(death)) from None
        try:
            _ = self.about
            return (yield from self._ask_once(message, data))
        except _DiedError as death:
            raise ExaminationEndedError(str(death)) from None

    def _ask_once(self, message: dict[str, Any], data: bytes) -> Generator[Any, None, dict[str, Any]]:
        late = threading.Event()
        watch = threading.Timer(self.limits.seconds, self._stop_late, (self._process, late))
        watch.daemon = True
        watch.start()
        self._is_asked = True
        try:
            send(self._requests, message, data)
            while "told" in (answer := receive(self._replies, MAX_REPLY)[0]):
                yield answer["told"]
            if "refused" in answer:  # not the file's fault, and another worker would refuse too
                raise TamperlensError(answer["refused"])
            reply: dict[str, Any] = answer["reply"]
            grown = float(answer["resident"]) > _GROWN * self.limits.memory
        except (EOFError, OSError, KeyError, TypeError, ValueError):
            death = self._cause_of_death(late.is_set())
            self._restart()
            raise death from None
        except GeneratorExit:  # the caller does not want the rest
            self._restart()
            raise
        finally:
            watch.cancel()
        self._has_worked, self._is_asked = True, False
        self._errors.truncate(0)
        if grown or late.is_set():
            self._restart()
        return reply

    def stop(self) -> None:
        """Kill the process, even if someone is waiting for it; no other takes its place."""
        self._stopped = True
        _kill(self._process)

    def close(self) -> None:
        """End the process and remove what it left; nobody may be waiting for it.

        An idle one ends by itself, so that its resource use is counted with the parent's children.
        """
        self._stopped = True
        if not self._is_asked:
            with suppress(OSError):
                self._requests.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_END_SECONDS)
        self._clean()

    def _clean(self) -> None:
        _kill(self._process)
        with suppress(OSError):  # a message that it did not read
            self._requests.close()
        self._replies.close()
        self._process.wait()
        self._errors.close()
        self.scratch.clean()

    def _start(self) -> None:
        hide_memory()
        self.scratch = Scratch(self.limits.file_bytes)
        self._errors = tempfile.TemporaryFile(prefix="tamperlens-")  # noqa: SIM115 - until the process ends
        paths = _code_paths()
        start = ["-I", "-B", "-X", "utf8", "-c", _START, str(os.getpid()), str(self.scratch.path), *paths]
        self._process = subprocess.Popen(
            [sys.executable, *start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(self.limits.cores, self.scratch.outbox),
            cwd=self.scratch.outbox,
            start_new_session=True,  # the parent handles interrupts from the keyboard
        )
        assert self._process.stdin is not None  # noqa: S101 - pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._requests, self._replies = self._process.stdin, self._process.stdout
        settings: dict[str, Any] = {"work": self.work, "options": self.options, "limits": vars(self.limits)}
        settings |= {"inbox": str(self.scratch.inbox), "outbox": str(self.scratch.outbox)}
        settings |= {"readable": [*_readable(), *map(str, self._readable)], "device": _needs_device()}
        with suppress(OSError):  # it died at once; the next `ask` says so
            send(self._requests, settings)

    def _restart(self) -> None:
        if not self._stopped:
            self._clean()
            self._about, self._has_worked, self._is_asked = None, False, False
            self._start()

    def _await_ready(self) -> None:
        try:
            answer, _ = receive(self._replies, MAX_REPLY)
        except EOFError:
            raise TamperlensError(f"no worker can be started: {self._cause_of_death(late=False)}") from None
        if "refused" in answer:
            raise TamperlensError(answer["refused"])
        self._about, self.held = answer["about"], list(answer["held"])
        self.missing = {str(name): str(why) for name, why in answer["missing"].items()}

    @staticmethod
    def _stop_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
        late.set()
        _kill(process)

    def _cause_of_death(self, late: bool) -> "_DiedError":
        """Why the process ended, in words."""
        with suppress(subprocess.TimeoutExpired):  # the pipe closes a moment before the process has ended
            self._process.wait(timeout=5)
        _kill(self._process)  # it may still run after an invalid answer
        code, last = self._process.wait(), self._last_words()
        late = late or -code == getattr(signal, "SIGXCPU", None)
        return _DiedError(self._describe(late, code, last), late)

    def _describe(self, late: bool, code: int, last: str) -> str:
        if late:
            return f"the examination took longer than {self.limits.seconds:g} s{self._option('time-limit')}"
        if _OUT_OF_MEMORY.search(last):
            most = f"{self.limits.memory / 2**30:.1f} GiB of memory"
            return f"the examination needed more than {most}{self._option('max-memory')}"
        if code < 0:
            return f"the examination ended by signal {-code} ({_signal_name(-code)})"
        return f"the examination ended with an unexpected error: {last or f'exit code {code}'}"

    def _option(self, name: str) -> str:
        return f" ({self.command} --{name} sets another)" if self.command else ""

    def _last_words(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 4096))
        lines = [line for line in self._errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
        return escaped(steady(lines[-1])) if lines else ""


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and everything it started; they have a process group to themselves."""
    if process.poll() is None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _environment(cores: int, folder: Path) -> dict[str, str]:
    """A new environment; libraries use one thread per core, and reserve no memory for each thread."""
    threads = {name: str(cores) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    passed = {name: os.environ[name] for name in (*_PASSED, *_PASSED_FOLDERS) if name in os.environ}
    own = {name: str(folder) for name in ("HOME", "TMPDIR")}
    return {**threads, **passed, **own, "MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"}


def _code_paths() -> list[str]:
    """Where the parent imports from, except the current folder."""
    here, package = Path.cwd(), Path(__file__).parents[2]
    places = dict.fromkeys(Path(place).absolute() for place in sys.path if place)
    return [str(place) for place in places if place != here or place == package]


def _readable() -> list[str]:
    """Folders named by the environment, and that of the model cards, which a checkout keeps next to `src`."""
    named = (os.environ.get(name, "").split(os.pathsep) for name in _PASSED_FOLDERS)
    folders = [Path(place).absolute() for places in named for place in places if place]
    return [str(folder) for folder in (*folders, Path(__file__).parents[3] / "cards")]


def _needs_device() -> bool:
    return os.environ.get("TAMPERLENS_PROVIDER", "") not in _PROCESSOR


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        name = signal.Signals(number).name
        return f"{name}; the machine may be out of memory" if name == "SIGKILL" else name
    return "unknown"
