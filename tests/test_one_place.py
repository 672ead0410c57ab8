"""A trace is one object and a system one row: a made-up one is added by one file and one line."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import tamperlens as tl
from tamperlens import cli
from tamperlens.catalogue import SYSTEMS
from tamperlens.data import Sample
from tamperlens.errors import WeightError
from tamperlens.evaluation import CLASSIFIERS, evaluate_judge, trace_judge
from tamperlens.evidence import encode_jpeg
from tamperlens.examine import Examiner, load_weight
from tamperlens.examine.networks import WEIGHTS_DIRECTORY, weight_names
from tamperlens.models import MODELS
from tamperlens.report import report_view
from tamperlens.traces import LOOKED, MEASURED, Cost, MeasuredTrace, Measurement
from tamperlens.training import load_recipe

ROOT = Path(__file__).parents[1]
TRACE = """
import numpy as np
from tamperlens.traces import LookedTrace

REDNESS = LookedTrace(
    name="redness",
    title="Redness",
    measures="How red a pixel is.",
    normal="Roses are red.",
    compute=lambda pixels: pixels[..., 0].astype(np.float32) / 255,
)
"""
SYSTEM = '''
from tamperlens.catalogue import MapWords, System
from tamperlens.examine.networks import LightweightCnnDetector


class MadeUpDetector(LightweightCnnDetector):
    """Reads as the lightweight CNN does."""


MADE_UP = System(
    name="made-up",
    title="Made-up network",
    answers="nothing that anybody asked",
    task="whole",
    network="tamperlens.models:LightweightCnn",
    detector="made_up_file:MadeUpDetector",
    recipe="tamperlens.training:Recipe",
    map=MapWords("Map of the made-up network", "What it measures.", "How it is read."),
)
'''


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write the one file and import it."""

    def written(text: str):
        path = tmp_path / "made_up_file.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("made_up_file", path)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(__import__("sys").modules, "made_up_file", module)
        spec.loader.exec_module(module)
        return module

    return written


@pytest.fixture(scope="module")
def tables():
    """What writes the lists of the docs."""
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs/make_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["traces.md", "systems.md"])
def test_the_lists_of_the_docs_are_those_of_the_code(tables, page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert tables.written(page, text) == text, "run: python docs/make_tables.py"


def test_a_made_up_trace(file, monkeypatch, tables, tmp_path, photo):
    photo_file = tmp_path / "photo.jpg"
    photo_file.write_bytes(encode_jpeg(photo, 90))
    monkeypatch.setitem(LOOKED, "redness", file(TRACE).REDNESS)  # the one line
    np.testing.assert_array_equal(tl.trace("redness", photo), photo[..., 0].astype(np.float32) / 255)
    listed = CliRunner().invoke(cli.app, ["trace", "blueness", str(photo_file)])
    assert "redness" in str(listed.exception)
    finding = Examiner(["lightweight-cnn"], threads=1).examine(tl.load(photo))
    view = report_view(finding.document)
    assert ("redness", "Redness") in {(layer.name, layer.title) for layer in view.layers}
    assert "Roses are red." in {page.normal for page in view.traces}
    assert "| [redness](#redness) | Redness | no, to look at | any image | not planned |" in tables.traces()
    sample = Sample(photo_file, False, "authentic")
    assert evaluate_judge(trace_judge("redness"), [sample], "made-up").to_json()["system"] == "redness"


def test_a_made_up_trace_that_is_fused_asks_for_the_fusion_again(monkeypatch):
    trace = MeasuredTrace(
        name="nothing",
        title="Nothing",
        measures="Nothing.",
        normal="Dark.",
        cost=Cost(0, 0, 0, 0),
        measure=lambda _: Measurement(np.zeros((1, 1), np.float32), 0.0, "nothing"),
    )
    monkeypatch.setitem(MEASURED, "nothing", trace)
    with pytest.raises(WeightError, match="other traces than these; fit it again"):
        Examiner(threads=1)


def test_a_made_up_system(file, monkeypatch, tables, tmp_path, photo):
    weights = tmp_path / "weights"
    weights.mkdir()
    for suffix in (".onnx", ".json"):
        shutil.copy(WEIGHTS_DIRECTORY / f"lightweight-cnn{suffix}", weights / f"made-up{suffix}")
    manifest = json.loads((weights / "made-up.json").read_text(encoding="utf-8"))
    (weights / "made-up.json").write_text(json.dumps({**manifest, "system": "made-up"}), encoding="utf-8")
    monkeypatch.setattr(load_weight, "__defaults__", (weights, *load_weight.__defaults__[1:]))
    monkeypatch.setattr(weight_names, "__defaults__", (weights,))
    monkeypatch.setitem(SYSTEMS, "made-up", file(SYSTEM).MADE_UP)  # the one line

    assert "made-up" in {one.name for one in tl.systems()}
    assert "Made-up network: nothing that anybody asked" in CliRunner().invoke(cli.app, ["models"]).stdout
    finding = Examiner(["made-up"], threads=1).examine(tl.load(photo))
    view = report_view(finding.document)
    assert [row.title for row in view.opinions.rows] == ["Made-up network"]
    assert "Map of the made-up network" in {layer.title for layer in view.layers}
    assert "| [made-up](card-made-up.md) | Made-up network |" in tables.systems()
    detector = CLASSIFIERS["made-up"](load_weight("made-up"))
    margin, _ = detector.classify(detector.features(photo))
    assert np.isfinite(margin)
    assert type(MODELS["made-up"](channels=5)).__name__ == "LightweightCnn"
    recipe = tmp_path / "made-up.toml"
    recipe.write_text(
        (ROOT / "recipes/lightweight-cnn.toml").read_text("utf-8").replace("lightweight-cnn", "made-up")
    )
    assert load_recipe(recipe).system == "made-up"
