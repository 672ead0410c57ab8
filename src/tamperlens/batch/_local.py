"""Files and folders on this machine."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tamperlens.batch._entries import Entry, refuse
from tamperlens.batch._patterns import fits
from tamperlens.errors import ScanError


class Tree:
    """A file, or everything under a folder.

    Args:
        root: file or folder.
        only: pattern that names must match; None for all.
        outside: a folder to leave out.

    Raises:
        ScanError: the path does not exist.
    """

    def __init__(self, root: Path, only: str | None, outside: Path | None) -> None:
        self.root, self.only = root, only
        self.outside = outside.resolve() if outside else None
        try:
            self.is_folder = stat.S_ISDIR(root.stat().st_mode)
        except (OSError, ValueError) as error:
            raise ScanError(f"there is nothing to scan at {root}: {error}") from None

    @property
    def address(self) -> str:
        """Absolute path, with the pattern."""
        return f"{self.root.resolve()}{'/' + self.only if self.only else ''}"

    def entries(self) -> Iterator[Entry]:
        """Walk in order, depth first."""
        if not self.is_folder:
            yield _local_entry(str(self.root.resolve()), self.root.name)
            return
        for entry in _walk(self.root, self.outside):
            if self.only is None or fits(entry.name, self.only):
                yield entry


def _walk(root: Path, outside: Path | None) -> Iterator[Entry]:
    """Everything but folders: first a folder's own files, then those of its subfolders."""
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            with os.scandir(root / below) as found:
                inside = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
        except OSError as error:
            yield Entry(below, "folder", partial(refuse, f"the folder cannot be read: {error.strerror}"))
            continue
        paths = [(f"{below}/{name}" if below else name, is_folder) for name, is_folder in inside]
        for path in (path for path, is_folder in paths if not is_folder):
            yield _local_entry(str(root / path), path)
        folders = [path for path, is_folder in paths if is_folder]
        pending += [path for path in reversed(folders) if not outside or (root / path).resolve() != outside]


def _local_entry(path: str, name: str) -> Entry:
    try:
        status = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - the name may not be text
        stamp = f"{status.st_size}:{status.st_mtime_ns}"
    except OSError:
        stamp = "gone"
    return Entry(name, stamp, partial(open_local, path))


def open_local(path: str) -> BinaryIO:
    """Open a regular file; links, pipes and devices are refused, even if swapped in meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if stat.S_ISLNK(os.stat(path, follow_symlinks=False).st_mode):  # noqa: PTH116
        refuse("this is a symbolic link; links are not followed")
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        refuse("this is not a regular file")
    return os.fdopen(descriptor, "rb")
