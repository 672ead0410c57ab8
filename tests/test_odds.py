"""Probabilities and their log-odds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamperlens.odds import log_odds, sigmoid


@given(st.floats(-15, 15))
def test_one_undoes_the_other(odds):
    assert log_odds(sigmoid(odds)) == pytest.approx(odds, abs=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_keep_their_kind_and_stay_finite(dtype):
    extreme = np.array([[-1e9, -1.0], [1.0, 1e9]], dtype)
    probabilities = sigmoid(extreme)
    assert probabilities.dtype == dtype
    assert probabilities.shape == extreme.shape
    assert np.isfinite(log_odds(probabilities)).all()
    assert (np.diff(probabilities.ravel()) > 0).all()


def test_numbers_and_arrays_agree():
    odds = np.linspace(-9, 9, 7)
    assert sigmoid(odds) == pytest.approx([sigmoid(float(one)) for one in odds])
    assert log_odds(sigmoid(odds)) == pytest.approx(odds)
