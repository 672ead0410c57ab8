"""The table: cells measured once, merged, and written as a page that holds everything."""

import csv
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.data import find_samples
from tamperlens.errors import DatasetError, TamperlensError, UnknownNameError
from tamperlens.evaluation import Judge, Judgement
from tamperlens.evaluation.comparison import (
    Comparison,
    Grid,
    compare_grid,
    comparison_csv,
    comparison_page,
    load_comparison,
    merged,
    save_comparison,
)
from tamperlens.evaluation.comparison._comparison import fingerprint


@pytest.fixture
def own(tmp_path, photo):
    root = tmp_path / "own"
    for part in ("images", "masks", "authentic"):
        (root / part).mkdir(parents=True)
    for i in range(3):
        pixels = photo[i * 20 : i * 20 + 96, :120] // 4
        Image.fromarray(pixels).save(root / f"authentic/{i}.png")
        pixels = pixels.copy()
        pixels[30:60, 30:90] = 255
        Image.fromarray(pixels).save(root / f"images/{i}.png")
        mask = np.zeros((96, 120), np.uint8)
        mask[30:60, 30:90] = 255
        Image.fromarray(mask).save(root / f"masks/{i}.png")
    return root


def knowing(name, calls=None, version="1"):
    def judge(evidence, sample):
        if calls is not None:
            calls.append(name)
        values = (evidence.pixels.mean(axis=2) > 128).astype(np.float32)
        return Judgement(values, float(values.max()))

    return Judge(name, judge, version=version)


def silent(name="<silent>"):
    return Judge(name, lambda e, _: Judgement(np.zeros((e.height, e.width), np.float32), 0.5))


def measured(own, judges, conditions=("native",), known=None):
    samples = find_samples(str(own))
    names = frozenset(one.name for one in judges if one.name.startswith("<"))
    grid = Grid(judges, names, {"own": (samples, len(samples))}, conditions, command="c <x>", audit=False)
    *_, last = compare_grid(grid, known or Comparison())
    return last


class TestCells:
    def test_a_cell_says_where_it_comes_from(self, own):
        (cell,) = measured(own, [knowing("knows")]).cells
        assert cell.figures["f1_half"].value == 1
        assert cell.figures["image_auc_within"].value == 1
        assert (cell.version, cell.command, cell.condition) == ("1", "c <x>", "native")
        assert cell.dataset == fingerprint(find_samples(str(own)))
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", cell.measured)
        assert "tamperlens" in cell.software

    def test_what_was_measured_is_not_measured_again(self, own):
        calls = []
        first = measured(own, [knowing("knows", calls)])
        assert len(calls) == 6
        again = measured(own, [knowing("knows", calls)], ("native", "JPEG 75"), first)
        assert len(calls) == 12
        assert [cell.condition for cell in again.cells] == ["native", "JPEG 75"]
        measured(own, [knowing("knows", calls, version="2")], known=again)
        assert len(calls) == 18, "another version is measured anew"

    def test_another_image_is_another_dataset(self, own):
        before = fingerprint(find_samples(str(own)))
        Image.new("RGB", (120, 96)).save(own / "authentic/0.png")
        assert fingerprint(find_samples(str(own))) != before


class TestMerging:
    def test_machines_stand_side_by_side_and_the_later_measurement_counts(self, own):
        here = measured(own, [knowing("knows")])
        (cell,) = here.cells
        there = msgspec.structs.replace(here, cells=(msgspec.structs.replace(cell, machine="another"),))
        later = msgspec.structs.replace(
            here, cells=(msgspec.structs.replace(cell, seconds=9.0, measured="2999-01-01T00:00:00+00:00"),)
        )
        both = merged([later, here, there])
        assert [(one.machine == "another", one.seconds == 9.0) for one in both.cells] == [
            (False, True),
            (True, False),
        ]
        assert len(both.datasets) == 1
        assert "another" in comparison_page(both)

    def test_files(self, own, tmp_path):
        found = measured(own, [knowing("knows"), silent()])
        save_comparison(found, tmp_path)
        assert load_comparison(tmp_path / "results.json") == found

    @pytest.mark.parametrize(
        ("text", "words"),
        [("[]", "is not a comparison"), ('{"format": 9}', "format 9"), (None, "cannot be read")],
    )
    def test_files_that_are_none(self, tmp_path, text, words):
        if text is not None:
            (tmp_path / "r.json").write_text(text)
        with pytest.raises(DatasetError, match=words):
            load_comparison(tmp_path / "r.json")


