"""What a scan leaves while it goes on, after an interrupt, and without the extra."""

import csv

import pytest

from tamperlens.batch import _scan, _table, open_source, run_scan
from tamperlens.batch._results import write_results
from tamperlens.cli import scanning


class Engine:
    """Says nothing of any file, and is interrupted after some."""

    versions, missing = {"tamperlens": "1"}, {}

    def __init__(self, before=None):
        self.before, self.seen = before, []

    def run(self, items, _known):
        for number, item in enumerate(items):
            if number == self.before:
                raise KeyboardInterrupt
            self.seen.append((item.name, self.index.exists() and item.name))
            about = {"key": item.key, "stamp": item.stamp, "content": None, "seconds": 0.1}
            about["failure"] = "no image"
            yield {"file": item.shown, "error": "no image", "scan": about}

    def close(self):
        """Nothing to end."""


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).touch()
    return folder


def scan(photos, orders, out, before=None):
    engine = Engine(before)
    engine.index = out / "index.html"
    out.mkdir(exist_ok=True)
    run_scan(open_source(str(photos)), engine, orders, out)
    return engine


def test_the_index_is_there_while_the_scan_goes_on(photos, orders, tmp_path, monkeypatch):
    monkeypatch.setattr(_scan, "_REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(_scan.time, "monotonic", iter(float(i) for i in range(0, 10**6, 100)).__next__)
    engine = scan(photos, orders, tmp_path / "out")
    assert [there for _, there in engine.seen] == [False, "b.jpg", "c.jpg"]


def test_an_interrupted_scan_has_its_index(photos, orders, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        scan(photos, orders, out, before=2)
    assert "2 files scanned" in (out / "index.html").read_text(encoding="utf-8")
    assert not list(out.glob("results.*"))
    scan(photos, orders, out)
    assert "3 files scanned" in (out / "index.html").read_text(encoding="utf-8")


def test_without_the_extra_the_table_is_csv(tmp_path, monkeypatch):
    monkeypatch.setattr(_table, "find_spec", lambda _: None)
    row = {"file": "=a.jpg", "error": "no image", "scan": {"key": "k", "seconds": 0.1, "failure": "no image"}}
    write_results([row], tmp_path, "photos", {})
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        (read,) = csv.DictReader(file)
    assert (read["file"], read["failure"], read["score"]) == ("'=a.jpg", "no image", "")


def test_both_tables_have_the_same_columns():
    pytest.importorskip("pyarrow")
    assert tuple(_table._schema().names) == _table._COLUMNS


def test_without_a_terminal_a_line_a_minute_is_logged(photos, orders, monkeypatch, capsys):
    with scanning._Bar(open_source(str(photos)), orders) as bar:
        bar.progress.disable = True
        monkeypatch.setattr(scanning, "_LOG_SECONDS", 1e9)
        bar.tell({"file": "a"})
        assert capsys.readouterr().err == ""
        bar._due = 0.0
        bar.tell({"file": "b", "error": "no"})
    said = capsys.readouterr().err
    assert said.startswith("tamperlens: ")
    assert said.count("\n") == 1
    assert "done now" in said
