"""Peak memory and processor time of a command with all that it starts, confined processes too.

A confined process is ended by the kernel together with its namespace, so nobody waits for it and the parent's
resource usage does not count it. So the tree is watched while it runs.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = 100  # clock ticks a second, what Linux reports on every usual machine
_PAUSE = 0.02


@dataclass(frozen=True)
class Usage:
    """What a command took.

    Attributes:
        peak: of its largest process, MiB, by the kernel's high-water mark.
        processor: seconds of all processes, as last seen of each.
        wall: seconds.
    """

    peak: float
    processor: float
    wall: float


def run_watched(command: list[str]) -> Usage:
    """Run a command to its end, its output thrown away.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    started = time.perf_counter()
    peaks: dict[int, int] = {}
    times: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for pid in _tree(process.pid):
                _note(pid, peaks, times)
            time.sleep(_PAUSE)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Usage(max(peaks.values()) / 1024, sum(times.values()), time.perf_counter() - started)


def _tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _note(pid: int, peaks: dict[int, int], times: dict[int, float]) -> None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            peaks[pid] = max(peaks.get(pid, 0), int(line.split()[1]))
    fields = _stat(pid)
    if fields:
        times[pid] = (int(fields[11]) + int(fields[12])) / _TICKS


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat behind the name, the state first; empty when the process is gone."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return []


if __name__ == "__main__":
    usage = run_watched(sys.argv[1:])
    print(usage.peak, usage.processor, usage.wall)
