"""What `import tamperlens as tl` offers."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tamperlens as tl
from tamperlens.errors import InputTypeError, TamperlensError, UnknownNameError, UnreadableFileError

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/splice.jpg"


@pytest.fixture(scope="module")
def finding():
    return tl.examine(EXAMPLE)


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_importing_does_no_work_and_sets_nothing():
    code = (
        "import os, sys; before = dict(os.environ), set(sys.modules)\n"
        "import tamperlens as tl\n"
        "assert dict(os.environ) == before[0], 'an environment variable was set'\n"
        "more = set(sys.modules) - before[1]\n"
        "assert more == {'tamperlens'}, more\n"
        "assert set(tl.__all__) <= set(dir(tl))\n"
        "tl.Options(strict=True)"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_telemetry_is_off_before_the_runtime_is_imported():
    code = (
        "import os, sys\nfrom importlib.abc import MetaPathFinder\n"
        "class Watch(MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"import tamperlens as tl; tl.examine({str(EXAMPLE)!r}, systems=('lightweight-cnn',))"
    )
    done = run(code)
    assert (done.returncode, done.stdout.split()) == (0, ["1"]), done.stderr


@pytest.mark.parametrize("name", sorted({*tl.__all__} - {"__version__", "errors"}))
def test_every_public_name_has_an_example(name):
    from tamperlens import door

    assert ">>> " in getattr(door, name).__doc__


def test_every_public_name_is_in_the_reference():
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    for name in {*tl.__all__} - {"__version__"}:
        assert f"tl.{name}" in page


def test_an_unknown_name_is_refused_with_those_that_are_known():
    with pytest.raises(AttributeError, match=r"no attribute 'examin'; it has .*Finding"):
        tl.examin  # noqa: B018


def test_the_room_is_called_as_the_function():
    """Whichever was imported first, `tl.examine` examines and `tamperlens.examine` is the room."""
    code = (
        "from tamperlens.examine import Examiner\nimport tamperlens as tl\n"
        f"assert tl.examine({str(EXAMPLE)!r}, systems=('lightweight-cnn',)).outcome\n"
        "import tamperlens.examine as room; assert room.Examiner is Examiner"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_no_module_hides_a_public_function():
    modules = {path.stem for path in (ROOT / "src/tamperlens").iterdir()}
    assert modules & set(tl.__all__) == {"examine", "errors"}
    assert callable(sys.modules["tamperlens.examine"])


def test_a_file_is_read_alike_from_wherever_it_comes(finding):
    data = EXAMPLE.read_bytes()
    with EXAMPLE.open("rb") as file:
        others = [
            tl.load(str(EXAMPLE)),
            tl.load(data),
            tl.load(bytearray(data)),
            tl.load(io.BytesIO(data)),
            tl.load(file),
        ]
    assert {one.sha256 for one in others} == {finding.document.sha256}
    assert [one.name for one in others] == ["splice.jpg", "", "", "", "splice.jpg"]


def test_pixels_without_a_file_are_kept_to_the_bit():
    with Image.open(EXAMPLE) as image:
        pixels = np.asarray(image.convert("RGB"))
        np.testing.assert_array_equal(tl.load(image).pixels, pixels)
    evidence = tl.load(pixels)
    np.testing.assert_array_equal(evidence.pixels, pixels)
    assert (evidence.format, evidence.jpeg) == ("PNG", None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (17, "a int cannot be examined"),
        ([1, 2], "a list cannot be examined"),
        (io.StringIO("text"), "a file opened as text cannot be examined"),
        (np.zeros((4, 4)), r"an array of shape \(4, 4\) and float64 cannot"),
        (np.zeros((4, 4, 4), np.uint8), r"\(4, 4, 4\) and uint8 cannot"),
    ],
)
def test_wrong_input_says_what_is_accepted(wrong, words):
    with pytest.raises(InputTypeError, match=words) as caught:
        tl.load(wrong)
    assert "a path, the bytes of a file" in str(caught.value)
    assert isinstance(caught.value, TypeError)


def test_too_many_pixels_are_refused_and_missing_files_said():
    with pytest.raises(tl.errors.ImageTooLargeError):
        tl.examine(EXAMPLE, max_pixels=1000)
    with pytest.raises(UnreadableFileError, match="no such file"):
        tl.load("nowhere.jpg")


def test_a_finding_is_one_line_one_dict_one_json(finding):
    assert "\n" not in repr(finding)
    assert repr(finding).startswith("<Finding of splice.jpg: inconclusive, score 0.52")
    plain = finding.to_dict()
    assert json.loads(finding.to_json()) == plain
    assert plain["log10_lr"] == pytest.approx(finding.log10_lr, abs=1e-6)
    assert finding.score == pytest.approx(1 / (1 + 10**-finding.log10_lr))


def test_a_finding_without_a_score_says_so():
    nothing = tl.examine(np.zeros((40, 40, 3), np.uint8))
    assert "no score" in repr(nothing)
    assert (nothing.score, nothing.outcome) == (None, "inconclusive")


def test_maps_have_the_images_shape_and_range(finding):
    assert tuple(finding.maps) == finding.document.maps
    for values in finding.maps.values():
        assert values.dtype == np.float32
        assert 0 <= values.min() <= values.max() <= 1
    with pytest.raises(KeyError):
        finding.maps["resampling"]  # void after a JPEG of this quality
    np.testing.assert_allclose(finding.maps["ela"], tl.trace("ela", EXAMPLE), atol=0.5 / 255 + 1e-6)


def test_reports_and_masks_are_saved(finding, tmp_path):
    page = finding.save_report(tmp_path / "a.html")
    assert "Inconclusive" in page.read_text(encoding="utf-8")
    assert finding.save_report(str(tmp_path / "a.pdf")).read_bytes().startswith(b"%PDF")
    with Image.open(finding.save_mask(tmp_path / "m.png")) as mask:
        assert mask.size == (finding.evidence.width, finding.evidence.height)
    with pytest.raises(TamperlensError, match=r"'a\.docx' ends otherwise"):
        finding.save_report(tmp_path / "a.docx")
    with pytest.raises(TamperlensError, match="cannot be written"):
        finding.save_report(tmp_path / "missing/a.html")
    alone = tl.examine(EXAMPLE, systems=("lightweight-cnn",))
    with pytest.raises(TamperlensError, match="no mask: no system was used that shows where"):
        alone.save_mask(tmp_path / "n.png")


def test_a_notebook_shows_the_photograph_and_escapes_its_name():
    hostile = io.BytesIO(EXAMPLE.read_bytes())
    hostile.name = "<script>.jpg"
    shown = tl.examine(hostile, systems=("lightweight-cnn",))._repr_html_()
    assert "data:image/jpeg" in shown
    assert "<script>" not in shown


def test_an_examiner_is_warm_and_takes_many():
    examiner = tl.Examiner(tl.Options(systems=("lightweight-cnn",)))
    found = list(examiner.examine_all([EXAMPLE, ROOT / "examples/untouched.jpg"]))
    assert [one.document.file for one in found] == ["splice.jpg", "untouched.jpg"]
    assert isinstance(found[0], tl.Finding)
    with pytest.raises(UnknownNameError, match="lightweight-cnn"):
        tl.Examiner(tl.Options(systems=("lightweight",)))


def test_traces_and_systems_are_found_by_name():
    with pytest.raises(UnknownNameError, match="did you mean 'ela'"):
        tl.trace("ella", EXAMPLE)
    height, width = np.asarray(Image.open(EXAMPLE)).shape[:2]
    assert tl.trace("grid", EXAMPLE).shape == (height, width)
    assert {one.name for one in tl.systems()} >= {"unet-localizer", "dual-convnext"}
