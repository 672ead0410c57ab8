"""Forgeries on demand: photographs → an unlimited, seeded stream of altered and authentic samples.

Public names: `ForgeryStream`, `Forgery`, `StoredStream`, `KINDS`, `PhotoPool`, `TinyAutoencoder`, `Camera`,
`draw_camera`.
"""

from tamperlens.data.synthesis._camera import Camera, draw_camera
from tamperlens.data.synthesis._generated import TinyAutoencoder
from tamperlens.data.synthesis._photos import PhotoPool
from tamperlens.data.synthesis._stored import StoredSample, StoredStream
from tamperlens.data.synthesis._stream import DEFAULT_SHARES, EDITS, KINDS, Forgery, ForgeryStream, Hardness

__all__ = [
    "DEFAULT_SHARES",
    "EDITS",
    "KINDS",
    "Camera",
    "Forgery",
    "ForgeryStream",
    "Hardness",
    "PhotoPool",
    "StoredSample",
    "StoredStream",
    "TinyAutoencoder",
    "draw_camera",
]
