"""What to examine: a file, a folder, a pattern, an archive or an object store → items, one by one, in order.

Names are labels: nothing is ever written under them. Links are not followed and devices not opened; each is
an item whose reading says why.
"""

import fnmatch
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Protocol

from tamperlens.batch.archives import is_archive, members
from tamperlens.batch.entries import HEAD, Entry, Opening, refuse
from tamperlens.errors import (
    EvidenceError,
    ImageTooLargeError,
    MissingExtraError,
    ScanError,
    UnreadableFileError,
)
from tamperlens.evidence import Limits
from tamperlens.evidence.sniff import sniff

_WILD = re.compile(r"[*?\[]")
_URL = re.compile(r"[A-Za-z][\w+.-]*://|[\w+.-]+::")


@dataclass(frozen=True)
class Item:
    """One file to examine.

    Attributes:
        name: within its source; bytes that are no text are surrogates, as in `os.fsdecode`.
        stamp: differs when the content differs, as far as size and time tell.
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
        """All bytes of an image, the first 512 of anything else.

        Raises:
            UnreadableFileError: it cannot be read, or is no regular file.
            ImageTooLargeError: the file is over the limit, whatever size it declares.
        """
        try:
            with self.open() as file:
                data = file.read(HEAD)
                if sniff(data) is not None:
                    data += file.read(limits.max_bytes + 1 - len(data))
        except EvidenceError:
            raise
        except Exception as error:  # the one place: a storage library raises what it likes
            reason = getattr(error, "strerror", None) or error
            raise UnreadableFileError(f"the file cannot be read: {reason}") from error
        if len(data) > limits.max_bytes:
            raise ImageTooLargeError(f"the file has more than the {limits.max_bytes:,} bytes that are read")
        return data


class Source(Protocol):
    """Where items come from; each iteration begins anew, and holds the names of one folder at a time."""

    @property
    def address(self) -> str:
        """The same for the same source, however it was spelled."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Files in the order of their names."""
        ...


def items(source: Source, max_bytes: int) -> Iterator[Item]:
    """Every file of a source; an archive's members in its place."""
    for entry in source.entries():
        inner = members(entry, max_bytes) if is_archive(entry.name) else (entry,)
        for one in inner:
            yield Item(one.name, one.stamp, one.open)


def open_source(text: str, outside: Path | None = None) -> Source:
    """Recognise a source.

    Args:
        text: a path, a pattern with `*`, `**`, `?` or `[…]`, or a URL of any store that fsspec knows.
        outside: a folder that is no part of it, such as that of the results.

    Raises:
        ScanError: there is no such thing.
        MissingExtraError: a URL without fsspec.
    """
    if _URL.match(text):
        return _Store(text)
    if not _WILD.search(text) or Path(text).exists():
        return _Tree(Path(text), None, outside)
    fixed = _fixed_part(text, os.sep)
    return _Tree(Path(fixed or "."), text[len(fixed) :].lstrip("/"), outside)


def _fixed_part(text: str, separator: str) -> str:
    """The folders before the first wildcard."""
    found = _WILD.search(text)
    return text if found is None else text[: text.rfind(separator, 0, found.start()) + 1]


def fits(name: str, pattern: str) -> bool:
    """Whether a path fits a pattern: `**` is any number of folders, other wildcards stay within one name.

    >>> fits("a/b/c.jpg", "**/*.jpg"), fits("a/b.jpg", "*.jpg")
    (True, False)
    """
    return _fit(name.split("/"), pattern.split("/"))


def _fit(parts: list[str], wanted: list[str]) -> bool:
    if not wanted or not parts:
        return not wanted and not parts
    if wanted == ["**"]:
        return True
    if wanted[0] == "**":
        return _fit(parts, wanted[1:]) or _fit(parts[1:], wanted)
    return fnmatch.fnmatchcase(parts[0], wanted[0]) and _fit(parts[1:], wanted[1:])


class _Tree:
    """A file or folder of this machine."""

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
    """Everything but folders: those of a folder, then those of the folders in it."""
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
        status = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - the name may be no text
        stamp = f"{status.st_size}:{status.st_mtime_ns}"
    except OSError:
        stamp = "gone"
    return Entry(name, stamp, partial(open_local, path))


def open_local(path: str) -> BinaryIO:
    """Open a regular file; links, pipes and devices are refused, even one put in its place meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if stat.S_ISLNK(os.stat(path, follow_symlinks=False).st_mode):  # noqa: PTH116
        refuse("this is a symbolic link; links are not followed")
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        refuse("this is not a regular file")
    return os.fdopen(descriptor, "rb")


class _Store:
    """Files behind a URL that fsspec understands: s3://, gs://, https://, memory:// and others."""

    def __init__(self, url: str) -> None:
        if find_spec("fsspec") is None:
            raise MissingExtraError("fsspec", "scan URL", "scan")
        from fsspec.core import url_to_fs  # noqa: PLC0415

        self.url = url
        try:
            self.files, self.path = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ScanError(f"{url} cannot be opened: {error}") from error
        fixed = _fixed_part(self.path, "/")
        self.only = self.path[len(fixed) :] if fixed != self.path else None
        self.root = fixed.rstrip("/")

    @property
    def address(self) -> str:
        """The URL without what it may hold of passwords."""
        return re.sub(r"//[^/@]*@", "//", self.url)

    def entries(self) -> Iterator[Entry]:
        """Walk in order; one folder's listing at a time."""
        if not self.files.exists(self.root):
            raise ScanError(f"there is nothing to scan at {self.address}")
        if self.files.isfile(self.root):
            yield self._entry(self.root.rsplit("/", 1)[-1], self.files.info(self.root))
            return
        pending = [self.root]
        while pending:
            folder = pending.pop()
            try:
                inside = sorted(self.files.ls(folder, detail=True), key=lambda info: str(info["name"]))
            except OSError as error:
                yield Entry(
                    self._name(folder), "folder", partial(refuse, f"the folder cannot be read: {error}")
                )
                continue
            for info in inside:
                name = self._name(info["name"])
                if info["type"] == "file" and (self.only is None or fits(name, self.only)):
                    yield self._entry(name, info)
            pending += [
                i["name"] for i in reversed(inside) if i["type"] == "directory" and i["name"] != folder
            ]

    def _name(self, path: str) -> str:
        return path.rstrip("/").removeprefix(self.root).lstrip("/")

    def _entry(self, name: str, info: dict[str, object]) -> Entry:
        keys = ("ETag", "etag", "md5", "mtime", "LastModified", "last_modified", "updated", "created")
        when = next((str(info[key]) for key in keys if info.get(key)), "")
        return Entry(name, f"{info.get('size')}:{when}", partial(open_stored, self.url, str(info["name"])))


def open_stored(url: str, path: str) -> BinaryIO:
    """Open a file of a store; fsspec keeps one connection a process."""
    from fsspec.core import url_to_fs  # noqa: PLC0415

    files, _ = url_to_fs(url)
    opened: BinaryIO = files.open(path, "rb")
    return opened
