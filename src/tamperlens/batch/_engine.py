"""Engines: items → rows, in the order they finish. The local one keeps warm processes on all cores."""

import os
import queue
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Protocol

from tamperlens.batch._rows import Row, examine_item
from tamperlens.batch._sources import Item
from tamperlens.confined import Confinement, Worker
from tamperlens.errors import MissingExtraError
from tamperlens.evidence import Limits
from tamperlens.workers import examining_worker

Known = Callable[[str], Row | None]
# Items per worker: one being examined, one waiting.
_AHEAD = 2


@dataclass(frozen=True)
class Orders:
    """What every worker of a scan is told.

    Attributes:
        systems: each asked separately; None for the fused examination.
        strict: aim at 1 % false alarms.
        threads: of each worker.
        confinement: what each worker may use.
        limits: for a file.
        computing: provider and precision as environment variables, for workers on other machines.
    """

    systems: tuple[str, ...] | None
    strict: bool
    threads: int
    confinement: Confinement
    limits: Limits
    computing: Mapping[str, str] = field(default_factory=dict)

    def worker(self) -> Worker:
        """Start a worker with these orders."""
        return examining_worker(
            self.confinement, self.systems, self.threads, self.strict, self.limits.max_pixels
        )


class Engine(Protocol):
    """Examines items with workers that it keeps warm."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of everything a finding depends on."""
        ...

    @property
    def missing(self) -> Mapping[str, str]:
        """Confinement measures that the workers lack, and why."""
        ...

    def run(self, items: Iterable[Item], known: Known) -> Generator[Row, None, None]:
        """Rows in the order they finish; items are drawn as workers become free."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...


class LocalEngine:
    """Processes on this machine.

    Args:
        orders: for every worker.
        workers: how many; None for one per core.
    """

    def __init__(self, orders: Orders, workers: int | None = None) -> None:
        self.orders = orders
        self.workers = [orders.worker() for _ in range(workers or _cores())]
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self.workers:
            self._idle.put(worker)

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the first worker; all run the same files."""
        versions: Mapping[str, str] = self.workers[0].about["versions"]
        return versions

    @property
    def missing(self) -> Mapping[str, str]:
        """What the first worker lacks."""
        return self.workers[0].missing

    def run(self, items: Iterable[Item], known: Known) -> Generator[Row, None, None]:
        """Threads wait for the workers, so reading files overlaps with examining them."""
        most = len(self.workers) * _AHEAD
        threads, pending = ThreadPoolExecutor(most), set[Future[Row]]()
        try:
            for item in items:
                pending.add(threads.submit(examine_item, item, self._ask, self.orders.limits, known))
                while len(pending) >= most:
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            for future in as_completed(pending):
                yield future.result()
            pending = set()
        finally:
            if pending:  # stopped by an interrupt or an error
                self._stop()
            threads.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.close()

    def _stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    def _ask(self, message: dict[str, Any], data: bytes) -> dict[str, Any]:
        """Let the next free worker answer."""
        worker = self._idle.get()
        try:
            return worker.ask(message, data)
        finally:
            self._idle.put(worker)


def _cores() -> int:
    """Cores that this process may use."""
    may = getattr(os, "sched_getaffinity", None)
    return len(may(0)) if may else os.cpu_count() or 1


def _ray_engine(orders: Orders, workers: int | None = None) -> Engine:
    if find_spec("ray") is None:
        raise MissingExtraError("ray", "scan --engine ray", "ray")
    from tamperlens.batch._ray_engine import RayEngine  # noqa: PLC0415 - seconds

    return RayEngine(orders, workers)


ENGINES: dict[str, Callable[[Orders, int | None], Engine]] = {"local": LocalEngine, "ray": _ray_engine}
