"""A process puts itself under limits that it cannot lift again, before it reads anything untrusted.

Linux enforces all of them. Elsewhere memory, network and programs may stay open; `confine` returns what
holds.
"""

import ctypes
import os
import platform
import struct
import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC = 1, 1
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES
_X32 = 0x40000000
_OPEN_FILES = 256
# Machine → its audit number, number of seccomp(2), and system calls that an examination never needs: sockets,
# io_uring (which opens sockets of its own), other programs, other processes.
_CALLS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    # socket, io_uring_setup, execve, execveat, ptrace, process_vm_readv, process_vm_writev, kill, bpf
    "x86_64": (0xC000003E, 317, (41, 425, 59, 322, 101, 310, 311, 62, 321)),
    "aarch64": (0xC00000B7, 277, (198, 425, 221, 281, 117, 270, 271, 129, 280)),
}


@dataclass(frozen=True)
class Confinement:
    """What a worker may use.

    Attributes:
        memory: bytes of address space.
        seconds: for one file, of the clock; and of processor time, times the cores it may use.
        cores: that its threads may keep busy.
        file_bytes: size of the largest file that it may write.
    """

    memory: int
    seconds: float
    cores: int = 1
    file_bytes: int = 1 << 30


def confine(limits: Confinement) -> list[str]:
    """Put this process, all its threads included, under limits; returns what is enforced."""
    held = _limit_resources(limits) if sys.platform != "win32" else []
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and _filter_calls(libc):
            held += ["network", "programs"]
    return held


def top_up(limits: Confinement) -> None:
    """Grant the processor time of one more file; used before each."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = used.ru_utime + used.ru_stime + limits.seconds * limits.cores
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(allowed) + 1, hard))


def resident_bytes() -> int:
    """Memory that this process holds now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - read after every file
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _limit_resources(limits: Confinement) -> list[str]:
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
        except (OSError, ValueError):  # macOS limits no address space
            continue
        held.append(name)
    return held


def _filter_calls(libc: ctypes.CDLL) -> bool:
    """Refuse system calls by a seccomp filter (Linux 3.17); whether the kernel took it."""
    if platform.machine() not in _CALLS or struct.calcsize("P") != 8:
        return False
    audit, seccomp, calls = _CALLS[platform.machine()]
    code = _program(audit, calls)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    return bool(
        libc.syscall(seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, ctypes.c_char_p(program))
        == 0
    )


def _program(audit: int, calls: tuple[int, ...]) -> bytes:
    """Classic BPF: another machine's calls and those listed are refused, all others pass."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    refuse_at = 5 + len(calls)  # index of the last instruction
    lines = [(load, 0, 0, 4), (equal, 0, refuse_at - 2, audit), (load, 0, 0, 0)]
    for call in (_X32, *calls):
        kind = at_least if call == _X32 else equal
        lines.append((kind, refuse_at - len(lines) - 1, 0, call))
    lines += [(answer, 0, 0, _ALLOW), (answer, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
