"""What a confined worker does with a clip: examine its frames, and write their reports where wanted."""

from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.errors import MissingExtraError

if TYPE_CHECKING:
    from tamperlens.evidence import Evidence, Limits
    from tamperlens.examine import Finding
    from tamperlens.report import IndexEntry
    from tamperlens.video import Frame


def examine_clip_file(
    path: Path,
    shown: str,
    examine_one: "Callable[[Evidence], Finding]",
    limits: "Limits",
    count: int,
    out: Path | None,
) -> dict[str, Any]:
    """One clip's reply: `row`, and with `out` also its reports and its `entry` for the index.

    Args:
        path: the file.
        shown: its name as the caller gave it.
        examine_one: examination of one frame.
        limits: what a frame may declare.
        count: frames at most.
        out: folder for reports.

    Raises:
        MissingExtraError: nothing is installed that reads clips.
        EvidenceError: the clip cannot be read.
    """
    if find_spec("av") is None:
        raise MissingExtraError("av", "examining a clip", "video")
    from tamperlens.report import clip_to_json, write_clip_report, write_report  # noqa: PLC0415
    from tamperlens.video import examine_clip, read_clip  # noqa: PLC0415

    clip = read_clip(path, count, limits)
    stem = f"clip-{clip.sha256[:8]}"
    entries: dict[int, IndexEntry] = {}

    def keep(frame: "Frame", finding: "Finding") -> None:
        if out:
            name = f"{stem}-{frame.number:03d}"
            entries[frame.number] = write_report(finding, out, name, f"{shown}, {frame.time:.3f} s")

    found = examine_clip(clip, examine_one, limits, keep)
    reply: dict[str, Any] = {"row": clip_to_json(found, shown)}
    if out:
        reply["entry"] = asdict(write_clip_report(found, out, stem, shown, entries))
    return reply
