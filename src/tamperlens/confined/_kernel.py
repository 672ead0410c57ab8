"""The few Linux system calls that Python has no function for."""

import ctypes
import platform
import sys

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
# Name → number on x86_64 and on aarch64; the later ones are the same everywhere.
_NUMBERS = {
    "capset": (126, 91), "unshare": (272, 97), "seccomp": (317, 277), "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
}  # fmt: skip


def prctl(option: int, value: int) -> bool:
    """Change a property of this process; returns whether the kernel did it."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def system_call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Call the kernel; -1 if it refuses, or if the numbers of this machine are not known here."""
    if sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"}:
        return -1
    number = _NUMBERS[name][platform.machine() == "aarch64"]
    plain = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *plain))


def last_error() -> int:
    """The number of the error (errno) with which the kernel refused."""
    return ctypes.get_errno()


def hide_memory() -> None:
    """Hide this process's memory and environment from others of the same account, and disable core dumps.

    Every process that starts confined ones needs this: a compromised one runs under the same account.
    """
    prctl(PR_SET_DUMPABLE, 0)
