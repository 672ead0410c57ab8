"""Likelihood figures against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamperlens.evaluation._likelihood import cllr, least_cllr, reliability


def _gaussian(separation, count, seed=0):
    """True log-likelihood ratios of two unit Gaussians: Gaussian themselves, ± d²/2 with spread d."""
    rng = np.random.default_rng(seed)
    altered = np.arange(count) % 2 == 0
    x = rng.normal(np.where(altered, separation, 0))
    return separation * x - separation**2 / 2, altered


def test_cllr_of_the_extremes():
    altered = np.array([True, True, False, False])
    assert cllr(np.zeros(4), altered) == 1
    assert cllr(np.array([50.0, 50, -50, -50]), altered) < 1e-9
    assert cllr(np.array([-5.0, -5, 5, 5]), altered) == pytest.approx(np.log2(1 + np.exp(5)))
    assert np.isnan(cllr(np.zeros(2), np.array([True, True])))


def test_true_likelihood_ratios_are_calibrated_and_stretched_ones_are_not():
    llrs, altered = _gaussian(2.0, 20_000)
    # Monte Carlo of the closed form: E log2(1 + exp(-L)) with L ~ N(2, 4).
    exact = float(np.mean(np.logaddexp(0, -np.random.default_rng(1).normal(2, 2, 10**6))) / np.log(2))
    assert cllr(llrs, altered) == pytest.approx(exact, abs=0.01)
    assert cllr(llrs, altered) - least_cllr(llrs, altered) < 0.01
    assert cllr(3 * llrs, altered) > cllr(llrs, altered) + 0.1
    assert least_cllr(3 * llrs, altered) == pytest.approx(least_cllr(llrs, altered))
    assert reliability(llrs, altered).error < 0.02
    assert reliability(3 * llrs, altered).error > 0.05


@given(st.integers(0, 1000), st.integers(2, 12))
@settings(max_examples=20, deadline=None)
def test_reliability_bins_cover_everything(seed, bins):
    llrs, altered = _gaussian(1.0, 200, seed)
    found = reliability(llrs, altered, bins)
    assert len(found.stated) == bins
    assert found.weight.sum() == pytest.approx(1)
    assert (np.diff(found.stated) >= 0).all()
    assert 0 <= found.error <= 1


def test_classes_weigh_the_same_however_many_there_are():
    llrs, altered = _gaussian(1.5, 20_000)
    keep = ~altered | (np.arange(len(altered)) % 20 == 0)
    assert cllr(llrs[keep], altered[keep]) == pytest.approx(cllr(llrs, altered), abs=0.03)
    assert reliability(llrs[keep], altered[keep]).error < 0.05
