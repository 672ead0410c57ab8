"""What a confined worker does for `tamperlens trace`: measure one trace of a file, and draw it."""

from pathlib import Path
from typing import Any

from tamperlens.confined.examining import confinement_for
from tamperlens.confined.process import Worker
from tamperlens.confined.worker import Tell, Work, reraise_memory

# What is read where no other limit is given.
_MOST_PIXELS = 100_000_000


def tracing_worker() -> Worker:
    """A worker that measures traces; no network is loaded."""
    return Worker("tamperlens.confined.tracing:prepare", {}, confinement_for(_MOST_PIXELS), command="")


def prepare() -> Work:
    """Import everything heavy before the limits hold."""
    import tamperlens.evidence  # noqa: PLC0415
    import tamperlens.report  # noqa: PLC0415
    import tamperlens.traces  # noqa: F401, PLC0415

    return Work({}, _answer)


def _answer(message: dict[str, Any], _data: bytes, _tell: Tell) -> dict[str, Any]:
    """Measure the trace `name` of the file at `path`, and write it to `target`.

    The reply holds `shows`, what was found in a sentence or ""; `error`, why the file cannot be measured; or
    `unwritten`, why the picture cannot be written.
    """
    from tamperlens.errors import EvidenceError  # noqa: PLC0415
    from tamperlens.evidence import load_evidence  # noqa: PLC0415
    from tamperlens.report import save_map  # noqa: PLC0415
    from tamperlens.traces import MEASURED, TRACES, full_size  # noqa: PLC0415

    name, shows = message["name"], ""
    try:
        evidence = load_evidence(Path(message["path"]))
        if name in TRACES:
            values = TRACES[name].measure(evidence.pixels)
        else:
            measured = MEASURED[name].measure(evidence)
            values, shows = full_size(measured.values, evidence.height, evidence.width), measured.summary
    except EvidenceError as error:
        reraise_memory(error)
        return {"error": str(error)}
    try:
        save_map(values, Path(message["target"]))
    except OSError as error:
        return {"unwritten": str(error)}
    return {"shows": shows}
