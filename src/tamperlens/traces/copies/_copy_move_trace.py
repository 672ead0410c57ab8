"""Copied regions as a trace: their map, number and sentence."""

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.traces._trace import Cost, MeasuredTrace, Measurement, Needs
from tamperlens.traces.copies._copy_move import CopyMove, copy_move

Map = NDArray[np.float32]


def _measured(evidence: Evidence) -> Measurement:
    found = copy_move(evidence.pixels)
    if not found.copies:
        return Measurement(found.values, found.score, "no repeated part was found")
    strongest = found.copies[0]
    many = "one pair" if len(found.copies) == 1 else f"{len(found.copies)} pairs"
    summary = (
        f"{many} of regions repeat each other; the strongest is turned by {round(strongest.angle)}° and "
        f"scaled by {strongest.scale:.2f}, with significance {strongest.significance:.1f}"
    )
    numbers = {"significance": found.score}
    return Measurement(_targets_first(found), found.score, summary, found.copies, numbers=numbers)


def _targets_first(found: CopyMove) -> Map:
    """The map with the likelier sources at half value: what was pasted is altered, not where it came from."""
    shape = found.values.shape
    target = np.zeros(shape, bool)
    for one in found.copies:
        target |= one.target.within(shape)
    return np.divide(found.values, 2, out=found.values, where=~target)


COPY_MOVE = MeasuredTrace(
    name="copy-move",
    title="Copied regions",
    measures=(
        "Parts of the image that repeat another part of it, moved, turned, scaled or mirrored, compared "
        "by keypoints and fine detail and checked pixel by pixel."
    ),
    normal=(
        "Dark: nothing repeats. Two bright parts repeat each other down to the noise, which two similar "
        "things in a photograph do not."
    ),
    misleads=(
        "Printed patterns, tiles, text and screens repeat by nature. Copies of smooth areas, such as sky or "
        "skin, leave nothing to compare, and strong compression wipes out fine detail."
    ),
    needs=Needs(least_side=96),
    cost=Cost(seconds=2.7064487950000005, seconds_per_mpx=0.0, megabytes=512.7003, megabytes_per_mpx=3.4593),
    measure=_measured,
    alongside=True,  # it searches a reduced image
)
