"""The confined process: `python -P -m tamperlens.confined.worker`, spoken to by `process.Worker`.

It prepares its work with trusted files only, goes under its limits, and then answers one message at a time.
What it did not foresee ends it: the parent makes a row of that and starts another.
"""

import importlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from tamperlens.confined.limits import Confinement, confine, resident_bytes, top_up
from tamperlens.confined.wire import receive, send
from tamperlens.errors import TamperlensError

# Lets the parent hear something before the reply, such as how far the work is.
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Work:
    """What a worker does.

    Attributes:
        about: what it says of itself when it is ready.
        answer: makes the reply to a message and its bytes, and may tell something before.
    """

    about: dict[str, Any]
    answer: Callable[[dict[str, Any], bytes, Tell], dict[str, Any]]


def main() -> None:
    """Answer until the parent closes the pipe, and leave nothing behind."""
    requests, replies = _private_pipes()
    settings, _ = receive(requests)
    watch = threading.Thread(target=_end_with, args=(os.getppid(), settings["scratch"]), daemon=True)
    try:
        work = _prepare(settings["work"], settings["options"])
        watch.start()
        _serve(work, Confinement(**settings["limits"]), requests, replies)
    except TamperlensError as error:
        send(replies, {"refused": str(error)})
    except (EOFError, BrokenPipeError):  # the parent is gone, or has no more to ask
        pass
    finally:
        shutil.rmtree(settings["scratch"], ignore_errors=True)


def _serve(work: Work, limits: Confinement, requests: BinaryIO, replies: BinaryIO) -> None:
    held = confine(limits)
    send(replies, {"about": work.about, "held": held})
    while True:
        message, data = receive(requests)
        top_up(limits)
        reply = work.answer(message, data, lambda told: send(replies, {"told": told}))
        del data
        send(replies, {"reply": reply, "resident": resident_bytes()})


def reraise_memory(error: TamperlensError) -> None:
    """Let a want of memory end the process: it is the limit's doing, not damage to the file."""
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
    """End when the parent has ended, in the midst of work too."""
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _prepare(name: str, options: dict[str, Any]) -> Work:
    """Call `module:function`, which makes the work."""
    module, _, function = name.partition(":")
    work: Work = getattr(importlib.import_module(module), function)(**options)
    return work


if __name__ == "__main__":
    # One `Work`, whichever way it is imported.
    sys.modules["tamperlens.confined.worker"] = sys.modules["__main__"]
    main()
