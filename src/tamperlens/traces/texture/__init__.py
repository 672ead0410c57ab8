"""Texture of small neighbourhoods and blocks.

Public names: see below.
"""
