"""Running the ONNX networks: weights, providers and precision, and one file for each system.

Public names: `Calibration`, `Domain`, `FULL`, `GRID`, `LightweightCnnDetector`, `Localization`,
`LocalizerDetector`, `PixelLocalizer`, `TraceLocalizerDetector`, `MaskedClassifier`, `MultiFusionDetector`,
`PATCH_POOLINGS`, `PRECISIONS`, `PatchClassifier`, `PatchDetector`, `REFERENCE_PIXELS`, `WEIGHTS_DIRECTORY`,
`asked_precision`, `at_reference`, `chosen_precision`, `chosen_provider`, `grouped_threshold`,
`lower_threshold`, `onnxruntime`, `upper_threshold`, `variant_name`, `variants`, `weight_names`; further
`Frame`, `Weight`, `card_text`, `describe`, `frame`, `load_weight`, `onnxruntime`, `precision_limits`,
`runtime_errors`, `runtime_version`, `session_providers`.
"""

from typing import TYPE_CHECKING

from tamperlens.examine.networks._calibration import (
    REFERENCE_PIXELS,
    Calibration,
    at_reference,
    grouped_threshold,
    lower_threshold,
    upper_threshold,
)
from tamperlens.examine.networks._kind_networks import MaskedClassifier, PatchClassifier
from tamperlens.examine.networks._lightweight import LightweightCnnDetector
from tamperlens.examine.networks._localizer import Localization, LocalizerDetector, PixelLocalizer
from tamperlens.examine.networks._multi_fusion import MultiFusionDetector
from tamperlens.examine.networks._patch_detector import PATCH_POOLINGS, PatchDetector
from tamperlens.examine.networks._precision import FULL, PRECISIONS, asked_precision, chosen_precision
from tamperlens.examine.networks._providers import chosen_provider
from tamperlens.examine.networks._tiling import GRID
from tamperlens.examine.networks._trace_localizer import TraceLocalizerDetector
from tamperlens.examine.networks._weights import (
    WEIGHTS_DIRECTORY,
    Domain,
    variant_name,
    variants,
    weight_names,
)

if TYPE_CHECKING:
    from tamperlens.examine.networks._runtime import onnxruntime, runtime_errors

from tamperlens.examine.networks._kind_networks import Frame, frame
from tamperlens.examine.networks._precision import precision_limits
from tamperlens.examine.networks._providers import runtime_version, session_providers
from tamperlens.examine.networks._weights import Weight, card_text, describe, load_weight

__all__ = [
    "FULL",
    "GRID",
    "PATCH_POOLINGS",
    "PRECISIONS",
    "REFERENCE_PIXELS",
    "WEIGHTS_DIRECTORY",
    "Calibration",
    "Domain",
    "Frame",
    "LightweightCnnDetector",
    "Localization",
    "LocalizerDetector",
    "MaskedClassifier",
    "MultiFusionDetector",
    "PatchClassifier",
    "PatchDetector",
    "PixelLocalizer",
    "TraceLocalizerDetector",
    "Weight",
    "asked_precision",
    "at_reference",
    "card_text",
    "chosen_precision",
    "chosen_provider",
    "describe",
    "frame",
    "grouped_threshold",
    "load_weight",
    "lower_threshold",
    "onnxruntime",
    "precision_limits",
    "runtime_errors",
    "runtime_version",
    "session_providers",
    "upper_threshold",
    "variant_name",
    "variants",
    "weight_names",
]


def __getattr__(name: str) -> object:
    """ONNX Runtime is imported when it is first used: 0.2 s that `--help` must not pay."""
    if name not in {"onnxruntime", "runtime_errors"}:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from tamperlens.examine.networks import _runtime  # noqa: PLC0415 - as late as possible

    return getattr(_runtime, name)
