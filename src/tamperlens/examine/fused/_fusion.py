"""Several opinions → one map and one likelihood ratio, which a person can add up by hand.

Everything here is numpy; the numbers fitted to made forgeries are in `fusion.json`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import WeightError
from tamperlens.examine._outcome import Outcome
from tamperlens.examine._places import Place
from tamperlens.examine.fused._power import Counted
from tamperlens.examine.fused._rarity import Rarity, as_rare_sum
from tamperlens.examine.networks import at_reference

Map = NDArray[np.float32]

FUSION_FILE = Path(__file__).parents[1] / "fusion.json"

_ROWS = 64


@dataclass(frozen=True)
class Curve:
    """What a raw score of one opinion is worth.

    Attributes:
        slope: how much the raw score of authentic images rises with each doubling of their area. The more
            places an image has, the more the most suspicious one stands out; this is subtracted.
        scores: raw scores minus that, rising.
        llrs: natural log-likelihood ratio at each score, never falling; linear between them, constant beyond.
        weight: factor for its use together with the other opinions, which partly say the same.
        unusual_above: score (minus that) that at most 5 % of the authentic calibration images exceed.
    """

    slope: float
    scores: tuple[float, ...]
    llrs: tuple[float, ...]
    weight: float
    unusual_above: float

    def at_reference(self, score: float, pixels: int) -> float:
        """The raw score that the image would have with 256 × 256 pixels instead of this many."""
        return at_reference(score, self.slope, pixels)

    def llr(self, score: float, pixels: int) -> float:
        """Natural log-likelihood ratio of a raw score, taken alone, for an image of this many pixels."""
        return float(np.interp(self.at_reference(score, pixels), self.scores, self.llrs))


@dataclass(frozen=True)
class Band:
    """Outcome thresholds for images of one size, by the rule of conformal prediction.

    A photograph counts once, however many calibration images were made of it. The rate holds for each origin
    of images separately, such as camera files and the authentic twins of forgeries: the origin that needs the
    highest threshold sets it. With too few photographs for a rate, the threshold is out of reach, and no
    image is called inconsistent.

    Attributes:
        max_pixels: largest width × height of images in this band.
        inconsistent_above: false-alarm rate → log-likelihood ratio that a new authentic photograph,
            exchangeable with those of calibration, exceeds no more often than that.
        consistent_below: log-likelihood ratio below which at most `MISS_RATE` of the altered images fall.
        authentic: number of authentic calibration images.
        altered: number of altered calibration images, of all sizes.
        photographs: number of photographs that the authentic images were made of; a scene of camera originals
            counts as one. No rate below 1 / (photographs + 1) can be held.
    """

    max_pixels: int
    inconsistent_above: Mapping[str, float]
    consistent_below: float
    authentic: int
    altered: int
    photographs: int = 0


FALSE_ALARM_RATES = ("0.01", "0.05")
# A threshold that no log-likelihood ratio reaches, for rates that too few photographs were measured to hold.
OUT_OF_REACH = 1e9
MISS_RATE = 0.05


@dataclass(frozen=True)
class CellNetwork:
    """A small fully connected network that reads all traces of one cell of 8 × 8 pixels.

    Attributes:
        layers: (weight (inputs, outputs), bias (outputs,)) float32 for each layer; ReLU between them.
        means: subtracted from the inputs.
        scales: the inputs are then divided by these.
    """

    layers: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
    means: NDArray[np.float32]
    scales: NDArray[np.float32]

    def __call__(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds (rows, columns) for inputs (rows, columns, n)."""
        parts = [self._rows(inputs[top : top + _ROWS]) for top in range(0, len(inputs), _ROWS)]
        return np.concatenate(parts)

    def _rows(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        values = (inputs - self.means) / self.scales
        for i, (weight, bias) in enumerate(self.layers):
            values = values @ weight + bias
            if i + 1 < len(self.layers):
                values = np.maximum(values, 0)
        return np.asarray(values[..., 0], np.float32)


@dataclass(frozen=True)
class Fusion:
    """How opinions become one.

    Attributes:
        sha256: SHA-256 of the file it was read from.
        traces: names of the traces in the order of the network's inputs.
        cells: the network.
        detail: share of the localizer's detail within a cell that is kept, 0..1.
        curves: opinion → its curve; those of the fused map itself are `MAP_OPINIONS`.
        offset: added to the sum of contributions.
        total: how rare each sum of all contributions is.
        routes: trace that may stand alone → how rare the values of its clearest place are; see `ROUTES`.
        bands: outcome thresholds, sorted by `max_pixels`.
        power: counts of made edits that nothing was fitted to, and how many of them were found.
        training: what it was fitted to, with which figures; for people.
    """

    sha256: str
    traces: tuple[str, ...]
    cells: CellNetwork
    detail: float
    curves: Mapping[str, Curve]
    offset: float
    total: Rarity
    routes: Mapping[str, Rarity]
    bands: tuple[Band, ...]
    power: tuple[Counted, ...]
    training: Mapping[str, Any]

    def band(self, pixels: int) -> Band:
        """Thresholds for an image of this many pixels."""
        return self.bands[self.band_number(pixels)]

    def band_number(self, pixels: int) -> int:
        """Index of the band for an image of this many pixels."""
        inside = (k for k, band in enumerate(self.bands) if pixels <= band.max_pixels)
        return next(inside, len(self.bands) - 1)

    def rarest(self, places: Mapping[str, Place], pixels: int) -> tuple[str, float]:
        """The trace whose place is the rarest in untouched photographs, and how rare it is.

        Args:
            places: trace → the place that it shows alone; void traces are absent.
            pixels: number of pixels of the image.

        Returns:
            Name, or "" if no trace shows anything; −log₁₀ of the share of photographs that show as much.
        """
        levels = {
            name: rarity.level(places[name].height, pixels)
            for name, rarity in self.routes.items()
            if name in places and places[name].value > 0
        }
        name = max(levels, key=lambda each: levels[each], default="")
        return name, levels.get(name, 0.0)

    def as_rare(self, level: float) -> float:
        """The sum of contributions that is as rare in untouched photographs as a place of this level."""
        return as_rare_sum(self.total, level)

    def outcome(self, llr: float, pixels: int, rate: str = "0.05") -> Outcome:
        """Three-way outcome of a natural log-likelihood ratio.

        Args:
            llr: natural log-likelihood ratio of the image.
            pixels: width × height.
            rate: key of `FALSE_ALARM_RATES`.
        """
        band = self.band(pixels)
        rare_if_authentic = llr > band.inconsistent_above[rate]
        rare_if_altered = llr < band.consistent_below
        if rare_if_authentic == rare_if_altered:
            return "inconclusive"
        return "inconsistent" if rare_if_authentic else "consistent"


def load_fusion(path: Path = FUSION_FILE) -> Fusion:
    """Read the fitted fusion.

    Raises:
        WeightError: the file is missing, unreadable or has another format.
    """
    try:
        data = path.read_bytes()
        content = json.loads(data)
        network = content["cells"]
        return Fusion(
            sha256=hashlib.sha256(data).hexdigest(),
            traces=tuple(content["traces"]),
            cells=CellNetwork(
                tuple((_floats(layer["weight"]), _floats(layer["bias"])) for layer in network["layers"]),
                _floats(network["means"]),
                _floats(network["scales"]),
            ),
            detail=float(content["detail"]),
            curves=MappingProxyType({
                name: Curve(
                    c["slope"], tuple(c["scores"]), tuple(c["llrs"]), c["weight"], c["unusual_above"]
                )
                for name, c in content["curves"].items()
            }),
            offset=float(content["offset"]),
            total=_rarity(content["total"]),
            routes=MappingProxyType({name: _rarity(one) for name, one in content["routes"].items()}),
            bands=tuple(Band(**band) for band in content["bands"]),
            power=tuple(Counted(**counted) for counted in content["power"]),
            training=MappingProxyType(content["training"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(f"the fusion in {path} is missing or incomplete: {error!r}") from error


def _rarity(content: Mapping[str, Any]) -> Rarity:
    return Rarity(float(content["slope"]), tuple(content["values"]), tuple(content["levels"]))


def _floats(values: list[Any]) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)
