"""What confines a process on this machine; starts one to find out."""

from collections.abc import Mapping
from typing import Any

from tamperlens.confined._limits import Confinement
from tamperlens.confined._process import Worker
from tamperlens.confined._worker import Work


def walls_here() -> tuple[list[str], Mapping[str, str]]:
    """Names of the walls that stand for this account, and name → reason for those that do not."""
    worker = Worker("tamperlens.confined._probing:prepare", {}, Confinement(1 << 30, 60.0), command="")
    try:
        _ = worker.about
        return worker.held, worker.missing
    finally:
        worker.close()


def prepare(confinement: str) -> Work:
    """Work that does nothing."""

    def answer(*_: Any) -> dict[str, Any]:  # noqa: ANN401 - any message
        return {}

    return Work({"confinement": confinement}, answer)
