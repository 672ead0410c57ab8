"""The wheel alone, far from the repository, passes its self-test.

The environment is fresh; the packages that the wheel needs are those of the environment that runs the tests,
so that this takes seconds. `benchmarks/release/install_matrix.py` installs everything anew on each Python.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: object, cwd: Path) -> str:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = ("wheel", "-q", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    run(sys.executable, "-m", "pip", *words, cwd=folder)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("examine/cards/fusion.md", "reproduction/golden.json", "reproduction/images/splice.jpg",
                   "training/recipes/unet-localizer.toml", "cli/samples/detector.toml",
                   "evaluation/comparison/templates/comparison.html"):  # fmt: skip
        assert f"tamperlens/{needed}" in names
    assert any(name.endswith("LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tamperlens"}


def test_the_wheel_alone_passes_its_self_test(wheel, tmp_path):
    environment, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(environment, with_pip=False)
    python = environment / "bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel, cwd=elsewhere)
    packages = Path(run(python, "-c", _SITE, cwd=elsewhere).strip())
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    where = run(python, "-c", "import tamperlens; print(tamperlens.__file__)", cwd=elsewhere)
    assert str(environment) in where
    said = run(environment / "bin/tamperlens", "self-test", cwd=elsewhere)
    assert "FAILED" not in said
    assert "17 of 17 passed" in said


_SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"
