"""How the marked region was altered: weighs two networks and repeated regions together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import WeightError
from tamperlens.examine._document import KindOpinion
from tamperlens.examine.networks import Frame, MaskedClassifier, PatchClassifier, frame, load_weight
from tamperlens.traces.copies import MIN_SIGNIFICANCE, Copy, Repeat, repeated_region

KINDS_PATH = Path(__file__).parents[1] / "kinds.json"

# Share of the marked region that a pair of copies must cover to count.
_COVERED = 0.3
_FLOOR = 1e-4
# A kind is named if it is more probable than all others together, and the marked part has enough pixels.
LEADING, LEAST_TOLD = 0.5, 1024
# A repeated region's lead is capped here: beyond it, more lead means nothing more.
_MOST_LEAD = 1.0


@dataclass(frozen=True)
class KindFinding:
    """Everything that is said about the kind.

    Attributes:
        kinds: probability of each kind, given that the marked region was altered.
        opinions: opinion of each system.
        activation: (H, W) float32 in 0..1, where the patch classifier looks.
        tampered: the patch classifier's log-odds that the part around the region was altered; not calibrated.
        repeat: the part of the image that the region repeats best; None if there is nothing to compare.
    """

    kinds: Mapping[str, float]
    opinions: tuple[KindOpinion, ...]
    activation: NDArray[np.float32] = field(repr=False)
    tampered: float
    repeat: Repeat | None

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The region and its source, if the region is called a copy and a source was found."""
        if self.repeat is None or self.repeat.significance < MIN_SIGNIFICANCE or not self.kinds:
            return ()
        likeliest = max(self.kinds, key=lambda kind: self.kinds[kind])
        return (self.repeat.as_copy(),) if likeliest == "copy-move" else ()


@dataclass(frozen=True)
class KindWeights:
    """A multinomial logistic regression on what the systems say; fitted by `tamperlens fuse`.

    Attributes:
        kinds: names of the K kinds.
        coefficients: (K, D).
        intercepts: (K,).
        training: what it was fitted on; for people, and to check the hashes.
        sha256: SHA-256 of its file.
    """

    kinds: tuple[str, ...]
    coefficients: NDArray[np.float64] = field(repr=False)
    intercepts: NDArray[np.float64] = field(repr=False)
    training: Mapping[str, Any] = field(repr=False)
    sha256: str

    def __call__(self, inputs: NDArray[np.float64]) -> dict[str, float]:
        """Probability of each kind for a vector from `kind_inputs`."""
        logits = self.coefficients @ inputs + self.intercepts
        values = np.exp(logits - logits.max())
        return dict(zip(self.kinds, (values / values.sum()).tolist(), strict=True))


def load_kind_weights(path: Path = KINDS_PATH) -> KindWeights:
    """Read the fitted regression.

    Raises:
        WeightError: the file is missing or incomplete.
    """
    try:
        raw = path.read_bytes()
        content = json.loads(raw)
        return KindWeights(
            tuple(content["kinds"]),
            np.array(content["coefficients"]),
            np.array(content["intercepts"]),
            MappingProxyType(content["training"]),
            hashlib.sha256(raw).hexdigest(),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(
            f"the weights of kinds {path} are incomplete: {error!r}; install the package again"
        ) from error


class KindTeller:
    """Runs both networks on the marked region, searches the image for its source, and weighs the results.

    Args:
        patches: the patch classifier.
        masked: the mask-conditioned classifier.
        weights: fitted with these two; None to return only what each of them says.

    Raises:
        WeightError: the weights were fitted with other networks.
    """

    def __init__(
        self, patches: PatchClassifier, masked: MaskedClassifier, weights: KindWeights | None
    ) -> None:
        self.patches, self.masked, self.weights = patches, masked, weights
        fitted_with = weights and weights.training.get("networks")
        if weights and fitted_with != {p.weight.name: p.weight.sha256 for p in (patches, masked)}:
            raise WeightError(
                "the weights of kinds were fitted with other networks than these; fit them again with "
                "'tamperlens fuse' or install the package again"
            )

    @property
    def versions(self) -> dict[str, str]:
        """Hashes of everything that was trained or fitted."""
        hashes = {f"weight {part.weight.name}": part.weight.sha256 for part in (self.patches, self.masked)}
        return hashes | ({"kinds": self.weights.sha256} if self.weights else {})

    def tell(self, pixels: NDArray[np.uint8], mask: NDArray[np.bool_], copies: Sequence[Copy]) -> KindFinding:
        """Kinds of the largest marked region.

        Args:
            pixels: (H, W, 3) uint8 RGB.
            mask: (H, W) bool, not all False.
            copies: what the copy-move trace found.
        """
        part = frame(pixels, mask, self.patches.side)
        tampered, logits, activation = self.patches.classify(part.pixels)
        masked = self.masked.kinds_of(frame(pixels, mask, self.masked.side))
        opinions = (
            KindOpinion(system=self.patches.weight.name, kinds=self.patches.kinds_of(logits)),
            KindOpinion(system=self.masked.weight.name, kinds=dict(masked)),
        )
        placed = _placed(activation, part, mask.shape)
        repeat = repeated_region(pixels, mask)
        if self.weights is None:
            return KindFinding(MappingProxyType({}), opinions, placed, tampered, repeat)
        said, copied = [opinion.kinds for opinion in opinions], covered_by_copies(mask, copies)
        likeness, lead = (repeat.likeness, repeat.lead) if repeat else (0.0, 0.0)
        kinds = self.weights(kind_inputs(said, copied, likeness, lead))
        return KindFinding(MappingProxyType(kinds), opinions, placed, tampered, repeat)


def load_kind_teller(threads: int = 0) -> KindTeller:
    """The shipped networks and their regression."""
    return KindTeller(
        PatchClassifier(load_weight("kind-classifier"), threads),
        MaskedClassifier(load_weight("dual-module"), threads),
        load_kind_weights(),
    )


def kind_inputs(
    said: Sequence[Mapping[str, float]], copied: bool, likeness: float, lead: float
) -> NDArray[np.float64]:
    """The inputs of the regression as a vector.

    Args:
        said: each system's probability of each kind.
        copied: whether the region is one of a pair of copies.
        likeness: similarity to the part that the region repeats best; if that is low, the region is no copy.
        lead: how much more similar that part is than any other.

    Returns:
        (D,) logarithms of the probabilities, bounded below, then the other values; leads above 1 count as 1.
    """
    logarithms = [np.log(max(value, _FLOOR)) for kinds in said for value in kinds.values()]
    return np.array([*logarithms, float(copied), max(likeness, 0.0), min(max(lead, 0.0), _MOST_LEAD)])


def covered_by_copies(mask: NDArray[np.bool_], copies: Sequence[Copy]) -> bool:
    """Whether a pair of copied regions covers at least 30 % of the marked region."""
    drawn = np.zeros(mask.shape, bool)
    for copy in copies:
        for region in (copy.source, copy.target):
            drawn |= region.within(mask.shape)
    return bool((drawn & mask).sum() >= _COVERED * mask.sum())


def _placed(activation: NDArray[np.float32], part: Frame, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The activation at its place in the image, scaled to a maximum of 1; 0 elsewhere."""
    height, width = min(part.side, shape[0] - part.top), min(part.side, shape[1] - part.left)
    spread = cv2.resize(activation, (part.side, part.side), interpolation=cv2.INTER_LINEAR)
    result = np.zeros(shape, np.float32)
    strongest = float(spread.max())
    if strongest > 0:
        result[part.top : part.top + height, part.left : part.left + width] = (
            spread[:height, :width] / strongest
        )
    return result
