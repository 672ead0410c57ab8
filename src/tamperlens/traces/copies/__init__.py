"""Parts of an image that repeat another part of it.

Public names: see below.
"""
