"""The traces that give a number, each with the words that explain it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence, turn_upright
from tamperlens.traces._measurement import Measurement
from tamperlens.traces.copies import CopyMove, copy_move
from tamperlens.traces.jpeg import double_jpeg, grid_cells, jpeg_ghost, jpeg_grid
from tamperlens.traces.noise import deviation_map, deviation_score, noise_deviation, sharpness_deviation

Pixels = NDArray[np.uint8]
Map = NDArray[np.float32]


@dataclass(frozen=True)
class MeasuredTrace:
    """A forensic signal that is measured, shown and fused.

    Attributes:
        measure: whole image → map, raw score and a sentence; DamagedImageError where the file lacks what it
            reads.
        title: what a person calls it.
        measures: what is measured.
        normal: what an untouched photograph looks like, and what stands out.
        misleads: when it deceives.
    """

    measure: Callable[[Evidence], Measurement]
    title: str
    measures: str
    normal: str
    misleads: str

    @property
    def reading(self) -> str:
        """How to read the map."""
        return f"{self.normal} {self.misleads}"


def full_size(values: Map, height: int, width: int) -> Map:
    """A map of any resolution at the image's own, each value repeated."""
    if values.shape == (height, width):
        return values
    rows = np.arange(height) * values.shape[0] // height
    columns = np.arange(width) * values.shape[1] // width
    return np.asarray(values[rows][:, columns], np.float32)


