"""Outcome thresholds of the fusion: what authentic photographs, each counted once, seldom exceed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tamperlens.examine.calibration import grouped_threshold
from tamperlens.examine.fusion import FALSE_ALARM_RATES, MISS_RATE, OUT_OF_REACH, Band
from tamperlens.training.fusion_image import FusionImage

# Upper bounds of width × height. The larger the image, the likelier some place in it stands out. Forgeries
# above the first bound share a threshold: too few are made of each size.
_BOUNDS = (150_000, 500_000, 2_000_000, 10**12)

Score = Callable[[FusionImage], float]


def fit_bands(images: Sequence[FusionImage], llr: Score) -> list[Band]:
    """Thresholds by size, on images that nothing else was fitted to.

    Args:
        images: authentic and altered ones.
        llr: their log-likelihood ratio.
    """
    bands, least = [], 0
    for most in _BOUNDS:
        inside = [image for image in images if least < image.pixels <= most]
        authentic = [image for image in inside if not image.tampered]
        altered = [i for i in images if i.tampered and (i.pixels > _BOUNDS[0]) == (least >= _BOUNDS[0])]
        bands.append(Band(
            max_pixels=most,
            inconsistent_above={
                rate: round(_alarm_threshold(authentic, llr, float(rate)), 4) for rate in FALSE_ALARM_RATES
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
