"""Do other maps point at the same place as the mask? Three-point verification, as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine._cells import rows_to_cells, to_cells

Map = NDArray[np.float32]

# Rows of the mask processed at a time.
_ROWS = 512


@dataclass(frozen=True)
class Agreement:
    """How far a map and the mask mark the same cells of 8 × 8 pixels.

    Attributes:
        name: name of the map.
        overlap: share of the masked cells that are also among the map's brightest cells; as many bright cells
            are compared as the mask has cells.
        chance: overlap expected of an uninformative map: the mask's share of the image.
        auc: probability that a masked cell is brighter than an unmasked one; 0.5 is uninformative, below
            it the masked part is darker.
    """

    name: str
    overlap: float
    chance: float
    auc: float


def agreements(mask: Map, threshold: float, maps: Mapping[str, Map]) -> tuple[Agreement, ...]:
    """Compare the mask with each map; empty if the mask marks no cell or every cell.

    Args:
        mask: (H, W) float32 probability.
        threshold: probability from which a pixel is marked.
        maps: name → (h, w) float32 over the whole image.
    """
    parts = (mask[top : top + _ROWS] >= threshold for top in range(0, len(mask), _ROWS))
    marked = rows_to_cells(part.astype(np.float32) for part in parts) >= 0.5
    count = int(marked.sum())
    if count in {0, marked.size}:
        return ()
    found = []
    for name, values in maps.items():
        ranks = _ranks(to_cells(values, mask.shape).ravel())
        inside = ranks[marked.ravel()]
        least = np.sort(ranks)[marked.size - count]
        above, level = ranks > least, ranks == least  # cells as bright as the last one count proportionally
        share = above + level * (count - above.sum()) / level.sum()
        overlap = float(share[marked.ravel()].mean())
        auc = float((inside.sum() - count * (count + 1) / 2) / (count * (marked.size - count)))
        found.append(Agreement(name, overlap, count / marked.size, auc))
    return tuple(found)


def _ranks(values: Map) -> NDArray[np.float64]:
    """Ranks from 1 for the lowest value; equal values share their mean rank."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    group = first.cumsum() - 1
    starts = np.flatnonzero(first)
    ends = np.r_[starts[1:], len(values)]
    ranks = np.empty(len(values))
    ranks[order] = ((starts + ends + 1) / 2)[group]
    return ranks
