"""A file of a source, not yet checked for being an archive."""

from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from tamperlens.errors import UnreadableFileError

# Opens a file, or raises UnreadableFileError; can be sent to another process.
Opening = partial[BinaryIO]
# Bytes that reveal a format; nothing more is read of files that are not images.
HEAD = 512


@dataclass(frozen=True)
class Entry:
    """A name and a way to open it.

    Attributes:
        name: within its source.
        stamp: changes when the content changes, as far as size and time tell.
        open: opens it.
    """

    name: str
    stamp: str
    open: Opening


def refuse(reason: str) -> BinaryIO:
    """Raise; a function, so that an item can carry its refusal to where it is read."""
    raise UnreadableFileError(reason)
