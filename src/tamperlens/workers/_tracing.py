"""What a confined worker does for `tamperlens trace`: measure one trace of a file, and draw it."""

from pathlib import Path
from typing import Any

from tamperlens.confined import Tell, Work, Worker, outbox, reraise_memory
from tamperlens.errors import EvidenceError, ExaminationEndedError, TamperlensError
from tamperlens.workers._examining import confinement_for

# What is read where no other limit is given.
_MOST_PIXELS = 100_000_000
TRACE_FILE = "trace.png"


def tracing_worker() -> Worker:
    """A worker that measures traces; no network is loaded."""
    return Worker("tamperlens.workers._tracing:prepare", {}, confinement_for(_MOST_PIXELS), command="")


def trace_file(worker: Worker, name: str, path: Path, target: Path) -> str:
    """Have a trace of an image measured, and put its picture where it is wanted; what was found, or "".

    Raises:
        EvidenceError: the file cannot be read or measured.
        TamperlensError: the picture cannot be written.
    """
    from tamperlens.evidence import (  # noqa: PLC0415 - numpy and Pillow come with it
        Limits,
        printable,
        read_file,
    )

    def hear(told: Any) -> None:  # noqa: ANN401 - from a process that is not trusted
        if told != {"file": TRACE_FILE}:
            raise ExaminationEndedError("the measurement ended without a valid answer")
        worker.scratch.take(TRACE_FILE, target)

    message = {"trace": name, "name": printable(path.name)}
    reply = worker.ask(message, read_file(path, Limits()), hear)
    if "error" in reply:
        raise EvidenceError(str(reply["error"]))
    if "unwritten" in reply:
        raise TamperlensError(f"{target} cannot be drawn: {reply['unwritten']}")
    return str(reply["shows"])


def prepare(confinement: str) -> Work:  # noqa: ARG001 - a trace has no versions to note it in
    """Import everything heavy before the limits hold."""
    import tamperlens.evidence  # noqa: PLC0415
    import tamperlens.report  # noqa: PLC0415
    import tamperlens.traces  # noqa: F401, PLC0415

    return Work({}, _answer)


def _answer(message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
    """Measure the trace `name` of an image, and tell of its picture as the file `trace.png`.

    The reply holds `shows`, what was found in a sentence or ""; `error`, why the file cannot be measured; or
    `unwritten`, why the picture cannot be drawn.
    """
    from tamperlens.evidence import load_evidence  # noqa: PLC0415
    from tamperlens.report import save_map  # noqa: PLC0415
    from tamperlens.traces import LOOKED, MEASURED, full_size  # noqa: PLC0415

    name, shows = message["trace"], ""
    try:
        evidence = load_evidence(data, name=message["name"])
        if name in LOOKED:
            values = LOOKED[name].map(evidence)
        else:
            measured = MEASURED[name].measure(evidence)
            values, shows = full_size(measured.values, evidence.height, evidence.width), measured.summary
    except EvidenceError as error:
        reraise_memory(error)
        return {"error": str(error)}
    try:
        save_map(values, outbox() / TRACE_FILE)
    except OSError as error:
        return {"unwritten": str(error)}
    tell({"file": TRACE_FILE})
    return {"shows": shows}
