"""ONNX Runtime, which is imported here and nowhere before.

From 1.29 on it tells its makers which networks are loaded, under a number that it keeps for the machine,
unless a variable is set before it is imported. Nothing leaves a machine where Tamperlens examines.
"""

import os
from functools import cache

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime", "runtime_errors"]


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises; its errors share no base of their own."""
    state = vars(onnxruntime.capi.onnxruntime_pybind11_state).values()
    return tuple(one for one in state if isinstance(one, type) and issubclass(one, Exception))
