"""The five systems' networks, one file a paper: tensors → logits, nothing about losses or thresholds.

Public names: `MODELS`, `DualConvNext`, `DualModuleClassifier`, `KindClassifier`, `Kinds`, `LightweightCnn`,
`Localization`, `MultiFusion`, `UnetLocalizer`; `MASKED_KINDS`, what S2 tells apart.
"""

from collections.abc import Callable

from torch import nn

from tamperlens.models._dual_convnext import DualConvNext
from tamperlens.models._dual_module import MASKED_KINDS, DualModuleClassifier
from tamperlens.models._kind_classifier import KindClassifier, Kinds
from tamperlens.models._lightweight_cnn import LightweightCnn
from tamperlens.models._localization import Localization
from tamperlens.models._multi_fusion import MultiFusion
from tamperlens.models._unet_localizer import UnetLocalizer

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
