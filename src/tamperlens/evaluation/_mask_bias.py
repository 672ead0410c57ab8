"""What a localizer scores without looking at the image: from the area and position of the masks alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.model_selection import GroupKFold

from tamperlens.data import Sample, read_mask
from tamperlens.errors import DatasetError

_GRID = 64
_PERCENTILES = (5, 25, 50, 75, 95)

Coverage = NDArray[np.float32]


@dataclass(frozen=True)
class MaskBias:
    """Figures of the masks; areas are shares of the image, F1 is the mean over images.

    Attributes:
        masks: number of masks.
        percentiles: 5th, 25th, 50th, 75th and 95th percentile of the tampered area.
        small: share of masks that cover less than 1 % of their image.
        f1_all: pixel F1 of calling every pixel tampered.
        f1_prior: pixel F1 of calling the same place in every image: where the mean mask of the other images
            is highest, cut where those score best; out of fold by source. None with fewer than two sources.
    """

    masks: int
    percentiles: tuple[float, ...]
    small: float
    f1_all: float
    f1_prior: float | None


def measure_masks(samples: Sequence[Sample], groups: Sequence[int]) -> MaskBias | None:
    """Measure the masks of the tampered images; None if there are none.

    Args:
        samples: any samples; those without a mask are left out.
        groups: for each sample, its group of shared sources.

    Raises:
        DatasetError: a mask cannot be read.
    """
    masked = [(sample, group) for sample, group in zip(samples, groups, strict=True) if sample.mask]
    if not masked:
        return None
    read = [_coverage(sample) for sample, _ in masked]
    covers, areas = np.stack([cover for cover, _ in read]), np.array([area for _, area in read])
    return MaskBias(
        masks=len(masked),
        percentiles=tuple(float(value) for value in np.percentile(areas, _PERCENTILES)),
        small=float(np.mean(areas < 0.01)),
        f1_all=float(np.mean(2 * areas / (1 + areas))),
        f1_prior=_prior_f1(covers, [group for _, group in masked]),
    )


def _coverage(sample: Sample) -> tuple[Coverage, float]:
    """Altered share of each of 64 × 64 cells, and of the whole image."""
    assert sample.mask  # noqa: S101 - for the type checker; the caller left the others out
    try:
        altered = read_mask(sample.mask, sample.mask_colour)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(f"the mask of {sample.path} cannot be read: {error}") from error
    image = Image.fromarray(altered.astype(np.float32))
    cells = image.resize((_GRID, _GRID), Image.Resampling.BOX)
    return np.asarray(cells, dtype=np.float32), float(altered.mean())


def _prior_f1(covers: Coverage, groups: Sequence[int]) -> float | None:
    folds = min(5, len(set(groups)))
    if folds < 2:
        return None
    scores = np.zeros(len(covers))
    for known, test in GroupKFold(folds).split(covers, groups=groups):
        prior = covers[known].mean(axis=0)
        cuts = np.quantile(prior, np.linspace(0, 0.98, 25))
        best = max(cuts, key=lambda cut: _f1(prior >= cut, covers[known]).mean())
        scores[test] = _f1(prior >= best, covers[test])
    return float(scores.mean())


def _f1(called: NDArray[np.bool_], covers: Coverage) -> NDArray[np.float64]:
    """Pixel F1 of one map against each of many masks."""
    hit = covers[:, called].sum(axis=1, dtype=np.float64)
    return np.asarray(2 * hit / (called.sum() + covers.sum(axis=(1, 2), dtype=np.float64)))
