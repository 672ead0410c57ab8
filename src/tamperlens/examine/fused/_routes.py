"""Routes: what one trace shows of a compact place, strong enough to stand alone.

A sum of many opinions drowns the one that is certain. A route looks at one map alone, and asks how far a
connected place in it stands out from the rest of the image. How rare that is in untouched photographs was
measured; see `Rarity`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine._places import Place, clearest_place

Map = NDArray[np.float32]
Numbers = Mapping[str, float]

# Strength of a first compression (nats a block) beyond which it counts no more.
_STRONG = 2.0
# Log-odds that a place is marked with of which one trace alone is certain.
MARKED = np.float32(1.0)
# A copy's target has that value at least, and that share of the highest: sources have half of their target's.
_LEAST_TARGET, _TARGET_OF_MOST = 0.25, 0.7


def _double_jpeg(values: Map, numbers: Numbers) -> Place:
    found = clearest_place(values)
    return _scaled(found, min(numbers.get("strength", 0.0), _STRONG))


def _copied(values: Map, numbers: Numbers) -> Place:
    """The copy itself; what it was taken from is no place of its own."""
    cells = values >= max(_LEAST_TARGET, float(values.max(initial=0.0)) * _TARGET_OF_MOST)
    inside = float(values[cells].mean()) if cells.any() else 0.0
    elsewhere = float(values[~cells].mean()) if not cells.all() else 0.0
    value = numbers.get("significance", 0.0) if cells.any() else 0.0
    return Place(value, inside, elsewhere, cells)


def _scaled(place: Place, factor: float) -> Place:
    return Place(place.value * factor, place.inside, place.elsewhere, place.cells)


# Trace → what it shows alone. Not the others: second grids, ghosts and odd grain are in untouched photographs
# of some cameras too.
ROUTES: Mapping[str, Callable[[Map, Numbers], Place]] = MappingProxyType(
    {
        "double-jpeg": _double_jpeg,
        "copy-move": _copied,
    }
)


def places(maps: Mapping[str, Map], numbers: Mapping[str, Numbers]) -> dict[str, Place]:
    """What each trace shows alone.

    Args:
        maps: trace → (⌈H/8⌉, ⌈W/8⌉) float32 in 0..1; void ones are absent.
        numbers: trace → what else it read.
    """
    return {name: route(maps[name], numbers[name]) for name, route in ROUTES.items() if name in maps}


def route_sentence(trace: str, place: Place, numbers: Numbers) -> str:
    """What a place shows, in one clause without a full stop.

    Args:
        trace: of `ROUTES`.
        place: that the trace shows.
        numbers: that it read.
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
