"""Outcome thresholds of the fusion: what authentic photographs, each counted once, seldom exceed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tamperlens.examine.calibration import grouped_threshold
from tamperlens.examine.fusion import FALSE_ALARM_RATES, MISS_RATE, OUT_OF_REACH, Band
from tamperlens.training.fusion_image import FusionImage

# Upper bounds of width × height. The larger the image, the likelier some place in it stands out.
_BOUNDS = (150_000, 500_000, 2_000_000, 10**12)

Score = Callable[[FusionImage], float]


def fit_bands(images: Sequence[FusionImage], llr: Score) -> list[Band]:
    """Thresholds by size, on images that nothing else was fitted to.

    A band's photographs are few, and the most suspicious of a few may be tame by chance: the rate is to hold
    in the band and over all sizes alike, for all images and for each origin that has enough photographs. Of
    altered images too few are made of each size; one threshold stands for all.

    Args:
        images: authentic and altered ones.
        llr: their log-likelihood ratio.
    """
    everything = [image for image in images if not image.tampered]
    altered = [image for image in images if image.tampered]
    bands, least = [], 0
    for most in _BOUNDS:
        authentic = [image for image in everything if least < image.pixels <= most]
        bands.append(Band(
            max_pixels=most,
            inconsistent_above={
                rate: round(
                    max(_alarm_threshold(part, llr, float(rate)) for part in (authentic, everything)), 4
                )
                for rate in FALSE_ALARM_RATES
            },
            consistent_below=-round(_threshold(altered, lambda image: -llr(image), MISS_RATE), 4),
            authentic=len(authentic),
            altered=len(altered),
            photographs=len({image.photo for image in authentic}),
        ))  # fmt: skip
        least = most
    return bands


def _alarm_threshold(authentic: Sequence[FusionImage], llr: Score, rate: float) -> float:
    """The highest of the thresholds of all images and of each origin that has enough photographs for one."""
    origins = {image.origin for image in authentic}
    alone = [_threshold([i for i in authentic if i.origin == origin], llr, rate) for origin in origins]
    return max([_threshold(authentic, llr, rate), *(one for one in alone if one < OUT_OF_REACH)])


def _threshold(images: Iterable[FusionImage], score: Score, rate: float) -> float:
    """That an image of a further photograph exceeds no more often than that."""
    photos = defaultdict(list)
    for image in images:
        photos[image.photo].append(score(image))
    return grouped_threshold(photos.values(), rate, OUT_OF_REACH)
