"""Small files to scan."""

import io

import numpy as np
import pytest
from PIL import Image

from tamperlens.batch import Orders
from tamperlens.confined import Confinement
from tamperlens.evidence import Limits


@pytest.fixture(scope="session")
def many(tmp_path_factory, photo):
    """60 files: 56 different photographs, two that are equal, one that is damaged, one that is none."""
    root = tmp_path_factory.mktemp("many")
    for i in range(56):
        buffer = io.BytesIO()
        part = np.ascontiguousarray(photo[i : i + 96, 2 * i : 2 * i + 128])
        Image.fromarray(part).save(buffer, "JPEG", quality=60 + i % 35)
        folder = root / f"{i % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"{i:02d}.jpg").write_bytes(buffer.getvalue())
    whole = (root / "0/00.jpg").read_bytes()
    for name, data in (("a.jpg", whole), ("b.jpg", whole), ("cut.jpg", whole[:900]), ("notes.txt", b"notes")):
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def orders():
    return Orders(("lightweight-cnn",), False, 1, Confinement(3 << 30, 120.0), Limits())
