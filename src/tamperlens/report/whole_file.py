"""Files that are written whole or not at all: a reader never sees half a report, nor loses the one before."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file under a temporary name beside it, and give it its own once all of it is on the disk.

    Args:
        path: replaced when it exists.
        content: text is written as UTF-8.

    Raises:
        OSError: the disk is full, the folder may not be written and so on, with the name of the file; what
            was there before stays.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    unfinished = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
