"""The parent's side of an examination for a bundle: it reads the file, a confined worker examines it."""

import hashlib
from pathlib import Path
from typing import Any

from tamperlens.confined import Worker
from tamperlens.custody._bundle import Item
from tamperlens.custody._confined_work import MASK_FILE, PDF_FILE
from tamperlens.errors import CustodyError, EvidenceError, ExaminationEndedError
from tamperlens.evidence import Limits, printable, read_file
from tamperlens.text import quoted


def examine_apart(worker: Worker, file: Path, strict: bool, with_original: bool) -> Item:
    """Examine one file for a bundle.

    Args:
        worker: from `custody_worker`.
        file: the image.
        strict: aim at 1 % false alarms instead of 5 %.
        with_original: keep the image's bytes too.

    Raises:
        EvidenceError: it cannot be read or examined, or its process did not survive it.
        CustodyError: the answer is about other bytes.
    """
    name, masks = printable(file.name), []

    def hear(told: Any) -> None:  # noqa: ANN401 - from a process that is not trusted
        if told != {"file": MASK_FILE}:
            raise ExaminationEndedError("the examination ended without a valid answer")
        masks.append(worker.scratch.read(MASK_FILE))

    try:
        data = read_file(file, Limits())
        reply = worker.ask({"do": "examine", "name": name, "strict": strict}, data, hear)
    except EvidenceError as error:
        raise EvidenceError(f"{quoted(file.name)}: {error}") from error
    if "error" in reply:
        raise EvidenceError(f"{quoted(file.name)}: {reply['error']}")
    finding = reply["finding"]
    if finding["sha256"] != hashlib.sha256(data).hexdigest():
        raise CustodyError(
            f"{quoted(file.name)}: the answer is about another file; nothing was signed, examine it alone"
        )
    return Item(name, finding, masks[-1] if masks else None, data if with_original else None, strict)


def draw_apart(worker: Worker, target: Path, bundle: bytes) -> None:
    """Let the worker that examined the only image write its PDF report, with the bundle attached.

    Raises:
        CustodyError: it cannot be written.
    """

    def hear(told: Any) -> None:  # noqa: ANN401 - from a process that is not trusted
        if told != {"file": PDF_FILE}:
            raise CustodyError("drawing the pages ended without a valid answer")
        worker.scratch.take(PDF_FILE, target)

    reply = worker.ask({"do": "draw"}, bundle, hear)
    if "error" in reply:
        raise CustodyError(reply["error"])
