"""Arguments of `examine` → files: FILE, FOLDER, GLOB, `-` for standard input, URLs with --fetch."""

import glob
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tamperlens.cli.shared import complain
from tamperlens.errors import TamperlensError

# Limit for standard input and for fetched files.
MOST_BYTES = 1 << 28
_STANDARD_INPUT = "standard-input"


def is_url(text: str) -> bool:
    """Whether a name is a web address.

    >>> is_url("https://example.org/a.jpg"), is_url("C:/a.jpg"), is_url("http.jpg")
    (True, False, False)
    """
    return text.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class Input:
    """One file to examine.

    Attributes:
        shown: as the caller named it, or its path in the folder that the caller named.
        path: file with its bytes; may not exist if `error` is not "".
        error: why it could not be read or fetched; "" if it could.
    """

    shown: str
    path: str
    error: str = ""


class Inputs:
    """Finds the files that names stand for.

    Args:
        scratch: existing folder for what comes from standard input and URLs.
        outside: folder to leave out of named folders, such as that of the results; None for none.
        may_fetch: whether URLs are fetched; otherwise they are refused.
        max_bytes: limit for standard input and for each URL.
    """

    def __init__(self, scratch: Path, outside: Path | None, may_fetch: bool, max_bytes: int) -> None:
        self.scratch, self.may_fetch, self.max_bytes = scratch, may_fetch, max_bytes
        self.outside = outside.resolve() if outside else None

    def all(self, names: list[str]) -> list[Input]:
        """Files in the order of the names; within a folder, sorted by name.

        Raises:
            TamperlensError: a URL that may not be fetched, a folder without images, a pattern without files.
        """
        return [one for name in names for one in self._of(name)]

    def _of(self, name: str) -> Iterator[Input]:
        if name == "-":
            yield self._kept("-", _STANDARD_INPUT, sys.stdin.buffer)
        elif is_url(name):
            yield self._fetched(name)
        elif Path(name).is_dir():
            yield from self._in_folder(name)
        elif glob.has_magic(name) and not Path(name).exists():
            yield from self._fitting(name)
        else:
            yield Input(name, name)

    def _fetched(self, url: str) -> Input:
        if not self.may_fetch:
            raise TamperlensError(f"{url} is on the network; add --fetch to fetch it")
        from tamperlens.cli.fetching import fetch

        try:
            with fetch(url, self.max_bytes) as stream:
                return self._kept(url, Path(url.split("?", maxsplit=1)[0]).name or "image", stream)
        except TamperlensError as error:
            return Input(url, url, str(error))

    def _kept(self, shown: str, name: str, stream: BinaryIO) -> Input:
        """Save a stream to a file in a new folder of the scratch folder."""
        folder = self.scratch / str(len(list(self.scratch.iterdir())))
        folder.mkdir()
        plain = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-80:].lstrip(".")
        path, left = folder / (plain or "image"), self.max_bytes
        with path.open("wb") as file:
            while left >= 0 and (part := stream.read(min(1 << 20, left + 1))):
                file.write(part)
                left -= len(part)
        if left < 0:
            return Input(shown, shown, f"it is larger than {self.max_bytes:,} bytes, the most that is read")
        return Input(shown, str(path))

    def _fitting(self, pattern: str) -> Iterator[Input]:
        found = sorted(path for path in glob.glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH207 - keeps names
        if not found:
            raise TamperlensError(f"no file matches the pattern '{pattern}'")
        yield from (Input(path, path) for path in found)

    def _in_folder(self, folder: str) -> Iterator[Input]:
        """Images and clips below a folder; hidden ones and links are left out."""
        found = False
        for here, below, names in os.walk(folder, onerror=_unreadable):
            below[:] = sorted(name for name in below if self._is_walked(Path(here, name)))
            for name in sorted(names):
                path = Path(here, name)
                if not name.startswith(".") and not path.is_symlink() and _is_pictorial(path):
                    found = True
                    yield Input(str(path), str(path))
        if not found:
            raise TamperlensError(f"there are no images in the folder {folder}")

    def _is_walked(self, folder: Path) -> bool:
        return (
            not folder.name.startswith(".") and not folder.is_symlink() and folder.resolve() != self.outside
        )


def _unreadable(error: OSError) -> None:
    complain(f"the folder {error.filename} cannot be read: {error.strerror}")


def _is_pictorial(path: Path) -> bool:
    """Whether a file is an image or a clip by its content."""
    from tamperlens.evidence import open_regular, sniff
    from tamperlens.video import clip_format

    try:
        with open_regular(path) as file:
            head = file.read(512)
    except (OSError, ValueError, TamperlensError):
        return False
    return sniff(head) is not None or clip_format(path) is not None
