"""ONNX networks at work: weights, where and how exactly they compute, one file a system.

Public names: see below.
"""
