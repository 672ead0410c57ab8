"""Archives as folders: members of a zip or tar are read in place and never written to disk.

A member's size is what it decompresses to, whatever it declares, and limited. Links, devices and encrypted
members are refused; archives inside archives are not opened.
"""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import IO, Any, BinaryIO, cast

from tamperlens.batch._entries import HEAD, Entry, Opening, refuse
from tamperlens.errors import EvidenceError
from tamperlens.evidence import sniff

_ZIP = (".zip",)
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_DECOMPRESSORS: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
_DAMAGED = (
    tarfile.TarError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, LookupError,
    OverflowError, RuntimeError, zlib.error, lzma.LZMAError,
)  # fmt: skip
# A tar header that asks for more at once is hostile.
_MOST_AT_ONCE = 16 << 20


def is_archive(name: str) -> bool:
    """Whether a file's name says it is an archive."""
    return name.lower().endswith((*_ZIP, *_TAR))


def members(archive: Entry, max_bytes: int) -> Iterator[Entry]:
    """Members in order; where an archive cannot be read (further), one entry says so."""
    walk = _zip_members if archive.name.lower().endswith(_ZIP) else _tar_members
    try:
        yield from walk(archive, max_bytes)
    except (*_DAMAGED, EvidenceError) as error:
        reason = f"the archive cannot be read further: {error or type(error).__name__}"
        yield Entry(archive.name, archive.stamp, partial(refuse, reason))


def _zip_members(archive: Entry, max_bytes: int) -> Iterator[Entry]:
    opened, _ = _opened_zip(archive.open.func, archive.open.args, archive.stamp)
    for info in opened.infolist():
        if not info.is_dir():
            reading = partial(_open_zipped, archive.open, archive.stamp, info.header_offset)
            name, stamp = (
                f"{archive.name}::{info.filename}",
                f"{info.file_size}:{info.CRC}:{info.header_offset}",
            )
            yield Entry(name, stamp, _unless(_zip_refusal(info, max_bytes), reading))


def _zip_refusal(info: zipfile.ZipInfo, max_bytes: int) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "this member of the archive is a link or a device; these are not followed"
    if info.flag_bits & 1:
        return "this member of the archive is encrypted"
    return _size_refusal(info.file_size, max_bytes)


@lru_cache(maxsize=4)
def _opened_zip(
    opening: Callable[..., BinaryIO], arguments: tuple[Any, ...], stamp: str
) -> tuple[zipfile.ZipFile, dict[int, zipfile.ZipInfo]]:
    """One per process and state of an archive, because its directory is long; several threads may read it."""
    del stamp  # only distinguishes a changed archive from its earlier state
    archive = zipfile.ZipFile(opening(*arguments))
    return archive, {info.header_offset: info for info in archive.infolist()}


def _open_zipped(opening: Opening, stamp: str, offset: int) -> BinaryIO:
    """Open the member whose header is at `offset`, because a name may occur twice."""
    archive, directory = _opened_zip(opening.func, opening.args, stamp)
    try:
        return cast(BinaryIO, archive.open(directory[offset]))
    except _DAMAGED as error:
        return refuse(f"this member of the archive is damaged: {error}")


def _tar_members(archive: Entry, max_bytes: int) -> Iterator[Entry]:
    with archive.open() as file:
        head = file.read(8)
        file.seek(0)
        expand = next((expand for magic, expand in _DECOMPRESSORS.items() if head.startswith(magic)), None)
        stream = _Sober(expand(file) if expand else file)
        with tarfile.open(fileobj=stream, mode="r:") as tar:
            while (info := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # or it would keep them all
                if not info.isdir():
                    yield _tar_entry(archive, info, stream if expand else None, max_bytes)


def _tar_entry(archive: Entry, info: tarfile.TarInfo, stream: "_Sober | None", max_bytes: int) -> Entry:
    """A member to be read later from its place; in a compressed archive now, as there is no way back."""
    refusal = _tar_refusal(info, max_bytes)
    reading: Opening = partial(_open_slice, archive.open, info.offset_data, info.size)
    if stream is not None and not refusal:
        stream.seek(info.offset_data)
        reading = partial(_in_memory, stream.take_image(info.size))
    name = f"{archive.name}::{info.name}"
    return Entry(name, f"{info.size}:{info.mtime}:{info.offset_data}", _unless(refusal, reading))


def _tar_refusal(info: tarfile.TarInfo, max_bytes: int) -> str:
    if not info.isreg() or info.issparse():
        return "this member of the archive is a link, a device or a sparse file; these are not followed"
    return _size_refusal(info.size, max_bytes)


def _size_refusal(size: int, max_bytes: int) -> str:
    too_large = f"this member of the archive declares {size:,} bytes; at most {max_bytes:,} are read"
    return too_large if size > max_bytes else ""


def _unless(refusal: str, reading: Opening) -> Opening:
    return partial(refuse, refusal) if refusal else reading


def _in_memory(data: bytes) -> BinaryIO:
    return io.BytesIO(data)


def _open_slice(opening: Opening, start: int, size: int) -> BinaryIO:
    with opening() as file:
        file.seek(start)
        return io.BytesIO(file.read(size))


class _Sober(io.RawIOBase):
    """A stream that tarfile can only read forward, and that refuses headers of enormous size."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read part of a header."""
        if not 0 <= size <= _MOST_AT_ONCE:
            raise tarfile.ReadError(f"a header asks for {size:,} bytes")
        return self.stream.read(size)

    def take_image(self, size: int) -> bytes:
        """Read a member's content; only the start if it is not an image."""
        head = self.stream.read(min(size, HEAD))
        return head + self.stream.read(size - len(head)) if sniff(head) else head

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move forward; a header that leads backwards would be read for ever."""
        if whence == 0 and offset < self.stream.tell() - tarfile.BLOCKSIZE:
            raise tarfile.ReadError("a header leads back into what was read")
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        """Offset of the next byte."""
        return self.stream.tell()
