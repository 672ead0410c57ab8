"""The five systems' networks, one file a paper: tensors → logits, nothing about losses or thresholds.

Public names: `MODELS`, `LightweightCnn`.
"""

from collections.abc import Callable

from torch import nn

from tamperlens.models.lightweight_cnn import LightweightCnn

__all__ = ["MODELS", "LightweightCnn"]

MODELS: dict[str, Callable[..., nn.Module]] = {
    "lightweight-cnn": LightweightCnn,
}
