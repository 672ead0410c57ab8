"""Whether two systems that judged the same images differ."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def mcnemar(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> float:
    """P-value of both being right equally often, exact, from the images that only one got right.

    >>> mcnemar(np.array([True] * 9 + [False]), np.array([True, False] * 5))
    0.125

    Reference: Q. McNemar, "Note on the sampling error of the difference between correlated proportions"
    (1947).
    """
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    if only_first + only_second == 0:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second).pvalue)


def paired_t(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """P-value of both having the same mean, for measurements on the same images or seeds."""
    difference = first - second
    if len(difference) < 2 or np.ptp(difference) == 0:
        return 1.0 if not difference.any() else 0.0
    return float(stats.ttest_rel(first, second).pvalue)


def holm(p_values: list[float]) -> list[float]:
    """P-values corrected for their number, step by step from the smallest.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]

    Reference: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(np.argsort(p_values)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return corrected
