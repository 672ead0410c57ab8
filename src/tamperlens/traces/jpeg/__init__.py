"""What JPEG compression leaves: error levels, quantisation, grids, ghosts.

Public names: see below.
"""
