"""Peak memory of this process, if the system reports it."""

import sys
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mb() -> float:
    """Peak memory so far in 10⁶ bytes; 0 if the system does not report it.

    Linux reports it for this program alone; macOS, which counts bytes, includes the program that started it.
    """
    if _STATUS.exists():
        line = next(
            line for line in _STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
        )
        return int(line.split()[1]) * 1024 / 1e6
    if sys.platform == "win32":
        return 0.0
    import resource  # noqa: PLC0415 - Windows has no such module

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def reset_peak() -> None:
    """Restart the peak from what is held now; unchanged if the system cannot do that."""
    try:
        _RESET.write_text("5", encoding="ascii")
    except OSError:
        return
