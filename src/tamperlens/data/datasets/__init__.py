"""Published benchmarks, one small file each: folder → samples.

Public names: see below.
"""
