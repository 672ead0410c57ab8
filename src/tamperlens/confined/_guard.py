"""A guard between a parent and its confined process, which ends the process when the parent ends.

It creates namespaces for the process, and ends in the same way as the process, so that the parent can say
how. The first process of the new PID namespace only waits for the guard to end: the kernel then kills every
process in that namespace, whatever it did to survive.
"""

import os
import select
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from tamperlens.confined._kernel import PR_SET_PDEATHSIG, hide_memory, prctl, system_call

if sys.platform != "win32":
    import resource

_NEW_USER, _NEW_PID, _NEW_NET, _NEW_IPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000
_PATIENCE_MILLISECONDS = 3000


def go_apart(parent: int, scratch: Path) -> tuple[str, ...]:
    """Continue in a new process, in as many new namespaces as this account may have; returns their names.

    Only the new process returns. Call this before any thread is started.

    Args:
        parent: number of the process; everything ends when it ends.
        scratch: folder to remove if the parent ends first.
    """
    if sys.platform != "linux":
        return ()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    spaces = _unshare()
    hide_memory()
    leash = _start_first_process() if spaces else None
    alive, kept = os.pipe()
    guard, process = os.getpid(), os.fork()
    if process == 0:
        os.close(alive)
        if leash is not None:
            os.close(leash)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if not spaces and os.getppid() != guard:
            os._exit(1)
        os.set_inheritable(kept, False)  # it stays open until the process ends
        return spaces
    os.close(kept)
    _watch(process, alive, parent)
    if os.getppid() != parent:
        shutil.rmtree(scratch, ignore_errors=True)
    _end_as(process)
    raise AssertionError  # never reached: the guard ends


def _unshare() -> tuple[str, ...]:
    """Enter new namespaces; as root without a user namespace, so that files keep their owners."""
    user, group, spaces = os.geteuid(), os.getegid(), _NEW_PID | _NEW_NET | _NEW_IPC
    if system_call("unshare", spaces) == 0:
        return "pid", "net", "ipc"
    if system_call("unshare", _NEW_USER | spaces) != 0:
        return ()
    with suppress(OSError):  # it also works without the mapping
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return "user", "pid", "net", "ipc"


def _start_first_process() -> int:
    """The first process of the namespace, which ends when the returned end of a pipe is closed."""
    held, leash = os.pipe()
    if os.fork() == 0:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(held, 0)
        os.closerange(1, 1024)
        with suppress(OSError):
            os.read(0, 1)
        os._exit(0)
    os.close(held)
    return leash


def _watch(process: int, alive: int, parent: int) -> None:
    """Wait until the process has ended; kill it if the parent ends."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)  # so that the replies end for the parent when the process ends
    watched = select.poll()
    watched.register(alive, select.POLLHUP)
    watched.register(0, 0)
    while os.getppid() == parent:
        gone = {place for place, _ in watched.poll(1000)}
        if alive in gone:
            return
        if 0 in gone:  # there will be no more requests
            break
    last = select.poll()
    last.register(alive, select.POLLHUP)
    if not last.poll(_PATIENCE_MILLISECONDS):
        os.kill(process, signal.SIGKILL)


def _end_as(process: int) -> None:
    """Kill the process if it is still running, and end in the same way as it did."""
    ended, status = _reaped(process)
    if ended == 0:  # it closed its end of the pipe, or its parent is gone
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with suppress(OSError, ValueError):  # SIGKILL has no handler
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 128 - code)


def _reaped(process: int) -> tuple[int, int]:
    """PID and status of the process, 0 and 0 if it runs on; its files close a moment before it has ended."""
    for _ in range(100):
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return ended, status
        time.sleep(0.01)
    return 0, 0
