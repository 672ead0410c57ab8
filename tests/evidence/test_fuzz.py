"""Damaged and hostile files end as evidence or as one sentence; longer runs: benchmarks/hostile."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamperlens.errors import DamagedImageError, EvidenceError, ImageTooLargeError
from tamperlens.evidence import Limits, load_evidence, read_statements
from tamperlens.examine import Examiner
from tamperlens.report import write_report

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SMALL = Limits(max_pixels=4_000_000)


def benchmark(name: str):
    """A script of benchmarks/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, next(BENCHMARKS.glob(f"*/{name}.py")))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


STRUCTURES = benchmark("hostile_structures").structured()
HOSTILE = benchmark("hostile_files")
PARTS = benchmark("hostile_parts")
SEEDS = [*HOSTILE.seeds().values(), *STRUCTURES.values()]


def take(data: bytes) -> str:
    """What every file must come to."""
    try:
        evidence = load_evidence(data, SMALL, name="hostile.jpg")
        statements = read_statements(evidence)
    except EvidenceError as error:
        return str(error) or "\n"
    assert all("\x1b" not in fact.statement and "\u202e" not in fact.statement for fact in statements.facts)
    try:
        evidence.coefficients()
    except DamagedImageError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", STRUCTURES)
def test_hostile_structures_are_evidence_or_one_sentence(name):
    said = take(STRUCTURES[name])
    assert "\n" not in said


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SEEDS) - 1), st.integers(0, 2**32 - 1))
def test_mutations_are_evidence_or_one_sentence(which, seed):
    assert "\n" not in take(HOSTILE.mutate(SEEDS[which], np.random.default_rng(seed)))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**20))
def test_files_damaged_part_by_part_are_evidence_or_one_sentence(number):
    name, data = next(PARTS.part_mutations(number, number + 1, 3))
    said = take(data)
    assert "\n" not in said, name
    assert "0x" not in said


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"GIF89a"]),
)
def test_any_bytes_are_evidence_or_one_sentence(data, magic):
    assert "\n" not in take(magic + data)


@pytest.mark.parametrize("name", ["png-bomb", "png-declared", "jpeg-declared"])
def test_bombs_are_refused_by_their_declared_size(name):
    with pytest.raises(ImageTooLargeError):
        load_evidence(STRUCTURES[name], SMALL)


@pytest.mark.parametrize("name", ["markup-exif", "markup-xmp", "markup-png", "jpeg-html"])
def test_metadata_is_text_and_never_markup(name, tmp_path):
    evidence = load_evidence(STRUCTURES[name], name="<b>name.jpg")
    finding = Examiner(["unet-localizer"], threads=1).examine(evidence)
    write_report(finding, tmp_path, "report", "<img src=x onerror=alert(1)>.jpg")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for hostile in ("<script>alert", "<img src=x", "<b>name", "\x1b", "\u202e"):
        assert hostile not in page


def test_rows_go_on_where_they_ended(tmp_path):
    assert list(PARTS.part_mutations(7, 9, 5)) == list(PARTS.part_mutations(0, 9, 5))[7:]
    first = list(HOSTILE.mutations(0, 60, 5))
    assert list(HOSTILE.mutations(40, 60, 5)) == first[40:]
    assert [data for _, data in first[: len(SEEDS)]] == SEEDS
