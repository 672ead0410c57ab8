"""One item through one worker → one row; failures are rows too."""

import hashlib
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from tamperlens.batch._sources import Item
from tamperlens.errors import EvidenceError, ExaminationEndedError
from tamperlens.evidence import Limits
from tamperlens.report import error_to_json

Row = dict[str, Any]
# A confined worker's `ask`, or a function that finds a free worker.
Ask = Callable[[dict[str, Any], bytes], dict[str, Any]]


def examine_item(
    item: Item, ask: Ask, limits: Limits, known: Callable[[str], Row | None] = lambda _: None
) -> Row:
    """Read an item, examine it unless its bytes are known, and report the result.

    Args:
        item: what to examine.
        ask: has it examined.
        limits: for the file.
        known: returns the row of the same content, if there is one.

    Returns:
        The finding as in docs/json.md without `versions`, which the plan holds; under `scan` the item's key
        and stamp, its content's key, the seconds it took, what confined the examination, and for a failure
        its reason in a word or two.
    """
    started, content = time.perf_counter(), None
    try:
        data = item.read(limits)
        content = _content(item, data)
        earlier = known(content)
        reply = _repeated(earlier, item) if earlier else _asked(ask, item, data)
    except EvidenceError as error:
        return failed_row(item, error, content, time.perf_counter() - started)
    row: Row = reply["row"]
    versions = row.pop("versions", {})
    more = {"failure": _failure(reply.get("failure"))} if "error" in row else {}
    more |= {"confinement": versions["confinement"]} if "confinement" in versions else {}
    seconds = reply.get("seconds", time.perf_counter() - started)
    return _scanned(row, item, content, seconds, **more)


def failed_row(item: Item, error: EvidenceError, content: str | None = None, seconds: float = 0.0) -> Row:
    """The row of an item that could not be examined."""
    row = error_to_json(item.shown, error)
    return _scanned(row, item, content, seconds, failure=_failure(type(error).__name__))


def _scanned(row: Row, item: Item, content: str | None, seconds: float, **more: str) -> Row:
    """Add what the scan knows; the row of a repeated content keeps the name it was first seen under."""
    known = row.get("scan", {})
    about = {"key": item.key, "stamp": item.stamp, "content": content, "seconds": round(seconds, 3)}
    return {**row, "scan": {**known, **about, **more}}


_FAILURES = {
    "UnreadableFileError": "unreadable",
    "UnknownFormatError": "no image",
    "UnsupportedImageError": "unsupported",
    "ImageTooLargeError": "too large",
    "DamagedImageError": "damaged",
    "ExaminationEndedError": "examination ended",
}


def _failure(error: str | None) -> str:
    return _FAILURES.get(str(error), "not examined")


def _content(item: Item, data: bytes) -> str:
    """Key of everything the finding depends on besides versions: the bytes, and the name's suffix."""
    suffix = PurePosixPath(item.shown).suffix.lower()
    return hashlib.sha256(data).hexdigest()[:40] + suffix[:20]


def _asked(ask: Ask, item: Item, data: bytes) -> Row:
    message = {"file": item.shown, "name": PurePosixPath(item.shown).name}
    reply = ask(message, data)
    if not isinstance(reply.get("row"), dict):
        raise ExaminationEndedError("the examination ended without a valid answer")
    return reply


def _repeated(earlier: Row, item: Item) -> Row:
    """The row of the same bytes under this name."""
    kept = {name: said for name, said in earlier.get("scan", {}).items() if name == "confinement"}
    return {"row": {**earlier, "file": item.shown, "scan": {**kept, "same_as": earlier["file"]}}}
