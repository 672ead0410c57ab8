"""Which system calls a confined process may make, and the kernel's filter that refuses all others.

A filter is classic BPF (seccomp_filter(2) of Linux 3.17): a few comparisons of the call's number and of the
low half of an argument. It allows calls that only read the process's own state, compute, wait, or work
on files that Landlock allows. It refuses calls that make a process, a socket or a key, that reach another
process, or that change a file the process may only read.
"""

import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

_ALLOW, _END = 0x7FFF0000, 0x80000000
_ERROR = 0x00050000
_EACCES, _ENOSYS = 13, 38
# From here on, both machines share the numbers. Libraries try newer calls and fall back if they are missing.
_SHARED_FROM = 424
_THREAD = 0x00010000  # CLONE_THREAD: a thread of this process, not a new process
_NEW_SPACES = 0x7E020080  # every CLONE_NEW…
_TRUNCATE, _WRITE, _BOTH = 0o1000, 1, 2

# Machine → its audit number.
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


@dataclass(frozen=True)
class Rule:
    """When a call is allowed.

    Attributes:
        argument: position of the argument, from 0.
        mask: which bits of its low half are compared.
        values: allowed values of these bits.
    """

    argument: int
    mask: int
    values: tuple[int, ...]


# Name → number on x86_64 and on aarch64, None where the machine lacks it.
_CALLS: dict[str, tuple[int | None, int | None]] = {
    # open files
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286),
    "pwritev2": (328, 287), "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "dup": (32, 23),
    "dup2": (33, None), "dup3": (292, 24), "fstat": (5, 80), "ftruncate": (77, 46), "fallocate": (285, 47),
    "fsync": (74, 82), "fdatasync": (75, 83), "fadvise64": (221, 223), "copy_file_range": (326, 285),
    "sendfile": (40, 71), "flock": (73, 32), "fstatfs": (138, 44), "fcntl": (72, 25), "ioctl": (16, 29),
    # names of files: Landlock decides
    "openat": (257, 56), "stat": (4, None), "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291),
    "statfs": (137, 43), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "getdents": (78, None),
    "getdents64": (217, 61), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "umask": (95, 166),
    # waiting
    "pipe": (22, None), "pipe2": (293, 59), "poll": (7, None), "ppoll": (271, 73), "select": (23, None),
    "pselect6": (270, 72), "epoll_create": (213, None), "epoll_create1": (291, 20), "epoll_ctl": (233, 21),
    "epoll_wait": (232, None), "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441), "eventfd2": (290, 19),
    "timerfd_create": (283, 85), "timerfd_settime": (286, 86), "timerfd_gettime": (287, 87),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None), "alarm": (37, None),
    "setitimer": (38, 103), "getitimer": (36, 102), "restart_syscall": (219, 128),
    # memory
    "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233),
    "msync": (26, 227), "mincore": (27, 232), "brk": (12, 214), "mlock": (149, 228), "munlock": (150, 229),
    "membarrier": (324, 283), "memfd_create": (319, 279), "get_mempolicy": (239, 236),
    "set_mempolicy": (238, 237), "mbind": (237, 235),
    # threads
    "futex": (202, 98), "clone": (56, 220), "set_robust_list": (273, 99), "get_robust_list": (274, 100),
    "set_tid_address": (218, 96), "rseq": (334, 293), "exit": (60, 93), "exit_group": (231, 94),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_setaffinity": (203, 122),
    "sched_getparam": (143, 121), "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126), "getpriority": (140, 141), "arch_prctl": (158, None),
    "prctl": (157, 167), "getcpu": (309, 168),
    # signals
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132), "tgkill": (234, 131),
    # what and where this process is
    "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156), "getresuid": (118, 148),
    "getresgid": (120, 150), "capget": (125, 90), "uname": (63, 160), "sysinfo": (99, 179),
    "getrusage": (98, 165), "times": (100, 153), "getrlimit": (97, 163), "setrlimit": (160, 164),
    "prlimit64": (302, 261), "getrandom": (318, 278), "wait4": (61, 260), "waitid": (247, 95),
}  # fmt: skip
# The driver of an accelerator needs calls of its own, so with one only the worst calls are refused.
_WORST: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "execve": (59, 221),
    "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129), "tkill": (200, 130),
    "bpf": (321, 280), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "unshare": (272, 97),
    "setns": (308, 268), "keyctl": (250, 219), "add_key": (248, 217), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "pidfd_send_signal": (424, 424), "io_uring_setup": (425, 425),
    "pidfd_open": (434, 434), "clone3": (435, 435), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
}  # fmt: skip


