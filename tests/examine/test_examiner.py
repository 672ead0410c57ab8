"""The shipped systems at work."""

import json
from pathlib import Path

import numpy as np
import pytest

from tamperlens.errors import UnknownNameError, WeightError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, DETECTORS, Examiner, load_weight
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY, weight_names

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def examiner():
    return Examiner()


def test_finding_of_a_photograph(examiner, photo_evidence):
    finding = examiner.examine(photo_evidence)
    assert finding.outcome in {"consistent", "inconsistent", "inconclusive"}
    assert 0 <= finding.score <= 1
    assert finding.opinions[0].system == DEFAULT_LOCALIZER
    assert all(o.applicable for o in finding.opinions)
    assert finding.mask.shape == photo_evidence.pixels.shape[:2]
    assert finding.mask.dtype == np.float32
    assert 0 <= finding.mask.min() <= finding.mask.max() <= 1
    assert 0 < finding.mask_threshold < 1
    assert finding.versions["pillow"]
    assert all(limit.endswith(".") for limit in finding.limits)


def test_same_bytes_same_finding(examiner, photo_evidence):
    first, second = examiner.examine(photo_evidence), Examiner(threads=1).examine(photo_evidence)
    assert first.score == pytest.approx(second.score, abs=1e-5)
    assert first.versions == second.versions


def test_networks_of_kinds_start_only_for_what_is_called(photo_evidence):
    examiner = Examiner()
    teller = examiner._examination.kinds
    started = [lambda: "_session" in vars(teller.patches), lambda: "_session" in vars(teller.masked)]
    assert examiner.examine(photo_evidence).outcome != "inconsistent"
    assert [has() for has in started] == [False, False]
    called = examiner.examine(load_evidence(ROOT / "examples/copy-move.jpg"))
    assert (called.outcome, called.document.kind) == ("inconsistent", "copy-move")
    assert [has() for has in started] == [True, True]


def test_every_system_can_be_asked(photo_evidence):
    finding = Examiner(list(DETECTORS)).examine(photo_evidence)
    assert [o.system for o in finding.opinions] == list(DETECTORS)
    alone = Examiner(["lightweight-cnn"]).examine(photo_evidence)
    assert (alone.mask, alone.mask_threshold, alone.regions) == (None, None, ())
    assert alone.document.absent["mask_threshold"] == "no system was used that shows where"


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 900, 3), (100, 1500, 3)])
def test_out_of_domain_images_are_inconclusive_with_the_reason(examiner, shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    finding = examiner.examine(load_evidence(encode_jpeg(pixels, 90)))
    assert finding.outcome == "inconclusive"
    assert finding.limits[0].startswith("No outcome is given, because ")


def test_other_formats_are_out_of_domain(examiner, encode):
    assert not examiner.examine(load_evidence(encode("GIF"))).opinions[0].applicable


def test_unknown_system():
    with pytest.raises(UnknownNameError, match="did you mean 'lightweight-cnn'"):
        Examiner(["lightweight-cn"])


def test_an_altered_weight_is_refused(copied, spoil):
    spoil(copied / "lightweight-cnn.onnx")
    with pytest.raises(WeightError, match="not the one its manifest describes"):
        load_weight("lightweight-cnn", copied)


def test_an_incomplete_weight_is_refused(copied):
    manifest = json.loads((WEIGHTS_DIRECTORY / "lightweight-cnn.json").read_text(encoding="utf-8"))
    del manifest["calibration"]
    (copied / "lightweight-cnn.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(WeightError, match="calibration"):
        load_weight("lightweight-cnn", copied)
    (copied / "lightweight-cnn.onnx").unlink()
    with pytest.raises(WeightError, match="incomplete"):
        load_weight("lightweight-cnn", copied)
    with pytest.raises(UnknownNameError):
        load_weight("none", copied)


@pytest.mark.parametrize("name", weight_names())
def test_every_shipped_weight_is_calibrated_and_leak_free(name):
    weight = load_weight(name)
    assert weight.calibration.scale > 0
    assert weight.calibration.false_alarm_rate <= 0.05
    recipe = weight.training["recipe"]
    # A classifier saw both classes re-encoded off the grid, a localizer forgeries that share one history.
    assert recipe["chain"]["off_grid"] if "chain" in recipe else {"synthesis", "variation"} & set(recipe)


def test_examining_imports_nothing_of_the_train_extra():
    import subprocess
    import sys

    code = (
        "import sys\nfrom tamperlens.evidence import load_evidence\nfrom tamperlens.examine import Examiner\n"
        "import tamperlens.report\nExaminer()\n"
        "heavy = {'torch', 'sklearn', 'pydantic', 'scipy', 'skimage'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
