"""ONNX Runtime, imported here first.

From 1.29 on, it reports to its makers which networks are loaded, under a permanent ID for the machine,
unless a variable is set before it is imported. It is set here: nothing may leave a machine that examines.
"""

import os
from functools import cache

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime", "runtime_errors"]


@cache
def runtime_errors() -> tuple[type[Exception], ...]:
    """Exceptions that ONNX Runtime raises; they have no common base class of their own."""
    state = vars(onnxruntime.capi.onnxruntime_pybind11_state).values()
    return tuple(one for one in state if isinstance(one, type) and issubclass(one, Exception))
