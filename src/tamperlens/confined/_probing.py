"""What confines a process here, asked of one that does nothing else."""

from collections.abc import Mapping
from typing import Any

from tamperlens.confined._limits import Confinement
from tamperlens.confined._process import Worker
from tamperlens.confined._worker import Work


def walls_here() -> tuple[list[str], Mapping[str, str]]:
    """Names of the walls that stand here for this account, and those that do not, with the reason."""
    worker = Worker("tamperlens.confined._probing:prepare", {}, Confinement(1 << 30, 60.0), command="")
    try:
        _ = worker.about
        return worker.held, worker.missing
    finally:
        worker.close()


def prepare(confinement: str) -> Work:
    """Nothing to do but to say so."""

    def answer(*_: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever it is asked
        return {}

    return Work({"confinement": confinement}, answer)
