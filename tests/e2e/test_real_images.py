"""The issue's promise on real images; skipped where they are not (set TAMPERLENS_DATA to their folder)."""

import os
import random
from pathlib import Path

import pytest
import scipy.stats

from tamperlens.data import find_samples
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner

DATA = Path(os.environ.get("TAMPERLENS_DATA", "data"))


def _need(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"TAMPERLENS_DATA names no folder with '{folder}'")
    return DATA / folder


def test_every_camera_original_is_examined_and_few_are_accused():
    files = sorted(_need("camera").iterdir())
    examiner = Examiner()
    findings = [examiner.examine(load_evidence(file)) for file in files]
    assert len(findings) == len(files) > 40
    applicable = [finding for finding in findings if finding.opinions[0].applicable]
    accused = sum(finding.outcome == "inconsistent" for finding in applicable)
    # The 99.9th percentile of a binomial with the 5 % the thresholds aim at.
    assert accused <= scipy.stats.binom.ppf(0.999, len(applicable), 0.05)


def test_sixty_of_casia1_are_examined():
    samples = random.Random(0).sample(find_samples("casia1", _need("casia1")), 60)
    examiner = Examiner()
    for sample in samples:
        finding = examiner.examine(load_evidence(sample.path))
        # A few of them are pictures of screens and drawings, which get no outcome.
        assert finding.score is None or 0 <= finding.score <= 1
