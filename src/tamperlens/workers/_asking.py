"""The parent's side of an examination: it opens the file, hands it in, and takes the report out.

A confined process opens no file by itself: an image goes to it as bytes, a clip as a copy in its inbox.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from typing import Any

from tamperlens.confined import Worker
from tamperlens.errors import ExaminationEndedError, UnreadableFileError


def ask_about(
    worker: Worker, file: str, message: dict[str, Any], frames: int, out: Path | None
) -> dict[str, Any]:
    """Have a file examined, and put the files of its report into a folder.

    Args:
        worker: of `examining_worker`.
        file: path as the caller gave it.
        message: what else it is asked, with `report` where a report is wanted.
        frames: of a clip, how many are examined at most.
        out: folder for the report; None for none.

    Returns:
        The reply.

    Raises:
        EvidenceError: the file cannot be read, or the worker did not survive it.
        TamperlensError: a file of the report cannot be written.
    """
    from tamperlens.evidence import (  # noqa: PLC0415 - numpy and Pillow come with it
        Limits,
        printable,
        read_file,
    )
    from tamperlens.video import clip_format  # noqa: PLC0415

    path = Path(file)
    message = message | {"name": printable(path.name)}
    with _open_regular(path) as opened:
        if clip_format(path):
            digest, data = hashlib.file_digest(opened, "sha256").hexdigest(), b""
            opened.seek(0)
            message |= {"path": str(worker.scratch.put(opened)), "frames": frames}
        else:
            data = read_file(path, Limits())
            digest = hashlib.sha256(data).hexdigest()
    if out is None:
        return worker.ask(message, data)
    report = {**message["report"], "taken": _taken(out, digest, message["report"]["since"])}
    del report["since"]
    return worker.ask(
        message | {"report": report}, data, taking(worker, out, rf"[\w.-]{{1,80}}-{digest[:8]}(-\d+)?")
    )


def taking(worker: Worker, out: Path, stem: str) -> Callable[[Any], None]:
    """What moves each file that the worker tells of into a folder, if its name is one of that report.

    Args:
        worker: whose files they are.
        out: existing folder.
        stem: pattern of names without suffix.
    """
    ours = re.compile(rf"{stem}(-mask)?\.(png|html|pdf)", re.ASCII)

    def hear(told: Any) -> None:  # noqa: ANN401 - from a process that is not trusted
        name = told.get("file") if isinstance(told, dict) else None
        if not (isinstance(name, str) and ours.fullmatch(name)):
            raise ExaminationEndedError(
                "the examination ended with a file that belongs to none of its reports"
            )
        worker.scratch.take(name, out / name)

    return hear


def _open_regular(path: Path) -> BufferedReader:
    """Open a file that is one; a pipe would never answer.

    Raises:
        UnreadableFileError: it is none, or cannot be opened.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory; name the files in it" if path.is_dir() else "not a regular file"
            raise UnreadableFileError(f"this is {kind}")
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        return os.fdopen(opened, "rb")
    except FileNotFoundError:
        raise UnreadableFileError("there is no such file") from None
    except PermissionError:
        raise UnreadableFileError("there is no permission to read this file") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = getattr(error, "strerror", None) or "its path holds a null byte"
        raise UnreadableFileError(f"the file cannot be read: {reason}") from error


def _taken(out: Path, digest: str, since: int) -> list[str]:
    """Stems of reports about the same bytes made since: under another path, or a name that reads alike."""
    made = (path for path in out.glob(f"*-{digest[:8]}*.html") if path.stat().st_mtime_ns >= since)
    return [path.stem for path in made]
