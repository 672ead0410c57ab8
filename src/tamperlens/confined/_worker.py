"""The confined process, started by `_process.Worker`, which sends it messages.

It confines itself, prepares its work with trusted files only, and then answers one message at a time. An
unexpected error ends it: the parent then reports the reason and starts another.
"""

import importlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tamperlens.confined._cell import Cell, wall_in
from tamperlens.confined._guard import go_apart
from tamperlens.confined._limits import Confinement, resident_bytes, top_up
from tamperlens.confined._wire import receive, send
from tamperlens.errors import TamperlensError
from tamperlens.text import steady

# Tells the parent something before the reply, such as progress, or that a file has been written.
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Work:
    """What a worker does.

    Attributes:
        about: what it says about itself when it is ready.
        answer: makes the reply to a message and its bytes, and may tell things before.
    """

    about: dict[str, Any]
    answer: Callable[[dict[str, Any], bytes, Tell], dict[str, Any]]


def main(parent: int, scratch: str) -> None:
    """Answer until the parent closes the pipe, and leave nothing behind.

    Args:
        parent: number of the process that started this one, passed in because it may be gone by now.
        scratch: folder to remove if the parent ends first.
    """
    spaces = go_apart(parent, Path(scratch))
    requests, replies = _private_pipes()
    settings, _ = receive(requests)
    if sys.platform != "linux":  # on Linux a guard watches
        watch = threading.Thread(target=_end_with, args=(parent, scratch), daemon=True)
        watch.start()
    folder = Path(settings["outbox"])
    try:
        limits = Confinement(**settings["limits"])
        readable = [Path(one) for one in (settings["inbox"], *settings["readable"])]
        cell = wall_in(limits, folder, readable, spaces, settings["device"])
        _serve(_prepare(settings["work"], settings["options"], cell), limits, cell, (requests, replies))
    except TamperlensError as error:
        send(replies, {"refused": str(error)})
    except (EOFError, BrokenPipeError):  # the parent is gone, or has no more messages
        pass
    finally:
        _empty(folder)
    os._exit(0)  # freeing the networks would take a tenth of a second


def _serve(work: Work, limits: Confinement, cell: Cell, pipes: tuple[BinaryIO, BinaryIO]) -> None:
    requests, replies = pipes
    send(replies, {"about": work.about, "held": cell.held, "missing": cell.missing})
    while True:
        message, data = receive(requests)
        top_up(limits)
        reply = work.answer(message, data, lambda told: send(replies, {"told": told}))
        del data
        send(replies, {"reply": _steady(reply), "resident": resident_bytes()})


def _steady(value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """An answer without what differs from run to run; file names are left as they are."""
    if isinstance(value, str):
        return value if name in {"file", "name", "mask", "report"} else steady(value)
    if isinstance(value, dict):
        return {key: _steady(one, key) for key, one in value.items()}
    return [_steady(one, name) for one in value] if isinstance(value, list | tuple) else value


def outbox() -> Path:
    """The only folder that a confined process may write in; the parent may take files announced from it."""
    return Path(tempfile.gettempdir())


def reraise_memory(error: TamperlensError) -> None:
    """Let a lack of memory end the process: the limit is the cause, not a damaged file."""
    if isinstance(error.__cause__, MemoryError):
        raise error.__cause__ from None


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, hidden from libraries that read or print."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, replies


def _end_with(parent: int, scratch: str) -> None:
    """End when the parent has ended, even in the middle of work."""
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _empty(folder: Path) -> None:
    """Remove the content of a folder; the folder itself belongs to the parent."""
    with suppress(OSError):
        for left in folder.iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


def _prepare(name: str, options: dict[str, Any], cell: Cell) -> Work:
    """Call `module:function`, which makes the work and may record the walls in its findings."""
    module, _, function = name.partition(":")
    work: Work = getattr(importlib.import_module(module), function)(confinement=str(cell), **options)
    return work
