"""What a confined worker does here: examine a file, and draw its report where one is wanted."""

import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.confined import Confinement, Tell, Work, Worker, outbox, reraise_memory
from tamperlens.workers._clips import examine_clip_file

if TYPE_CHECKING:
    from tamperlens.evidence import Evidence, Limits
    from tamperlens.examine import Examiner, Finding

# Address space of an examination: what is loaded, and what each pixel takes at the worst moment
# (benchmarks/cost/scan.py measures both).
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
        systems: asked one by one; None for the fused examination. The folder of one that a TOML file
            describes may be read.
        threads: of the networks, 0 for all cores.
        strict: aim at 1 % of false alarms instead of 5 %.
        max_pixels: refuse images that declare more.
        budget: seconds and bytes that a fused examination plans for, see `examine.Budget`.
    """
    options = {"systems": systems, "threads": threads, "strict": strict, "max_pixels": max_pixels,
               "budget": budget}  # fmt: skip
    described = [Path(one).resolve().parent for one in systems or () if one.endswith(".toml")]
    return Worker("tamperlens.workers._examining:prepare", options, limits, readable=described)


def prepare(
    systems: list[str] | None,
    threads: int,
    strict: bool,
    max_pixels: int,
    confinement: str,
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
    work = _Examination(examiner, Limits(max_pixels=max_pixels, max_memory=planned.memory), confinement)
    return Work({"versions": dict(examiner.versions)}, work.answer)


class _Examination:
    """Answers with a file's JSON row; a file that cannot be examined is a row too."""

    def __init__(self, examiner: "Examiner", limits: "Limits", confinement: str) -> None:
        self.examiner, self.limits, self.confinement = examiner, limits, confinement

    def answer(self, message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
        """Answer, and say how many seconds that took."""
        started = time.perf_counter()
        return {**self._examine(message, data, tell), "seconds": time.perf_counter() - started}

    def _examine(self, message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
        """Examine the bytes that came with the message, or the clip at `path` in the inbox.

        The message holds `file`, the name as the caller gave it; `name`, its last part; for a clip also
        `frames`, how many are examined at most; and for reports the arguments of `_draw`. The reply holds
        `row`, and with a report its `entry` for the index; `refused` where the report cannot be drawn. Files
        of the report are told as soon as they are whole.
        """
        from tamperlens.errors import EvidenceError, MissingExtraError  # noqa: PLC0415
        from tamperlens.evidence import load_evidence  # noqa: PLC0415
        from tamperlens.report import error_to_json, finding_to_json  # noqa: PLC0415

        file, asked, report = message["file"], message.get("examine", {}), message.get("report")

        def examine(evidence: "Evidence") -> "Finding":
            return with_walls(self.examiner.examine(evidence, **asked), self.confinement)

        try:
            if "path" in message:
                clip = Path(message["path"]), file, message["name"]
                return examine_clip_file(
                    clip, examine, self.limits, message["frames"], tell if report else None
                )
            finding = examine(load_evidence(data, self.limits, message["name"]))
        except (EvidenceError, MissingExtraError) as error:
            reraise_memory(error)
            return {"row": error_to_json(file, error), "failure": type(error).__name__}
        if report is None:
            return {"row": finding_to_json(finding, file)}
        try:
            mask, entry = _draw(finding, file, tell, **report)
        except OSError as error:
            return {"refused": f"no report can be drawn: {error.strerror or error}"}
        return {"row": finding_to_json(finding, file, mask), "entry": entry}


def with_walls(finding: "Finding", confinement: str) -> "Finding":
    """The finding with what confined its examination among its versions."""
    return finding.saying(versions={**finding.versions, "confinement": confinement})


def tell_files(folder: Path, tell: Tell) -> None:
    """Let the parent take what lies in the folder."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            tell({"file": path.name})


def _draw(
    finding: "Finding",
    file: str,
    tell: Tell,
    folder: str,
    taken: Sequence[str] = (),
    stem: str = "",
    paper: dict[str, Any] | None = None,
) -> tuple[Path | None, dict[str, Any]]:
    """Draw mask and report under names that are not `taken`; `folder` is where the parent puts them."""
    import msgspec  # noqa: PLC0415

    from tamperlens.report import Paper, file_stem, write_mask, write_pdf, write_report  # noqa: PLC0415

    out, stem = outbox(), stem or file_stem(finding.evidence)
    stem = next(name for number in count() if (name := f"{stem}-{number}" if number else stem) not in taken)
    mask = write_mask(finding, out, stem)
    entry = write_report(finding, out, stem, file)
    if paper is not None:
        write_pdf(finding, out, stem, file, paper=msgspec.convert(paper, Paper))
    tell_files(out, tell)
    return Path(folder) / mask.name if mask else None, asdict(entry)
