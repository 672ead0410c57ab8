"""One image that the fusion is fitted to: traces measured once and kept, then read by any localizer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, load_evidence
from tamperlens.examine import CELL, block_means, localizer_planes, measured_planes
from tamperlens.examine.fused import measure_traces
from tamperlens.examine.networks import LocalizerDetector
from tamperlens.inputs import MeasuredMaps, maps_of
from tamperlens.traces import MEASURED
from tamperlens.training.fusion._fusion_sources import Part

# What an image is: half of a pair that differs only by the edit, whose photograph may have been saved before
# on the same grid ("kept"), or which was saved once more when it was finished ("resaved"); a photograph saved
# once; one that went through a made or real camera; an authentic one of a scene that holds a thing twice.
Origin = Literal["twins", "kept", "resaved", "untouched", "camera", "look-alikes"]
# The three sorts of pairs.
TWINS: tuple[Origin, ...] = ("twins", "kept", "resaved")
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Made:
    """A file, with what is known about it; a mask of None for an untouched one."""

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
        kind: of the alteration; "authentic" without one.
        photo: name of the photograph it was made from, or of its scene.
        size: (height, width) in pixels.
        format: of the file.
        quality: nearest JPEG quality of the file; 0 for other formats.
        scores: opinion → raw score; void ones are absent.
        numbers: trace → its other readings; void ones are absent.
        planes: (rows, columns, n) float16, the cell network's inputs that differ between cells.
        mask: (rows, columns) float16, altered share of each cell.
    """

    part: Part
    origin: Origin
    kind: str
    photo: str
    size: tuple[int, int]
    format: str
    quality: int
    scores: Mapping[str, float]
    numbers: Mapping[str, Numbers]
    planes: NDArray[np.float16] = field(repr=False)
    mask: NDArray[np.float16] = field(repr=False)

    @property
    def tampered(self) -> bool:
        """Whether it was altered."""
        return self.kind != "authentic"

    @property
    def group(self) -> Origin:
        """Its origin, the three sorts of twins as one."""
        return "twins" if self.origin in TWINS else self.origin

    @property
    def pixels(self) -> int:
        """Width × height."""
        return self.size[0] * self.size[1]

    def map(self, trace: str) -> NDArray[np.float32] | None:
        """A trace's map in cells; None if it is void."""
        if trace not in self.scores:
            return None
        return self.planes[..., 2 + 2 * list(MEASURED).index(trace)].astype(np.float32)


def measure_image(evidence: Evidence, mask: NDArray[np.bool_], part: Part, made: Made, path: Path) -> None:
    """Measure every applicable trace on one image, and keep the results next to the file itself.

    Args:
        evidence: the image.
        mask: (H, W) bool, what was altered.
        part: what it is used for.
        made: what is known about it.
        path: NPZ file to write, completely or not at all.
    """
    measured = measure_traces(evidence).measurements
    maps = maps_of(evidence, measured)
    facts = {
        "part": part,
        "origin": made.origin,
        "kind": made.kind,
        "photo": made.photo,
        "size": (evidence.height, evidence.width),
        "format": evidence.format,
        "quality": evidence.jpeg.quality if evidence.jpeg else 0,
        "scores": {name: one.score for name, one in measured.items()},
        "numbers": {name: dict(one.numbers) for name, one in measured.items()},
        "valid": maps.valid,
    }
    by_name = {name: one.values for name, one in measured.items()}
    arrays = {
        "planes": measured_planes(by_name, tuple(MEASURED), (evidence.height, evidence.width)),
        "mask": block_means(mask.astype(np.float32), CELL),
    }
    _write(
        path,
        facts=np.array(json.dumps(facts)),
        maps=maps.values,
        data=np.frombuffer(made.file, np.uint8),
        **{name: values.astype(np.float16) for name, values in arrays.items()},
    )


def localize_image(measured: Path, detector: LocalizerDetector, path: Path) -> None:
    """Run a localizer on a measured image, and keep its result.

    Args:
        measured: file written by `measure_image`.
        detector: the localizer.
        path: NPZ file to write, completely or not at all.
    """
    with np.load(measured) as archive:
        facts = json.loads(str(archive["facts"]))
        evidence = load_evidence(archive["data"].tobytes())
        found = detector.localize(evidence, MeasuredMaps(archive["maps"], tuple(facts["valid"])))
    _write(
        path, margin=np.array(found.margin), planes=localizer_planes(found.probabilities).astype(np.float16)
    )


def _write(path: Path, **arrays: NDArray[Any]) -> None:
    partial_path = path.with_suffix(".tmp.npz")
    np.savez_compressed(partial_path, allow_pickle=False, **arrays)
    partial_path.replace(path)


def read_image(measured: Path, localized: Path, localizer: str) -> FusionImage:
    """Join the results of the traces and of a localizer of that name."""
    with np.load(measured) as archive, np.load(localized) as own:
        facts = json.loads(str(archive["facts"]))
        del facts["valid"]
        scores = {localizer: float(own["margin"]), **facts.pop("scores")}
        planes = np.concatenate([own["planes"], archive["planes"]], axis=-1)
        return FusionImage(
            **{**facts, "size": tuple(facts["size"])}, scores=scores, planes=planes, mask=archive["mask"]
        )
