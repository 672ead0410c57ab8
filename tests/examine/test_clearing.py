"""What is never called consistent although nothing was found in it."""

from types import SimpleNamespace

import numpy as np
import pytest
import skimage.data

from tamperlens.evidence import encode_jpeg, load_evidence, recompress
from tamperlens.examine import Examiner
from tamperlens.examine._history import History
from tamperlens.report import report_view


@pytest.fixture(scope="module")
def examiner():
    return Examiner(threads=1, kinds=False)


@pytest.fixture(scope="module")
def scene():
    return np.ascontiguousarray(skimage.data.chelsea())


def test_a_file_that_was_saved_twice(examiner, scene):
    twice = examiner.examine(load_evidence(encode_jpeg(recompress(scene, 75), 93)))
    assert twice.score < twice.document.thresholds[0]
    assert (twice.outcome, twice.document.because) == ("inconclusive", "overwritten")
    assert any("saved as JPEG at least twice" in limit for limit in twice.limits)
    assert report_view(twice.document).answer.because.startswith("It was saved as JPEG at least twice")
    assert any("were not overwritten" in said for said in report_view(twice.document).answer.sure)
    once = examiner.examine(load_evidence(encode_jpeg(scene, 93)))
    assert not any("not called consistent" in limit for limit in once.limits)


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        ({}, ""),
        ({"compressions": 2}, "twice"),
        ({"shifted_origin": (3, 4)}, "cropped"),
        ({"resize_factors": (0.5,)}, "resized"),
    ],
)
def test_what_was_done_to_the_whole_file_is_told(seen, word):
    compression = SimpleNamespace(**{"compressions": 1, "shifted_origin": None, "resize_factors": ()} | seen)
    history = History(scope=None, channel=None, compression=compression, sentences=())
    assert word in history.overwritten
    assert bool(history.overwritten) == bool(seen)
