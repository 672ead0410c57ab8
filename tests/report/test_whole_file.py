"""A file is there whole, or as it was before."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from tamperlens.report import write_whole


@pytest.mark.parametrize("content", ["text ü", b"\x00bytes", "", "x" * 3_000_000])
def test_it_is_written_and_nothing_else_is_left(tmp_path, content):
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")
    write_whole(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_replaced_is_named(tmp_path):
    path = tmp_path / "report.html"
    path.mkdir()
    with pytest.raises(OSError, match="directory") as refused:
        write_whole(path, "x")
    assert refused.value.filename == str(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of the system")
def test_a_full_disk_leaves_the_file_as_it_was_and_names_it(tmp_path):
    """A limit of file size stands for the disk."""
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")
    program = (
        "import resource, sys; from pathlib import Path; from tamperlens.report import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try:\n    write_whole(Path(sys.argv[1]), 'x' * 100_000)\n"
        "except OSError as error:\n    print(error.errno, error.filename)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.split() == [str(errno.EFBIG), str(path)]
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_report_that_fails_half_way_leaves_none(tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left") as refused:
        write_whole(tmp_path / "a.html", "x" * 10)
    assert Path(str(refused.value.filename)).name == "a.html"
    assert not list(tmp_path.iterdir())
