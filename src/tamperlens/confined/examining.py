"""What a confined worker does here: examine a file, and write its report where one is wanted."""

import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.confined.clips import examine_clip_file
from tamperlens.confined.limits import Confinement
from tamperlens.confined.process import Worker
from tamperlens.confined.worker import Tell, Work, reraise_memory

if TYPE_CHECKING:
    from tamperlens.evidence import Evidence, Limits
    from tamperlens.examine import Examiner, Finding

# Address space of an examination: what is loaded, and what each pixel takes at the worst moment
# (benchmarks/scan.py measures both).
_BASE_MEMORY = 2 << 30
_MEMORY_PER_PIXEL = 64
# A stop for what would run for ever; 100 megapixels take minutes.
_MOST_SECONDS = 3600.0


def memory_for(max_pixels: int) -> int:
    """Bytes of address space in which an image of that many pixels can be examined."""
    return _BASE_MEMORY + _MEMORY_PER_PIXEL * max_pixels


def confinement_for(max_pixels: int, threads: int = 0) -> Confinement:
    """What a process may use that examines images of up to so many pixels; 0 threads are one a core."""
    return Confinement(memory_for(max_pixels), _MOST_SECONDS, threads or os.cpu_count() or 1)


def examining_worker(
    limits: Confinement,
    systems: Sequence[str] | None = None,
    threads: int = 1,
    strict: bool = False,
    max_pixels: int = 100_000_000,
    budget: tuple[float | None, int | None] = (None, None),
) -> Worker:
    """A worker that examines; its `about` holds the versions of everything that a finding depends on.

    Args:
        limits: what it may use.
        systems: asked one by one; None for the fused examination.
        threads: of the networks, 0 for all cores.
        strict: aim at 1 % of false alarms instead of 5 %.
        max_pixels: refuse images that declare more.
        budget: seconds and bytes that a fused examination plans for, see `examine.Budget`.
    """
    options = {"systems": systems, "threads": threads, "strict": strict, "max_pixels": max_pixels,
               "budget": budget}  # fmt: skip
    return Worker("tamperlens.confined.examining:prepare", options, limits)


def prepare(
    systems: list[str] | None,
    threads: int,
    strict: bool,
    max_pixels: int,
    budget: tuple[float | None, int | None] = (None, None),
) -> Work:
    """Load systems, in the worker; everything heavy is imported here."""
    import cv2  # noqa: PLC0415

    from tamperlens.evidence import Limits  # noqa: PLC0415
    from tamperlens.examine import Budget, Examiner  # noqa: PLC0415

    if threads:
        cv2.setNumThreads(threads)
    planned = Budget(*budget)
    examiner = Examiner(systems, threads, strict, budget=planned)
    work = _Examination(examiner, Limits(max_pixels=max_pixels, max_memory=planned.memory))
    return Work({"versions": dict(examiner.versions)}, work.answer)


class _Examination:
    """Answers with a file's JSON row; a file that cannot be examined is a row too."""

    def __init__(self, examiner: "Examiner", limits: "Limits") -> None:
        self.examiner, self.limits = examiner, limits

    def answer(self, message: dict[str, Any], data: bytes, _tell: Tell) -> dict[str, Any]:
        """Answer, and say how many seconds that took."""
        started = time.perf_counter()
        return {**self._examine(message, data), "seconds": time.perf_counter() - started}

    def _examine(self, message: dict[str, Any], data: bytes) -> dict[str, Any]:
        """Examine the file at `path`, or the bytes that came with the message.

        The message holds `file`, the name as the caller gave it; of a path also `path`, otherwise `name`;
        `frames`, where clips are examined too, how many of each at most; and for reports the arguments of
        `_write`. The reply holds `row`, and with a report its `entry` for the index; `refused` where the
        report cannot be written.
        """
        from tamperlens.errors import EvidenceError, MissingExtraError  # noqa: PLC0415
        from tamperlens.evidence import load_evidence  # noqa: PLC0415
        from tamperlens.report import error_to_json, finding_to_json  # noqa: PLC0415
        from tamperlens.video import clip_format  # noqa: PLC0415

        file, asked = message["file"], message.get("examine", {})

        def examine(evidence: "Evidence") -> "Finding":
            return self.examiner.examine(evidence, **asked)

        source = Path(message["path"]) if "path" in message else data
        try:
            if "frames" in message and isinstance(source, Path) and clip_format(source):
                out = Path(message["report"]["folder"]) if "report" in message else None
                return examine_clip_file(source, file, examine, self.limits, message["frames"], out)
            finding = examine(load_evidence(source, self.limits, message.get("name", "")))
        except (EvidenceError, MissingExtraError) as error:
            reraise_memory(error)
            return {"row": error_to_json(file, error), "failure": type(error).__name__}
        if "report" not in message:
            return {"row": finding_to_json(finding, file)}
        try:
            mask, entry = _write(finding, file, **message["report"])
        except OSError as error:
            where = error.filename or message["report"]["folder"]
            return {"refused": f"{where} cannot be used: {error.strerror or error}"}
        return {"row": finding_to_json(finding, file, mask), "entry": entry}


def _write(
    finding: "Finding", file: str, folder: str, stem: str = "", since: int = 0, pdf: bool = False
) -> tuple[Path | None, dict[str, Any]]:
    """Write mask and report into a folder; a report that is not older than `since` is another file's."""
    from tamperlens.report import file_stem, write_mask, write_pdf, write_report  # noqa: PLC0415

    out = Path(folder)
    stem = stem or _free(out, file_stem(finding.evidence), since)
    mask = write_mask(finding, out, stem)
    entry = write_report(finding, out, stem, file)
    if pdf:
        write_pdf(finding, out, stem, file)
    return mask, asdict(entry)


def _free(folder: Path, stem: str, since: int) -> str:
    """A stem of its own for the same bytes under another path, or for another name that reads alike."""

    def is_taken(name: str) -> bool:
        path = folder / f"{name}.html"
        return path.exists() and path.stat().st_mtime_ns >= since

    return next(name for number in count() if not is_taken(name := f"{stem}-{number}" if number else stem))
