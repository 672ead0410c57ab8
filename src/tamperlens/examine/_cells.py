"""Maps of any resolution → cells of 8 × 8 pixels, in which they are compared and fused, → pixels again."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.examine._places import clearest_place
from tamperlens.examine._pooling import block_means, top_pixels
from tamperlens.odds import log_odds, sigmoid

Map = NDArray[np.float32]

# Pixels; the finest unit in which traces are compared, a JPEG block.
CELL = 8
# The localizer's log-odds are clipped here: higher ones carry no more information.
_SATURATION = 8.0
# Rows of cells processed at a time.
_ROWS = 64


def trace_planes(localization: Map, maps: Mapping[str, Map], traces: Sequence[str]) -> NDArray[np.float32]:
    """The maps in cells: each map's value in the cell and its mean around it.

    Args:
        localization: (H, W) float32 probability of the localizer.
        maps: trace → (h, w) float32 in 0..1 over the whole image; void traces are absent and count as 0.
        traces: names of the traces in a fixed order.

    Returns:
        (⌈H/8⌉, ⌈W/8⌉, 2 + 2 · traces) float32.
    """
    parts = [localizer_planes(localization), measured_planes(maps, traces, localization.shape)]
    return np.concatenate(parts, axis=-1)


def localizer_planes(localization: Map) -> NDArray[np.float32]:
    """The first two planes of `trace_planes`."""
    logits = cell_logits(localization)
    return np.stack([logits, _around(logits)], axis=-1)


def measured_planes(
    maps: Mapping[str, Map], traces: Sequence[str], size: tuple[int, ...]
) -> NDArray[np.float32]:
    """The other planes of `trace_planes`, for an image of (H, W) pixels."""
    planes = []
    for name in traces:
        values = maps.get(name)
        rows, columns = -(-size[0] // CELL), -(-size[1] // CELL)
        plane = np.zeros((rows, columns), np.float32) if values is None else to_cells(values, size)
        planes += [plane, _around(plane)]
    return np.stack(planes, axis=-1)


def cell_inputs(
    planes: NDArray[np.float32], contributions: Mapping[str, float], opinions: Sequence[str]
) -> NDArray[np.float32]:
    """The network's input for each cell: the maps, and what each opinion says about the whole image.

    Args:
        planes: (rows, columns, n) float32 from `trace_planes`.
        contributions: opinion → its log-likelihood ratio; void ones are absent and count as 0.
        opinions: names of the opinions in a fixed order.

    Returns:
        (rows, columns, n + opinions) float32.
    """
    whole = np.array([contributions.get(name, 0.0) for name in opinions], np.float32)
    constant = np.broadcast_to(whole, (*planes.shape[:2], len(whole)))
    return np.concatenate([planes, constant], axis=-1)


def cell_logits(localization: Map) -> Map:
    """Log-odds of the localizer's mean probability in each cell, clipped to ±8."""
    return _saturated(block_means(localization, CELL))


def _saturated(probabilities: Map) -> Map:
    return np.asarray(log_odds(probabilities, 1e-4).clip(-_SATURATION, _SATURATION), np.float32)


def to_cells(values: Map, size: tuple[int, ...]) -> Map:
    """A map of any resolution, averaged in the cells of an image of (H, W) pixels."""
    rows, columns = -(-size[0] // CELL), -(-size[1] // CELL)
    if values.shape == (rows, columns):
        return values
    if values.shape == size:
        return block_means(values, CELL)
    resized = Image.fromarray(np.ascontiguousarray(values, np.float32)).resize(
        (columns, rows), Image.Resampling.BOX
    )
    return np.asarray(resized, np.float32)


def rows_to_cells(rows: Iterable[Map]) -> Map:
    """The same for a map that comes some rows at a time; all but the last are multiples of `CELL` rows."""
    return np.concatenate([block_means(part, CELL) for part in rows])


def _around(values: Map) -> Map:
    """Mean over 5 × 5 cells; border values are repeated."""
    padded = np.pad(values.astype(np.float64), ((3, 2), (3, 2)), mode="edge").cumsum(0).cumsum(1)
    total = padded[5:, 5:] - padded[:-5, 5:] - padded[5:, :-5] + padded[:-5, :-5]
    return np.asarray(total / 25, np.float32)


def fused_map(cells: Map, localization: Map, detail: float) -> Map:
    """Probability of each pixel: the cells' log-odds, with the localizer's detail within cells.

    Args:
        cells: (⌈H/8⌉, ⌈W/8⌉) float32 log-odds.
        localization: (H, W) float32 probability of the localizer.
        detail: share of the localizer's deviation from the cell's mean that is added, 0..1.
    """
    own_cells = cell_logits(localization) if detail else None
    width = localization.shape[1]
    result = np.empty(localization.shape, np.float32)
    for top in range(0, len(cells), _ROWS):
        part = slice(top, min(top + _ROWS, len(cells)))
        rows = slice(top * CELL, min(part.stop * CELL, len(result)))
        logits = _enlarge(cells, part)[: rows.stop - rows.start, :width]
        if own_cells is not None:
            own = _saturated(localization[rows])
            coarse = _enlarge(own_cells, part)[: rows.stop - rows.start, :width]
            logits = logits + np.float32(detail) * (own - coarse)
        result[rows] = sigmoid(logits)
    return result


def _enlarge(cells: Map, part: slice) -> Map:
    """Enlarge some rows of cells, bilinear between the centres of cells, also those above and below."""
    top = max(part.start - 1, 0)
    around = np.ascontiguousarray(cells[top : part.stop + 1])
    rows, columns = around.shape
    large = Image.fromarray(around).resize((columns * CELL, rows * CELL), Image.Resampling.BILINEAR)
    first = (part.start - top) * CELL
    return np.asarray(large, np.float32)[first : first + (part.stop - part.start) * CELL]


# Name of an opinion → number of cells: the smallest region looked for, and one of 64 × 64 pixels.
_POOLED: Mapping[str, int] = MappingProxyType({"fused-map": 4, "fused-map-64": 64})
# Opinion: how far one connected place stands out.
_PLACE = "fused-place"
# Opinions of the fused map about the whole image.
MAP_OPINIONS = (*_POOLED, _PLACE)


def map_margins(cells: Map) -> dict[str, float]:
    """The fused map as raw scores: log-odds of its most suspicious cells, and how far a place stands out.

    Args:
        cells: (rows, columns) float32 log-odds.
    """
    probabilities = sigmoid(cells)
    pooled = {name: top_pixels(probabilities, count) for name, count in _POOLED.items()}
    margins = {name: log_odds(p) for name, p in pooled.items()}
    return margins | {_PLACE: clearest_place(probabilities).height}
