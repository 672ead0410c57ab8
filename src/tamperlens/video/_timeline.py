"""What the frames of a clip say over time: runs of marked frames, jumps between neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.evidence import Evidence, Limits, load_evidence
from tamperlens.examine import Finding, Outcome
from tamperlens.video._clip import Clip, Frame

Steadiness = Literal["steady", "jumping", "too few frames to compare"]

# Mean change of 32 × 32 gray levels between frames from which a new shot begins.
_CUT = 28.0
_SMALL = (32, 32)
# Largest change of the score between neighbours that is not a jump, and largest move of the marked area's
# middle as a share of the diagonal. Set in advance; benchmarks/traces/clips.py measures what they are worth.
_SCORE_JUMP, _PLACE_JUMP = 0.35, 0.25

LIMITS = (
    "The systems and their thresholds were calibrated on photographs. Video compression (prediction between "
    "frames, filtering of block edges) is new to them: how often an untouched frame is called "
    "inconsistent is unknown, and so no outcome is given for the clip.",
    "Only the sampled frames were examined; what was altered between them, the sound, and the order, speed "
    "or repetition of frames were not. No system here reads how the video stream itself is coded.",
    "A jump between neighbouring frames may be a movement, a flash or an edit: it says where to look.",
)


@dataclass(frozen=True)
class FrameFinding:
    """What one frame's examination says, without its maps.

    Attributes:
        number: index of the frame.
        time: in seconds.
        key: whether it is a key frame.
        sha256: of the frame's PNG file.
        outcome: by the thresholds for photographs.
        score: likewise, 0..1; None if none may be given.
        marked: share of the area marked by the mask, 0..1.
        middle: x and y of the middle of the marked area, as shares of the sides; None if nothing is marked.
        shot: number of its shot, from 0.
    """

    number: int
    time: float
    key: bool
    sha256: str
    outcome: Outcome
    score: float | None
    marked: float
    middle: tuple[float, float] | None
    shot: int


@dataclass(frozen=True)
class Jump:
    """Two neighbours in one shot that say different things.

    Attributes:
        first: number of the first frame.
        second: number of the next frame.
        why: what jumps.
    """

    first: int
    second: int
    why: str


@dataclass(frozen=True)
class ClipFinding:
    """The examination's result for one clip.

    Attributes:
        clip: as read.
        frames: findings of the sampled frames.
        longest: first and last number of the longest run of inconsistent frames; None without any.
        jumps: between neighbours in one shot.
        steadiness: whether there are any jumps.
        versions: of everything the frames' findings depend on.
        limits: what this cannot tell, one sentence each.
    """

    clip: Clip
    frames: tuple[FrameFinding, ...]
    longest: tuple[int, int] | None
    jumps: tuple[Jump, ...]
    steadiness: Steadiness
    versions: dict[str, str]
    limits: tuple[str, ...] = LIMITS
    outcome: Outcome = "inconclusive"

    @property
    def score(self) -> float | None:
        """Median of the frames' scores; None if no frame has one; not calibrated for video."""
        scores = [frame.score for frame in self.frames if frame.score is not None]
        return float(np.median(scores)) if scores else None


def examine_clip(
    clip: Clip,
    examine: Callable[[Evidence], Finding],
    limits: Limits | None = None,
    keep: Callable[[Frame, Finding], None] = lambda _frame, _finding: None,
) -> ClipFinding:
    """Examine each frame and compare it with its neighbours.

    Args:
        clip: as returned by `read_clip`.
        examine: examination of one image.
        limits: for an image.
        keep: called with each frame and its whole finding, which is discarded afterwards.
    """
    said: list[FrameFinding] = []
    before, shot, versions = None, 0, dict[str, str]()
    for frame in clip.frames:
        evidence = load_evidence(frame.data, limits, name=f"{clip.name}-{frame.time:.3f}s.png")
        finding = examine(evidence)
        small = _small(evidence.pixels)
        if before is not None and float(np.abs(small - before).mean()) > _CUT:
            shot += 1
        before, versions = small, dict(finding.versions)
        said.append(_summary(frame, finding, shot))
        keep(frame, finding)
    jumps = tuple(_jumps(said))
    comparable = any(one.shot == two.shot for one, two in pairwise(said))
    steadiness: Steadiness = "jumping" if jumps else "steady" if comparable else "too few frames to compare"
    return ClipFinding(clip, tuple(said), _longest(said), jumps, steadiness, versions)


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    gray = Image.fromarray(pixels).convert("L").resize(_SMALL, Image.Resampling.BOX)
    return np.asarray(gray, np.float32)


def _summary(frame: Frame, finding: Finding, shot: int) -> FrameFinding:
    marked, middle = 0.0, None
    inside = finding.marked
    if inside is not None:
        marked = float(inside.mean())
        if marked:
            rows, columns = inside.mean(axis=1), inside.mean(axis=0)
            middle = _middle(columns), _middle(rows)
    return FrameFinding(
        frame.number, frame.time, frame.key, finding.evidence.sha256, finding.outcome, finding.score, marked,
        middle, shot,
    )  # fmt: skip


def _middle(profile: NDArray[np.floating]) -> float:
    """Mean position of a profile, as a share of its length."""
    places = (np.arange(len(profile)) + 0.5) / len(profile)
    return float((profile * places).sum() / profile.sum())


def _jumps(frames: Sequence[FrameFinding]) -> list[Jump]:
    found = []
    for one, two in pairwise(frames):
        if one.shot != two.shot:
            continue
        if why := _score_jump(one.score, two.score):
            found.append(Jump(one.number, two.number, why))
        elif one.middle and two.middle and _apart(one.middle, two.middle) > _PLACE_JUMP:
            found.append(Jump(one.number, two.number, "the marked area is elsewhere"))
    return found


def _score_jump(one: float | None, two: float | None) -> str:
    """How the score jumps; "" if it does not or is unknown."""
    if one is None or two is None or abs(one - two) <= _SCORE_JUMP:
        return ""
    return f"the score goes from {one:.2f} to {two:.2f}"


def _apart(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Distance as a share of the diagonal of a square image."""
    return float(np.hypot(one[0] - two[0], one[1] - two[1]) / np.sqrt(2))


def _longest(frames: Sequence[FrameFinding]) -> tuple[int, int] | None:
    """The longest run of inconsistent frames; the first one if several are equally long."""
    best: tuple[int, int] | None = None
    start: int | None = None
    for frame in frames:
        if frame.outcome != "inconsistent":
            start = None
            continue
        start = frame.number if start is None else start
        if best is None or frame.number - start > best[1] - best[0]:
            best = start, frame.number
    return best
