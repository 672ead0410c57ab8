"""An image → what the networks read: tensors of pixels, error levels, coefficients and measured maps."""

from tamperlens.inputs._handcrafted import HandcraftedConfig, handcrafted_tensor
from tamperlens.inputs._network_input import NetworkInput
from tamperlens.inputs._square_image import SquareImage
from tamperlens.inputs._trace_input import (
    BLOCK,
    FREQUENCIES,
    MAPS,
    CoefficientInput,
    MeasuredMaps,
    coefficient_input,
    maps_of,
    measured_maps,
)

__all__ = [
    "BLOCK",
    "FREQUENCIES",
    "MAPS",
    "CoefficientInput",
    "HandcraftedConfig",
    "MeasuredMaps",
    "NetworkInput",
    "SquareImage",
    "coefficient_input",
    "handcrafted_tensor",
    "maps_of",
    "measured_maps",
]
