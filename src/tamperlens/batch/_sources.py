"""What to examine: a file, a folder, a pattern, an archive or an object store → items, one by one, in order.

Names are labels: nothing is ever written under them. Links are not followed and devices not opened; each is
an item that says why when it is read.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tamperlens.batch._archives import is_archive, members
from tamperlens.batch._entries import HEAD, Entry, Opening
from tamperlens.batch._local import Tree
from tamperlens.batch._patterns import fixed_part
from tamperlens.batch._stores import Store
from tamperlens.errors import EvidenceError, ImageTooLargeError, UnreadableFileError
from tamperlens.evidence import Limits, sniff

_URL = re.compile(r"[A-Za-z][\w+.-]*://|[\w+.-]+::")


@dataclass(frozen=True)
class Item:
    """One file to examine.

    Attributes:
        name: within its source; bytes that are not text are surrogates, as in `os.fsdecode`.
        stamp: changes when the content changes, as far as size and time tell.
        open: opens it; can be sent to another process.
    """

    name: str
    stamp: str
    open: Opening

    @property
    def shown(self) -> str:
        """The name as text that any program can read."""
        return self.name.encode("utf-8", "backslashreplace").decode()

    @property
    def key(self) -> str:
        """Short and unique to the name."""
        return hashlib.blake2b(self.name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def read(self, limits: Limits) -> bytes:
        """All bytes of an image; only the first 512 of anything else.

        Raises:
            UnreadableFileError: it cannot be read, or is not a regular file.
            ImageTooLargeError: the file exceeds the limit, whatever size it declares.
        """
        try:
            with self.open() as file:
                data = file.read(HEAD)
                if sniff(data) is not None:
                    data += file.read(limits.max_bytes + 1 - len(data))
        except EvidenceError:
            raise
        except Exception as error:  # the only place: storage libraries raise anything
            reason = getattr(error, "strerror", None) or error
            raise UnreadableFileError(f"the file cannot be read: {reason}") from error
        if len(data) > limits.max_bytes:
            raise ImageTooLargeError(f"the file has more than the {limits.max_bytes:,} bytes that are read")
        return data


class Source(Protocol):
    """Where items come from; each iteration starts over, and holds the names of one folder at a time."""

    @property
    def address(self) -> str:
        """Equal for the same source, however it was written."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Files in the order of their names."""
        ...


def items(source: Source, max_bytes: int) -> Iterator[Item]:
    """Every file of a source; an archive's members in place of the archive."""
    for entry in source.entries():
        inner = members(entry, max_bytes) if is_archive(entry.name) else (entry,)
        for one in inner:
            yield Item(one.name, one.stamp, one.open)


def open_source(text: str, outside: Path | None = None) -> Source:
    """Recognise a source.

    Args:
        text: a path, a pattern with `*`, `**`, `?` or `[…]`, or a URL of any store known to fsspec.
        outside: a folder that is not part of it, such as that of the results.

    Raises:
        ScanError: it does not exist.
        MissingExtraError: it is a URL, and fsspec is not installed.
    """
    if _URL.match(text):
        return Store(text)
    fixed = fixed_part(text, os.sep)
    if fixed == text or Path(text).exists():
        return Tree(Path(text), None, outside)
    return Tree(Path(fixed or "."), text[len(fixed) :].lstrip("/"), outside)