def known_machine() -> bool:
    """Whether there is a filter for this machine; only for 64-bit Python."""
    return platform.machine() in _AUDIT and struct.calcsize("P") == 8


def filter_code(process: int, alone: bool = False, device: bool = False, machine: str = "") -> bytes:
    """The filter's instructions, eight bytes each.

    Args:
        process: number of the process to filter, which may signal itself.
        alone: whether it has its own PID namespace, so that it cannot address other processes.
        device: whether networks run on an accelerator; then a few calls are refused, instead of only a few
            allowed.
        machine: name from `platform.machine`; by default this machine.
    """
    machine = machine or platform.machine()
    column = list(_AUDIT).index(machine)
    lines = [(0x20, 0, 0, 4), (0x15, 1, 0, _AUDIT[machine]), (0x06, 0, 0, _END), (0x20, 0, 0, 0)]
    rules = _rules(process, alone)
    if device:
        for number in _numbers(_WORST, column):
            lines += _answered(number, [_answer(_ERROR | (_ENOSYS if number == 435 else _EACCES))])
        lines += _answered(_numbers({"clone": _CALLS["clone"]}, column)[0], _checked(rules["clone"]))
        lines.append(_answer(_ALLOW))
    else:
        for name in (one for one, numbers in _CALLS.items() if numbers[column] is not None):
            then = _checked(rules[name]) if name in rules else [_answer(_ALLOW)]
            lines += _answered(_numbers({name: _CALLS[name]}, column)[0], then)
        lines += [(0x35, 0, 1, _SHARED_FROM), _answer(_ERROR | _ENOSYS), _answer(_ERROR | _EACCES)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


_Line = tuple[int, int, int, int]


def _rules(process: int, alone: bool) -> Mapping[str, Rule]:
    """Rules for calls whose arguments matter."""
    # Binding a thread to cores takes the thread's number, which could be that of another process's thread.
    bound = {} if alone else {"sched_setaffinity": Rule(0, 0xFFFFFFFF, (0,))}
    return bound | {
        "clone": Rule(0, _THREAD | _NEW_SPACES, (_THREAD,)),
        "tgkill": Rule(0, 0xFFFFFFFF, (process,)),
        "prlimit64": Rule(0, 0xFFFFFFFF, (0,)),
        # Opening to read and truncate is writing, which Landlock only notices from ABI 3 on.
        "openat": Rule(2, _TRUNCATE | 3, (0, _WRITE, _BOTH, 3, _TRUNCATE | _WRITE, _TRUNCATE | _BOTH)),
        # Is it a terminal, its width, close on exec, blocking, how much can be read.
        "ioctl": Rule(1, 0xFFFFFFFF, (0x5401, 0x5450, 0x5451, 0x5421, 0x541B, 0x5413)),
        # Copies, flags, locks, seals, sizes of pipes; not the owner that gets signals.
        "fcntl": Rule(1, 0xFFFFFFFF, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032, 1033, 1034)),
        # PR_GET_DUMPABLE, names of threads, reading capabilities, names of memory.
        "prctl": Rule(0, 0xFFFFFFFF, (3, 15, 16, 23, 39, 0x53564D41)),
    }


def _numbers(calls: Mapping[str, tuple[int | None, int | None]], column: int) -> list[int]:
    return [number for pair in calls.values() if (number := pair[column]) is not None]


def _answer(value: int) -> _Line:
    return 0x06, 0, 0, value


def _answered(number: int, then: list[_Line]) -> list[_Line]:
    """Instructions for one call; every path through `then` ends with an answer."""
    return [(0x15, 0, len(then), number), *then]


def _checked(rule: Rule) -> list[_Line]:
    lines: list[_Line] = [(0x20, 0, 0, 16 + 8 * rule.argument), (0x54, 0, 0, rule.mask)]
    for value in rule.values:
        lines += [(0x15, 0, 1, value), _answer(_ALLOW)]
    return [*lines, _answer(_ERROR | _EACCES)]
