"""Outcome thresholds: what authentic photographs, each counted once, rarely exceed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from tamperlens.examine.fused import FALSE_ALARM_RATES, MISS_RATE, OUT_OF_REACH, Band
from tamperlens.examine.networks import Calibration, at_reference, grouped_threshold
from tamperlens.training._calibrate_localizer import fit_platt
from tamperlens.training.fusion._fusion_curves import fit_slope
from tamperlens.training.fusion._fusion_image import FusionImage

# Upper bounds of width × height. The larger the image, the likelier some place in it stands out.
_BOUNDS = (150_000, 500_000, 2_000_000, 10**12)

Score = Callable[[FusionImage], float]


def fit_bands(images: Sequence[FusionImage], llr: Score) -> list[Band]:
    """Thresholds by size, from images that nothing else was fitted to.

    A band has few photographs, and the most suspicious of a few may be tame by chance. So the rate must hold
    both in the band and over all sizes, there also for each origin with enough photographs. Within a band an
    origin has some twenty, and the most suspicious of twenty would decide alone. Too few
    altered images are made of each size, so one threshold serves for all; but it must clear no more of those
    saved twice on one grid than of the others.

    Args:
        images: authentic and altered ones.
        llr: their log-likelihood ratio.
    """
    everything = [image for image in images if not image.tampered]
    altered = [image for image in images if image.tampered]
    cleared = clearing_threshold(altered, llr)
    bands, least = [], 0
    for most in _BOUNDS:
        authentic = [image for image in everything if least < image.pixels <= most]
        reached = {
            rate: max(_threshold(authentic, llr, float(rate)), alarm_threshold(everything, llr, float(rate)))
            for rate in FALSE_ALARM_RATES
        }
        bands.append(
            Band(
                max_pixels=most,
                inconsistent_above={rate: round(threshold, 4) for rate, threshold in reached.items()},
                consistent_below=round(cleared, 4),
                authentic=len(authentic),
                altered=len(altered),
                photographs=len({image.photo for image in authentic}),
            )
        )
        least = most
    return bands


def calibrate_alone(images: Sequence[FusionImage], localizer: str, rate: float = 0.05) -> Calibration:
    """How the localizer is read if it is asked alone, without the traces.

    The slope with the image's area and the probability are fitted to the parts that the fusion is fitted to,
    the thresholds to the part reserved for them: one for all sizes, the highest that the rate requires in a
    band, over all sizes and for an origin over all sizes.

    Args:
        images: of every part.
        localizer: key of their `scores`.
        rate: of false alarms.
    """
    asked = [image for image in images if localizer in image.scores]
    fitted = [image for image in asked if image.part in {"network", "curves"}]
    authentic = [image for image in fitted if not image.tampered]
    slope = fit_slope(
        np.array([image.scores[localizer] for image in authentic]),
        np.array([float(image.pixels) for image in authentic]),
    )

    def margin(image: FusionImage) -> float:
        return at_reference(image.scores[localizer], slope, image.pixels)

    twins = [image for image in fitted if image.group == "twins"]
    scale, offset = fit_platt([margin(one) for one in twins], [one.tampered for one in twins])
    held = [image for image in asked if image.part == "thresholds"]
    untouched = [image for image in held if not image.tampered]
    bands = [
        [one for one in untouched if least < one.pixels <= most] for least, most in pairwise((0, *_BOUNDS))
    ]
    reached = [alarm_threshold(untouched, margin, rate), *(_threshold(band, margin, rate) for band in bands)]
    highest = max((one for one in reached if one < OUT_OF_REACH), default=OUT_OF_REACH)
    read = Calibration(scale, offset, 1.0, 0.0, rate, MISS_RATE)
    altered = [image for image in held if image.tampered]
    return replace(
        read,
        slope=slope,
        inconsistent_above=read.probability(highest),
        consistent_below=read.probability(clearing_threshold(altered, margin)),
    )


def alarm_threshold(authentic: Sequence[FusionImage], llr: Score, rate: float) -> float:
    """The highest threshold, of all images and of each origin with enough photographs for its own."""
    groups = {image.group for image in authentic}
    alone = [_threshold([i for i in authentic if i.group == group], llr, rate) for group in groups]
    return max([_threshold(authentic, llr, rate), *(one for one in alone if one < OUT_OF_REACH)])


def clearing_threshold(altered: Sequence[FusionImage], llr: Score) -> float:
    """The lowest threshold, of all images and of each origin with enough photographs for its own."""
    origins = {image.origin for image in altered}
    parts = [altered, *([image for image in altered if image.origin == one] for one in origins)]
    reached = [_threshold(part, lambda image: -llr(image), MISS_RATE) for part in parts]
    return -max([reached[0], *(one for one in reached[1:] if one < OUT_OF_REACH)])


def _threshold(images: Iterable[FusionImage], score: Score, rate: float) -> float:
    """The threshold that an image of another photograph exceeds no more often than the rate."""
    photos = defaultdict(list)
    for image in images:
        photos[image.photo].append(score(image))
    return grouped_threshold(photos.values(), rate, OUT_OF_REACH)
