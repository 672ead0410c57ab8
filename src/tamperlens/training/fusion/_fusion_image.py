"""One image that the fusion is fitted to: measured once, and kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence
from tamperlens.examine import CELL, block_means, trace_planes
from tamperlens.examine.fused import measure_traces
from tamperlens.examine.networks import LocalizerDetector
from tamperlens.traces import MEASURED
from tamperlens.training.fusion._fusion_sources import Part

# What an image is: half of a pair that only the edit tells apart; a photograph saved once; one that went
# through a camera, made or real.
Origin = Literal["twins", "untouched", "camera"]


@dataclass(frozen=True)
class Made:
    """A file, with what is known of it; a mask of None for an untouched one."""

    file: bytes
    origin: Origin
    photo: str
    kind: str = "authentic"
    mask: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class FusionImage:
    """One measured image.

    Attributes:
        part: what it is used for.
        origin: what it is.
        kind: of the alteration, "authentic" without.
        photo: name of the photograph that it was made from, or of its scene.
        size: (height, width) in pixels.
        quality: nearest JPEG quality of the file, 0 for PNG.
        scores: opinion → raw score; void ones are absent.
        planes: (rows, columns, n) float16, the cell network's inputs that differ from cell to cell.
        mask: (rows, columns) float16, altered share of each cell.
    """

    part: Part
    origin: Origin
    kind: str
    photo: str
    size: tuple[int, int]
    quality: int
    scores: Mapping[str, float]
    planes: NDArray[np.float16] = field(repr=False)
    mask: NDArray[np.float16] = field(repr=False)

    @property
    def tampered(self) -> bool:
        """Whether it was altered."""
        return self.kind != "authentic"

    @property
    def pixels(self) -> int:
        """Width × height."""
        return self.size[0] * self.size[1]


def measure_image(
    evidence: Evidence, mask: NDArray[np.bool_], detector: LocalizerDetector, part: Part, made: Made
) -> FusionImage:
    """Ask the localizer and every applicable trace about one image."""
    measured = measure_traces(evidence)
    found = detector.localize(evidence, measured.measurements)
    maps = {name: one.values for name, one in measured.measurements.items()}
    scores = {name: one.score for name, one in measured.measurements.items()}
    return FusionImage(
        part=part,
        origin=made.origin,
        kind=made.kind,
        photo=made.photo,
        size=(evidence.height, evidence.width),
        quality=evidence.jpeg.quality if evidence.jpeg else 0,
        scores={detector.weight.name: found.margin, **scores},
        planes=trace_planes(found.probabilities, maps, tuple(MEASURED)).astype(np.float16),
        mask=block_means(mask.astype(np.float32), CELL).astype(np.float16),
    )


def write_image(image: FusionImage, path: Path) -> None:
    """Keep what was measured, whole or not at all."""
    facts = asdict(image)
    arrays = {name: facts.pop(name) for name in ("planes", "mask")}
    partial_path = path.with_suffix(".tmp.npz")
    np.savez_compressed(partial_path, facts=np.array(json.dumps(facts)), **arrays)
    partial_path.replace(path)


def read_image(path: Path) -> FusionImage:
    """Read what was measured before."""
    with np.load(path) as archive:
        facts = json.loads(str(archive["facts"]))
        return FusionImage(
            **{**facts, "size": tuple(facts["size"])}, planes=archive["planes"], mask=archive["mask"]
        )
