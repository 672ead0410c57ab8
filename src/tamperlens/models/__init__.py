"""The five systems' networks, one file a paper: tensors → logits, nothing about losses or thresholds.

Public names: `MODELS`, `DualConvNext`, `LightweightCnn`, `Localization`, `UnetLocalizer`.
"""

from collections.abc import Callable

from torch import nn

from tamperlens.models.dual_convnext import DualConvNext
from tamperlens.models.lightweight_cnn import LightweightCnn
from tamperlens.models.localization import Localization
from tamperlens.models.unet_localizer import UnetLocalizer

__all__ = ["MODELS", "DualConvNext", "LightweightCnn", "Localization", "UnetLocalizer"]

MODELS: dict[str, Callable[..., nn.Module]] = {
    "unet-localizer": UnetLocalizer,
    "lightweight-cnn": LightweightCnn,
    "dual-convnext": DualConvNext,
}
