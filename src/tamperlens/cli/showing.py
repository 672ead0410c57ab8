"""What is shown while files are examined: a line for each, the progress, the remaining time."""

import time
from pathlib import PurePath
from types import TracebackType
from typing import Any

from tamperlens.text import escaped


class Showing:
    """Lines and progress on standard error, silent if that is not a terminal; a context manager.

    Args:
        quiet: leave out the lines.
    """

    def __init__(self, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        console = Console(stderr=True)
        self.quiet, self.total, self.count, self.shown = quiet, 0, 0, False
        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(20),
            MofNCompleteColumn(), Remaining(), console=console, transient=True,
            disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("starting", total=None)

    def __enter__(self) -> "Showing":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        """Set how many files there are."""
        self.total, self._since = total, time.monotonic()
        self.shown = total > 1 and not self.quiet and not self._bar.disable
        self._bar.update(self._task, total=total)

    def next(self, file: str) -> None:
        """Show which file is being examined."""
        self._bar.update(self._task, description=_short(file))

    def done(self, row: dict[str, Any]) -> None:
        """Count a file; if there are several, print what was found in it."""
        self.count += 1
        self._bar.update(self._task, advance=1)
        if self.shown:
            from tamperlens.report import print_line

            print_line(row, self._bar.console, f"[{self.count}/{self.total}]")


def _short(file: str) -> str:
    name = escaped(PurePath(file).name, 60)
    return name or "examining"
