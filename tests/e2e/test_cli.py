"""The command line as a person and a program use it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

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
    (tmp_path / "empty").touch()
    empty = tmp_path / "empty"
    done = run("examine", photo_file, bad, tmp_path / "missing.png", empty, photo_file, "--json")
    assert done.returncode == 2
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("error" in row) for row in rows] == [False, True, True, True, False]
    needed = {
        "file", "sha256", "width", "height", "outcome", "score", "kind", "kinds", "mask_file",
        "mask_threshold", "opinions", "limits", "versions",
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


def test_a_folder_becomes_a_table_that_a_second_run_joins(photo_file, tmp_path, encode):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    (photos / "one.jpg").write_bytes(photo_file.read_bytes())
    alone = ("--system", "lightweight-cnn", "--out", out)
    assert run("examine", photos, *alone, "-q").stdout == ""
    made = {path: path.stat().st_mtime_ns for path in out.glob("one-*.html")}
    (photos / "two.jpg").write_bytes(encode("JPEG", quality=60))
    done = run("examine", photos, *alone, "--csv")
    assert done.returncode == 0, done.stderr
    assert [line.split(",")[0] for line in done.stdout.splitlines()[1:]] == [
        str(photos / "one.jpg"), str(photos / "two.jpg"),
    ]  # fmt: skip
    assert {path: path.stat().st_mtime_ns for path in out.glob("one-*.html")} == made
    assert "same photograph" in (out / "findings.csv").read_text(encoding="utf-8")
    refused = run("examine", photos, "--system", "unet-localizer", "--out", out)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--force" in refused.stderr


def test_standard_input_a_found_alteration_and_a_file_that_is_there(photo_file, tmp_path):
    with (Path(__file__).parents[2] / "examples/copy-move.jpg").open("rb") as altered:
        done = run("examine", "-", "-q", "--exit-code", stdin=altered)
    assert (done.returncode, done.stdout) == (3, "")
    target = tmp_path / "ela.png"
    target.touch()
    assert "--force" in run("trace", "ela", photo_file, "-o", target).stderr
    assert target.read_bytes() == b""


def test_one_screen_is_the_answer_and_more_on_demand(tmp_path, encode):
    path = tmp_path / "photo.png"
    path.write_bytes(encode("PNG"))
    done = run("examine", path)
    assert done.returncode == 0, done.stderr
    for words in ("What", "Where", "Why", "What next", "How sure is this?", "Ask for the original"):
        assert words in " ".join(done.stdout.split())
    assert "likelihood ratio" not in done.stdout
    assert done.stdout.count("\n") < 30
    more = " ".join(run("examine", path, "-v").stdout.split())
    for words in (
        "likelihood ratio",
        "Trace localizer",
        "Copied regions",
        "not used",
        "no JPEG coefficients",
    ):
        assert words in more


def test_precision_travels_to_the_worker_and_into_the_finding(photo_file):
    done = run("examine", photo_file, "--json", "--precision", "int8")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["versions"]["precision"] == "int8"
    assert "weight trace-localizer-int8" in row["versions"]
    assert any("lower precision (int8" in limit for limit in row["limits"])
    refused = run("examine", photo_file, "--precision", "bf16", "--provider", "cpu")
    assert refused.returncode == 2
    assert "onnxruntime-openvino" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_pdf_and_counter_test(photo_file, tmp_path):
    done = run("examine", photo_file, "--out", tmp_path / "out", "--pdf", "--counter-test")
    assert done.returncode == 0, done.stderr
    assert next((tmp_path / "out").glob("photo-*.pdf")).read_bytes().startswith(b"%PDF")
    row = json.loads((tmp_path / "out/findings.json").read_text(encoding="utf-8"))[0]
    assert len(row["counter_tests"]) == 3


def test_names_that_are_no_text(tmp_path, photo_file):
    odd = str(tmp_path / "caf\udce9.jpg")
    try:
        with open(odd, "wb") as file:  # noqa: PTH123 - the name is the point
            file.write(photo_file.read_bytes())
    except OSError:
        pytest.skip("this file system refuses such names")
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("examine", odd, "--json", "--out", tmp_path / "out", env=plain)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["width"] == 384
    assert (tmp_path / "out/index.html").read_text(encoding="utf-8").count("<tr data-") == 1
    assert run("examine", odd, env=plain).returncode == 0


def test_a_name_cannot_command_the_terminal(tmp_path, photo_file):
    hostile = tmp_path / "a\x1b[31mred\nx.jpg"
    hostile.write_bytes(photo_file.read_bytes())
    missing = tmp_path / "b\x1b[31m\n.jpg"
    done = run("examine", hostile, missing)
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr.count("\n") == 1


def test_names_that_read_alike_get_reports_of_their_own(tmp_path, photo_file):
    files = [tmp_path / "日本.jpg", tmp_path / "中国.jpg"]
    for file in files:
        file.write_bytes(photo_file.read_bytes())
    out = tmp_path / "out"
    assert run("examine", *files, "--out", out).returncode == 0
    reports = [path.read_text(encoding="utf-8") for path in sorted(out.glob("image-*.html"))]
    assert sorted(("日本" in text, "中国" in text) for text in reports) == [(False, True), (True, False)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said(photo_file, tmp_path):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tamperlens", "examine", photo_file, "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("tamperlens: standard output cannot be used")
    (tmp_path / "out/index.html").mkdir(parents=True)
    done = run("examine", photo_file, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "index.html cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_and_devices_are_refused_before_anything_opens_them(photo_file, tmp_path):
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    done = run("examine", pipe, "/dev/zero", photo_file, "--system", "lightweight-cnn", "--json", timeout=120)
    assert done.returncode == 2
    assert done.stderr.count("this is not a regular file") == 2
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in row for row in rows] == [True, True, False]
    done = run("trace", "ela", pipe, "-o", tmp_path / "ela.png", timeout=120)
    assert "this is not a regular file" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interrupt_says_what_was_finished_and_keeps_it(photo_file, tmp_path):
    out = tmp_path / "out"
    names = [tmp_path / f"{number}.jpg" for number in range(401)]
    for name in names:
        name.hardlink_to(photo_file)
    command = [sys.executable, "-m", "tamperlens", "examine", "--json", "--system", "lightweight-cnn"]
    process = subprocess.Popen(
        [*command, "--out", str(out), *map(str, names)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=120)
    printed = len([first, *rest.splitlines()])
    assert process.returncode == 1
    assert "Traceback" not in said
    assert f"interrupted: {printed} of 401 files were finished; their reports are in {out}" in said
    assert len(json.loads((out / "findings.json").read_text(encoding="utf-8"))) == printed
    assert (out / "index.html").exists()
    assert not list(out.glob(".*"))


def test_two_runs_give_equal_bytes_whatever_is_wrong(tmp_path, encode):
    """No address, temporary path or time in any sentence."""
    jpeg, png = encode("JPEG", quality=90), encode("PNG")
    files = {
        "arithmetic.jpg": jpeg.replace(b"\xff\xc0", b"\xff\xc9", 1),
        "lossless.jpg": jpeg.replace(b"\xff\xc0", b"\xff\xc3", 1),
        "cut.jpg": jpeg[: len(jpeg) // 2],
        "head.jpg": jpeg[:40],
        "cut.png": png[: len(png) // 2],
        "nothing.png": png[:30],
        "damaged.tif": b"II*\0" + bytes(60),
        "damaged.webp": b"RIFF\x40\0\0\0WEBPVP8 " + bytes(60),
        "damaged.avif": b"\0\0\0\x18ftypavif" + bytes(80),
        "damaged.heic": b"\0\0\0\x18ftypheic" + bytes(80),
        "damaged.gif": b"GIF89a" + bytes(20),
        "damaged.bmp": b"BM" + bytes(60),
        "photo.jxl": b"\xff\x0a" + bytes(40),
        "clip.mp4": b"\0\0\0\x18ftypmp42" + bytes(80),
        "text.jpg": b"Dear Sir or Madam",
        "empty.jpg": b"",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    runs = []
    for scratch in ("one", "another"):
        (tmp_path / scratch).mkdir()
        done = run(
            "examine", *[tmp_path / name for name in files], tmp_path / "missing.jpg",
            "--json", "--system", "lightweight-cnn", env={**os.environ, "TMPDIR": str(tmp_path / scratch)},
        )  # fmt: skip
        runs.append((done.stdout, done.stderr))
    assert runs[0] == runs[1]
    assert len(runs[0][0].splitlines()) == len(files) + 1
    for row in map(json.loads, runs[0][0].splitlines()):
        said = json.dumps({key: value for key, value in row.items() if key != "file"})
        assert "0x" not in said
        assert str(tmp_path) not in said


def test_extreme_shapes_do_not_stop_the_others(tmp_path, photo_file):
    wide = tmp_path / "wide.png"
    Image.new("L", (70_000, 8)).save(wide)
    done = run("examine", wide, photo_file, "--json")
    assert done.returncode == 2
    assert [("error" in json.loads(line)) for line in done.stdout.splitlines()] == [True, False]


def test_max_mpx(photo_file):
    done = run("examine", photo_file, "--max-mpx", "0.05")
    assert done.returncode == 2
    assert "the limit is 0.05 Mpx" in done.stderr


def test_trace(photo_file, tmp_path):
    target = tmp_path / "ela.png"
    assert run("trace", "ela", photo_file, "-o", target).returncode == 0
    with Image.open(target) as image:
        assert (image.mode, image.size) == ("L", (384, 256))
        assert np.asarray(image).any()
    done = run("trace", "noise-inconsistency", photo_file, "-o", target, "--force")
    with Image.open(target) as image:
        assert image.size == (384, 256)
    assert "robust standard deviations" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("trace", "ella", "x.jpg"), "did you mean 'ela'"), (("trace", "ela", "missing.jpg"), "no such file"),
     (("examine", "x.jpg", "--system", "foo"), "Known: dual-convnext, kind-classifier"),
     (("train", "none.toml", "--data", "."), "cannot be read"),
     (("evaluate", "lightweight-cnn", "casia1", "--data", "/nowhere"), "no folder 'Au'"),
     (("evaluate", "lightweight-cnn", "casia1", "--data", ".", "--protocol", "papers"), "mean 'paper'"),
     (("examine", "x.jpg", "--out", "/dev/null/x"), "cannot be created or written"),
     (("examine", "x.jpg", "--pdf"), "add --out DIR"),
     (("examine", "x.jpg", "--strict", "--system", "unet-localizer"), "own thresholds"),
     (("fuse", "none.toml", "--fresh", "."), "cannot be read"),
     (("trace", "double-jpg", "x.jpg"), "did you mean 'double-jpeg'")],
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


def test_nothing_is_kept_or_sent_about_the_user(photo_file, tmp_path):
    """ONNX Runtime would number the machine and collect what it runs, except where a server builds."""
    home, said = (
        tmp_path / "home",
        {"HOME", "XDG_CACHE_HOME", "CI", "ORT_DISABLE_TELEMETRY", "GITHUB_ACTIONS"},
    )
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in said} | {
        "HOME": str(home)
    }
    assert run("examine", photo_file, "--json", env=environment).returncode == 0
    in_process = "from tamperlens.examine import load_weight; load_weight('lightweight-cnn').session()"
    subprocess.run([sys.executable, "-c", in_process], check=True, env=environment)
    assert [path for path in home.rglob("*") if path.is_file()] == []
