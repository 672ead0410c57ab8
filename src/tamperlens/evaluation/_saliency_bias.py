"""What a localizer scores that knows nothing about alterations and marks what a person looks at first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamperlens.data import Sample, read_mask
from tamperlens.evaluation import _pixel_metrics as pixel
from tamperlens.evaluation._saliency import stands_out
from tamperlens.evidence import load_evidence


@dataclass(frozen=True)
class SaliencyBias:
    """Figures of what stands out, without a network; means over the images, 0..1.

    Attributes:
        images: number of tampered images measured.
        auc: pixel AUC; chance is 0.5.
        f1_best: highest pixel F1 over all thresholds, chosen per image.
    """

    images: int
    auc: float
    f1_best: float


def measure_saliency(samples: Sequence[Sample]) -> SaliencyBias | None:
    """Measure on the tampered images with a usable mask; None if there are none.

    Raises:
        TamperlensError: an image does not load.
        OSError, SyntaxError, ValueError: a mask does not load.
    """
    figures = []
    for sample in samples:
        if not (sample.tampered and sample.mask):
            continue
        evidence, truth = load_evidence(sample.path), read_mask(sample.mask, sample.mask_colour)
        if truth.shape == (evidence.height, evidence.width) and truth.any() and not truth.all():
            levels = pixel.histograms(stands_out(evidence), truth)
            figures.append((float(pixel.roc_auc(levels)), float(pixel.best_f1(levels))))
    if not figures:
        return None
    auc, best = np.mean(figures, axis=0)
    return SaliencyBias(len(figures), float(auc), float(best))
