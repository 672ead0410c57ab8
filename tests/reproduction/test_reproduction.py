"""The same bytes and versions give the same finding; the self-test fails where an installation is another."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner, to_levels
from tamperlens.examine.networks import _weights as weights
from tamperlens.report import finding_to_json
from tamperlens.reproduction import (
    OTHER_MACHINE,
    SAME_SOFTWARE,
    Tolerance,
    differences,
    mask_difference,
    self_test,
)
from tamperlens.reproduction._golden import GOLDEN, IMAGES, check_weight

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", IMAGES)
def test_threads_change_a_finding_by_less_than_the_tolerance(name):
    """In fact by nothing where this was written; the promise is the tolerance."""
    evidence = load_evidence(EXAMPLES / name)
    one, two = (Examiner(threads=threads).examine(evidence) for threads in (1, 2))
    assert differences(finding_to_json(one, name), finding_to_json(two, name)) == []
    assert mask_difference(to_levels(one.mask), to_levels(two.mask)) is None


def test_the_same_examiner_gives_the_same_bytes():
    evidence = load_evidence(EXAMPLES / IMAGES[0])
    examiner = Examiner(threads=2)
    one, two = examiner.examine(evidence), examiner.examine(evidence)
    assert json.dumps(finding_to_json(one, "x")) == json.dumps(finding_to_json(two, "x"))
    assert one.mask.tobytes() == two.mask.tobytes()


STATED = json.loads(GOLDEN.read_text(encoding="utf-8"))["findings"]["copy-move.jpg"]


def test_a_finding_of_schema_1_is_compared_with_one_of_schema_2():
    """Bundles that were signed before schema 2 still verify."""
    old = {name: value for name, value in STATED.items() if name != "log10_lr"}
    void = {"system": "cfa", "applicable": False, "score": 0.5}
    old |= {"schema_version": "1.3", "log10_likelihood_ratio": STATED["log10_lr"]}
    new = {**STATED, "schema_version": "2.0"}
    assert differences({**old, "opinions": [*old["opinions"], void]}, new) == []
    assert differences({**old, "log10_likelihood_ratio": 0.0}, new) != []
    assert differences({**old, "score": 0.5, "thresholds": None}, {**new, "score": None}) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score": STATED["score"] + 0.002}, "score"),
        ({"outcome": "consistent"}, "outcome"),
        ({"kind": "splicing"}, "kind"),
        ({"log10_lr": None}, "log10"),
        ({"opinions": STATED["opinions"][1:]}, "opinion "),
        ({"kinds": {}}, "kind copy-move"),
    ],
)
def test_every_quantity_is_compared(change, words):
    said = differences(STATED, {**STATED, **change})
    assert any(words in one for one in said)


def test_less_than_the_tolerance_is_no_difference():
    near = {**STATED, "score": STATED["score"] + 0.9 * SAME_SOFTWARE.number}
    assert differences(STATED, near) == []
    assert differences(STATED, near, Tolerance(0, 0, 0)) != []


def test_masks_are_compared_pixel_by_pixel():
    mask = np.zeros((100, 100), np.uint8)
    assert mask_difference(mask, mask + SAME_SOFTWARE.levels) is None
    few, many = mask.copy(), mask.copy()
    few[0, :5], many[:5] = 255, 255
    assert mask_difference(mask, few) is None
    assert "5.0%" in mask_difference(mask, many)
    assert "pixels" in mask_difference(mask, mask[:50])
    assert mask_difference(mask, many, OTHER_MACHINE)


def test_this_installation_passes_its_self_test():
    checks = list(self_test(threads=1))
    assert [check for check in checks if not check.passed] == []
    assert {check.name.split()[0] for check in checks} == {"weight", "image", "system"}


def test_an_altered_weight_fails_the_self_test(tmp_path):
    shutil.copytree(weights.WEIGHTS_DIRECTORY, tmp_path / "weights")
    altered = tmp_path / "weights/lightweight-cnn.onnx"
    altered.write_bytes(altered.read_bytes()[:-1] + b"\x00\x01")
    check = check_weight("lightweight-cnn", tmp_path / "weights")
    assert not check.passed
    assert "install it again" in check.says
    assert check_weight("unet-localizer", tmp_path / "weights").passed
