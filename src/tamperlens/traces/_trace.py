"""What a trace is: how it is measured, what it needs and costs, how it is read, and whether it is fused."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, Scope
from tamperlens.traces._strips import in_strips, strips

if TYPE_CHECKING:  # the copies are themselves a trace
    from tamperlens.traces.copies import Copy

Pixels = NDArray[np.uint8]
Map = NDArray[np.float32]


@dataclass(frozen=True)
class Needs:
    """What an image must have for a trace to say anything about it.

    Attributes:
        least_side: shorter side in pixels; below it there are too few blocks, or keypoints, to compare.
        least_quality: IJG quality of a JPEG file; below it the last save has overwritten what is read.
        formats: accepted file formats; empty for any.
        holds: what files of those formats hold and others do not.
    """

    least_side: int = 0
    least_quality: int = 0
    formats: tuple[str, ...] = ()
    holds: str = ""

    def lacking(self, evidence: Evidence) -> str:
        """What the image lacks; "" if it has everything."""
        side = min(evidence.width, evidence.height)
        if side < self.least_side:
            return f"the shorter side has {side} pixels; this trace needs {self.least_side}"
        if self.formats and evidence.format not in self.formats:
            return f"the file is {evidence.format} and holds no {self.holds}"
        quality = evidence.jpeg.quality if evidence.jpeg else 100
        if quality < self.least_quality:
            return f"the last save, at quality {quality}, has overwritten what this trace reads"
        return ""


@dataclass(frozen=True)
class Cost:
    """One step's cost, linear in the number of pixels, measured by benchmarks/cost/costs.py.

    Attributes:
        seconds: time that any image takes.
        seconds_per_mpx: additional time per million pixels.
        megabytes: peak memory of the process during the step, for the smallest image.
        megabytes_per_mpx: additional memory per million pixels.
    """

    seconds: float
    seconds_per_mpx: float
    megabytes: float
    megabytes_per_mpx: float

    def time(self, pixels: int) -> float:
        """Seconds on the machine of the benchmark."""
        return self.seconds + self.seconds_per_mpx * pixels / 1e6

    def memory(self, pixels: int) -> float:
        """Bytes at the peak."""
        return (self.megabytes + self.megabytes_per_mpx * pixels / 1e6) * 2**20


@dataclass(frozen=True)
class Measurement:
    """A measured trace of one image.

    Attributes:
        values: (h, w) float32 in 0..1, upright, covering the whole image at any resolution; how strongly each
            place stands out.
        score: raw strength of the inconsistency, larger is stronger, 0 is none; not calibrated.
        summary: what was measured in this image, one sentence with its figures and without a full stop.
        copies: pairs of regions where one repeats the other; empty for all traces but copy-move.
        found: everything that was read, if the file's history needs more than the map; None for other traces.
        numbers: further readings by name, if the trace can stand alone; see `examine.fused.ROUTES`.
    """

    values: Map = field(repr=False)
    score: float
    summary: str
    copies: "tuple[Copy, ...]" = ()
    found: object = field(default=None, repr=False)
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trace(ABC):
    """One forensic signal.

    Attributes:
        name: used by commands, findings and maps.
        title: used in text for people.
        measures: what the value at a pixel is.
        normal: what an untouched photograph looks like, and what stands out.
        misleads: when it deceives.
        needs: what an image must have.
        cost: of measuring it; None if no examination plans it.
        fused: whether it has a say in the default examination.
    """

    name: str
    title: str
    measures: str
    normal: str
    misleads: str = ""
    needs: Needs = Needs()
    cost: Cost | None = None
    fused: ClassVar[bool]

    @property
    def reading(self) -> str:
        """How to read the map."""
        return f"{self.normal} {self.misleads}".strip()

    def void_reason(self, evidence: Evidence, scope: Scope | None = None) -> str:
        """Why it has no say in an image, or shows nothing; "" if it has.

        Args:
            evidence: the image.
            scope: what it looks like; blank images are not measured.
        """
        blank = scope.reason.rstrip(".") if scope and scope.kind == "blank" else ""
        return self.needs.lacking(evidence) or blank

    @abstractmethod
    def map(self, evidence: Evidence) -> Map:
        """(H, W) float32 in 0..1, the size of the image.

        Raises:
            DamagedImageError: the file lacks what the trace reads.
        """


@dataclass(frozen=True, kw_only=True)
class LookedTrace(Trace):
    """A trace whose map is only looked at.

    Attributes:
        compute: (H, W, 3) uint8 RGB → (H, W) float32 in 0..1.
        local: whether a strip's map equals that part of the whole image's map; False if the trace fits
            anything to the image.
        compared: whether a finding says how far the mask marks the same places; needs a cost.
    """

    compute: Callable[[Pixels], Map]
    local: bool = True
    compared: bool = False
    fused = False

    def map(self, evidence: Evidence) -> Map:
        """The map of the whole image."""
        return self.whole(evidence.pixels)

    def whole(self, pixels: Pixels) -> Map:
        """The whole image's map, strip by strip if that gives the same, so that memory stays bounded."""
        return in_strips(self.compute, pixels) if self.local else self.compute(pixels)

    def rows(self, pixels: Pixels) -> Iterator[Map]:
        """The same map from the top, some rows at a time."""
        return strips(self.compute, pixels) if self.local else iter([self.compute(pixels)])


@dataclass(frozen=True, kw_only=True)
class MeasuredTrace(Trace):
    """A trace that also gives a number, and is fused.

    Attributes:
        measure: whole image → map, raw score and a sentence; DamagedImageError if the file lacks what it
            reads.
        alongside: whether it is measured in a thread of its own while the others are: it takes long, and
            needs little memory however large the image is.
    """

    measure: Callable[[Evidence], Measurement]
    alongside: bool = False
    fused = True

    def map(self, evidence: Evidence) -> Map:
        """The map of the whole image; values are repeated if the trace is coarser."""
        return full_size(self.measure(evidence).values, evidence.height, evidence.width)


def full_size(values: Map, height: int, width: int) -> Map:
    """A map of any resolution enlarged to the image's size by repeating its values."""
    if values.shape == (height, width):
        return values
    rows = np.arange(height) * values.shape[0] // height
    columns = np.arange(width) * values.shape[1] // width
    return np.asarray(values[rows][:, columns], np.float32)
