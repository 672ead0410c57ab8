"""The folder between a parent and its confined process: files going in, and files coming out.

The outbox is written by a process that may be compromised. So only regular files with simple names are
opened, no link is followed, and files taken out are copied, so that they cannot be changed afterwards.
"""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tamperlens.errors import ExaminationEndedError, TamperlensError

# Follow no link, and wait for no pipe.
_NO_LINK_NO_PIPE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")


class Scratch:
    """A temporary folder with two parts: `inbox`, which the process reads, and `outbox`, which it writes.

    Args:
        most_bytes: size of the largest file that may be taken out.
    """

    def __init__(self, most_bytes: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tamperlens-", ignore_cleanup_errors=True)
        self.path, self.most_bytes = Path(self._folder.name), most_bytes
        self.inbox, self.outbox = self.path / "in", self.path / "out"
        for part in (self.inbox, self.outbox):
            part.mkdir(mode=0o700)

    def clean(self) -> None:
        """Remove it."""
        self._folder.cleanup()

    def put(self, source: IO[bytes]) -> Path:
        """Copy a file in, replacing the previous one; returns where the process finds it.

        Raises:
            TamperlensError: it cannot be written, for instance because the disk is full.
        """
        path = self.inbox / "file"
        try:
            with path.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
        except OSError as error:
            raise TamperlensError(f"{path} cannot be written: {error.strerror or error}") from error
        return path

    def read(self, name: str) -> bytes:
        """Read a file that the process announced, and remove it.

        Raises:
            ExaminationEndedError: it does not exist, is not a regular file, or is too large.
        """
        with self._opened(name) as file:
            return file.read(self.most_bytes)

    def take(self, name: str, target: Path) -> None:
        """Move a file that the process announced to its target, whole or not at all.

        Raises:
            ExaminationEndedError: it does not exist, is not a regular file, or is too large.
            TamperlensError: the target cannot be written.
        """
        with self._opened(name) as file:
            unfinished = None
            try:
                descriptor, unfinished = tempfile.mkstemp(prefix=".tamperlens-", dir=target.parent)
                with open(descriptor, "wb") as copy:  # noqa: PTH123 - opened already
                    shutil.copyfileobj(file, copy, 1 << 20)
                    _give_usual_mode(copy.fileno())
                Path(unfinished).replace(target)
            except OSError as error:
                if unfinished:
                    Path(unfinished).unlink(missing_ok=True)
                raise TamperlensError(f"{target} cannot be written: {error.strerror or error}") from error

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        if not _NAME.fullmatch(name):
            raise ExaminationEndedError("the examination ended with a file that has an invalid name")
        path = self.outbox / name
        try:
            descriptor = os.open(path, os.O_RDONLY | _NO_LINK_NO_PIPE)
        except OSError as error:
            raise ExaminationEndedError("the examination ended without a file that it announced") from error
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > self.most_bytes:
            os.close(descriptor)
            raise ExaminationEndedError(
                "the examination ended with a file that is not a regular file, or too large"
            )
        with open(descriptor, "rb") as file:  # noqa: PTH123 - opened already
            path.unlink(missing_ok=True)
            yield file


def _give_usual_mode(descriptor: int) -> None:
    """Give a file the permissions of the account's other files; temporary files are closed to others."""
    if hasattr(os, "fchmod"):
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(descriptor, 0o666 & ~mask)
