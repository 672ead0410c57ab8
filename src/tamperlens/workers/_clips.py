"""What a confined worker does with a clip: examine its frames, and write their reports where wanted."""

from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.confined import Tell, outbox
from tamperlens.errors import MissingExtraError

if TYPE_CHECKING:
    from tamperlens.evidence import Evidence, Limits
    from tamperlens.examine import Finding
    from tamperlens.report import IndexEntry
    from tamperlens.video import Frame


def examine_clip_file(
    clip_file: tuple[Path, str, str],
    examine_one: "Callable[[Evidence], Finding]",
    limits: "Limits",
    count: int,
    tell: Tell | None,
) -> dict[str, Any]:
    """One clip's reply: `row`, and where files are told also its `entry` for the index.

    Args:
        clip_file: where it lies, its path as the caller gave it, and its name.
        examine_one: examination of one frame.
        limits: what a frame may declare.
        count: frames at most.
        tell: hears of each file of the report; None for no report.

    Raises:
        MissingExtraError: nothing is installed that reads clips.
        EvidenceError: the clip cannot be read.
    """
    if find_spec("av") is None:
        raise MissingExtraError("av", "examining a clip", "video")
    from tamperlens.report import clip_to_json, write_clip_report, write_report  # noqa: PLC0415
    from tamperlens.video import examine_clip, read_clip  # noqa: PLC0415

    path, shown, name = clip_file
    clip = replace(read_clip(path, count, limits), name=name)
    out, stem = outbox(), f"clip-{clip.sha256[:8]}"
    entries: dict[int, IndexEntry] = {}

    def keep(frame: "Frame", finding: "Finding") -> None:
        if tell:
            at = f"{stem}-{frame.number:03d}"
            entries[frame.number] = write_report(finding, out, at, f"{shown}, {frame.time:.3f} s")
            tell({"file": f"{at}.html"})

    found = examine_clip(clip, examine_one, limits, keep)
    reply: dict[str, Any] = {"row": clip_to_json(found, shown)}
    if tell:
        reply["entry"] = asdict(write_clip_report(found, out, stem, shown, entries))
        tell({"file": f"{stem}.html"})
    return reply
