"""Fusing maps and opinions; agreement; counter-tests."""

import dataclasses
import json
import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tamperlens.errors import WeightError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._scope import scope
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, Examiner, load_weight
from tamperlens.examine._agreement import agreements
from tamperlens.examine._cells import (
    CELL,
    MAP_OPINIONS,
    cell_logits,
    fused_map,
    map_margins,
    rows_to_cells,
    to_cells,
    trace_planes,
)
from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.fused._fusion import (
    FUSION_FILE,
    OUT_OF_REACH,
    Band,
    CellNetwork,
    Curve,
    load_fusion,
)
from tamperlens.traces import LOOKED, MEASURED


@pytest.fixture(scope="module")
def finding(photo_evidence):
    return Examiner().examine(photo_evidence, counter_test=True)


def test_contributions_add_up_to_the_likelihood_ratio(finding):
    fusion = load_fusion()
    added = [opinion.log10_lr for opinion in finding.opinions if opinion.log10_lr is not None]
    assert finding.log10_lr == pytest.approx(fusion.offset / math.log(10) + sum(added))
    assert finding.document.log10_lr_constant == pytest.approx(fusion.offset / math.log(10))
    assert finding.score == pytest.approx(1 / (1 + 10**-finding.log10_lr))
    assert {o.system for o in finding.opinions} == {DEFAULT_LOCALIZER, *MEASURED, *MAP_OPINIONS}
    assert all((o.log10_lr is None) == (not o.applicable) for o in finding.opinions)


def test_outcome_follows_the_thresholds_of_the_band(finding):
    low, high = finding.document.thresholds
    said = "inconsistent" if finding.score > high else "consistent" if finding.score < low else "inconclusive"
    assert finding.outcome == said


def test_where_the_map_is_to_be_trusted_is_a_map_of_its_own(finding):
    assert finding.maps["reliability"].shape == (32, 48)
    assert 0 <= finding.maps["reliability"].min() < finding.maps["reliability"].max() <= 1


def test_a_kind_is_named_only_where_an_alteration_is_called(finding):
    assert finding.outcome == "inconsistent" or (finding.kind is None and finding.kinds == {})
    assert finding.document.because is None or finding.outcome == "inconclusive"


def test_strict_asks_for_more_and_finds_no_more(finding, photo_evidence):
    strict = Examiner(strict=True).examine(photo_evidence)
    assert strict.log10_lr == pytest.approx(finding.log10_lr)
    assert strict.document.thresholds[1] >= finding.document.thresholds[1]
    assert (strict.document.false_alarm_rate, finding.document.false_alarm_rate) == (0.01, 0.05)


def test_the_file_states_which_fusion_decided(finding):
    assert finding.versions["fusion"] == load_fusion().sha256


def test_void_traces_have_a_reason_and_no_say(encode):
    finding = Examiner().examine(load_evidence(encode("PNG")))
    void = {o.system: o for o in finding.opinions if not o.applicable}
    assert "no JPEG coefficients" in void["double-jpeg"].reason
    assert (void["double-jpeg"].score, void["double-jpeg"].log10_lr) == (None, None)
    assert void["double-jpeg"].outcome == "inconclusive"


def test_drawings_get_no_outcome():
    pixels = np.full((400, 600, 3), 250, np.uint8)
    pixels[100:300:20] = 10
    pixels[:, 200:400:25] = (200, 30, 30)
    finding = Examiner().examine(load_evidence(encode_jpeg(pixels, 95)))
    assert finding.outcome == "inconclusive"
    assert "No outcome is given" in finding.limits[0]
    assert (finding.score, finding.document.thresholds, finding.kind) == (None, None, None)
    assert "no photograph" in finding.document.absent["score"]


def test_small_sides_void_what_needs_blocks(photo):
    evidence = load_evidence(encode_jpeg(np.ascontiguousarray(photo[:100, :100]), 90))
    kind = scope(evidence)
    assert "needs 128" in MEASURED["double-jpeg"].void_reason(evidence, kind)
    assert MEASURED["copy-move"].void_reason(evidence, kind) == ""


