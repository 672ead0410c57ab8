"""The part of `examine` that a clip needs instead of a photograph."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.cli.shared import need

if TYPE_CHECKING:
    from tamperlens.evidence import Evidence, Limits
    from tamperlens.examine import Finding
    from tamperlens.report import IndexEntry
    from tamperlens.video import Frame


def examine_clip_file(
    file: Path,
    shown: str,
    examine_one: "Callable[[Evidence], Finding]",
    limits: "Limits",
    count: int,
    out: Path | None,
) -> "tuple[dict[str, Any], IndexEntry | None]":
    """One clip's JSON object; with `out` also its reports, and its entry for the index."""
    need("av", "examine CLIP", "video")
    from tamperlens.report import clip_to_json, write_clip_report, write_report
    from tamperlens.video import examine_clip, read_clip

    clip = read_clip(file, count, limits)
    stem = f"clip-{clip.sha256[:8]}"
    entries: dict[int, IndexEntry] = {}

    def keep(frame: "Frame", finding: "Finding") -> None:
        if out:
            name = f"{stem}-{frame.number:03d}"
            entries[frame.number] = write_report(finding, out, name, f"{shown}, {frame.time:.3f} s")

    found = examine_clip(clip, examine_one, limits, keep)
    entry = write_clip_report(found, out, stem, shown, entries) if out else None
    return clip_to_json(found, shown), entry
