"""Examined images → the fitted fusion, the weights of kinds and their thresholds.

Public names: none; the room's face has them.
"""