def test_counter_tests_compare_the_same_place(finding):
    assert len(finding.document.counter_tests) == 3
    assert all(test.overlap is None or 0 <= test.overlap <= 1 for test in finding.document.counter_tests)
    assert {test.outcome for test in finding.document.counter_tests} <= {
        "consistent",
        "inconsistent",
        "inconclusive",
    }


def test_a_curve_is_flat_beyond_its_ends():
    curve = Curve(0.5, (0.0, 1.0, 3.0), (-1.0, 0.0, 4.0), 0.5, 2.0)
    assert [curve.llr(x, 256 * 256) for x in (-9.0, 0.5, 2.0, 99.0)] == [-1.0, -0.5, 2.0, 4.0]
    assert curve.llr(2.5, 512 * 256) == 2.0  # twice the area, half a unit taken off


def test_outcomes_by_band(tmp_path):
    fusion = load_fusion()
    bands = (
        Band(100, {"0.01": 3.0, "0.05": 2.0}, -1.0, 9, 9),
        Band(10**12, {"0.01": 9.0, "0.05": 8.0}, 5.0, 9, 9),
    )
    fusion = dataclasses.replace(fusion, bands=bands)
    assert fusion.outcome(2.5, 100) == "inconsistent"
    assert fusion.outcome(2.5, 100, "0.01") == "inconclusive"
    assert fusion.outcome(-1.5, 100) == "consistent"
    assert fusion.outcome(2.5, 101) == "consistent"
    assert fusion.outcome(8.5, 10**9) == "inconsistent"


def test_a_rate_that_cannot_be_held_accuses_nobody_and_says_so(photo):
    localizer = LOCALIZERS[DEFAULT_LOCALIZER](load_weight(DEFAULT_LOCALIZER))
    band = Band(10**12, {"0.01": OUT_OF_REACH, "0.05": -OUT_OF_REACH}, -OUT_OF_REACH, 60, 9, 42)
    fusion = dataclasses.replace(load_fusion(), bands=(band,))
    evidence = load_evidence(encode_jpeg(photo, 90))
    held, unheld = (FusedExamination(localizer, fusion, strict).examine(evidence, {}) for strict in (0, 1))
    assert (held.outcome, unheld.outcome) == ("inconsistent", "inconclusive")
    assert any("at 1% of false alarms: the 42 authentic" in limit for limit in unheld.limits)
    assert not any("too few to hold" in limit for limit in held.limits)


def test_cells_of_any_resolution():
    values = np.arange(12, dtype=np.float32).reshape(3, 4) / 12
    np.testing.assert_array_equal(to_cells(values, (24, 32)), values)
    large = values.repeat(CELL, 0).repeat(CELL, 1)
    np.testing.assert_allclose(to_cells(large, (24, 32)), values, atol=1e-6)
    assert to_cells(values, (17, 100)).shape == (3, 13)


def test_planes_know_void_traces():
    localization = np.full((32, 48), 0.5, np.float32)
    planes = trace_planes(localization, {"b": np.ones((4, 6), np.float32)}, ("a", "b"))
    assert planes.shape == (4, 6, 6)
    assert np.abs(planes[..., :4]).max() < 1e-6
    np.testing.assert_allclose(planes[..., 4:], 1, atol=1e-6)


def test_the_cell_network_is_what_its_weights_say():
    rng = np.random.default_rng(0)
    layers = tuple((rng.normal(size=s).astype(np.float32), rng.normal(size=s[1]).astype(np.float32))
                   for s in ((3, 5), (5, 1)))  # fmt: skip
    network = CellNetwork(layers, np.zeros(3, np.float32), np.ones(3, np.float32))
    x = rng.normal(size=(130, 7, 3)).astype(np.float32)
    expected = np.maximum(x @ layers[0][0] + layers[0][1], 0) @ layers[1][0] + layers[1][1]
    np.testing.assert_allclose(network(x), expected[..., 0], rtol=1e-4, atol=1e-5)


