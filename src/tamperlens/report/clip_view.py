"""The content of a clip's report, for terminal and page alike; made once from the clip's row."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tamperlens.evidence import printable
from tamperlens.report.file_rows import Row
from tamperlens.report.telling import score_text

_TIMELINE = (
    "Each point is a sampled frame, placed at the height of its score; ringed points are key frames. Colours "
    "follow the thresholds for photographs. The shaded stretch is the longest run of inconsistent frames, a "
    "thick line is a jump between neighbours, and a dashed line is a new shot."
)


class FrameRow(msgspec.Struct, frozen=True, kw_only=True):
    """One sampled frame.

    Attributes:
        number: index among the sampled frames, from 0.
        time: time in seconds, with the unit.
        outcome: outcome by the thresholds for photographs.
        score: score with two decimals; "–" if none may be given.
        marked: share of the area that the mask marks.
        notes: whether it is a key frame, and whether it is in the longest run; "" for neither.
        shot: number of its shot, from 1.
    """

    number: int
    time: str
    outcome: str
    score: str
    marked: str
    notes: str
    shot: str


class ClipView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the report of a clip says.

    Attributes:
        name: name of the file.
        headline: says that there is no outcome.
        summary: how many frames stand out, and how steady they are, one sentence each.
        timeline: how to read the plot.
        jumps: jumps between neighbouring frames of one shot, one sentence each.
        frames: the sampled frames in order.
        limits: what this cannot tell, one sentence each.
        file: properties of the file, as names and values.
    """

    name: str
    headline: str
    summary: tuple[str, ...]
    timeline: str
    jumps: tuple[str, ...]
    frames: tuple[FrameRow, ...]
    limits: tuple[str, ...]
    file: tuple[Row, ...]


def clip_view(row: Mapping[str, Any]) -> ClipView:
    """Put everything in a clip's row, as made by `clip_to_json`, into words."""
    frames, temporal = row["frames"], row["temporal"]
    times = [f"{frame['time']:.2f}" for frame in frames]
    return ClipView(
        name=printable(row["file"].replace("\\", "/").rpartition("/")[2]) or "clip",
        headline="No outcome is given for a clip",
        summary=(_marked(row, times), _neighbours(temporal)),
        timeline=_TIMELINE,
        jumps=tuple(
            f"Between {times[jump['first']]} and {times[jump['second']]} s {jump['why']}."
            for jump in temporal["jumps"]
        ),
        frames=tuple(_frame(frame, row["longest_inconsistent_run"]) for frame in frames),
        limits=tuple(row["limits"]),
        file=_file(row),
    )


def short_summary(row: Mapping[str, Any]) -> str:
    """A clip in a few words, for a table of many files."""
    marked = sum(frame["outcome"] == "inconsistent" for frame in row["frames"])
    return f"clip, {marked} of {len(row['frames'])} frames inconsistent, {row['temporal']['steadiness']}"


def _marked(row: Mapping[str, Any], times: list[str]) -> str:
    frames, run = row["frames"], row["longest_inconsistent_run"]
    marked = sum(frame["outcome"] == "inconsistent" for frame in frames)
    if run is None:
        which = ""
    elif run[0] == run[1]:
        which = "; none has an inconsistent neighbour"
    else:
        which = f"; the longest run goes from {times[run[0]]} to {times[run[1]]} s"
    return (
        f"{marked} of {len(frames)} sampled frames are inconsistent by the thresholds for "
        f"photographs{which}. How often that happens in untouched clips is unknown."
    )


def _neighbours(temporal: Mapping[str, Any]) -> str:
    count = len(temporal["jumps"])
    jumps = f": {count} jump{'s' if count != 1 else ''}" if count else ""
    return f"Between neighbours of one shot the frames are {temporal['steadiness']}{jumps}."


def _frame(frame: Mapping[str, Any], run: list[int] | None) -> FrameRow:
    in_run = run is not None and run[0] <= frame["number"] <= run[1]
    notes = [*(["key"] if frame["key"] else []), *(["in the run"] if in_run else [])]
    return FrameRow(
        number=frame["number"],
        time=f"{frame['time']:.2f} s",
        outcome=frame["outcome"],
        score=score_text(frame["score"]),
        marked=f"{100 * frame['marked']:.1f} %",
        notes=", ".join(notes),
        shot=str(frame["shot"] + 1),
    )


def _file(row: Mapping[str, Any]) -> tuple[Row, ...]:
    turned = f", turned by {row['turned']}°" if row["turned"] else ""
    return (
        Row("File", row["file"]),
        Row("SHA-256", row["sha256"]),
        Row("Container, codec", f"{row['container']}, {row['codec']}"),
        Row("Size", f"{row['width']} × {row['height']} px{turned}"),
        Row("Length", f"{row['seconds']:.2f} s, {row['rate']:.2f} frames a second"),
        Row("Frames", "findings.json lists the SHA-256 of each frame's PNG file"),
        *(Row(name, value) for name, value in row["versions"].items()),
    )
