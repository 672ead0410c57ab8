"""What the default examination weighs: measurements, opinions, kinds, the verdict.

Public names: see below.
"""
