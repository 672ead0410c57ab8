"""The default localizer in lower precision: what runs, what is refused, what the finding says."""

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest

from tamperlens.errors import TamperlensError, UnknownNameError, WeightError
from tamperlens.examine import DEFAULT_LOCALIZER, LOCALIZERS, Examiner, load_fusion, load_weight
from tamperlens.examine.fused._examination import FusedExamination
from tamperlens.examine.networks._precision import (
    FULL,
    PRECISIONS,
    VARIABLE,
    chosen_precision,
    measured_differences,
    precision_limits,
)
from tamperlens.examine.networks._providers import session_providers
from tamperlens.examine.networks._weights import variant_name, variants, weight_names

CPU, OPENVINO = "CPUExecutionProvider", "OpenVINOExecutionProvider"
LOCALIZER, INT8 = LOCALIZERS[DEFAULT_LOCALIZER], f"{DEFAULT_LOCALIZER}-int8"
STORED = [name for name, one in PRECISIONS.items() if one.stored]


def test_full_is_the_default_and_the_environment_chooses(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert chosen_precision([CPU]) == FULL
    monkeypatch.setenv(VARIABLE, "int8")
    assert chosen_precision([CPU]) == "int8"


def test_an_unknown_precision_is_named_with_its_like():
    with pytest.raises(UnknownNameError, match="did you mean 'int8'"):
        chosen_precision([CPU], "int9")


def test_a_precision_that_the_provider_lacks_names_what_to_install(monkeypatch):
    monkeypatch.delenv("TAMPERLENS_PROVIDER", raising=False)
    with pytest.raises(TamperlensError, match="--provider openvino, for which onnxruntime-openvino is"):
        chosen_precision([CPU], "bf16")
    monkeypatch.setenv("TAMPERLENS_PROVIDER", "openvino")
    assert chosen_precision([OPENVINO, CPU], "bf16") == "bf16"
    with pytest.raises(TamperlensError, match="'int8' is computed by the provider 'cpu' and not by 'open"):
        chosen_precision([OPENVINO, CPU], "int8")


def test_bf16_is_an_option_of_openvino(monkeypatch):
    monkeypatch.setenv("TAMPERLENS_PROVIDER", "openvino")
    started = session_providers([OPENVINO, CPU], PRECISIONS["bf16"].options)
    assert list(started) == [OPENVINO, CPU]
    assert json.loads(started[OPENVINO]["load_config"]) == {"CPU": {"INFERENCE_PRECISION_HINT": "bf16"}}
    weight = load_weight(DEFAULT_LOCALIZER, precision="bf16")
    full = load_weight(DEFAULT_LOCALIZER)
    assert weight.versions == {**full.versions, "precision": "bf16"}


def test_variants_are_no_weights_of_their_own():
    assert variants() == [(DEFAULT_LOCALIZER, precision) for precision in STORED]
    assert not {variant_name(*one) for one in variants()} & set(weight_names())


@pytest.mark.parametrize("precision", STORED)
def test_a_shipped_variant_is_smaller_and_really_quantised(precision):
    full, small = load_weight(DEFAULT_LOCALIZER), load_weight(DEFAULT_LOCALIZER, precision=precision)
    assert small.variant_of == full.sha256 == small.origin == full.origin
    assert len(small.model) < len(full.model)
    assert (small.calibration, small.domain, small.features) == (
        full.calibration,
        full.domain,
        full.features,
    )
    graph = onnx.load_from_string(small.model).graph
    stored = {one.name: one.data_type for one in graph.initializer}
    read = {node.input[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    assert sum(stored.get(name) == onnx.TensorProto.INT8 for name in read) == 44


def test_the_maps_of_a_variant_are_near_those_of_the_full_weight(photo_evidence):
    full, small = (
        LOCALIZER(load_weight(DEFAULT_LOCALIZER, precision=precision), 1)
        .localize(photo_evidence)
        .probabilities
        for precision in (FULL, "int8")
    )
    assert 0 < np.abs(full - small).mean() < 0.02


def test_an_altered_variant_is_refused(copied, spoil):
    spoil(copied / f"{INT8}.onnx")
    with pytest.raises(WeightError, match=f"'{INT8}' is not the one its manifest describes"):
        load_weight(DEFAULT_LOCALIZER, copied, "int8")
    load_weight(DEFAULT_LOCALIZER, copied)


def test_a_variant_of_another_weight_is_refused(copied):
    path = copied / f"{INT8}.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "variant_of": "0" * 64}), encoding="utf-8")
    with pytest.raises(WeightError, match="variant of another weight"):
        load_weight(DEFAULT_LOCALIZER, copied, "int8")


def test_a_weight_without_variant_says_which_have_one():
    with pytest.raises(TamperlensError, match=f"no variant in int8; variants are: {INT8}"):
        load_weight("dual-convnext", precision="int8")


def test_the_fusion_takes_a_variant_of_its_localizer_and_no_other():
    fusion = load_fusion()
    small = load_weight(DEFAULT_LOCALIZER, precision="int8")
    assert FusedExamination(LOCALIZER(small, 1), fusion).versions == {
        f"weight {INT8}": small.sha256,
        "precision": "int8",
        "fusion": fusion.sha256,
    }
    with pytest.raises(WeightError, match="fitted with another localizer"):
        FusedExamination(LOCALIZER(replace(small, variant_of="0" * 64), 1), fusion)


def test_a_finding_says_that_and_by_how_much(photo_evidence, monkeypatch):
    monkeypatch.setenv(VARIABLE, "int8")
    lower = Examiner(threads=1, kinds=False).examine(photo_evidence)
    assert lower.versions["precision"] == "int8"
    assert lower.versions[f"weight {INT8}"] == load_weight(DEFAULT_LOCALIZER, precision="int8").sha256
    assert f"weight {DEFAULT_LOCALIZER}" not in lower.versions
    assert any(limit.startswith("The localizer ran in lower precision (int8") for limit in lower.limits)
    assert lower.opinions[0].system == DEFAULT_LOCALIZER
    full = Examiner(threads=1, kinds=False, precision=FULL).examine(photo_evidence)
    assert "precision" not in full.versions
    assert not any("precision" in limit for limit in full.limits)
    assert lower.score == pytest.approx(full.score, abs=0.1)


def test_a_system_asked_alone_says_so_too(photo_evidence):
    finding = Examiner([DEFAULT_LOCALIZER, "lightweight-cnn"], 1, precision="int8").examine(photo_evidence)
    assert {f"weight {INT8}", "weight lightweight-cnn", "precision"} <= set(finding.versions)
    assert any("lower precision" in limit for limit in finding.limits)


@pytest.mark.parametrize("precision", measured_differences())
def test_what_was_measured_is_of_the_shipped_weight(precision):
    assert (
        measured_differences()[precision]["weight"]
        == load_weight(DEFAULT_LOCALIZER, precision=precision).sha256
    )
    (said,) = precision_limits(precision)
    assert "points a set" in said
