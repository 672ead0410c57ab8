"""How much a confined process may use: memory, time, files. It cannot lift these limits again.

Linux enforces all of them, macOS all but memory; `limit_resources` returns what is enforced.
"""

import os
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

_OPEN_FILES = 256


@dataclass(frozen=True)
class Confinement:
    """What a worker may use.

    Attributes:
        memory: bytes of address space.
        seconds: wall-clock time for one file; the limit of processor time is this × `cores`.
        cores: number of cores that its threads may keep busy.
        file_bytes: size of the largest file that it may write.
    """

    memory: int
    seconds: float
    cores: int = 1
    file_bytes: int = 1 << 30


def limit_resources(limits: Confinement) -> list[str]:
    """Limit this process for good; returns what is enforced."""
    if sys.platform == "win32":
        return []
    wanted = {
        "memory": (resource.RLIMIT_AS, limits.memory),
        "file size": (resource.RLIMIT_FSIZE, limits.file_bytes),
        "open files": (resource.RLIMIT_NOFILE, _OPEN_FILES),
        "core dumps": (resource.RLIMIT_CORE, 0),
    }
    held = ["time"]
    for name, (which, asked) in wanted.items():
        hard = resource.getrlimit(which)[1]
        most = asked if hard == resource.RLIM_INFINITY else min(asked, hard)
        try:
            resource.setrlimit(which, (most, most))
        except (OSError, ValueError):  # macOS cannot limit the address space
            continue
        held.append(name)
    return held


def top_up(limits: Confinement) -> None:
    """Grant the processor time for one more file; call it before each."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = used.ru_utime + used.ru_stime + limits.seconds * limits.cores
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(allowed) + 1, hard))


def resident_bytes() -> int:
    """Resident memory of this process in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - fast; read after every file
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
