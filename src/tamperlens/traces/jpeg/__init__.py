"""What JPEG compression leaves: error levels, quantisation, grids, ghosts."""

from tamperlens.traces.jpeg._double_jpeg import DOUBLE_JPEG, DoubleJpeg
from tamperlens.traces.jpeg._ela import ELA, amplify, error_level
from tamperlens.traces.jpeg._grid import GRID, JpegGrid
from tamperlens.traces.jpeg._jpeg_ghost import JPEG_GHOST
from tamperlens.traces.jpeg._recompression import CompressionHistory, compression_history

__all__ = [
    "DOUBLE_JPEG",
    "ELA",
    "GRID",
    "JPEG_GHOST",
    "CompressionHistory",
    "DoubleJpeg",
    "JpegGrid",
    "amplify",
    "compression_history",
    "error_level",
]
