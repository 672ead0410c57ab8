"""An image → what the networks read: tensors of pixels, error levels, coefficients and measured maps.

Public names: see below.
"""
