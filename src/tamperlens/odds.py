"""Probabilities and their natural log-odds."""

from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

_Float = TypeVar("_Float", np.float32, np.float64)

# Log-odds beyond which a probability is as good as 0 or 1, and no exponential overflows, in float32 neither.
_MOST = 60.0


@overload
def sigmoid(odds: float) -> float: ...
@overload
def sigmoid(odds: NDArray[_Float]) -> NDArray[_Float]: ...
def sigmoid(odds: float | NDArray[_Float]) -> float | NDArray[_Float]:
    """The probability of natural log-odds, of the same dtype and shape.

    >>> sigmoid(0.0)
    0.5
    """
    if isinstance(odds, np.ndarray):
        return np.asarray(1 / (1 + np.exp(-odds.clip(-_MOST, _MOST))), odds.dtype)
    return float(1 / (1 + np.exp(-min(max(odds, -_MOST), _MOST))))


@overload
def log_odds(probability: float, edge: float = ...) -> float: ...
@overload
def log_odds(probability: NDArray[_Float], edge: float = ...) -> NDArray[_Float]: ...
def log_odds(probability: float | NDArray[_Float], edge: float = 1e-7) -> float | NDArray[_Float]:
    """Natural log-odds of a probability, of the same dtype and shape.

    Args:
        probability: in 0..1.
        edge: how near to 0 and 1 it is taken to come; they themselves have no log-odds.

    >>> log_odds(0.5)
    0.0
    """
    if isinstance(probability, np.ndarray):
        inside = probability.clip(edge, 1 - edge)
        return np.asarray(np.log(inside / (1 - inside)), probability.dtype)
    inside_one = min(max(probability, edge), 1 - edge)
    return float(np.log(inside_one / (1 - inside_one)))
