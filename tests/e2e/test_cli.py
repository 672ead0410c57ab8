"""The command line as a person and a program use it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image


def run(*arguments: object, **options):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tamperlens", *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", **options,
    )  # fmt: skip


@pytest.fixture
def photo_file(tmp_path, encode):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode("JPEG", quality=90))
    return path


def test_json_is_one_object_a_file_and_nothing_else(photo_file, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no image", encoding="utf-8")
    done = run("examine", photo_file, bad, tmp_path / "missing.png", tmp_path, photo_file, "--json")
    assert done.returncode == 2
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("error" in row) for row in rows] == [False, True, True, True, False]
    needed = {
        "file", "sha256", "width", "height", "outcome", "score", "kind", "kinds", "mask", "mask_threshold",
        "opinions", "limits", "versions",
    }  # fmt: skip
    assert needed <= set(rows[0])
    assert (rows[0]["width"], rows[0]["height"]) == (384, 256)
    assert done.stderr.count("\n") == 3
    assert "Traceback" not in done.stderr


def test_out_writes_reports_and_findings(photo_file, tmp_path):
    out = tmp_path / "deep" / "out"
    done = run("examine", photo_file, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "photo.jpg" in done.stdout
    assert (out / "index.html").exists()
    assert len(list(out.glob("photo-*.html"))) == 1
    assert json.loads((out / "findings.json").read_text(encoding="utf-8"))[0]["file"] == str(photo_file)


def test_names_that_are_no_text(tmp_path, photo_file):
    odd = str(tmp_path / "caf\udce9.jpg")
    try:
        with open(odd, "wb") as file:  # noqa: PTH123 - the name is the point
            file.write(photo_file.read_bytes())
    except OSError:
        pytest.skip("this file system refuses such names")
    done = run("examine", odd, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["width"] == 384


def test_max_mpx(photo_file):
    done = run("examine", photo_file, "--max-mpx", "0.05")
    assert done.returncode == 2
    assert "the limit is 0.05 Mpx" in done.stderr


def test_trace(photo_file, tmp_path):
    target = tmp_path / "ela.png"
    assert run("trace", "ela", photo_file, "-o", target).returncode == 0
    image = Image.open(target)
    assert (image.mode, image.size) == ("L", (384, 256))
    assert np.asarray(image).any()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("trace", "ella", "x.jpg"), "did you mean 'ela'"), (("trace", "ela", "missing.jpg"), "no such file"),
     (("examine", "x.jpg", "--system", "foo"), "Known: lightweight-cnn"),
     (("train", "none.toml", "--data", "."), "cannot be read"),
     (("evaluate", "lightweight-cnn", "casia1", "--data", "/nowhere"), "no folder 'Au'"),
     (("evaluate", "lightweight-cnn", "casia1", "--data", ".", "--protocol", "papers"), "mean 'paper'"),
     (("examine", "x.jpg", "--out", "/dev/null/x"), "cannot be made")],
)  # fmt: skip
def test_errors_are_one_sentence_and_exit_code_two(arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_models_lists_every_system():
    done = run("models")
    assert done.returncode == 0
    assert "lightweight-cnn" in done.stdout


def test_help_is_light():
    """--help loads neither arrays nor networks; that, not a stopwatch, keeps it fast."""
    heavy = {"numpy", "PIL", "onnxruntime", "torch"}
    code = f"import sys, tamperlens.cli; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "examine" in run("--help").stdout
    assert run("--version").stdout.startswith("tamperlens ")
