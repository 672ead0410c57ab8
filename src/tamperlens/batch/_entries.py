"""A file of a source before anyone asked whether it is an archive."""

from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from tamperlens.errors import UnreadableFileError

# Opens a file, or raises UnreadableFileError; can be sent to another process.
Opening = partial[BinaryIO]
# Bytes that tell a format; of what is no image nothing else is read.
HEAD = 512


@dataclass(frozen=True)
class Entry:
    """A name and a way to open it.

    Attributes:
        name: within its source.
        stamp: differs when the content differs, as far as size and time tell.
        open: opens it.
    """

    name: str
    stamp: str
    open: Opening


def refuse(reason: str) -> BinaryIO:
    """Raise; a function, so that an item can carry its refusal to where it is read."""
    raise UnreadableFileError(reason)
