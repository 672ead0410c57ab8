"""The same plan on a Ray cluster: one actor per worker, each with a confined process on its node.

The actors read the sources, so every node must reach them: a shared folder or an object store. If a node is
lost, Ray starts its actor elsewhere and gives it the files again.
"""

import logging
import os
from collections.abc import Generator, Iterable, Mapping
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from tamperlens.batch._engine import Known, Orders
from tamperlens.batch._rows import Row, examine_item, failed_row
from tamperlens.batch._sources import Item
from tamperlens.errors import ExaminationEndedError, ScanError, TamperlensError
from tamperlens.evidence import printable

_AHEAD = 2
_START_SECONDS = 600


class _Actor:
    """Holds one confined worker."""

    def __init__(self, orders: Orders) -> None:
        os.environ.update(orders.computing)
        self.orders, self.worker = orders, orders.worker()

    def about(self) -> tuple[dict[str, str], dict[str, str]]:
        """Versions, and which confinement its process lacks."""
        return self.worker.about["versions"], self.worker.missing

    def examine(self, item: Item) -> Row:
        """One row."""
        return examine_item(item, self.worker.ask, self.orders.limits)

    def close(self) -> None:
        """End the confined process."""
        self.worker.close()


class RayEngine:
    """Actors on a cluster: the one named by `RAY_ADDRESS`, otherwise one on this machine alone.

    Args:
        orders: for every worker.
        workers: how many actors; None for one per processor in the cluster.

    Raises:
        ScanError: the cluster cannot be reached, or its nodes have different versions.
    """

    def __init__(self, orders: Orders, workers: int | None = None) -> None:
        self._started = not ray.is_initialized()
        if self._started:
            _join(os.environ.get("RAY_ADDRESS", "local"))
        count = workers or max(1, int(_cluster().get("CPU", 1)))
        threads = max(1, orders.threads)
        remote: Any = ray.remote(num_cpus=threads, max_restarts=-1, max_task_retries=2)(_Actor)
        self._actors: list[Any] = [remote.remote(orders) for _ in range(count)]
        self.versions, self.missing = self._agreed()

    def _agreed(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """What all actors report about themselves."""
        try:
            asked = [actor.about.remote() for actor in self._actors]
            said: list[tuple[dict[str, str], dict[str, str]]] = ray.get(asked, timeout=_START_SECONDS)
        except RayError as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, TamperlensError):
                raise cause from None
            raise ScanError(f"the workers cannot start on the Ray cluster: {_first_line(error)}") from error
        for versions, _ in said:
            for name, version in said[0][0].items():
                if versions.get(name) != version:
                    raise ScanError(
                        f"the nodes of the Ray cluster have different versions of {name} "
                        f"({version}, {versions.get(name)}); install the same version on all"
                    )
        return said[0][0], {name: why for _, missing in said for name, why in missing.items()}

    def run(self, items: Iterable[Item], known: Known) -> Generator[Row, None, None]:
        """Two items per actor. Bytes that occur under several names are examined once per name here."""
        del known  # the ledger is at the driver; asking it would cost a round trip per file
        pending: dict[Any, tuple[Item, Any]] = {}
        free = [actor for _ in range(_AHEAD) for actor in self._actors]
        for item in items:
            actor = free.pop()
            pending[actor.examine.remote(item)] = item, actor
            while not free:
                for row, actor in _finished(pending):
                    free.append(actor)
                    yield row
        while pending:
            yield from (row for row, _ in _finished(pending))

    def close(self) -> None:
        """End the actors, and Ray if it was started here."""
        ray.wait([actor.close.remote() for actor in self._actors], num_returns=len(self._actors), timeout=5)
        for actor in self._actors:
            ray.kill(actor)
        if self._started:
            ray.shutdown()


def _finished(pending: dict[Any, tuple[Item, Any]]) -> list[tuple[Row, Any]]:
    """Finished rows, each with the actor that is now free; waits for at least one."""
    done, _ = ray.wait(list(pending), num_returns=1)
    rows = []
    for reference in done:
        item, actor = pending.pop(reference)
        try:
            row: Row = ray.get(reference)
        except RayTaskError as error:  # not the node's fault: a worker cannot start, or the software is wrong
            raise error.cause if isinstance(error.cause, TamperlensError) else error from None
        except RayError as error:
            reason = ExaminationEndedError(f"the examination ended with its node: {_first_line(error)}")
            row = failed_row(item, reason)
        rows.append((row, actor))
    return rows


def _join(address: str) -> None:
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ScanError(f"the Ray cluster at {address} cannot be reached: {error}") from error


def _cluster() -> dict[str, float]:
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return resources


def _first_line(error: Exception) -> str:
    return printable(next(iter(str(error).splitlines()), type(error).__name__))
