"""What every localizer returns."""

from typing import NamedTuple

from torch import Tensor


class Localization(NamedTuple):
    """A localizer's answer.

    Attributes:
        logits: (N, 1, H, W) log-odds that the pixel was altered.
        edges: (N, 1, h, w) log-odds that the outline of an altered region passes there; None from networks
            that are not supervised on edges.
        stages: what the encoder found at 1/4, 1/8, 1/16 and 1/32 of the input, for a teacher to compare;
            empty from networks that are not taught.
    """

    logits: Tensor
    edges: Tensor | None = None
    stages: tuple[Tensor, ...] = ()
