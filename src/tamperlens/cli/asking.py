"""Files → rows: a confined worker examines each one; its mask and report join the results."""

import time
from typing import TYPE_CHECKING, Any

from tamperlens.cli.inputs import Input
from tamperlens.cli.results import Results
from tamperlens.cli.shared import complain
from tamperlens.errors import EvidenceError, TamperlensError

if TYPE_CHECKING:
    from tamperlens.confined import Worker


class Asking:
    """Lets a confined worker examine one file at a time, and adds each mask and report to the results."""

    def __init__(
        self, worker: "Worker", results: Results | None, asked: dict[str, Any], paper: dict[str, Any] | None
    ) -> None:
        self.worker, self.results, self.asked = worker, results, {**asked}
        self.frames = self.asked.pop("frames", 1)
        if results:
            self.asked["report"] = {"folder": str(results.folder), "since": time.time_ns(), "paper": paper}

    def about(self, one: Input) -> dict[str, Any]:
        """One file's JSON object: from the results if it is there, otherwise examined now."""
        shown = one.shown.encode("utf-8", "replace").decode()  # a path may contain bytes that are not text
        kept = self.results.kept(shown, one.path) if self.results else None
        if kept is not None:
            return kept
        reply = self._ask(one, shown)
        row: dict[str, Any] = reply["row"]
        if self.results:
            self.results.add(row, reply.get("entry"))
        if "error" in row:
            complain(f"{shown}: {row['error']}")
        return row

    def _ask(self, one: Input, shown: str) -> dict[str, Any]:
        from tamperlens.workers import ask_about

        out = self.results.folder if self.results else None
        try:
            if one.error:
                raise EvidenceError(one.error)
            reply = ask_about(self.worker, one.path, {"file": shown, **self.asked}, self.frames, out)
        except EvidenceError as error:  # it cannot be read, or the worker did not survive it
            from tamperlens.report import error_to_json

            return {"row": error_to_json(shown, error)}
        if "refused" in reply:
            raise TamperlensError(reply["refused"])
        return reply