def test_the_fused_map_keeps_the_detail_of_the_localizer():
    localization = np.full((16, 16), 0.2, np.float32)
    localization[:, 3] = 0.9
    cells = np.zeros((2, 2), np.float32)
    flat, detailed = (fused_map(cells, localization, detail) for detail in (0.0, 1.0))
    np.testing.assert_allclose(flat, 0.5)
    assert detailed[5, 3] > 0.9
    assert detailed[5, 12] == pytest.approx(0.5, abs=0.05)
    assert cell_logits(localization).shape == (2, 2)


def test_margins_ask_for_an_area():
    cells = np.full((20, 20), -4.0, np.float32)
    cells[3:5, 3:5] = 4
    margins = map_margins(cells)
    assert margins["fused-map"] == pytest.approx(4, abs=0.01)
    assert margins["fused-map-64"] < 0


def test_agreement_is_the_area_under_the_curve():
    rng = np.random.default_rng(0)
    mask = np.zeros((64, 96), np.float32)
    mask[16:40, 24:64] = 1
    values = rng.random((8, 12)).astype(np.float32).round(1)
    truth = np.zeros((8, 12), bool)
    truth[2:5, 3:8] = True
    found, perfect = agreements(mask, 0.5, {"noise": values, "truth": truth.astype(np.float32)})
    assert found.auc == pytest.approx(roc_auc_score(truth.ravel(), values.ravel()))
    assert found.chance == pytest.approx(15 / 96)
    assert (perfect.overlap, perfect.auc) == (1, 1)
    (nothing,) = agreements(mask, 0.5, {"a": np.zeros((8, 12), np.float32)})
    assert (nothing.overlap, nothing.auc) == (pytest.approx(15 / 96), 0.5)
    assert agreements(np.zeros((64, 96), np.float32), 0.5, {"a": values}) == ()


def test_a_fusion_of_another_localizer_is_refused():
    other = dataclasses.replace(load_fusion(), training={"localizer": "0" * 64})
    detector = LOCALIZERS[DEFAULT_LOCALIZER](load_weight(DEFAULT_LOCALIZER))
    with pytest.raises(WeightError, match="another localizer"):
        FusedExamination(detector, other)


@pytest.mark.parametrize("damage", ["{", "{}", '{"traces": 3}'])
def test_a_damaged_fusion_is_said(tmp_path, damage):
    path = tmp_path / "fusion.json"
    path.write_text(damage)
    with pytest.raises(WeightError, match="incomplete"):
        load_fusion(path)


def test_the_shipped_fusion_fits_the_shipped_traces():
    fusion = load_fusion()
    assert fusion.traces == tuple(MEASURED)
    assert set(fusion.curves) == {DEFAULT_LOCALIZER, *MEASURED, *MAP_OPINIONS}
    content = json.loads(FUSION_FILE.read_text())
    assert all(curve["weight"] >= 0 for curve in content["curves"].values())


def test_progress_names_every_step_and_may_end_the_examination(photo_evidence):
    told: list[tuple[str, float]] = []
    examiner = Examiner()
    finding = examiner.examine(photo_evidence, progress=lambda step, share: told.append((step, share)))
    steps, shares = zip(*told, strict=True)
    traces = sorted(MEASURED, key=lambda name: MEASURED[name].alongside)
    assert steps == (*traces, DEFAULT_LOCALIZER, "fusion", *(["kinds"] if finding.kinds else []))
    assert list(shares) == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1
    assert dict(examiner.versions) == dict(finding.versions)

    def stop(_step: str, _share: float) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        examiner.examine(photo_evidence, progress=stop)


@pytest.mark.parametrize("name", LOOKED)
def test_cells_of_a_map_by_rows_are_those_of_the_whole_map(name):
    pixels = np.random.default_rng(0).integers(0, 256, (1100, 139, 3), np.uint8)
    whole = LOOKED[name].whole(pixels)
    np.testing.assert_array_equal(rows_to_cells(LOOKED[name].rows(pixels)), to_cells(whole, pixels.shape[:2]))
