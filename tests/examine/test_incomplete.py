"""Of a picture that is not there whole no outcome is given, and the limits say what is missing."""

import pytest

from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import Examiner


@pytest.mark.parametrize("systems", [None, ["lightweight-cnn"], ["unet-localizer"]])
def test_a_download_that_was_cut_off_gets_no_outcome(photo, systems):
    data = encode_jpeg(photo, 90)
    evidence = load_evidence(data[: len(data) * 3 // 4])
    found = Examiner(systems, threads=1).examine(evidence)
    assert (found.outcome, found.score) == ("inconclusive", None)
    said = " ".join(found.limits)
    assert ("256 rows decode" in said) if systems is None else ("cut off or damaged" in said)
