"""A process confines itself before it loads anything heavy, and reports which walls stand."""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tamperlens.confined import _landlock as landlock
from tamperlens.confined._kernel import PR_SET_NO_NEW_PRIVS, prctl, system_call
from tamperlens.confined._limits import Confinement, limit_resources
from tamperlens.confined._system_calls import filter_code, known_machine

# What Python, its libraries and ONNX Runtime read outside their own folders.
_READ = (
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/usr/share/fonts", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
    "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", "/dev/null", "/dev/zero",
    "/dev/urandom",
)  # fmt: skip
_DEVICES = ("/dev", "/proc", "/sys")
_SECCOMP_SET_MODE_FILTER, _TSYNC = 1, 1
_CAPABILITIES_VERSION, _READ_ANY = 0x20080522, 1 << 2  # CAP_DAC_READ_SEARCH


@dataclass(frozen=True)
class Cell:
    """What confines a process.

    Attributes:
        held: name of a wall → how it is enforced.
        missing: name of a wall → why it is not enforced.
    """

    held: dict[str, str]
    missing: dict[str, str]

    def __str__(self) -> str:
        """One line for the versions in a finding; always the same for one account on one machine."""
        said = [f"{name} ({how})" if how else name for name, how in self.held.items()]
        said += [f"NOT {name} ({why})" for name, why in self.missing.items()]
        return "; ".join(said)


def wall_in(
    limits: Confinement, folder: Path, readable: Sequence[Path], spaces: Sequence[str], device: bool = False
) -> Cell:
    """Confine this process for good; it must not have threads yet.

    Args:
        limits: memory, time and file size.
        folder: the only folder that it may write in.
        readable: files and folders that may be read besides what Python needs.
        spaces: namespaces that it already has to itself.
        device: whether networks run on an accelerator, whose driver needs more rights.
    """
    walls: dict[str, tuple[bool, str, str]] = {}
    linux = sys.platform == "linux"
    no_new = prctl(PR_SET_NO_NEW_PRIVS, 1)
    known = [*readable, *(Path(one) for one in _READ), *_python_folders()]
    devices = [Path(one) for one in _DEVICES] if device else []
    walled = linux and landlock.restrict(known, folder, devices)
    walls["files"] = walled, f"Landlock ABI {landlock.abi()}", _why("Landlock (Linux 5.13 or later)")
    dropped = linux and _drop_capabilities(keep_reading=walled)
    walls["privileges"] = no_new and dropped, "", _why("way to drop them")
    resources = limit_resources(limits)
    filtered = linux and _filter_calls(bool(spaces), device)
    kind = "seccomp, the worst refused for a device" if device else "seccomp, a list of those allowed"
    walls["system calls"] = filtered, kind, _why(f"filter for {platform.machine()}")
    walls["network"] = walls["programs"] = filtered, "", walls["system calls"][2]
    apart = bool(spaces)
    walls["processes"] = apart, f"namespaces {', '.join(spaces)}", _why("namespaces for this account")
    walls |= {name: (name in resources, "", _why("such limit")) for name in ("memory", "time", "file size")}
    walls |= {name: (True, "", "") for name in resources if name not in walls}
    return Cell(
        {name: how for name, (stands, how, _) in walls.items() if stands},
        {name: why for name, (stands, _, why) in walls.items() if not stands},
    )


def _why(lacking: str) -> str:
    return f"{platform.system()} has no {lacking} here"


def _python_folders() -> list[Path]:
    """Folders of code; never the root folder."""
    places = {Path(place).absolute() for place in (*sys.path, sys.prefix, sys.base_prefix) if place}
    return sorted(place for place in places if place != Path(place.anchor))


def _drop_capabilities(keep_reading: bool) -> bool:
    """Give up all of root's privileges, except reading what Landlock allows regardless of its owner."""
    header = struct.pack("Ii", _CAPABILITIES_VERSION, 0)
    kept = _READ_ANY if keep_reading else 0
    for one in (kept, 0):  # an ordinary account has nothing to keep
        if system_call("capset", header, struct.pack("6I", one, one, 0, 0, 0, 0)) == 0:
            return True
    return False


def _filter_calls(alone: bool, device: bool) -> bool:
    """Install a seccomp filter of system calls; returns whether the kernel accepted it."""
    if not known_machine():
        return False
    code = filter_code(os.getpid(), alone, device)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    return system_call("seccomp", _SECCOMP_SET_MODE_FILTER, _TSYNC, program) == 0
