"""Third-party detectors: a function, an installed package or an ONNX file, held to one contract.

Public names: `Advisory`, `Detect`, `Detection`, `ExternalDetector`, `external_names`, `is_external`,
`load_external`, `read_answer`, `wrap_onnx`, `OnnxSettings`.
"""

from tamperlens.examine.external._advisory import Advisory
from tamperlens.examine.external._contract import Detect, Detection, ExternalDetector, read_answer
from tamperlens.examine.external._loading import external_names, is_external, load_external
from tamperlens.examine.external._onnx import OnnxSettings
from tamperlens.examine.external._wrapping import wrap_onnx

__all__ = [
    "Advisory",
    "Detect",
    "Detection",
    "ExternalDetector",
    "OnnxSettings",
    "external_names",
    "is_external",
    "load_external",
    "read_answer",
    "wrap_onnx",
]
