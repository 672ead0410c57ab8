"""The store: each original once under its SHA-256, never altered, and next to them the derived files.

```
originals/ab/cdef…               the bytes as uploaded, read-only
made/ab/cdef…/thumbnail.webp     depends on the bytes alone
made/ab/cdef…/rendition.png      if browsers cannot show the original
made/ab/cdef…/VERSIONS/…         finding.json, view.json, maps and reports of one examination
```
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_LEFT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Stored:
    """A file that was received.

    Attributes:
        sha256: SHA-256 of its bytes.
        size: size in bytes.
        head: its first 512 bytes.
    """

    sha256: str
    size: int
    head: bytes


class Store:
    """Reads and writes the files of one installation.

    Args:
        folder: created if missing, closed to other accounts on the machine.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("originals", "made", "incoming"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)

    def original(self, sha256: str) -> Path:
        """Path of the original with this hash."""
        return self.folder / "originals" / sha256[:2] / sha256[2:]

    def made(self, sha256: str, versions: str = "") -> Path:
        """Folder of the files derived from these bytes: all of them, or those of one examination."""
        return self.folder / "made" / sha256[:2] / sha256[2:] / versions[:16]

    def receive(self, stream: BinaryIO) -> Stored:
        """Receive a file; if its bytes are already here, it is not written again."""
        digest, size, head = hashlib.sha256(), 0, b""
        with tempfile.NamedTemporaryFile(dir=self.folder / "incoming", delete=False) as incoming:
            try:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size, head = size + len(chunk), head or chunk[:512]
                    incoming.write(chunk)
                incoming.flush()
                os.fsync(incoming.fileno())
                self._keep(Path(incoming.name), self.original(digest.hexdigest()))
            finally:
                Path(incoming.name).unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size, head)

    @staticmethod
    def _keep(incoming: Path, target: Path) -> None:
        """Give a complete file its name in one step; nothing is ever overwritten."""
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        incoming.chmod(0o400)
        incoming.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that the name also survives a power failure
        finally:
            os.close(folder)

    @contextmanager
    def making(self, path: Path) -> Iterator[Path]:
        """A path to write to; the file appears under its final name when it is complete."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(dir=self.folder / "incoming"))
        try:
            yield folder / path.name
            (folder / path.name).replace(path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self, sha256: str) -> None:
        """Remove an original and everything derived from it, if it exists."""
        self.original(sha256).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.rmtree(self.made(sha256))

    def tidy(self) -> None:
        """Remove half-written files that a killed process left more than a day ago."""
        for left in (self.folder / "incoming").iterdir():
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def is_intact(self, sha256: str) -> bool:
        """Whether an original is there, and its bytes still match its name."""
        try:
            with self.original(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False
