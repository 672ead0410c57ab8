"""A missing extra is one sentence with the command that installs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tamperlens import errors
from tamperlens.errors import MissingExtraError, install_command

ROOT = Path(__file__).parents[2]


def test_from_a_checkout_the_hint_names_it(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    assert install_command("pdf") == "pip install -e '.[pdf]'"
    monkeypatch.chdir(tmp_path)
    assert install_command("pdf") == f"pip install -e '{ROOT}[pdf]'"


def test_from_a_wheel_it_names_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(errors, "__file__", str(tmp_path / "site-packages/tamperlens/errors.py"))
    said = str(MissingExtraError("typst", "a PDF report", extra="pdf"))
    assert said.endswith("pip install 'tamperlens[pdf]'")


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [("torch", ["synth", "o", "--photos", "."]), ("typst", ["examine", "a.jpg", "--pdf", "--out", "o"])],
)
def test_a_missing_package_is_no_traceback(tmp_path, missing, arguments):
    code = (
        "import importlib.util as u, sys; real = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == {missing!r} else real(name, *a)\n"
        f"sys.argv = ['tamperlens', *{arguments!r}]\n"
        "from tamperlens.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"'{missing}', which is not installed" in done.stderr
