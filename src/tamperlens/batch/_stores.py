"""Object stores and other places behind URLs, through fsspec."""

import re
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from typing import BinaryIO

from tamperlens.batch._entries import Entry, refuse
from tamperlens.batch._patterns import fits, fixed_part
from tamperlens.errors import MissingExtraError, ScanError


class Store:
    """Files behind a URL that fsspec understands: s3://, gs://, https://, memory:// and others.

    Raises:
        MissingExtraError: fsspec is not installed.
        ScanError: the URL cannot be opened.
    """

    def __init__(self, url: str) -> None:
        if find_spec("fsspec") is None:
            raise MissingExtraError("fsspec", "scan URL", "scan")
        from fsspec.core import url_to_fs  # noqa: PLC0415

        self.url = url
        try:
            self.files, self.path = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ScanError(f"{url} cannot be opened: {error}") from error
        fixed = fixed_part(self.path, "/")
        self.only = self.path[len(fixed) :] if fixed != self.path else None
        self.root = fixed.rstrip("/")

    @property
    def address(self) -> str:
        """The URL without any passwords in it."""
        return re.sub(r"//[^/@]*@", "//", self.url)

    def entries(self) -> Iterator[Entry]:
        """Walk in order, listing one folder at a time."""
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
    """Open a file in a store; fsspec keeps one connection per process."""
    from fsspec.core import url_to_fs  # noqa: PLC0415

    files, _ = url_to_fs(url)
    opened: BinaryIO = files.open(path, "rb")
    return opened
