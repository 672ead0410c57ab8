"""`bundle`, `verify --rerun` and `trace` meet a file that their process does not survive."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

PHOTO = Path(__file__).parents[2] / "examples/untouched.jpg"
# The command line with less memory than 81 megapixels take; enough for a photograph of 0.1.
LITTLE = """
import sys
from tamperlens.workers import _examining as examining
from tamperlens.cli import main
memory = int(sys.argv.pop(1)) << 20
examining.memory_for = lambda pixels: memory
main()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")


def run(megabytes: int, *arguments: object):
    return subprocess.run(
        [sys.executable, "-c", LITTLE, str(megabytes), *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def bomb(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bomb") / "bomb.png"
    Image.new("L", (9000, 9000)).save(path)
    return path


def test_trace_survives_what_its_process_does_not(bomb, tmp_path):
    done = run(700, "trace", "ela", bomb, "-o", tmp_path / "ela.png")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tamperlens: the examination needed more than 0.7 GiB of memory\n"
    assert not (tmp_path / "ela.png").exists()
    done = run(700, "trace", "ela", PHOTO, "-o", tmp_path / "ela.png")
    assert done.returncode == 0, done.stderr
    assert Image.open(tmp_path / "ela.png").size == Image.open(PHOTO).size


def test_bundle_and_rerun_survive_what_their_process_does_not(bomb, tmp_path):
    run(1100, "keygen", tmp_path / "key.pem")
    words = ("--key", tmp_path / "key.pem", "-o", tmp_path / "bundle.zip", "--threads", 1)
    done = run(1100, "bundle", PHOTO, bomb, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tamperlens: 'bomb.png': the examination needed more than 1.1 GiB of memory\n"
    assert not (tmp_path / "bundle.zip").exists()
    # As large as needs clearly more than the worker itself.
    large = tmp_path / "large.jpg"
    with Image.open(PHOTO) as image:
        image.resize((2400, 1600)).save(large)
    done = run(1400, "bundle", large, *words)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert any(name.startswith("masks/") for name in archive.namelist())
    done = run(600, "verify", tmp_path / "bundle.zip", "--rerun", "--original", large, "--threads", 1,
               "--allow-unknown-signer")  # fmt: skip
    assert done.returncode == 1
    assert "not possible it cannot be examined or compared: the examination" in " ".join(done.stdout.split())
