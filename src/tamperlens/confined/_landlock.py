"""Which files a confined process may touch: Landlock (Linux 5.13), inherited by all later threads."""

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from tamperlens.confined._kernel import system_call

_READ_FILE, _READ_DIRECTORY, _WRITE_FILE, _IOCTL = 1 << 2, 1 << 3, 1 << 1, 1 << 15
# In its own folder: write, list, remove, make files and folders, move between folders, truncate. No links,
# pipes, sockets or devices.
_WRITE = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 13 | 1 << 14
_OF_FILES = _READ_FILE | _WRITE_FILE | 1 << 14 | _IOCTL
# How many file rights each ABI knows; later ABIs as the last one here.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_VERSION_FLAG = 1
_TCP = 0b11  # bind and connect, from ABI 4 on
_SCOPES = 0b11  # abstract sockets and signals to processes outside, from ABI 6 on


def abi() -> int:
    """Version of Landlock's ABI in this kernel; 0 for none."""
    return max(0, system_call("landlock_create_ruleset", None, 0, _VERSION_FLAG))


def restrict(readable: Iterable[Path], folder: Path, devices: Iterable[Path] = ()) -> bool:
    """Restrict this thread, and all it starts, to reading these paths and writing in one folder.

    Returns whether the restriction holds.

    Args:
        readable: files and folders; those that do not exist are left out.
        folder: may be written in; no file in it can be run.
        devices: files and folders that an accelerator's driver opens, reads, writes and controls.
    """
    version = abi()
    if version == 0:
        return False
    known = (1 << _RIGHTS.get(version, _RIGHTS[max(_RIGHTS)])) - 1
    ruleset = _make_ruleset(version, known)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, _READ_FILE | _READ_DIRECTORY)
        for path in devices:
            _allow(ruleset, path, (_READ_FILE | _READ_DIRECTORY | _WRITE_FILE | _IOCTL) & known)
        _allow(ruleset, folder, (_READ_FILE | _WRITE) & known)
        return system_call("landlock_restrict_self", ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _make_ruleset(version: int, known: int) -> int:
    scoped = struct.pack("QQ", _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    return system_call("landlock_create_ruleset", (struct.pack("Q", known) + scoped)[:size], size, 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        system_call("landlock_add_rule", ruleset, 1, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
