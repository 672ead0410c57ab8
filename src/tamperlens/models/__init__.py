"""The five systems' networks, one file a paper: tensors → logits, nothing about losses or thresholds.

Public names: `MODELS`, `DualConvNext`, `DualModuleClassifier`, `KindClassifier`, `Kinds`, `LightweightCnn`,
`Localization`, `MultiFusion`, `UnetLocalizer`; `MASKED_KINDS`, what S2 tells apart.
"""

from collections.abc import Callable

from torch import nn

from tamperlens.models.dual_convnext import DualConvNext
from tamperlens.models.dual_module import MASKED_KINDS, DualModuleClassifier
from tamperlens.models.kind_classifier import KindClassifier, Kinds
from tamperlens.models.lightweight_cnn import LightweightCnn
from tamperlens.models.localization import Localization
from tamperlens.models.multi_fusion import MultiFusion
from tamperlens.models.unet_localizer import UnetLocalizer

__all__ = [
    "MASKED_KINDS",
    "MODELS",
    "DualConvNext",
    "DualModuleClassifier",
    "KindClassifier",
    "Kinds",
    "LightweightCnn",
    "Localization",
    "MultiFusion",
    "UnetLocalizer",
]

MODELS: dict[str, Callable[..., nn.Module]] = {
    "unet-localizer": UnetLocalizer,
    "lightweight-cnn": LightweightCnn,
    "dual-convnext": DualConvNext,
    "kind-classifier": KindClassifier,
    "dual-module": DualModuleClassifier,
    "multi-fusion": MultiFusion,
}
