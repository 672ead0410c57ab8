"""The result of an examination, as passed on to reports, tables and other programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence import Evidence, Statements
from tamperlens.examine._document import FindingDocument, Opinion
from tamperlens.examine._history import History
from tamperlens.examine._maps import Maps
from tamperlens.examine._outcome import Outcome
from tamperlens.examine._regions import MarkedRegion
from tamperlens.traces.copies import Copy


@dataclass(frozen=True)
class Answer:
    """A system's answer about an image.

    Attributes:
        opinion: the answer in numbers and words.
        heat_map: (h, w) float32 in 0..1 over the whole image: where the score comes from. None if the system
            cannot tell.
        mask_threshold: probability from which a pixel of the heat map counts as altered; None when the
            heat map is not a mask.
    """

    opinion: Opinion
    heat_map: NDArray[np.float32] | None = field(default=None, repr=False)
    mask_threshold: float | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Finding:
    """The result for one image: a document, and the pictures that do not fit into it.

    Attributes:
        document: everything that can be said in numbers and words.
        evidence: the file as found.
        mask: (H, W) float32 probability that each pixel was altered; None when no system used tells where.
        maps: every map of the image by name, (h, w) float32 in 0..1 at its own resolution.
        copies: pairs of regions, one of which repeats the other, given pixel by pixel.
        history: what happened to the file, as far as can be told; None when systems were used one by one.
        statements: what the file states about itself, including its thumbnail; None in the same case.
    """

    document: FindingDocument
    evidence: Evidence
    mask: NDArray[np.float32] | None
    maps: Maps
    copies: tuple[Copy, ...] = ()
    history: History | None = None
    statements: Statements | None = None

    def __repr__(self) -> str:
        """One line."""
        said = "no score" if self.score is None else f"score {self.score:.2f}"
        if self.score is not None and self.log10_lr is not None:
            said += f", log10 likelihood ratio {self.log10_lr:+.2f}"
        kind = f", kind {self.kind}" if self.kind else ""
        return f"<Finding of {self.document.file or 'an image'}: {self.outcome}, {said}{kind}>"

    @property
    def outcome(self) -> Outcome:
        """Whether the image is "consistent" with an original, "inconsistent" with one, or "inconclusive"."""
        return self.document.outcome

    @property
    def score(self) -> float | None:
        """Calibrated probability of alteration at even prior odds, 0..1; None if none may be given."""
        return self.document.score

    @property
    def log10_lr(self) -> float | None:
        """log₁₀ of the likelihood ratio, altered over authentic; None when systems were used one by one."""
        return self.document.log10_lr

    @property
    def kind(self) -> str | None:
        """Most probable kind of alteration; None when no kind is given."""
        return self.document.kind

    @property
    def kinds(self) -> Mapping[str, float]:
        """Probability of each kind, given that the largest marked region was altered; may be empty."""
        return self.document.kinds

    @property
    def mask_threshold(self) -> float | None:
        """Probability from which a pixel of the mask counts as altered; None without a mask."""
        return self.document.mask_threshold

    @property
    def regions(self) -> tuple[MarkedRegion, ...]:
        """The most suspicious parts, most suspicious first; empty when none reaches the threshold."""
        return self.document.regions

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """Opinions of every system and trace used, including those that are not applicable."""
        return self.document.opinions

    @property
    def limits(self) -> tuple[str, ...]:
        """What this finding cannot tell, one sentence each."""
        return self.document.limits

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of everything that the result depends on."""
        return self.document.versions

    @property
    def marked(self) -> NDArray[np.bool_] | None:
        """(H, W) bool, which pixels count as altered; None without a mask."""
        if self.mask is None or self.mask_threshold is None:
            return None
        return self.mask >= self.mask_threshold

    def saying(self, **changes: object) -> "Finding":
        """The same finding, with changed values in its document."""
        return replace(self, document=msgspec.structs.replace(self.document, **changes))
