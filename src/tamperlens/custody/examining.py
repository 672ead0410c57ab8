"""The parent's side of an examination for a bundle: it reads the file, a confined worker examines it."""

import hashlib
import tempfile
from pathlib import Path

from tamperlens.confined import Worker
from tamperlens.custody.bundle import Item
from tamperlens.errors import CustodyError, EvidenceError
from tamperlens.evidence import Limits, read_file
from tamperlens.evidence.metadata import printable


def examine_apart(worker: Worker, file: Path, strict: bool, with_original: bool) -> Item:
    """Examine one file for a bundle.

    Args:
        worker: of `custody_worker`.
        file: the image.
        strict: aim at 1 % of false alarms instead of 5 %.
        with_original: keep the image's bytes too.

    Raises:
        EvidenceError: it cannot be read or examined, or its process did not survive it.
        CustodyError: the answer is about other bytes.
    """
    name = printable(file.name)
    with tempfile.TemporaryDirectory(prefix="tamperlens-") as folder:
        mask = Path(folder) / "mask.png"
        message = {"do": "examine", "name": name, "strict": strict, "mask": str(mask)}
        try:
            data = read_file(file, Limits())
            reply = worker.ask(message, data)
        except EvidenceError as error:
            raise EvidenceError(f"{name}: {error}") from error
        if "error" in reply:
            raise EvidenceError(f"{name}: {reply['error']}")
        masked = mask.read_bytes() if mask.exists() else None
    finding = reply["finding"]
    if finding["sha256"] != hashlib.sha256(data).hexdigest():
        raise CustodyError(f"{name}: the answer is about another file; nothing was signed, examine it alone")
    return Item(name, finding, masked, data if with_original else None, strict)


def draw_apart(worker: Worker, target: Path, bundle: bytes) -> None:
    """Have the worker that examined the only image write its PDF report, which carries the bundle.

    Raises:
        CustodyError: it cannot be written.
    """
    reply = worker.ask({"do": "draw", "target": str(target)}, bundle)
    if "error" in reply:
        raise CustodyError(reply["error"])
