"""Engines, ledger and results from Python: deaths in the midst of a scan, repeats, changes, hostile names."""

from dataclasses import dataclass
from functools import partial

import pytest

from tamperlens.batch import LocalEngine, Orders, open_source, run_scan
from tamperlens.batch._entries import refuse
from tamperlens.batch._ledger import Ledger
from tamperlens.batch._results import _Most, write_results
from tamperlens.batch._rows import failed_row
from tamperlens.batch._sources import Item
from tamperlens.confined import Worker
from tamperlens.errors import DamagedImageError, ScanError

pytest.importorskip("pyarrow")

# A worker that dies of files whose name says so.
MORTAL = """
import os
from tamperlens.workers._examining import prepare as examination
from tamperlens.confined._worker import Work

def prepare(**options):
    work = examination(**options)
    def answer(message, data, tell):
        if "deadly" in message["name"]: os.abort()
        return work.answer(message, data, tell)
    return Work(work.about, answer)
"""


@dataclass(frozen=True)
class Deadly(Orders):
    """Orders whose workers are mortal."""

    def worker(self):
        options = {"systems": self.systems, "threads": 1, "strict": False, "max_pixels": 10**8}
        return Worker("mortal:prepare", options, self.confinement)


@pytest.fixture
def deadly(orders, tmp_path, monkeypatch):
    (tmp_path / "mortal.py").write_text(MORTAL, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return Deadly(**vars(orders))


@pytest.fixture
def few(tmp_path, encode):
    root = tmp_path / "few"
    root.mkdir()
    for name in ("1.jpg", "2-deadly.jpg", "3.jpg", "4-deadly.jpg", "5.jpg"):
        (root / name).write_bytes(encode("JPEG", quality=80 + int(name[0])))
    return root


def rows(folder):
    ledger = Ledger(folder)
    try:
        return {row["file"]: row for row in ledger.rows()}
    finally:
        ledger.close()


def test_a_file_that_kills_its_worker_costs_one_row_and_may_be_tried_again(few, deadly, orders, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    engine = LocalEngine(deadly, 2)
    try:
        told = []
        summary = run_scan(open_source(str(few)), engine, deadly, out, tell=told.append)
    finally:
        engine.close()
    assert summary.failures == {"examination ended": 2}
    assert len(told) == 5
    found = rows(out)
    assert "signal 6 (SIGABRT)" in found["2-deadly.jpg"]["error"]
    assert found["5.jpg"]["width"] == 384
    engine = LocalEngine(orders, 1)
    try:
        (few / "5.jpg").write_bytes((few / "3.jpg").read_bytes())  # changed meanwhile, to what is known
        (few / "6.jpg").write_bytes((few / "1.jpg").read_bytes())
        summary = run_scan(open_source(str(few)), engine, orders, out, retry=True)
    finally:
        engine.close()
    assert (summary.examined_now, summary.files, summary.repeated) == (4, 6, 2)
    found = rows(out)
    assert not any("error" in row for row in found.values())
    assert found["6.jpg"]["scan"]["same_as"] == "1.jpg"
    assert found["6.jpg"]["score"] == found["1.jpg"]["score"]
    assert found["5.jpg"]["sha256"] == found["3.jpg"]["sha256"]


def item(name, stamp="1"):
    return Item(name, stamp, partial(refuse, "never opened"))


def noted(name, stamp="1"):
    return failed_row(item(name, stamp), DamagedImageError("torn"))


def test_the_ledger_survives_whatever_is_torn(tmp_path):
    ledger = Ledger(tmp_path)
    for name in ("a", "b", "c\udce9\n"):
        ledger.append(noted(name))
    with pytest.raises(ScanError, match="another scan"):
        Ledger(tmp_path)
    ledger.close()
    path, index = tmp_path / "findings.jsonl", tmp_path / "index.sqlite3"
    whole = path.read_bytes()
    for damage in (
        lambda: path.write_bytes(whole + b'{"file": "torn' + b"x" * 200_000),
        index.unlink,
        lambda: index.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000),
        lambda: index.write_bytes(b"no database at all" * 100),
    ):
        damage()
        ledger = Ledger(tmp_path)
        assert path.read_bytes() == whole
        assert all(ledger.is_done(item(name)) for name in ("a", "b", "c\udce9\n"))
        assert not ledger.is_done(item("a"), retry=True)
        assert not ledger.is_done(item("a", "2"))
        assert not ledger.is_done(item("d"))
        ledger.close()
    path.write_bytes(whole[: len(whole) // 2])  # shorter than the index thinks
    ledger = Ledger(tmp_path)
    assert [ledger.is_done(item(name)) for name in ("a", "c\udce9\n")] == [True, False]
    ledger.append(noted("a", "2"))
    assert [row["scan"]["stamp"] for row in ledger.rows() if row["file"] == "a"] == ["2"]
    ledger.close()


def test_an_index_of_hostile_names_is_harmless(tmp_path):
    finding = {
        "outcome": "inconsistent", "score": 0.9, "kind": None, "width": 1, "height": 1, "sha256": "0" * 64,
        "scan": {"key": "k", "stamp": "1", "seconds": 0.1},
    }  # fmt: skip
    names = [
        "<script>alert(1)</script>.jpg",
        '"><img src=x onerror=alert(1)>',
        "a\nb\u202egpj.exe",
        "\\udce9",
    ]
    failed = [noted("<b>bold</b>"), noted("line\nbreak")]
    write_results([*({**finding, "file": name} for name in names), *failed], tmp_path, "/<i>photos</i>", {})
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for harm in ("<script", "<img", "<b>bold", "<i>", "\u202e"):
        assert harm not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page


def test_an_index_of_very_many_holds_the_most_suspicious():
    most = _Most(3)
    row = {"outcome": "", "kind": None, "width": 1, "height": 1, "sha256": "", "scan": {}}
    for i, score in enumerate((0.1, 0.9, 0.5, 0.7, 0.9, 0.2)):
        most.offer({**row, "file": str(i), "score": score})
    assert [one["file"] for one in most.rows()] == ["1", "4", "3"]
