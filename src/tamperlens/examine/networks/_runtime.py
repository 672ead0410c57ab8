"""ONNX Runtime, which is imported here and nowhere before.

From 1.29 on it tells its makers which networks are loaded, under a number that it keeps for the machine,
unless a variable is set before it is imported. Nothing leaves a machine where Tamperlens examines.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime"]
