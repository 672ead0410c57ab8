"""The short forms of the benchmarks whose figures operations rest on: they run, and they hold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(script: str, *arguments: object) -> dict:
    """What the benchmark wrote; it must end with 0."""
    *words, out = arguments
    command = [
        sys.executable,
        str(next(BENCHMARKS.glob(f"*/{script}.py"))),
        *map(str, words),
        "--json",
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=BENCHMARKS)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_mutated_files_through_a_scan_are_a_row_each(tmp_path):
    found = run("hostile_scan", "--files", 120, "--workers", 1, tmp_path / "scan.json")
    assert found["rows"] == found["files with a row"] == found["files"] == 120
    assert found["exit code of the parent"] == 0
    assert found["examinations that ended their process"] == {}
    # Of so short a run a mark may still show the start of the process; its peak does not.
    assert found["peak of the parent, results included, MB"] > 20


def test_a_scan_that_is_killed_has_the_rows_of_one_that_is_not(tmp_path):
    found = run("scan", "kills", "--files", 60, "--kills", 2, tmp_path / "scan.json")
    assert found["figures"]["kills, 60 files, equal to the uninterrupted run"] == "True"


def test_mutated_files_neither_escape_nor_crash(tmp_path):
    found = run("hostile_files", "--mutations", 60, "--whole-every", 30, tmp_path / "files.json")
    assert (found["files"], found["escaped, crashed or hung"]) == (60, 0)


def test_one_megapixel_stays_below_a_gigabyte(tmp_path):
    found = run("memory", "--sizes", 1, tmp_path / "memory.json")
    assert 300 < found["sizes"]["1 Mpx"]["peak MiB"] < 1000
