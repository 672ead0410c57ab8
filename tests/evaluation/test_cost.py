"""Operations are counted as on paper, and the command's table can be read."""

import json

import numpy as np
import onnx
import pytest
import torch
from torch import nn
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.errors import DetectorError
from tamperlens.evaluation._cost import cost_table, multiply_adds, network_cost, parameters, weight_cost
from tamperlens.examine import load_weight


def _exported(network, shape, path):
    torch.onnx.export(network.eval(), (torch.rand(shape),), path, input_names=["x"], dynamo=False)
    return path.read_bytes()


class _Attention(nn.Module):
    def forward(self, x):
        return (x @ x.transpose(1, 2)).softmax(-1) @ x


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("network", "shape", "expected"),
    [
        (nn.Conv2d(3, 8, 5, padding=2), (1, 3, 12, 20), 12 * 20 * 8 * 3 * 25),
        (nn.Conv2d(8, 8, 3, padding=1, groups=8), (1, 8, 12, 20), 12 * 20 * 8 * 9),
        (nn.Conv2d(4, 6, 3, stride=2), (1, 4, 9, 9), 4 * 4 * 6 * 4 * 9),
        (nn.ConvTranspose2d(4, 6, 2, stride=2), (1, 4, 5, 5), 5 * 5 * 4 * 6 * 4),
        (nn.Linear(30, 7), (1, 30), 210),
        (_Attention(), (1, 11, 5), 2 * 11 * 11 * 5),
    ],
)
def test_multiply_adds_are_those_on_paper(tmp_path, network, shape, expected):
    model = _exported(network, shape, tmp_path / "m.onnx")
    assert multiply_adds(model, {"x": np.zeros(shape, np.float32)}) == expected
    assert parameters(model) == sum(p.numel() for p in network.parameters())


def test_cost_of_the_lightweight_cnn_is_its_papers():
    """Four convolutions, the last behind a 2 × 2 pooling, and a linear layer."""
    cost = weight_cost(load_weight("lightweight-cnn"), repeats=2, threads=1)
    at_full = 5 * 16 + 16 * 32 + 32 * 64
    assert cost.multiply_adds == 128**2 * 9 * at_full + 64**2 * 9 * 64 * 128 + 128 * 2
    assert cost.input == "5×128×128"
    assert cost.parameters == pytest.approx(97_986, rel=0.01)
    assert 0 < cost.median_ms <= cost.slowest_ms
    assert cost.memory_mb > 0
    assert "| lightweight-cnn | 5×128×128 | 0.10 |" in cost_table([cost])


def test_the_command_writes_table_and_figures(tmp_path):
    file = tmp_path / "new/costs.json"
    asked = ["benchmark", "--system", "lightweight-cnn", "--repeats", "1", "--json", str(file)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    assert "GFLOP" in done.stdout
    assert [cost["system"] for cost in json.loads(file.read_text())["costs"]] == ["lightweight-cnn"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_network_from_elsewhere(tmp_path):
    path = tmp_path / "theirs.onnx"
    network = nn.Sequential(nn.Conv2d(3, 1, 3, padding=1), nn.Sigmoid())
    path.write_bytes(_exported(network, (1, 3, 32, 48), path))
    assert CliRunner().invoke(app, ["wrap", str(path)]).exit_code == 0
    asked = ["benchmark", "--system", str(path.with_suffix(".toml")), "--repeats", "1"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done
    assert "| theirs | 3×32×48 | 0.00 |" in done.stdout


def test_a_network_that_does_not_run_is_one_sentence():
    nodes = [onnx.helper.make_node("Reshape", ["x", "shape"], ["y"])]
    shape = onnx.helper.make_tensor("shape", onnx.TensorProto.INT64, [2], [7, 7])
    given = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ("n", 3, "h", "w"))
    found = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    graph = onnx.helper.make_graph(nodes, "g", [given], [found], [shape])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 9
    with pytest.raises(DetectorError, match="broken does not run on 4×4 pixels"):
        network_cost("broken", model.SerializeToString(), 4, repeats=1)
