"""Whole scans by real processes: killed, continued, refused, and what they leave behind."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

pq = pytest.importorskip("pyarrow.parquet")

CHANGING = {"seconds"}


def scan(*arguments, **options):
    command = [
        sys.executable,
        "-m",
        "tamperlens",
        "scan",
        *map(str, arguments),
        "--system",
        "lightweight-cnn",
    ]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300, **options
    )


def rows_of(folder):
    """Rows by file, without what differs from run to run."""
    found = {}
    for line in (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert row["file"] not in found
        row["scan"] = {key: value for key, value in row["scan"].items() if key not in {"seconds", "same_as"}}
        found[row["file"]] = row
    return found


def wait_until_gone(folder):
    """No process outlives a killed scan for long."""
    end = time.monotonic() + 60
    while any(folder.glob("scratch/tamperlens-*")):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def whole(many, tmp_path_factory):
    """What an uninterrupted scan leaves."""
    out = tmp_path_factory.mktemp("whole")
    done = scan(many, "--out", out, "--workers", "2", "--reports", "2")
    assert done.returncode == 0, done.stderr
    return out, done


def test_every_file_has_a_row_and_the_failures_say_why(whole):
    out, done = whole
    rows = rows_of(out)
    assert len(rows) == 60
    assert "cut off or damaged" in rows["cut.jpg"]["limits"][0]
    assert rows["cut.jpg"]["score"] is None
    assert rows["notes.txt"]["scan"]["failure"] == "no image"
    assert "60 files" in done.stdout
    assert done.stderr == ""


def test_the_table_holds_what_the_ledger_holds(whole):
    out, _ = whole
    rows, table = rows_of(out), pq.read_table(out / "results.parquet").to_pylist()
    assert {line["file"] for line in table} == set(rows)
    for line in table:
        for name in ("outcome", "score", "sha256", "width", "error"):
            assert line[name] == rows[line["file"]].get(name)


def test_the_index_is_sorted_by_suspicion_and_links_the_reports(whole):
    out, _ = whole
    page = (out / "index.html").read_text(encoding="utf-8")
    listed = [
        part.split("</bdi>")[0] for part in page.split("<bdi>")[1:] if ".jpg" in part.split("</bdi>")[0]
    ]
    rows = rows_of(out)
    scores = [rows[name]["score"] or 0.0 for name in listed if "score" in rows[name]]
    assert len(scores) == 59
    assert scores == sorted(scores, reverse=True)
    for link in page.split('<a href="')[1:]:
        assert (out / link.split('"')[0]).is_file()
    assert len(list((out / "reports").glob("*.html"))) == 2


def test_killed_twice_it_comes_to_the_same(many, whole, tmp_path):
    command = [
        sys.executable,
        "-m",
        "tamperlens",
        "scan",
        str(many),
        "--out",
        str(tmp_path),
        "--workers",
        "2",
    ]
    ledger = tmp_path / "findings.jsonl"
    for stop_after in (5, 25):
        (tmp_path / "scratch").mkdir(exist_ok=True)
        running = subprocess.Popen(
            [*command, "--system", "lightweight-cnn"],
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
        )
        end = time.monotonic() + 200
        while not ledger.exists() or ledger.read_bytes().count(b"\n") < stop_after:
            assert running.poll() is None, running.stderr.read()
            assert time.monotonic() < end
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        wait_until_gone(tmp_path)
        with ledger.open("ab") as file:
            file.write(b'{"schema_version": "1.3", "fi')  # what a power failure may leave
    done = scan(many, "--out", tmp_path, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert rows_of(tmp_path) == rows_of(whole[0])


def test_another_plan_is_refused_in_one_sentence(many, whole):
    out, _ = whole
    done = scan(many, "--out", out, "--max-mpx", "5")
    assert done.returncode == 2
    assert "max pixels: 100000000 there, 5000000 now" in done.stderr
    assert done.stderr.count("\n") == 1
    again = scan(many, "--out", out)
    assert again.returncode == 0
    assert "0 of them now" in again.stdout


def test_wrong_words(many, tmp_path):
    for options, words in (
        (["--engine", "spark"], "no engine is called 'spark'"),
        (["--max-memory", "much"], "write it as 4G"),
        (["--max-memory", "100M"], "is too little"),
    ):
        done = scan(many, "--out", tmp_path / "out", *options)
        assert done.returncode == 2, done.stdout
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
