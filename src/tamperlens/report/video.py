"""A clip's finding as data, on one HTML page with its timeline, and on the terminal."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tamperlens import __version__
from tamperlens.examine import SCHEMA_VERSION
from tamperlens.report.clip_view import clip_view
from tamperlens.report.html import IndexEntry, render
from tamperlens.report.whole_file import write_whole
from tamperlens.video import ClipFinding, FrameFinding

# Dimensions of the plot in SVG units.
_WIDTH, _HEIGHT, _LEFT, _TOP, _PLOT = 960, 200, 36, 12, 150


def clip_to_json(finding: ClipFinding, file: str) -> dict[str, Any]:
    """A clip's finding as plain data.

    Args:
        finding: what to describe.
        file: the path as the caller named it.
    """
    clip = finding.clip
    return {
        "schema_version": SCHEMA_VERSION,
        "medium": "video",
        "file": file,
        "sha256": clip.sha256,
        "width": clip.width,
        "height": clip.height,
        "container": clip.container,
        "codec": clip.codec,
        "seconds": round(clip.seconds, 3),
        "rate": round(clip.rate, 3),
        "turned": clip.turned,
        "outcome": finding.outcome,
        "score": _rounded(finding.score),
        "frames": [_frame(one) for one in finding.frames],
        "longest_inconsistent_run": finding.longest,
        "temporal": {"steadiness": finding.steadiness, "jumps": [asdict(jump) for jump in finding.jumps]},
        "limits": list(finding.limits),
        "versions": finding.versions,
    }


def _frame(one: FrameFinding) -> dict[str, Any]:
    figures = {"time": round(one.time, 3), "score": _rounded(one.score), "marked": round(one.marked, 6)}
    return asdict(one) | figures


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 6)


@dataclass(frozen=True)
class _Point:
    """A frame in the plot."""

    x: float
    y: float
    frame: FrameFinding


def write_clip_report(
    finding: ClipFinding, folder: Path, stem: str, file: str, entries: Mapping[int, IndexEntry]
) -> IndexEntry:
    """Write the page of one clip.

    Args:
        finding: what to report.
        folder: existing folder; the page is `stem`.html in it.
        stem: name without suffix.
        file: path of the clip as the caller named it.
        entries: number of a frame → the entry of its own report.

    Returns:
        The clip's row for `write_index`.
    """
    points = _points(finding)
    cuts = [(one.x + two.x) / 2 for one, two in pairwise(points) if one.frame.shot != two.frame.shot]
    run = None
    if finding.longest:
        first, last = (points[number].x for number in finding.longest)
        run = first - 8, last - first + 16
    page = render(
        "video.html",
        view=clip_view(clip_to_json(finding, file)),
        outcome=finding.outcome,
        points=points,
        line=" ".join(f"{point.x:.1f},{point.y:.1f}" for point in points),
        cuts=cuts,
        run=run,
        jumps=[(points[jump.first], points[jump.second], jump) for jump in finding.jumps],
        entries=entries,
        size=(_WIDTH, _HEIGHT, _LEFT, _TOP, _PLOT),
        version=__version__,
    )
    write_whole(folder / f"{stem}.html", page)
    clip, thumbnail = finding.clip, entries[0].thumbnail
    return IndexEntry(
        file,
        f"{stem}.html",
        finding.outcome,
        finding.score,
        clip.width,
        clip.height,
        clip.sha256,
        thumbnail,
        tiny="",
    )


def _points(finding: ClipFinding) -> list[_Point]:
    """Points of the plot: time to the right, score upwards."""
    last = max(finding.clip.seconds, finding.frames[-1].time, 1e-3)
    across = (_WIDTH - _LEFT - 16) / last
    return [
        _Point(_LEFT + 8 + across * one.time, _TOP + _PLOT * (1 - (one.score or 0.0)), one)
        for one in finding.frames
    ]


def print_clip(row: dict[str, Any]) -> None:
    """Print a clip's finding on one screen.

    Args:
        row: from `clip_to_json`.
    """
    console, view = Console(), clip_view(row)
    console.print(Text(view.name, "bold"), f"{row['width']}×{row['height']}")
    for sentence in (f"{view.headline}.", *view.summary):
        console.print(Text(f"  {sentence}"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("  time", "outcome", "score", "marked", "", "shot"):
        table.add_column(column)
    for frame in view.frames:
        table.add_row(f"  {frame.time}", frame.outcome, frame.score, frame.marked, frame.notes, frame.shot)
    console.print(table)
    for jump in view.jumps:
        console.print(Text(f"  {jump}", "yellow"))
    console.print(Text(f"  {view.limits[0]}", "dim"))
