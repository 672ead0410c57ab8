"""Figures against scikit-learn used otherwise, and against numbers worked out by hand."""

import numpy as np
import pytest
import torch
import torchmetrics.functional.classification as tm

from tamperlens.evaluation import bootstrap_interval, classification_metrics
from tamperlens.evaluation._baselines import BASELINES, baseline_scores
from tamperlens.evaluation._metrics import balanced_weights, expected_calibration_error


def test_by_hand():
    labels = np.array([0, 0, 0, 1, 1])
    figures = classification_metrics(labels, np.array([0.1, 0.6, 0.2, 0.7, 0.4]))
    assert figures["accuracy"] == pytest.approx(3 / 5)
    assert figures["false_alarm_rate"] == pytest.approx(1 / 3)
    assert figures["miss_rate"] == pytest.approx(1 / 2)
    assert figures["auc"] == pytest.approx(5 / 6)
    assert figures["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert (figures["true_authentic"], figures["true_tampered"]) == (2, 1)


@pytest.mark.parametrize("seed", range(5))
def test_against_torchmetrics(seed):
    rng = np.random.default_rng(seed)
    labels, scores = rng.integers(0, 2, 300), rng.random(300)
    figures = classification_metrics(labels, scores)
    y, p = torch.from_numpy(labels), torch.from_numpy(scores)
    called = (p >= 0.5).long()
    for name, theirs in {
        "accuracy": tm.binary_accuracy(called, y),
        "macro_precision": tm.multiclass_precision(called, y, 2, average="macro"),
        "macro_recall": tm.multiclass_recall(called, y, 2, average="macro"),
        "macro_f1": tm.multiclass_f1_score(called, y, 2, average="macro"),
        "auc": tm.binary_auroc(p, y),
    }.items():
        assert figures[name] == pytest.approx(theirs.item(), abs=1e-6), name
    ours = expected_calibration_error(labels, scores)
    confidence_error = tm.binary_calibration_error(p, y, n_bins=10, norm="l1").item()
    assert ours == pytest.approx(confidence_error, abs=1e-6)


def test_a_calibrated_even_prior_score_has_no_error_on_unequal_classes():
    """Drawn at even odds, then three in four authentic images thrown away: only balanced weights see it."""
    rng = np.random.default_rng(0)
    scores = rng.random(200_000)
    labels = (rng.random(200_000) < scores).astype(np.int64)
    keep = (labels == 1) | (rng.random(200_000) < 0.25)
    labels, scores = labels[keep], scores[keep]
    assert expected_calibration_error(labels, scores) > 0.1
    assert expected_calibration_error(labels, scores, balanced_weights(labels)) < 0.01


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="both"):
        classification_metrics(np.zeros(4, np.int64), np.zeros(4))


def test_interval_covers_the_truth_as_often_as_it_says():
    """Groups of three equal values: only resampling whole groups gives intervals wide enough."""
    rng = np.random.default_rng(0)
    covered = 0
    for trial in range(100):
        values = rng.normal(0, 1, 40).repeat(3)
        groups = np.arange(40).repeat(3).tolist()
        low, high = bootstrap_interval(lambda i, v=values: float(v[i].mean()), groups, draws=200, seed=trial)
        covered += low <= 0 <= high
    assert 85 <= covered <= 99


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_learn_what_they_see_and_nothing_else(name):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200)
    rows = np.stack([labels + rng.normal(0, 0.1, 200), rng.normal(size=200)], axis=1)
    scores = baseline_scores(name, rows, labels, range(100), range(100, 200), seed=0)
    accuracy = np.mean((scores >= 0.5) == labels[100:])
    assert accuracy > 0.95 if name != "constant" else accuracy < 0.7
