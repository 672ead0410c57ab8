"""A photograph in a frame is examined without it; results are moved back to their place in the picture."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, Scope
from tamperlens.examine._cells import CELL
from tamperlens.examine.fused._voices import Voices
from tamperlens.traces import full_size
from tamperlens.traces.copies import Copy, Region

Value = TypeVar("Value", np.float32, np.bool_)


def photograph_in(evidence: Evidence, kind: Scope) -> Evidence:
    """The photograph without its frame; the image itself if it has none.

    Args:
        evidence: the image.
        kind: what the image is, with the box of the photograph.
    """
    if kind.kind != "framed photograph" or kind.box is None:
        return evidence
    return evidence.part(kind.box)


def put_back(voices: Voices, part: Evidence, evidence: Evidence) -> Voices:
    """Results for the part as maps and places of the whole image, with nothing outside the part."""
    if part.box is None:
        return voices
    left, top, _, _ = part.box
    measurements = {
        name: replace(
            one,
            values=_placed(full_size(one.values, part.height, part.width), part.box, evidence),
            copies=tuple(_moved(copy, left, top) for copy in one.copies),
        )
        for name, one in voices.measured.measurements.items()
    }
    places = {
        name: replace(one, cells=_placed(one.cells, part.box, evidence, CELL))
        for name, one in voices.places.items()
    }
    told = voices.reliability
    return replace(
        voices,
        localization=_placed(voices.localization, part.box, evidence),
        mask=_placed(voices.mask, part.box, evidence),
        measured=replace(voices.measured, measurements=measurements),
        places=places,
        reliability=None if told is None else _placed(told, part.box, evidence, CELL),
    )


def _placed(
    values: NDArray[Value], box: tuple[int, int, int, int], evidence: Evidence, cell: int = 1
) -> NDArray[Value]:
    """Values of the part at its place in a whole of zeros; each value stands for `cell` × `cell` pixels."""
    left, top = box[0] // cell, box[1] // cell
    whole = np.zeros((-(-evidence.height // cell), -(-evidence.width // cell)), values.dtype)
    whole[top : top + values.shape[0], left : left + values.shape[1]] = values
    return whole


def _moved(copy: Copy, left: int, top: int) -> Copy:
    source, target = (Region(one.left + left, one.top + top, one.mask) for one in (copy.source, copy.target))
    transform = copy.transform.copy()
    transform[:, 2] += [left, top] - transform[:, :2] @ [left, top]
    return replace(copy, source=source, target=target, transform=transform)
