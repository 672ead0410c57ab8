"""Localization figures against scikit-learn and torchmetrics, on random maps and at the edges."""

import dataclasses
import json
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn import metrics

from tamperlens.data import find_samples
from tamperlens.evaluation import (
    CLASSICAL,
    area_table,
    classical_judge,
    evaluate_judge,
    fused_judge,
    localization_table,
    map_judge,
    trace_judge,
)
from tamperlens.evaluation import _pixel_metrics as pixel
from tamperlens.evaluation._classical import contrast
from tamperlens.evaluation._tallies import (
    AREAS,
    IMAGE,
    PER_IMAGE,
    POOLED,
    ImageTally,
    image_figures,
    localization_metrics,
    tally_pixels,
)
from tamperlens.models import (
    _backbones as backbones,  # declares what torchmetrics' torchvision needs beside a CPU torch
)

assert backbones
import torchmetrics.functional.classification as tm  # noqa: E402

THRESHOLD = 0.3


@st.composite
def maps(draw):
    """A map in one of several shapes of distribution, and a truth that marks something and not everything."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.tuples(st.integers(2, 40), st.integers(2, 40)))
    truth = rng.random(shape) < draw(st.sampled_from([0.02, 0.3, 0.9]))
    truth.ravel()[:2] = True, False
    logits = (
        draw(st.sampled_from([0.3, 2, 6])) * rng.normal(size=shape)
        + draw(st.sampled_from([-2, 0, 1])) * truth
    )
    logits += draw(st.sampled_from([-4, 0, 2]))
    return (1 / (1 + np.exp(-logits))).astype(np.float32), truth


def _of_one(probabilities, truth, threshold=THRESHOLD):
    tallies = [ImageTally(True, "splicing", 0.5, tally_pixels(probabilities, truth, threshold))]
    figures = localization_metrics(tallies, [0], 0.5, draws=2)["figures"]
    return {name: figure["value"] for name, figure in figures.items()}


def _exact_best_f1(probabilities, truth):
    precision, recall, _ = metrics.precision_recall_curve(truth.ravel(), probabilities.ravel())
    return np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12))


@given(maps())
@settings(max_examples=60, deadline=None)
def test_counted_figures_equal_scikit_learn(example):
    probabilities, truth = example
    ours, y, p = _of_one(probabilities, truth), truth.ravel(), probabilities.ravel()
    called = p >= THRESHOLD
    for name, theirs in {
        "f1_fixed": metrics.f1_score(y, called, zero_division=0),
        "f1_half": metrics.f1_score(y, p >= 0.5, zero_division=0),
        "iou": metrics.jaccard_score(y, called, zero_division=0),
        "mcc": metrics.matthews_corrcoef(y, called),
    }.items():
        assert ours[name] == pytest.approx(theirs, abs=1e-9), name


@given(maps())
@settings(max_examples=40, deadline=None)
def test_ranked_figures_equal_scikit_learn_on_the_same_levels(example):
    """With the quantised map itself as input nothing is left of the difference."""
    probabilities, truth = example
    levels = pixel.levels_of(probabilities)
    counts = pixel.histograms(probabilities, truth)
    y, p = truth.ravel(), levels.ravel().astype(float)
    assert float(pixel.roc_auc(counts)) == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-9)
    assert float(pixel.average_precision(counts)) == pytest.approx(
        metrics.average_precision_score(y, p), abs=1e-9
    )
    assert float(pixel.best_f1(counts)) == pytest.approx(_exact_best_f1(p, y), abs=1e-9)


@pytest.mark.parametrize("spread", [0.5, 2, 6])
@pytest.mark.parametrize("centre", [-6, -2, 0])
def test_quantisation_costs_what_it_says(spread, centre):
    rng = np.random.default_rng(0)
    truth = np.zeros((300, 400), bool)
    truth[40:140, 60:200] = True
    logits = spread * rng.normal(size=truth.shape) + centre + truth
    probabilities = (1 / (1 + np.exp(-logits))).astype(np.float32)
    ours = _of_one(probabilities, truth)
    y, p = truth.ravel(), probabilities.ravel()
    assert ours["auc_per_image"] == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-4)
    assert ours["ap_per_image"] == pytest.approx(metrics.average_precision_score(y, p), abs=2e-3)
    assert ours["f1_best"] == pytest.approx(_exact_best_f1(p, y), abs=5e-4)


@pytest.mark.parametrize("seed", range(3))
def test_figures_equal_torchmetrics(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random((50, 60)) < 0.2
    probabilities = (rng.random((50, 60)) * 0.7 + 0.3 * truth).astype(np.float32)
    ours = _of_one(probabilities, truth, 0.5)
    p, y = torch.from_numpy(probabilities).ravel(), torch.from_numpy(truth.astype(int)).ravel()
    assert ours["f1_fixed"] == pytest.approx(tm.binary_f1_score(p, y).item(), abs=1e-6)
    assert ours["iou"] == pytest.approx(tm.binary_jaccard_index(p, y).item(), abs=1e-6)
    assert ours["mcc"] == pytest.approx(tm.binary_matthews_corrcoef(p, y).item(), abs=1e-6)
    assert ours["auc_per_image"] == pytest.approx(tm.binary_auroc(p, y).item(), abs=1e-3)
    assert ours["ap_per_image"] == pytest.approx(tm.binary_average_precision(p, y).item(), abs=2e-3)


@given(st.lists(maps(), min_size=2, max_size=4))
@settings(max_examples=15, deadline=None)
def test_per_image_is_the_mean_and_pooled_is_all_pixels_in_one(examples):
    tallies = [ImageTally(True, "splicing", 0.5, tally_pixels(*one, THRESHOLD)) for one in examples]
    result = localization_metrics(tallies, range(len(tallies)), 0.5, draws=2)["figures"]
    singles = [_of_one(*one) for one in examples]
    for name in PER_IMAGE:
        assert result[name]["value"] == pytest.approx(np.mean([single[name] for single in singles])), name
    p = np.concatenate([one[0].ravel() for one in examples])[None]
    y = np.concatenate([one[1].ravel() for one in examples])[None]
    together = _of_one(p, y)
    for name, single in zip(POOLED, PER_IMAGE, strict=True):
        assert result[name]["value"] == pytest.approx(together[single]), name


class TestEdges:
    truth = np.zeros((8, 8), bool)
    truth[:2, :2] = True

    def test_everything_tampered(self):
        probabilities = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
        ours = _of_one(probabilities, np.ones((8, 8), bool))
        assert ours["auc_per_image"] is None
        assert ours["ap_per_image"] == ours["f1_best"] == 1
        assert ours["mcc"] == 0
        assert ours["f1_half"] == pytest.approx(2 / 3)

    def test_nothing_called(self):
        ours = _of_one(np.full((8, 8), 0.1, np.float32), self.truth)
        assert ours["f1_fixed"] == ours["f1_half"] == ours["iou"] == ours["mcc"] == 0

    @pytest.mark.parametrize("value", [0, 0.5, 1])
    def test_constant_map_ranks_nothing(self, value):
        ours = _of_one(np.full((8, 8), value, np.float32), self.truth)
        assert ours["auc_per_image"] == 0.5
        assert ours["ap_per_image"] == pytest.approx(4 / 64)
        assert ours["f1_best"] == pytest.approx(2 * 4 / (4 + 64))  # everything called

    def test_an_inverted_map_is_not_turned_round(self):
        ours = _of_one(1 - self.truth.astype(np.float32), self.truth)
        assert ours["auc_per_image"] == 0
        assert ours["f1_best"] == pytest.approx(2 * 4 / (4 + 64))

    def test_a_perfect_map(self):
        ours = _of_one(self.truth.astype(np.float32), self.truth)
        assert {ours[name] for name in (*PER_IMAGE, *POOLED)} == {1.0}

    def test_an_image_without_undefined_auc_does_not_spoil_the_mean(self):
        whole = tally_pixels(np.full((8, 8), 0.9, np.float32), np.ones((8, 8), bool), 0.5)
        perfect = tally_pixels(self.truth.astype(np.float32), self.truth, 0.5)
        tallies = [ImageTally(True, "splicing", 1, pixels) for pixels in (whole, perfect)]
        assert localization_metrics(tallies, [0, 1], 0.5)["figures"]["auc_per_image"]["value"] == 1

    def test_refused(self):
        with pytest.raises(ValueError, match="marks nothing"):
            tally_pixels(np.zeros((8, 8), np.float32), np.zeros((8, 8), bool), 0.5)
        with pytest.raises(ValueError, match="mask"):
            tally_pixels(np.zeros((8, 9), np.float32), self.truth, 0.5)


def _tally(truth_area, score=0.9, tampered=True, found=True):
    truth = np.zeros((20, 50), bool)
    truth.ravel()[: round(truth_area * 1000)] = True
    probabilities = (truth if found else ~truth).astype(np.float32)
    pixels = tally_pixels(probabilities, truth, 0.5) if tampered else None
    return ImageTally(tampered, "splicing" if tampered else "authentic", score, pixels)


def test_authentic_images_never_enter_pixel_figures():
    tampered = [_tally(0.1), _tally(0.2, found=False)]
    alone = localization_metrics(tampered, [0, 1], 0.5)["figures"]
    with_authentic = [*tampered, *[_tally(0, score=0.2, tampered=False)] * 3]
    beside = localization_metrics(with_authentic, range(5), 0.5)["figures"]
    for name in (*PER_IMAGE, *POOLED):
        assert beside[name]["value"] == alone[name]["value"], name
    assert alone["image_auc"]["value"] is None
    assert alone["miss_rate"]["value"] == 0
    assert beside["image_auc"]["value"] == beside["balanced_accuracy"]["value"] == 1


def test_only_authentic_images_give_a_false_alarm_rate():
    tallies = [_tally(0, score, tampered=False) for score in (0.1, 0.2, 0.9, 0.3)]
    result = localization_metrics(tallies, range(4), 0.5)
    assert result["figures"]["false_alarm_rate"]["value"] == 0.25
    assert result["figures"]["f1_fixed"]["value"] is None
    assert result["figures"]["f1_fixed_pooled"]["value"] is None
    assert result["by_kind"] == {}


@pytest.mark.parametrize("seed", range(3))
def test_image_figures_equal_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    tampered, scores = rng.random(80) < 0.4, rng.random(80)
    auc, balanced, false_alarms, misses = image_figures(tampered, scores, 0.6)
    assert auc == pytest.approx(metrics.roc_auc_score(tampered, scores))
    assert balanced == pytest.approx(metrics.balanced_accuracy_score(tampered, scores >= 0.6))
    (ta, ft), (fa, tt) = metrics.confusion_matrix(tampered, scores >= 0.6)
    assert (false_alarms, misses) == pytest.approx((ft / (ta + ft), fa / (fa + tt)))


def test_bins_by_area():
    tallies = [_tally(area) for area in (0.005, 0.01, 0.049, 0.05, 0.15, 0.5, 1.0)]
    tallies.append(_tally(0, tampered=False))
    parts = localization_metrics(tallies, range(8), 0.5)["by_area"]
    assert [part["images"] for part in parts.values()] == [1, 2, 1, 3]
    assert list(parts) == list(AREAS.values())
    assert all(part["f1_fixed"] == 1 and part["miss_rate"] == 0 for part in parts.values())


def test_interval_is_by_source_group():
    """Ten copies of two images tell no more than two images."""
    tallies = [_tally(0.1), _tally(0.1, found=False)] * 10
    alone = localization_metrics(tallies, range(20), 0.5)["figures"]["f1_fixed"]
    grouped = localization_metrics(tallies, [0, 1] * 10, 0.5)["figures"]["f1_fixed"]
    assert (grouped["low"], grouped["high"]) == (0, 1)
    assert 0 < alone["low"] < alone["value"] == 0.5 < alone["high"] < 1


def _perfect(samples):
    """A localizer that knows the masks."""
    by_name = {sample.path.name: sample for sample in samples}

    def localize(evidence):
        sample = by_name[evidence.name]
        if sample.mask is None:
            return np.zeros((evidence.height, evidence.width), np.float32), 0.0
        return (np.asarray(Image.open(sample.mask)) > 0).astype(np.float32), 1.0

    return localize


class TestEvaluate:
    def test_a_perfect_localizer(self, casia_tree):
        samples, steps = find_samples("casia1", casia_tree), []
        result = evaluate_judge(
            map_judge("perfect", _perfect(samples)),
            samples,
            "casia1",
            lambda done, total: steps.append((done, total)),
        )
        assert {result.figures[name]["value"] for name in (*PER_IMAGE, *POOLED)} == {1.0}
        assert [result.figures[name]["value"] for name in IMAGE] == [1, 1, 0, 0]
        assert result.images == {"authentic": 24, "tampered": 16, "located": 16}
        assert result.left_out == {}
        assert steps == [(1, 40)] * 40
        assert set(result.by_kind) == {"splicing", "copy-move"}
        assert json.loads(json.dumps(result.to_json(), allow_nan=False))["condition"] == "native"

    def test_masks_that_cannot_be_used_are_counted(self, casia_tree, tmp_path):
        samples = find_samples("casia1", casia_tree)
        small, empty = tmp_path / "small.png", tmp_path / "empty.png"
        Image.new("L", (5, 5), 255).save(small)
        with Image.open(samples[-1].path) as image:
            Image.new("L", image.size, 0).save(empty)
        masks = [None, tmp_path / "gone.png", small, empty]
        samples[-4:] = [
            dataclasses.replace(sample, mask=mask) for sample, mask in zip(samples[-4:], masks, strict=True)
        ]
        result = evaluate_judge(classical_judge("all-tampered"), samples, "casia1")
        assert result.left_out == {"mask missing": 2, "mask of another size": 1, "mask empty": 1}
        assert result.images == {"authentic": 24, "tampered": 16, "located": 12}
        assert "12 located, 4 without usable mask" in localization_table([result])

    @pytest.mark.parametrize(
        ("value", "score", "words"), [(np.nan, 0.5, "0..1"), (1.5, 0.5, "0..1"), (0.5, np.nan, "0..1")]
    )
    def test_what_is_no_probability_is_refused(self, casia_tree, value, score, words):
        samples = find_samples("casia1", casia_tree)[:1]

        def localize(evidence):
            return np.full((evidence.height, evidence.width), value, np.float32), score

        with pytest.raises(ValueError, match=words):
            evaluate_judge(map_judge("one", localize), samples, "casia1")

    def test_a_map_of_another_size_is_refused(self, casia_tree):
        samples = find_samples("casia1", casia_tree)[:1]
        with pytest.raises(ValueError, match="the map is"):
            evaluate_judge(map_judge("one", lambda _: (np.zeros((2, 2), np.float32), 0.5)), samples, "casia1")

    def test_nothing_to_evaluate(self):
        with pytest.raises(ValueError, match="no sample"):
            evaluate_judge(classical_judge("ela"), [], "casia1")


@pytest.mark.parametrize("name", CLASSICAL)
def test_every_classical_localizer(name, casia_tree):
    samples = find_samples("casia1", casia_tree)[20:30]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = evaluate_judge(classical_judge(name), samples, "casia1")
    assert (result.pixel_threshold, result.thresholds_from) == (0.5, "none: 0.5")
    assert result.images["located"] == 6
    table = localization_table([result])
    row = table.splitlines()[2]
    assert row.startswith(f"| casia1 | {name} | native | none: 0.5 | 4 authentic, 6 located |")
    assert len({line.count("|") for line in table.splitlines()}) == 1
    figure = result.figures["f1_half"]
    assert f"{figure['value']:.3f} ({figure['low']:.3f} – {figure['high']:.3f})" in row
    assert len({line.count("|") for line in area_table([result]).splitlines()}) == 1


def test_all_tampered_is_the_constant_it_says(casia_tree):
    samples = [sample for sample in find_samples("casia1", casia_tree) if sample.tampered]
    figures = evaluate_judge(classical_judge("all-tampered"), samples, "casia1").figures
    area = np.mean([np.asarray(Image.open(sample.mask)) > 0 for sample in samples])
    assert figures["f1_fixed"]["value"] == pytest.approx(2 * area / (1 + area))
    assert figures["auc_per_image"]["value"] == figures["auc_pooled"]["value"] == 0.5


def test_contrast_sees_what_is_small():
    values = np.zeros((100, 100), np.float32)
    values[:15, :15] = 0.8
    assert contrast(values) == pytest.approx(0.8)
    assert contrast(values + np.float32(0.2)) == pytest.approx(0.8)


def test_fused_and_traces_alone_run_as_they_ship(casia_tree):
    samples = find_samples("casia1", casia_tree.parent)[::8]
    fused = evaluate_judge(fused_judge(), samples, "casia1")
    assert (fused.system, fused.pixel_threshold, fused.image_threshold) == ("fused", None, 0.5)
    assert fused.images["authentic"] + fused.images["tampered"] == len(samples)
    alone = evaluate_judge(trace_judge("double-jpeg"), samples, "casia1")
    # 72 × 56 pixels are too few blocks: void, an empty map that finds nothing and accuses nobody.
    assert alone.figures["f1_half"]["value"] == 0
    assert alone.figures["false_alarm_rate"]["value"] == 0
