"""What a cheat would score: classifiers that never look at where or how an image was altered."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from tamperlens.evidence import Evidence, to_gray
from tamperlens.traces import block_dct

Rows = NDArray[np.float64]


def header_row(evidence: Evidence) -> list[float]:
    """What the file says apart from its pixels: tables, sampling, scans, size in pixels, number of tags."""
    tables = np.zeros((2, 64))
    flags = [0.0, 0.0, 0.0, 0.0]
    if evidence.jpeg:
        for row, table in zip(tables, evidence.jpeg.tables[:2], strict=False):
            row[:] = table.ravel()
        horizontal, vertical = evidence.jpeg.sampling[0]
        flags = [horizontal, vertical, float(evidence.jpeg.progressive), float(len(evidence.jpeg.sampling))]
    return [*tables.ravel(), *flags, evidence.width, evidence.height, float(len(evidence.metadata))]


def statistics_row(evidence: Evidence, tensor: NDArray[np.float32]) -> list[float]:
    """Statistics of the whole image, without regard to place.

    Mean, deviation and five percentiles of each input channel; and for each frequency of the gray image's
    8 × 8 DCT the mean magnitude and the share of zero coefficients, where every earlier compression leaves
    its mark. A network that does no better may be reading the file's history instead of an alteration.
    """
    percentiles = np.percentile(tensor, [5, 25, 50, 75, 95], axis=(1, 2))
    magnitudes = np.abs(block_dct(to_gray(evidence.pixels)).reshape(-1, 64))
    frequencies = [magnitudes.mean(axis=0), (magnitudes < 0.5).mean(axis=0)]
    channels = [tensor.mean(axis=(1, 2)), tensor.std(axis=(1, 2)), percentiles.ravel()]
    return [float(value) for part in (*channels, *frequencies) for value in part]


def baseline_rows(evidence: Evidence, tensor: NDArray[np.float32]) -> dict[str, list[float]]:
    """What each baseline of `BASELINES` may see of an image.

    Args:
        evidence: the image.
        tensor: (C, side, side) input of the model that the baselines accompany.
    """
    return {
        "constant": [0.0],
        "header-only": header_row(evidence),
        "file-size-only": [float(len(evidence.data))],
        "global-statistics": statistics_row(evidence, tensor),
    }


def baseline_scores(
    name: str, rows: Rows, labels: NDArray[np.int64], fitted_on: Sequence[int], test: Sequence[int], seed: int
) -> NDArray[np.float64]:
    """Fit a baseline and score the test part.

    Args:
        name: key of `BASELINES`.
        rows: (N, F) features of every image.
        labels: (N,) 0 authentic, 1 tampered.
        fitted_on: indices to fit on.
        test: indices to score.
        seed: of the classifier.
    """
    model = BASELINES[name](seed).fit(rows[list(fitted_on)], labels[list(fitted_on)])
    return np.asarray(model.predict_proba(rows[list(test)])[:, 1], dtype=np.float64)


BASELINES: dict[
    str, Callable[[int], DummyClassifier | RandomForestClassifier | HistGradientBoostingClassifier]
] = {
    "constant": lambda _seed: DummyClassifier(strategy="prior"),
    "header-only": lambda seed: RandomForestClassifier(200, random_state=seed),
    "file-size-only": lambda seed: HistGradientBoostingClassifier(max_depth=2, random_state=seed),
    "global-statistics": lambda seed: HistGradientBoostingClassifier(random_state=seed),
}
