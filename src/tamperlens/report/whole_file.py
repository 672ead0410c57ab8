"""Files that are written whole or not at all: readers never see half a report, nor lose the previous one."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file under a temporary name in the same folder, and rename it once all of it is on disk.

    Args:
        path: file to write; replaced if it exists.
        content: text is written as UTF-8.

    Raises:
        OSError: the disk is full, the folder is read-only and so on; names the file. The previous file stays.
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
