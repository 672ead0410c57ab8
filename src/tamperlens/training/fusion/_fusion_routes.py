"""Fit the routes: how rare a place is in untouched photographs, and which traces may stand alone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamperlens.examine.fused import ROUTES, Rarity, as_rare_sum, places
from tamperlens.examine.networks import REFERENCE_PIXELS
from tamperlens.training.fusion._fusion_curves import fit_slope
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_thresholds import alarm_threshold

Values = NDArray[np.float64]

# −log₁₀ of shares of untouched photographs. From the first tail level on an exponential is fitted.
_LEVELS = (0.1, 0.3, 0.5, 0.7, 1.0, 1.3, 1.7, 2.0, 2.5, 3.0, 3.5)
_TAIL = 1.0
# Largest share of the altered images that a trace may cost: what it alone is certain of is rare among made
# ones.
_COST = 0.015
# Least number of photographs for an origin to have its own tail.
_LEAST_PHOTOS = 25


@dataclass(frozen=True)
class Standing:
    """The traces that may stand alone.

    Attributes:
        total: rarity of the sum.
        routes: trace → rarity of its place.
    """

    total: Rarity
    routes: Mapping[str, Rarity]


def route_heights(image: FusionImage) -> dict[str, float]:
    """How high each trace rises alone; absent if it is void or shows nothing."""
    maps = {name: found for name in ROUTES if (found := image.map(name)) is not None}
    shown = places(maps, image.numbers)
    return {name: place.height for name, place in shown.items()}


def final_llr(image: FusionImage, total: float, standing: Standing) -> float:
    """The sum, or the sum that is as rare as the rarest place that may stand alone, whichever is higher."""
    level = max(_levels(image, standing.routes).values(), default=0.0)
    return max(total, as_rare_sum(standing.total, level))


def fit_rarity(images: Sequence[FusionImage], values: Sequence[float], with_slope: bool = True) -> Rarity:
    """The upper tail of a value over untouched photographs, for the worst of their origins.

    Args:
        images: untouched ones.
        values: of each.
        with_slope: subtract its rise with the image's area.
    """
    raw, pixels = np.array(values, np.float64), np.array([float(image.pixels) for image in images])
    slope = fit_slope(raw, pixels) if with_slope else 0.0
    own = raw - slope * np.log2(pixels / REFERENCE_PIXELS)
    counted = Counter((image.group, image.photo) for image in images)
    weights = np.array([1 / counted[image.group, image.photo] for image in images])
    origins = np.array([image.group for image in images])
    groups = [np.ones(len(images), bool)]
    groups += [
        origins == origin
        for origin in sorted(set(origins))
        if sum(one == origin for one, _ in counted) >= _LEAST_PHOTOS
    ]
    most = float(np.log10(len({image.photo for image in images})))
    levels = np.array([*(level for level in _LEVELS if level < most), most])
    reached = np.max([_tail(own[group], weights[group], levels) for group in groups], axis=0)
    rising = np.maximum.accumulate(reached) + 1e-4 * np.arange(len(reached))
    return Rarity(round(slope, 5), tuple(np.round(rising, 5).tolist()), tuple(np.round(levels, 4).tolist()))


def _tail(values: Values, weights: Values, levels: Values) -> Values:
    """The value at each level: counted up to the tail, beyond that an exponential's."""
    order = np.argsort(values)
    rarer = -np.log10(1 - (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum())
    counted = np.interp(levels, rarer, values[order])
    start = float(np.interp(_TAIL, rarer, values[order]))
    beyond = values > start
    rise = float(np.average(values[beyond] - start, weights=weights[beyond])) if beyond.any() else 0.0
    tail = start + max(rise, 1e-3) * np.log(10) * (levels - _TAIL)
    return np.asarray(np.where(levels <= _TAIL, counted, tail))


def fit_standing(
    reference: Sequence[FusionImage],
    chosen_on: Sequence[FusionImage],
    total: Callable[[FusionImage], float],
    rate: float = 0.05,
) -> Standing:
    """Measure each trace's rarity, and leave out those that cost many altered images at the same rate.

    A trace that is certain of a kind of edit that is rare among made ones gains little here, and costs
    little; it stays.

    Args:
        reference: images whose untouched ones determine the rarities.
        chosen_on: images, altered and untouched, on which the traces are chosen.
        total: the sum's log-likelihood ratio of an image.
        rate: of false alarms.
    """
    untouched = [one for one in chosen_on if not one.tampered]
    of_sum = fit_rarity(untouched, [total(one) for one in untouched], with_slope=False)
    rarities = _rarities([one for one in reference if not one.tampered])
    trial = _Trial(chosen_on, [total(one) for one in chosen_on], of_sum, rarities, rate)
    names = list(rarities)
    best = trial.called(names)
    while names:
        without = {name: trial.called([one for one in names if one != name]) for name in names}
        name = max(without, key=lambda each: without[each])
        if without[name] <= best + _COST:
            break
        names.remove(name)
        best = without[name]
    return Standing(of_sum, {name: rarities[name] for name in names})


def _rarities(untouched: Sequence[FusionImage]) -> dict[str, Rarity]:
    """The rarity of each trace's place, if enough photographs show one."""
    heights = [route_heights(one) for one in untouched]
    found = {}
    for name in ROUTES:
        asked = [k for k, own in enumerate(heights) if name in own]
        if len({untouched[k].photo for k in asked}) >= _LEAST_PHOTOS:
            found[name] = fit_rarity([untouched[k] for k in asked], [heights[k][name] for k in asked])
    return found


class _Trial:
    """Images for trying out which traces may stand alone.

    Args:
        images: altered and untouched ones.
        sums: log-likelihood ratio of each.
        of_sum: its rarity.
        rarities: of each trace.
        rate: of false alarms.
    """

    def __init__(
        self,
        images: Sequence[FusionImage],
        sums: Sequence[float],
        of_sum: Rarity,
        rarities: Mapping[str, Rarity],
        rate: float,
    ) -> None:
        self._images, self._of_sum, self._rate = images, of_sum, rate
        self._sums = {id(one): own for one, own in zip(images, sums, strict=True)}
        self._levels = {id(one): _levels(one, rarities) for one in images}

    def called(self, names: Sequence[str]) -> float:
        """Share of the altered images that are called if these traces may stand alone."""

        def final(one: FusionImage) -> float:
            level = max((self._levels[id(one)].get(name, 0.0) for name in names), default=0.0)
            return max(self._sums[id(one)], as_rare_sum(self._of_sum, level))

        threshold = alarm_threshold([one for one in self._images if not one.tampered], final, self._rate)
        return float(np.mean([final(one) > threshold for one in self._images if one.tampered]))


def _levels(image: FusionImage, rarities: Mapping[str, Rarity]) -> dict[str, float]:
    heights = route_heights(image)
    return {
        name: rarity.level(heights[name], image.pixels)
        for name, rarity in rarities.items()
        if heights.get(name, 0.0) > 0
    }
