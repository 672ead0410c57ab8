"""What tests of weights share."""

import shutil

import pytest

from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY


@pytest.fixture
def copied(tmp_path):
    """The shipped weights, to be spoiled."""
    for path in WEIGHTS_DIRECTORY.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def spoil():
    """Flips a bit in the middle of a file."""

    def flip(path):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    return flip