class Tags(HTMLParser):
    """Every tag closed, nothing loaded, nothing run."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.rows = [], set(), 0

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        assert not {"src", "onclick", "onload"} & {name for name, _ in attributes}
        for name, value in attributes:
            if name == "href":
                assert value.startswith("#")
        if tag not in {"meta", "line", "polyline", "br"} or tag == "polyline":
            self.open.append(tag)

    def handle_startendtag(self, tag, _attributes):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


class TestPage:
    def test_it_holds_everything_and_loads_nothing(self, own):
        page = comparison_page(measured(own, [knowing("knows"), silent()], ("native", "noise 3")))
        tags = Tags()
        tags.feed(page)
        assert tags.open == []
        assert not {"script", "img", "link", "iframe"} & tags.seen
        assert {"svg", "table", "polyline"} <= tags.seen
        assert "&lt;silent&gt;" in page
        assert "<silent>" not in page
        assert "c &lt;x&gt;" in page

    def test_the_best_of_a_column_is_marked(self, own):
        page = comparison_page(measured(own, [knowing("knows"), silent()]))
        assert re.search(r'class="best">1\.000', page)

    def test_a_name_of_a_spreadsheet_formula_is_text(self, own):
        text = comparison_csv(measured(own, [knowing("=HYPERLINK(1)")]))
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["system"] == "'=HYPERLINK(1)"
        assert float(row["f1_half"]) == 1
        assert row["detected_at_1"] == ""


class TestCommand:
    def run(self, *words):
        return CliRunner().invoke(app, ["compare", *map(str, words)])

    def test_two_systems_with_baselines_and_leaks(self, own, tmp_path):
        out = tmp_path / "table"
        answer = self.run("ela", "grid", "--on", own, "--out", out)
        assert answer.exit_code == 0, answer
        assert answer.stdout.startswith("6 cells: ")
        kept = json.loads((out / "results.json").read_text())
        assert [cell["system"] for cell in kept["cells"] if cell["baseline"]] == [
            "noise", "cfa", "saliency", "all-tampered"]  # fmt: skip
        assert "Marking what stands out" in kept["datasets"][0]["audit"]
        before = (out / "results.csv").read_text()
        assert self.run("ela", "--on", own, "--out", out, "--no-audit").exit_code == 0
        assert (out / "results.csv").read_text() == before

    def test_predictions_and_a_part(self, own, tmp_path):
        said = tmp_path / "said"
        said.mkdir()
        rows = [f"{part}/{i}.png,0.5" for part in ("images", "authentic") for i in range(3)]
        (said / "scores.csv").write_text("\n".join(["image,score", *rows]))
        out = tmp_path / "table"
        options = ("--on", own, "--out", out, "--no-audit", "--no-baselines", "--limit", 4)
        assert self.run(said, *options).exit_code == 0
        kept = load_comparison(out / "results.json")
        assert (kept.datasets[0].authentic, kept.datasets[0].tampered, kept.datasets[0].of) == (2, 2, 6)
        answer = self.run(said, *options, "--under", "JPEG 75")
        assert "for one dataset's unchanged images" in str(answer.exception)

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            (("ela",), TamperlensError),
            ((), TamperlensError),
            (("elax", "--on", "."), DatasetError),
            (("ela", "--on", "examples/dataset.csv", "--under", "rain"), UnknownNameError),
        ],
    )
    def test_what_is_wrong_is_said(self, words, kind, tmp_path):
        answer = self.run(*words, "--out", tmp_path / "x")
        assert isinstance(answer.exception, kind)
        assert answer.exit_code != 0


def test_the_bench_needs_no_torch(own, tmp_path):
    """What the extra `bench` brings is enough: torch and timm may be missing."""
    words = ["compare", "ela", "--on", str(own), "--under", "channel web", "--out", str(tmp_path / "out")]
    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] in ('torch', 'timm'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        f"sys.argv[1:] = {words!r}\n"
        "from tamperlens.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("5 cells")
