"""What interpolation leaves: demosaicing in the camera, resizing and turning after it.

Public names: see below.
"""
