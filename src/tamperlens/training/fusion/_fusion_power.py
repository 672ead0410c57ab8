"""Count what the fitted fusion would have found: made edits by kind, size and quality."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast, get_args

from tamperlens.examine import Kind
from tamperlens.examine.fused import FALSE_ALARM_RATES, Band, Counted, quality_class
from tamperlens.training.fusion._fusion_image import FusionImage
from tamperlens.training.fusion._fusion_thresholds import Score


def count_power(images: Sequence[FusionImage], llr: Score, bands: Sequence[Band]) -> list[Counted]:
    """How many of the made edits of each kind, size band and quality class are called.

    Args:
        images: ones that neither curves nor weights were fitted to; thresholds use only the untouched ones.
        llr: their log-likelihood ratio.
        bands: outcome thresholds.
    """
    cells: dict[tuple[Kind, int, int], list[tuple[bool, ...]]] = defaultdict(list)
    for one in images:
        if one.kind in get_args(Kind):
            kind = cast("Kind", one.kind)
            band = next(k for k, each in enumerate(bands) if one.pixels <= each.max_pixels)
            own, above = llr(one), bands[band].inconsistent_above
            called = tuple(own > above[rate] for rate in FALSE_ALARM_RATES)
            cells[kind, band, quality_class(one.quality)].append(called)
    return [
        Counted(kind, band, quality, len(called), _summed(called))
        for (kind, band, quality), called in sorted(cells.items())
    ]


def _summed(called: Sequence[tuple[bool, ...]]) -> dict[str, int]:
    return {rate: sum(one[k] for one in called) for k, rate in enumerate(FALSE_ALARM_RATES)}
