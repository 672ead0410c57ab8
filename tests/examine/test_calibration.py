"""Thresholds keep their promise on exchangeable scores."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tamperlens.examine.networks._calibration import Calibration, lower_threshold, upper_threshold
from tamperlens.training._run import calibrate


def test_upper_threshold_keeps_its_rate_on_average():
    """Over many draws, a new score exceeds the threshold in at most 5 % of cases, and not far fewer."""
    rng = np.random.default_rng(0)
    exceeded = [rng.random() > upper_threshold(rng.random(79).tolist(), 0.05) for _ in range(20_000)]
    assert 0.045 < np.mean(exceeded) < 0.0525


@given(st.lists(st.floats(0, 1), min_size=1, max_size=18))
def test_too_few_scores_promise_nothing(scores):
    assert upper_threshold(scores, 0.05) == 1.0
    assert lower_threshold(scores, 0.05) == 0.0


@example(margin=np.inf, scale=0.0, offset=0.0)
@given(margin=st.floats(allow_nan=False), scale=st.floats(-10, 10), offset=st.floats(-10, 10))
def test_a_probability_is_one_whatever_the_margin(margin, scale, offset):
    assert 0 <= Calibration(scale, offset, 0.9, 0.1).probability(margin) <= 1


def test_rare_under_both_is_inconclusive():
    certain = Calibration(1, 0, inconsistent_above=0.2, consistent_below=0.8)
    assert [certain.outcome(s) for s in (0.1, 0.5, 0.9)] == ["consistent", "inconclusive", "inconsistent"]
    assert Calibration(1, 0, 0.9, 0.1).outcome(0.5) == "inconclusive"


def test_calibration_recovers_known_probabilities():
    """Margins drawn with log odds 0.5 · margin − 1 at even prior odds give those numbers back."""
    rng = np.random.default_rng(0)
    margins = rng.normal(2, 4, 40_000)
    labels = (rng.random(40_000) < 1 / (1 + np.exp(-(0.5 * margins - 1)))).astype(np.int64)
    keep = np.concatenate([np.flatnonzero(labels == k)[: np.bincount(labels).min()] for k in (0, 1)])
    fitted = calibrate(margins[keep].astype(np.float32), labels[keep])
    assert fitted.scale == pytest.approx(0.5, abs=0.03)
    odds = labels.mean() / (1 - labels.mean())
    assert fitted.offset == pytest.approx(-1 - np.log(odds), abs=0.06)
