"""Forgeries on demand: photographs → an unlimited, seeded stream of altered and authentic samples.

Public names: `ForgeryStream`, `Forgery`, `StoredStream`, `KINDS`, `PhotoPool`, `TinyAutoencoder`, `Camera`,
`draw_camera`.
"""

from tamperlens.data.synthesis.camera import Camera, draw_camera
from tamperlens.data.synthesis.generated import TinyAutoencoder
from tamperlens.data.synthesis.photos import PhotoPool
from tamperlens.data.synthesis.stored import StoredSample, StoredStream
from tamperlens.data.synthesis.stream import (
    DEFAULT_SHARES,
    EDITS,
    KINDS,
    Forgery,
    ForgeryStream,
    Hardness,
)

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
