"""The one object that stands out, and where there is none."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image

from tamperlens.data.synthesis import PhotoPool
from tamperlens.errors import DatasetError
from tamperlens.evaluation import SalientObjects
from tamperlens.training import write_outlines
from tamperlens.training._outlines import object_outline


@pytest.fixture
def bright(tmp_path):
    """A network whose answer is how bright a place is."""
    given = helper.make_tensor_value_info("given", TensorProto.FLOAT, [1, 3, 64, 64])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, [1, 1, 64, 64])
    nodes = [
        helper.make_node("ReduceMean", ["given"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Sigmoid", ["mean"], ["answer"]),
    ]
    graph = helper.make_graph(nodes, "bright", [given], [answer])
    path = tmp_path / "bright.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return SalientObjects(path)


def _photo(height=200, width=300):
    pixels = np.full((height, width, 3), 20, np.uint8)
    pixels[60:140, 100:180] = 240
    return pixels


def test_object_is_outlined_in_place(bright):
    outline = object_outline(bright(_photo()))
    truth = np.zeros((200, 300), bool)
    truth[60:140, 100:180] = True
    assert (outline & truth).sum() / (outline | truth).sum() > 0.85


def test_no_outline_without_a_single_clear_object(bright):
    two = _photo()
    two[60:140, 220:290] = 240
    assert object_outline(bright(two)) is None
    assert object_outline(bright(np.full((200, 300, 3), 128, np.uint8))) is None


def test_outlines_are_found_by_the_pool(bright, tmp_path):
    folder = tmp_path / "set" / "images"
    folder.mkdir(parents=True)
    Image.fromarray(_photo(300, 300)).save(folder / "a.png")
    Image.fromarray(np.full((300, 300, 3), 90, np.uint8)).save(folder / "b.png")
    (folder / "c.png").write_bytes(b"no picture")
    assert write_outlines(tmp_path, bright) == 1
    assert write_outlines(tmp_path, bright) == 0, "what is there is kept"
    pool = PhotoPool([tmp_path], held_out=None)
    assert [pool.paths[i].name for i in pool.with_outlines] == ["a.png"]


def test_error_words(tmp_path):
    path = tmp_path / "x.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(DatasetError, match=r"x\.onnx is not a salient-object network"):
        SalientObjects(path)
