"""What JPEG compression leaves: error levels, quantisation, grids, ghosts.

Public names: `CompressionHistory`, `DoubleJpeg`, `JpegGrid`, `amplify`, `compression_history`, `error_level`;
further `double_jpeg`, `ela_map`, `grid_cells`, `jpeg_ghost`, `jpeg_grid`.
"""

from tamperlens.traces.jpeg._double_jpeg import DoubleJpeg, double_jpeg
from tamperlens.traces.jpeg._ela import amplify, ela_map, error_level
from tamperlens.traces.jpeg._grid import JpegGrid, grid_cells, jpeg_grid
from tamperlens.traces.jpeg._jpeg_ghost import jpeg_ghost
from tamperlens.traces.jpeg._recompression import CompressionHistory, compression_history

__all__ = [
    "CompressionHistory",
    "DoubleJpeg",
    "JpegGrid",
    "amplify",
    "compression_history",
    "double_jpeg",
    "ela_map",
    "error_level",
    "grid_cells",
    "jpeg_ghost",
    "jpeg_grid",
]
