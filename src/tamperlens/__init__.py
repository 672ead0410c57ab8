"""Tamperlens shows where, how and how surely an image was altered, and lets a person check why."""

import os

__version__ = "0.1.0"

# From 1.29 on ONNX Runtime tells its makers which networks are loaded, under a number that it keeps for the
# machine, unless this is set when it is imported. Nothing leaves a machine where Tamperlens examines.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
