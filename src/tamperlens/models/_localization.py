"""What every localizer returns."""

from typing import NamedTuple

from torch import Tensor


class Localization(NamedTuple):
    """A localizer's answer.

    Attributes:
        logits: (N, 1, H, W) log-odds that the pixel was altered.
        edges: (N, 1, h, w) log-odds that the outline of an altered region passes there; None from networks
            without edge supervision.
    """

    logits: Tensor
    edges: Tensor | None = None
