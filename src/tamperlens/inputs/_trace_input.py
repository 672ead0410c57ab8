"""What the trace localizer reads from a file: pixels, coefficients, maps measured by other traces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence, JpegCoefficients, turn_upright
from tamperlens.traces import MEASURED, Measurement
from tamperlens.traces.copies import MIN_SIGNIFICANCE, Copy

# (row, column) of the luma frequencies that are read: the lowest 20 without the mean, in zigzag order.
FREQUENCIES = tuple(
    (s - c if s % 2 else c, c if s % 2 else s - c) for s in range(1, 6) for c in range(s + 1)
)  # fmt: skip
# Absolute levels from this one on count as one.
LEVELS = 16
BLOCK = 8
# The traces that are read, each with one flag; copied regions fill two maps, target and source.
READ_TRACES = ("double-jpeg", "jpeg-ghost", "grid", "noise-inconsistency", "copy-move")
MAPS = (*READ_TRACES[:-1], "copy-move target", "copy-move source")

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class CoefficientInput:
    """Quantised luma coefficients as the network reads them.

    Attributes:
        levels: (20, rows, columns) uint8 in 0..15, absolute values capped at 15, upright.
        steps: (20,) float32, binary logarithm of their quantisation steps.
        exist: whether the file has coefficients; if not, levels and steps are zeros.
    """

    levels: Bytes = field(repr=False)
    steps: Floats = field(repr=False)
    exist: bool

    def histogram(self) -> Floats:
        """Share of each level in the image, (20, 16) float32."""
        counts = [np.bincount(level.ravel(), minlength=LEVELS) for level in self.levels]
        return np.asarray(np.stack(counts) / max(self.levels[0].size, 1), np.float32)


@dataclass(frozen=True)
class MeasuredMaps:
    """What other traces measured.

    Attributes:
        values: (6, rows, columns) uint8, 255 times the value of each of `MAPS` for blocks of 8 × 8 pixels.
        valid: whether each of `READ_TRACES` could be measured.
    """

    values: Bytes = field(repr=False)
    valid: tuple[bool, ...]


def coefficient_input(
    coefficients: JpegCoefficients | None, height: int, width: int, orientation: int = 1
) -> CoefficientInput:
    """Turn a file's coefficients into the network's input.

    Args:
        coefficients: of a JPEG file, before its EXIF orientation; None for other formats.
        height: of the upright image in pixels.
        width: likewise.
        orientation: EXIF's number, 1..8.
    """
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    if coefficients is None:
        zeros = np.zeros((len(FREQUENCIES), rows, columns), np.uint8)
        return CoefficientInput(zeros, np.zeros(len(FREQUENCIES), np.float32), False)
    turned = orientation >= 5
    inside = (columns, rows) if turned else (rows, columns)
    luma = coefficients.components[0][: inside[0], : inside[1]]
    # Rotation swaps a block's rows and columns; mirroring only changes signs, which are not read.
    order = [(v, u) if turned else (u, v) for u, v in FREQUENCIES]
    levels = np.stack([np.abs(luma[:, :, u, v]) for u, v in order])
    table = coefficients.tables[0]
    steps = np.log2(np.maximum([table[u, v] for u, v in order], 1)).astype(np.float32)
    stored = np.minimum(levels, LEVELS - 1).astype(np.uint8).transpose(1, 2, 0)
    upright = np.ascontiguousarray(turn_upright(stored, orientation).transpose(2, 0, 1))
    missing = ((0, 0), (0, rows - upright.shape[1]), (0, columns - upright.shape[2]))
    return CoefficientInput(np.pad(upright, missing), steps, True)


def measured_maps(evidence: Evidence, skip: frozenset[str] = frozenset()) -> MeasuredMaps:
    """Measure the traces that the network reads.

    Args:
        evidence: the file.
        skip: names of traces that are not measured and count as void.
    """
    return maps_of(evidence, {name: _measure(name, evidence) for name in READ_TRACES if name not in skip})


def maps_of(evidence: Evidence, measured: Mapping[str, Measurement | None]) -> MeasuredMaps:
    """The same from existing measurements; None or a missing name if a trace could not be measured."""
    rows, columns = -(-evidence.height // BLOCK), -(-evidence.width // BLOCK)
    values = np.zeros((len(MAPS), rows, columns), np.float32)
    valid = []
    for number, name in enumerate(READ_TRACES):
        found = measured.get(name)
        valid.append(found is not None)
        if found is None:
            continue
        if name == "copy-move":
            values[number:] = list(_copied(found.copies, evidence.height, evidence.width))
        else:
            values[number] = cv2.resize(found.values, (columns, rows), interpolation=cv2.INTER_AREA)
    return MeasuredMaps(np.rint(values.clip(0, 1) * 255).astype(np.uint8), tuple(valid))


def _measure(name: str, evidence: Evidence) -> Measurement | None:
    try:
        return MEASURED[name].measure(evidence)
    except DamagedImageError:
        return None


def _copied(copies: tuple[Copy, ...], height: int, width: int) -> Iterator[Floats]:
    """Target and source map of the copies: each copy's strength times the share of the block it covers."""
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    for part in ("target", "source"):
        whole = np.zeros((rows * BLOCK, columns * BLOCK), np.float32)
        for copy in copies:
            region = getattr(copy, part)
            strength = np.float32(copy.significance / (copy.significance + MIN_SIGNIFICANCE))
            inside = np.s_[
                region.top : region.top + region.mask.shape[0],
                region.left : region.left + region.mask.shape[1],
            ]
            np.maximum(whole[inside], strength * region.mask, out=whole[inside])
        yield whole.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
