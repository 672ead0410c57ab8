"""Routes: one trace shows a compact place, clearly enough to stand alone.

In a sum of many opinions, the one that is certain can drown. A route looks at one map alone, and measures how
far a connected place in it stands out from the rest of the image. How rare that is in untouched photographs
was measured; see `Rarity`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine._places import Place, clearest_place

Map = NDArray[np.float32]
Numbers = Mapping[str, float]

# Strength of the first compression, in nats per block; any beyond this counts as this.
_STRONG = 2.0
# Log-odds that mark a place of which one trace alone is certain.
MARKED = np.float32(1.0)
# A copy's target has at least this value, and this share of the highest; a source has half of its target's.
_LEAST_TARGET, _TARGET_OF_MOST = 0.25, 0.7


def _double_jpeg(values: Map, numbers: Numbers) -> Place:
    found = clearest_place(values)
    return _scaled(found, min(numbers.get("strength", 0.0), _STRONG))


def _copied(values: Map, numbers: Numbers) -> Place:
    """The copy itself; its source does not count as a place."""
    cells = values >= max(_LEAST_TARGET, float(values.max(initial=0.0)) * _TARGET_OF_MOST)
    inside = float(values[cells].mean()) if cells.any() else 0.0
    elsewhere = float(values[~cells].mean()) if not cells.all() else 0.0
    value = numbers.get("significance", 0.0) if cells.any() else 0.0
    return Place(value, inside, elsewhere, cells)


def _scaled(place: Place, factor: float) -> Place:
    return Place(place.value * factor, place.inside, place.elsewhere, place.cells)


# Trace → the place that it shows alone. Other traces are left out, because untouched photographs of some
# cameras also have second grids, ghosts and odd grain.
ROUTES: Mapping[str, Callable[[Map, Numbers], Place]] = MappingProxyType(
    {
        "double-jpeg": _double_jpeg,
        "copy-move": _copied,
    }
)


def places(maps: Mapping[str, Map], numbers: Mapping[str, Numbers]) -> dict[str, Place]:
    """The place that each trace shows alone.

    Args:
        maps: trace → (⌈H/8⌉, ⌈W/8⌉) float32 in 0..1; void traces are absent.
        numbers: trace → its other measured numbers.
    """
    return {name: route(maps[name], numbers[name]) for name, route in ROUTES.items() if name in maps}


def route_sentence(trace: str, place: Place, numbers: Numbers) -> str:
    """What a place shows, as one clause without a full stop.

    Args:
        trace: key of `ROUTES`.
        place: the place that the trace shows.
        numbers: the trace's other measured numbers.
    """
    quality = round(numbers.get("quality", 0))
    before = f" near quality {quality}" if quality else ""
    return {
        "double-jpeg": (
            f"the rest of this photograph was saved before{before}, but this place was not: "
            f"{place.inside:.0%} of the trace is missing here, {place.elsewhere:.0%} elsewhere"
        ),
        "copy-move": (
            "this place repeats another one down to the noise, with a significance of "
            f"{numbers.get('significance', 0.0):.1f}"
        ),
    }[trace]
