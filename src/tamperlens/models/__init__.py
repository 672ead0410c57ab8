"""The networks, one file per system: tensors → logits, nothing about losses or thresholds."""

from collections.abc import Callable, Mapping

from torch import nn

from tamperlens.catalogue import Parts
from tamperlens.models._dncnn import DnCnn, load_dncnn
from tamperlens.models._dual_convnext import DualConvNext
from tamperlens.models._dual_module import MASKED_KINDS, DualModuleClassifier
from tamperlens.models._kind_classifier import KindClassifier, Kinds
from tamperlens.models._lightweight_cnn import LightweightCnn
from tamperlens.models._localization import Localization
from tamperlens.models._multi_fusion import MultiFusion
from tamperlens.models._trace_localizer import (
    TraceInput,
    TraceLocalization,
    TraceLocalizer,
    Trunk,
    Whole,
    pooled,
    whole_statistics,
)
from tamperlens.models._trace_streams import FREQUENCIES, LEVELS, MEASURED_FLAGS, MEASURED_MAPS
from tamperlens.models._unet_localizer import UnetLocalizer

__all__ = [
    "FREQUENCIES",
    "LEVELS",
    "MASKED_KINDS",
    "MEASURED_FLAGS",
    "MEASURED_MAPS",
    "MODELS",
    "DnCnn",
    "DualConvNext",
    "DualModuleClassifier",
    "KindClassifier",
    "Kinds",
    "LightweightCnn",
    "Localization",
    "MultiFusion",
    "TraceInput",
    "TraceLocalization",
    "TraceLocalizer",
    "Trunk",
    "UnetLocalizer",
    "Whole",
    "load_dncnn",
    "pooled",
    "whole_statistics",
]

MODELS: Mapping[str, Callable[..., nn.Module]] = Parts("network")