def _double_jpeg(evidence: Evidence) -> Measurement:
    coefficients = evidence.coefficients()
    if coefficients is None:
        raise DamagedImageError(f"the file is {evidence.format} and holds no JPEG coefficients")
    found = double_jpeg(coefficients)
    turned = evidence.orientation in {5, 6, 7, 8}
    height, width = (evidence.width, evidence.height) if turned else (evidence.height, evidence.width)
    inside = found.values[: -(-height // 8), : -(-width // 8)]  # without the blocks that fill the last unit
    values = np.ascontiguousarray(turn_upright(inside, evidence.orientation), np.float32)
    if found.first_quality is None:
        return Measurement(
            values, found.score, "no trace of an earlier compression on the same grid", found=found
        )
    lacking = float((values >= 0.5).mean())
    return Measurement(
        values,
        found.score,
        f"saved before at a quality near {found.first_quality}; {lacking:.1%} of the blocks lack its trace",
        found=found,
    )


def _grid(evidence: Evidence) -> Measurement:
    found = jpeg_grid(evidence.pixels)
    values = grid_cells(found, *evidence.pixels.shape[:2])
    if found.origin is None:
        return Measurement(values, found.score, "no grid of a JPEG compression is significant", found=found)
    row, column = found.origin
    where = (
        "at the border, as the file's own" if found.origin == (0, 0) else f"shifted by {row} | {column} px"
    )
    summary = f"the grid begins {where} and has {found.share:.0%} of the votes"
    if found.foreign:
        first = found.foreign[0]
        summary += (
            f"; another grid, shifted by {first.origin[0]} | {first.origin[1]} px, around "
            f"x {first.left + first.side // 2}, y {first.top + first.side // 2}"
        )
    return Measurement(values, found.score, summary, found=found)


def _ghost(evidence: Evidence) -> Measurement:
    found = jpeg_ghost(evidence.pixels, evidence.jpeg.quality if evidence.jpeg else None)
    if not found.quality:
        return Measurement(found.values, found.score, "no quality below that of the file can be tried")
    lacks = "lacks the minimum that the rest has" if found.missing else "has a minimum of its own"
    return Measurement(
        found.values, found.score, f"at a re-save of quality {found.quality} the clearest part {lacks}"
    )


def _copy_move(evidence: Evidence) -> Measurement:
    found = copy_move(evidence.pixels)
    if not found.copies:
        return Measurement(found.values, found.score, "no part was found twice")
    strongest = found.copies[0]
    many = "one pair" if len(found.copies) == 1 else f"{len(found.copies)} pairs"
    summary = (
        f"{many} of regions repeat each other; the strongest is turned by {round(strongest.angle)}°, scaled "
        "by "
        f"{strongest.scale:.2f}, significance {strongest.significance:.1f}"
    )
    return Measurement(_targets_first(found), found.score, summary, found.copies)


def _targets_first(found: CopyMove) -> Map:
    """The map with the likelier sources at half: what was pasted is altered, not what it was taken from."""
    shape = found.values.shape
    target = np.zeros(shape, bool)
    for one in found.copies:
        target |= one.target.within(shape)
    return np.divide(found.values, 2, out=found.values, where=~target)


def _deviating(deviate: Callable[[Pixels], Map], what: str) -> Callable[[Evidence], Measurement]:
    def measure(evidence: Evidence) -> Measurement:
        z = deviate(evidence.pixels)
        score = deviation_score(z)
        return Measurement(
            deviation_map(z), score,
            f"the 2 % most unusual blocks are {score:.1f} robust standard deviations from {what}",
        )  # fmt: skip

    return measure


MEASURED: Mapping[str, MeasuredTrace] = MappingProxyType({
    "double-jpeg": MeasuredTrace(
        _double_jpeg,
        "Double quantisation",
        "For each block of 8 × 8 pixels, how surely its JPEG coefficients lack the double quantisation that "
        "the "
        "rest of the image carries from an earlier save on the same grid.",
        "Dark all over: either the image was saved once, or every part of it was saved twice. A compact "
        "bright "
        "part was not there at the first save, or came from elsewhere.",
        "Void where the file is no JPEG. Blind where the second save was much coarser than the first, where "
        "the "
        "image was cropped off its grid or resized between the saves, and in flat or saturated parts, which "
        "carry no trace and may shine.",
    ),
    "grid": MeasuredTrace(
        _grid,
        "JPEG grid",
        "Whether the 8 × 8 grid that JPEG compression leaves in the pixels lies where it should, everywhere.",
        "Dark all over. A bright part lacks the grid of the rest or has another one: it was pasted, resized, "
        "painted or smoothed after the compression.",
        "High qualities and strong resizing leave no grid; flat, saturated and finely textured parts do not "
        "vote. The grid of the last save covers all of the image and says nothing about parts.",
    ),
    "jpeg-ghost": MeasuredTrace(
        _ghost,
        "JPEG ghost",
        "Whether saving once more at some lower quality changes a part of the image less, or more, than the "
        "rest: a part that was saved at that quality before hardly changes.",
        "Faint and scattered. A compact bright part had another quality before it came here, or lacks the "
        "one "
        "that the rest had.",
        "Needs the earlier quality to be lower than the last, and the grid to be kept. Flat parts change "
        "little at any quality; strong texture hides ghosts.",
    ),
    "copy-move": MeasuredTrace(
        _copy_move,
        "Copied regions",
        "Parts of the image that repeat another part of it, moved, turned, scaled or mirrored, compared by "
        "keypoints and fine detail and checked pixel by pixel.",
        "Dark: nothing repeats. Two bright parts repeat each other to the noise, which two things of one "
        "kind "
        "in a photograph do not.",
        "Printed patterns, tiles, text and screens do repeat. Copies of smooth areas, such as sky or skin, "
        "leave "
        "nothing to compare, and strong compression wipes out fine detail.",
    ),
    "noise-inconsistency": MeasuredTrace(
        _deviating(noise_deviation, "blocks of the same brightness"),
        "Noise inconsistency",
        "How far the grain of each block of 16 × 16 pixels is from that of blocks of the same brightness.",
        "Faint and scattered along texture and edges. A compact bright part is grainier or smoother than its "
        "like: it may come from another camera or have been enlarged, blurred or generated.",
        "Fine texture counts as grain, areas out of focus look clean; compression smooths flat areas most.",
    ),
    "sharpness": MeasuredTrace(
        _deviating(sharpness_deviation, "blocks of like contrast"),
        "Sharpness inconsistency",
        "How far the share of each block's contrast that lies between neighbouring pixels is from that of "
        "blocks "
        "of like contrast.",
        "Follows the depth of field: what is in focus differs smoothly from what is not. A compact bright "
        "part "
        "with a sharp border was enlarged, reduced, blurred or sharpened by itself.",
        "Shallow depth of field, motion, fog and reflections change sharpness in untouched photographs.",
    ),
})  # fmt: skip
