"""Grain and sharpness: what a camera, a lens or a smoothing brush leaves in single pixels.

Public names: see below.
"""
